"""How a schema says that a field is answered once for each part of a stream: `each: turn`, `of: [assistant]`."""

from collections.abc import Mapping

from karat.model.contents import Content, content_of
from karat.model.field import StreamSpec
from karat.model.kind import AnyKind
from karat.model.walker import Walker


def read_each(
    walker: Walker, value: Mapping[str, object], kind: AnyKind, path: str, streams: Mapping[str, StreamSpec]
) -> tuple[str | None, tuple[str, ...]]:
    """The name of the parts, and the roles that a part must have one of; what is wrong is kept by the walker."""
    each, of = value.get("each"), value.get("of")
    if each is None:
        if of is not None:
            walker.say(f"{path}.of", of, "`each` beside it", "Say of which parts, e.g. `each: turn`, or remove `of`.")
        return None, ()
    if kind.role != "what" or kind.names_parts or value.get("many") is True:
        do = "Remove `each`" + (" or `many`." if kind.role == "what" and not kind.names_parts else ".")
        walker.say(f"{path}.each", each, "a field with one answer, which names no parts itself", do)
        return None, ()
    contents = [content_of(s.kind) for s in streams.values() if s.kind in kind.streams]
    names = sorted({name for content in contents for name in content.parts})
    if not isinstance(each, str) or each not in names:
        expected = f"one of {', '.join(names)}" if names else "a stream that has parts, such as a conversation"
        walker.say(f"{path}.each", each, expected, "Name what the stream is made of.")
        return None, ()
    return each, _roles(walker, of, path, [content for content in contents if each in content.parts])


def _roles(walker: Walker, of: object, path: str, contents: list[Content]) -> tuple[str, ...]:
    if of is None:
        return ()
    roles = [of] if isinstance(of, str) else of
    if not any(content.has_roles for content in contents):
        walker.say(f"{path}.of", of, "nothing here", "Remove `of`: these parts have no roles.")
        return ()
    if not isinstance(roles, list | tuple) or not roles or not all(isinstance(role, str) and role for role in roles):
        walker.say(f"{path}.of", of, "a list of roles", "Write e.g. `of: [assistant]`, or leave it out for all.")
        return ()
    return tuple(dict.fromkeys(roles))
