"""Parts of a stream that a field can be answered once for each of: the turns of a conversation, the answers to compare."""

from collections.abc import Sequence

import msgspec

from karat.model.field import Field

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "-"


class Parts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The parts of one name that a stream has, in its order, small enough to stand in the stream's facts.

    Either `keys`, or a `count` of parts that are numbered from "0" on. Where parts have roles, `roles` are the different
    ones and `role` has a character for each part, which says which of `roles` it is by its place in `DIGITS`; `-` stands
    for a role that is not among the first 62, and such a part belongs to none. `lengths` are the code points of what each
    part says, where parts hold text that spans can lie in.
    """

    keys: tuple[str, ...] | None = None
    count: int = 0
    roles: tuple[str, ...] = ()
    role: str = ""
    lengths: tuple[int, ...] = ()

    def all(self) -> tuple[str, ...]:
        """The key of each part.

        >>> numbered(["user", "assistant", "user"]).all()
        ('0', '1', '2')
        """
        return tuple(str(number) for number in range(self.count)) if self.keys is None else self.keys

    def has(self, part: str, roles: Sequence[str] = ()) -> bool:
        """Whether a part is one of `of(roles)`; told of numbered parts without making all of them.

        >>> numbered(["user", "assistant"]).has("1", ["assistant"]), numbered(["user"]).has("01")
        (True, False)
        """
        if self.keys is not None or not (part.isascii() and part.isdigit() and len(part) < len(DIGITS)):
            return part in self.of(roles)
        place = int(part)
        if str(place) != part or place >= self.count:
            return False
        wanted = {DIGITS[at] for at, role in enumerate(self.roles) if role in roles}
        return not roles or self.role[place : place + 1] in wanted

    def of(self, roles: Sequence[str]) -> tuple[str, ...]:
        """The keys of the parts that have one of these roles; all where none is named.

        >>> numbered(["user", "assistant", "user"]).of(["assistant"])
        ('1',)
        """
        if not roles:
            return self.all()
        wanted = {DIGITS[place] for place, role in enumerate(self.roles) if role in roles}
        return tuple(key for key, role in zip(self.all(), self.role, strict=False) if role in wanted)


def numbered(roles: Sequence[str], lengths: Sequence[int] = ()) -> Parts:
    """Parts that are numbered from "0" on, by the role and the length of each.

    >>> numbered(["user", "assistant", "user"])
    Parts(keys=None, count=3, roles=('user', 'assistant'), role='010', lengths=())
    """
    named, role = _in_digits(roles)
    return Parts(count=len(roles), roles=named, role=role, lengths=tuple(lengths))


def keyed(keys: Sequence[str], roles: Sequence[str]) -> Parts:
    """Parts with keys of their own, by the role of each.

    >>> keyed(["a", "b"], ["user", "assistant"]).of(["assistant"])
    ('b',)
    """
    named, role = _in_digits(roles)
    return Parts(keys=tuple(keys), roles=named, role=role)


def _in_digits(roles: Sequence[str]) -> tuple[tuple[str, ...], str]:
    named = tuple(dict.fromkeys(roles))[: len(DIGITS)]
    digit = dict(zip(named, DIGITS, strict=False))
    return named, "".join(digit.get(role, OTHER) for role in roles)


def id_of(field: Field, part: str | None) -> str:
    """The id of a field's one annotation, or of its one on a part: the same in every tab and on every machine.

    A field that is answered once an item has the same whichever part is asked about.
    """
    return field.key if part is None or field.each is None else f"{field.key}/{part}"
