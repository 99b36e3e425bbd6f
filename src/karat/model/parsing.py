"""What was wrong with a value that is not of its type, in words and with the exact place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
import msgspec.inspect

from karat.model.problem import Problem, shown

WORDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
BOUNDED = re.compile("Expected `(int|float)` [<>]")
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def convert_problem(
    error: Exception, given: object, convert: Callable[[object], object], *, do: str, type_: object = None
) -> Problem:
    """The problem that made `convert(given)` raise `error`; the path is relative to `given`.

    msgspec stops at the first mistake and does not name the keys of mappings; these are found by trying one at a time.
    With `type_`, the type that was wanted, the words and the range that a value may have are said, and what is missing.
    """
    path, reason = split_error(error)
    path = _named(path, given, convert)
    for opening, expected in (
        ("Object missing required field `", "a value"),
        ("Object contains unknown field `", "no such key"),
    ):
        if reason.startswith(opening):
            path = join(path, reason.removeprefix(opening).rstrip("`"))
            if expected == "no such key":
                return Problem(path, shown(at_path(given, path)), expected, do)
            return Problem(path, "nothing", described(type_, path) or expected, do)
    return Problem(path, shown(at_path(given, path)), _allowed(type_, path, reason) or in_words(reason), do)


def choices_at(type_: object, path: str) -> list[str]:
    """The words that may stand at a path of a type; none where there are no such.

    >>> from typing import Literal
    >>> choices_at(list[Literal["read", "write"]], "[0]")
    ['read', 'write']
    """
    found = [
        place.values for place in _alternatives(_at(type_, path)) if isinstance(place, msgspec.inspect.LiteralType)
    ]
    return [str(value) for values in found for value in values]


def range_at(type_: object, path: str) -> str:
    """The numbers that may stand at a path of a type, in words; empty where they are not bounded on both sides.

    >>> from typing import Annotated
    >>> range_at(dict[str, Annotated[float, msgspec.Meta(ge=0.5, le=10)]], "a")
    'a number from 0.5 to 10'
    """
    for place in _alternatives(_at(type_, path)):
        if isinstance(place, msgspec.inspect.IntType | msgspec.inspect.FloatType):
            if place.ge is None or place.le is None:
                return ""
            word = WORDS["int" if isinstance(place, msgspec.inspect.IntType) else "float"]
            return f"{word} from {place.ge} to {place.le}"
    return ""


def described(type_: object, path: str) -> str:
    """The `description` that a type gives of what stands at a path; empty without one."""
    said = (place.extra_json_schema or {} for place in _at(type_, path) if isinstance(place, msgspec.inspect.Metadata))
    return next((str(schema["description"]) for schema in said if "description" in schema), "")


def in_words(reason: str) -> str:
    """What msgspec expected, in words.

    >>> in_words("Expected `str | array`, got `int`"), in_words("Expected `float` >= 0.0")
    ('text or a list', 'a number >= 0.0')
    """
    if not reason.startswith("Expected `"):
        return reason[:1].lower() + reason[1:]
    types, _, rest = reason.removeprefix("Expected `").partition("`")
    words = " or ".join(WORDS.get(name, name) for name in types.split(" | "))
    return words + rest.partition(", got")[0]


def split_error(error: Exception) -> tuple[str, str]:
    """Where and why a msgspec decoding failed: "Expected `int` - at `$.a[0]`" is ("a[0]", "Expected `int`").

    A key of a mapping or a value of one is written `[...]` by msgspec; `convert_problem` finds which.
    """
    text = str(error)
    reason, _, where = text.rpartition(" - at `")
    if not reason:
        return "", text
    path = where.rstrip("`").removeprefix("key` in `").removeprefix("key in ").removeprefix("$").removeprefix(".")
    return path, reason


def join(path: str, rest: str) -> str:
    """Two paths as one: `a` and `b` are `a.b`, `a` and `[0]` are `a[0]`."""
    if not path or not rest:
        return path or rest
    return path + rest if rest.startswith("[") else f"{path}.{rest}"


def at_path(value: object, path: str) -> object:
    """What stands at a path such as `a.b[0]`; None where nothing does."""
    for name, index in STEP.findall(path):
        if name and isinstance(value, Mapping):
            value = value.get(name)
        elif index and isinstance(value, list | tuple) and int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value


def with_text_keys(given: object) -> object:
    """The same values with keys as text, as JSON has them: in YAML, `1:` and `true:` are no text."""
    if isinstance(given, Mapping):
        return {text_of(key): with_text_keys(value) for key, value in given.items()}
    return [with_text_keys(value) for value in given] if isinstance(given, list | tuple) else given


def text_of(value: object) -> str:
    """A scalar as YAML and JSON write it.

    >>> text_of(True), text_of(1), text_of("yes")
    ('true', '1', 'yes')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _allowed(type_: object, path: str, reason: str) -> str:
    """What may stand there, where a word or a number was refused for what it says; empty where neither was."""
    if reason.startswith("Invalid enum value"):
        choices = choices_at(type_, path)
        return f"one of {', '.join(choices)}" if choices else ""
    return range_at(type_, path) if BOUNDED.match(reason) else ""


def _at(type_: object, path: str) -> list[msgspec.inspect.Type]:
    """What a type says of the places at a path; none without a type."""
    places = [msgspec.inspect.type_info(type_)] if type_ is not None else []
    for name, _ in STEP.findall(path):
        places = [inner for place in _alternatives(places) for inner in _inside(place, name)]
    return places


def _alternatives(places: Iterable[msgspec.inspect.Type]) -> Iterator[msgspec.inspect.Type]:
    for place in places:
        inner = place.type if isinstance(place, msgspec.inspect.Metadata) else place
        yield from inner.types if isinstance(inner, msgspec.inspect.UnionType) else [inner]


def _inside(place: msgspec.inspect.Type, name: str) -> list[msgspec.inspect.Type]:
    """What stands under a key of a place, or at an index where there is no name."""
    if isinstance(place, msgspec.inspect.StructType):
        return [field.type for field in place.fields if field.encode_name == name]
    if isinstance(place, msgspec.inspect.DictType):
        return [place.value_type]
    if isinstance(place, msgspec.inspect.TupleType):
        return [] if name else list(place.item_types)
    if isinstance(place, msgspec.inspect.ListType) or isinstance(place, msgspec.inspect.VarTupleType):  # noqa: SIM101 - mypy narrows each
        return [] if name else [place.item_type]
    return []


def _named(path: str, given: object, convert: Callable[[object], object]) -> str:
    """The path with each `[...]` replaced by the key that is at fault."""
    while "[...]" in path:
        before, _, after = path.partition("[...]")
        mapping = at_path(given, before)
        if not isinstance(mapping, Mapping):
            return before
        key = next((k for k in mapping if _fails_alone(given, before, k, convert)), None)
        if key is None:
            return before
        path = join(join(before, str(key)), after.removeprefix("."))
    return path


def _fails_alone(given: object, path: str, key: object, convert: Callable[[object], object]) -> bool:
    """Whether the document is still refused at this place when the mapping at `path` has only this key."""
    try:
        convert(_with_only(given, STEP.findall(path), key))
    except msgspec.ValidationError as error:
        return split_error(error)[0].replace("[...]", "").startswith(path.replace("[...]", ""))
    return False


def _with_only(value: object, steps: list[tuple[str, str]], key: object) -> object:
    if not steps:
        return {key: value[key]} if isinstance(value, Mapping) else value
    (name, index), rest = steps[0], steps[1:]
    if name and isinstance(value, Mapping):
        return {**value, name: _with_only(value.get(name), rest, key)}
    if index and isinstance(value, list | tuple):
        return [_with_only(v, rest, key) if i == int(index) else v for i, v in enumerate(value)]
    return value
