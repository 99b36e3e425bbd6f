"""What a person may ask for when looking for items: the filter's grammar, and every mistake in one with its path."""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Literal, TypeVar

import msgspec

from karat.model import strings
from karat.model.parsing import convert_problem, join
from karat.model.problem import Problem, Refused, refuse, shown

MAX_CONDITIONS = 50
MAX_VALUES = 10_000
MAX_NEEDLE = 1000
LARGEST = 10**300

Order = Literal["eq", "ne", "lt", "le", "gt", "ge"]
Text = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "exists"]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A day as YYYY-MM-DD, in UTC."""
Single = str | int | float | bool
State = Literal["open", "labeled", "review", "done"]


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metadata value. `ne` also holds where the item has no such key; `exists` takes true or false."""

    key: str
    op: Text = "eq"
    value: Single | list[Single] | None = None


class States(msgspec.Struct, frozen=True):
    """The item is in one of these states."""

    states: list[State]


class Stages(msgspec.Struct, frozen=True):
    """The item stands at one of these stages of the workflow."""

    stages: list[str]


class Changed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The item last changed on these days (UTC, both included)."""

    since: Day | None = None
    until: Day | None = None


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody's answer stands as it was handed in, or skipped, on these days (UTC, both included)."""

    author: str | None = None
    state: Literal["submitted", "skipped"] = "submitted"
    since: Day | None = None
    until: Day | None = None


class Reviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reviewer judged an answer to the item so, on these days (UTC, both included); verdicts that came too late do not count."""

    verdict: Literal["accepted", "fixed", "rejected"] | None = None
    author: str | None = None
    """Whose answer it was."""
    reviewer: str | None = None
    since: Day | None = None
    until: Day | None = None


class Differ(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two authors answered a field and did not say the same; with a label, they differ on that label."""

    a: str
    b: str
    field: str
    label: str | None = None


class AuthorIs(msgspec.Struct, frozen=True):
    """Somebody has answered the item, or has not."""

    author: str
    answered: bool


class LabelIs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label or an option was given, by anybody or by one author."""

    field: str
    label: str
    author: str | None = None


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to a field that is no label: a text, a number. An attribute's field is `field.attribute`."""

    field: str
    op: Text = "eq"
    value: Single | list[Single] | None = None


class Tag(msgspec.Struct, frozen=True):
    """The item has a tag."""

    tag: str


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The item's key."""

    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts"] = "eq"
    value: str | list[str] = ""


class Contains(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text of the item has this in it, upper and lower case alike."""

    contains: str
    stream: str | None = None


class Responses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many answers count."""

    op: Order
    value: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Disagreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the authors differ, 0 to 1, over all fields or in one."""

    op: Literal["lt", "le", "gt", "ge"]
    value: float
    field: str | None = None


class Ids(msgspec.Struct, frozen=True):
    """Exactly these items."""

    ids: list[str]


Condition = (
    Metadata
    | States
    | Stages
    | Changed
    | Answered
    | Reviewed
    | Differ
    | AuthorIs
    | LabelIs
    | Answer
    | Tag
    | Key
    | Contains
    | Responses
    | Disagreement
    | Ids
)
T = TypeVar("T")


def parse_filter(given: str | bytes | None) -> list[Condition]:
    """The conditions that must all hold, from `{"all": [{"tag": "night"}, …]}`; refused with every mistake."""
    if not given:
        return []
    try:
        value = msgspec.json.decode(given)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        got = given if isinstance(given, str) else given.decode("utf-8", "replace")
        raise Refused(
            [Problem("filter", shown(got), f"JSON ({error})", 'Write e.g. {"all":[{"tag":"night"}]}.')]
        ) from None
    return conditions_of(value)


def conditions_of(value: object) -> list[Condition]:
    """The same from JSON already read."""
    if not isinstance(value, dict) or set(value) - {"all"} or not isinstance(value.get("all", []), list):
        do = 'Write e.g. {"all":[{"tag":"night"},{"state":["open"]}]}.'
        raise Refused([Problem("filter", shown(value), 'an object with a list under "all"', do)])
    entries = value.get("all", [])
    if len(entries) > MAX_CONDITIONS:
        got = f"{len(entries)} conditions"
        raise Refused([Problem("filter.all", got, f"at most {MAX_CONDITIONS}", "Ask for fewer things at once.")])
    problems: list[Problem] = list(strings.problems_of(value, "filter"))
    refuse(problems, title="The filter cannot be read")
    found: list[Condition] = []
    for index, entry in enumerate(entries):
        condition = _condition(entry, f"filter.all[{index}]", problems)
        if condition is not None:
            found.append(condition)
    refuse(problems, title="The filter cannot be read")
    if (values := sum(map(_size, found))) > MAX_VALUES:
        # Each is a parameter of one statement: a database takes so many, and half a million kept it busy for minutes.
        do = "Use a tag or metadata to name so many items."
        raise Refused(
            [Problem("filter.all", f"{values} values", f"at most {MAX_VALUES} in all", do)],
            title="The filter is too large",
        )
    return found


def _size(condition: Condition) -> int:
    match condition:
        case States(states=listed) | Stages(stages=listed) | Ids(ids=listed):
            return len(listed)
        case Metadata(value=list() as listed) | Answer(value=list() as listed) | Key(value=list() as listed):
            return len(listed)
        case _:
            return 1


def _condition(entry: object, path: str, problems: list[Problem]) -> Condition | None:
    if not isinstance(entry, dict) or len(entry) != 1:
        problems.append(Problem(path, shown(entry), "an object with one key", f"Name one of {', '.join(SHAPES)}."))
        return None
    ((name, value),) = entry.items()
    if name not in SHAPES:
        problems.append(
            Problem(f"{path}.{name}", shown(name), f"one of {', '.join(SHAPES)}", "Mend the condition's name.")
        )
        return None
    here = f"{path}.{name}"
    condition = _shaped(name, value, here, problems)
    if condition is not None:
        before = len(problems)
        problems += _mistakes(condition, here)
        if len(problems) > before:
            return None
    return condition


def _shaped(name: str, value: object, path: str, problems: list[Problem]) -> Condition | None:
    match name:
        case "state":
            states = _converted(value, list[State], path, problems)
            return None if states is None else States(states)
        case "stage":
            stages = _converted(value, list[str], path, problems)
            return None if stages is None else Stages(stages)
        case "author" | "not_author" | "tag":
            text = _converted(value, str, path, problems)
            if text is None:
                return None
            return Tag(text) if name == "tag" else AuthorIs(text, answered=name == "author")
        case "ids":
            ids = _converted(value, list[str], path, problems)
            return None if ids is None else Ids(ids)
        case _:
            shape = SHAPES[name]
            return None if shape is None else _converted(value, shape, path, problems)


def _converted(value: object, type_: type[T], path: str, problems: list[Problem]) -> T | None:
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        do = "See the filter's grammar in the guide."
        problem = convert_problem(error, value, lambda given: msgspec.convert(given, type_), do=do)
        problems.append(msgspec.structs.replace(problem, path=join(path, problem.path)))
        return None


def _mistakes(condition: Condition, path: str) -> list[Problem]:
    """What its types cannot say of a condition."""
    match condition:
        case States(states=[]) | Stages(stages=[]) | Ids(ids=[]):
            return [Problem(path, "[]", "at least one", "Leave the condition out to have all items.")]
        case Ids(ids=ids) if len(ids) > MAX_VALUES:
            return [
                Problem(
                    path, f"{len(ids)} ids", f"at most {MAX_VALUES}", "Use a tag or metadata to name so many items."
                )
            ]
        case Metadata() | Answer():
            return _operand(condition.op, condition.value, f"{path}.value")
        case Key(op=op, value=value):
            return _operand(op, value, f"{path}.value")
        case Contains(contains=""):
            return [Problem(f"{path}.contains", '""', "at least one character", "Say what to look for.")]
        case Contains(contains=text) if len(text) > MAX_NEEDLE:
            return [
                Problem(
                    f"{path}.contains", f"{len(text)} characters", f"at most {MAX_NEEDLE}", "Look for a shorter text."
                )
            ]
        case _:
            return []


def _operand(op: Text, value: object, path: str) -> list[Problem]:
    numbers = [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, int | float)]
    if any(abs(n) > LARGEST or not isfinite(n) for n in numbers):
        return [Problem(path, shown(value), f"numbers up to {LARGEST:.0e}", "Give a number that a double can hold.")]
    if op == "in":
        if not isinstance(value, list) or not 0 < len(value) <= MAX_VALUES:
            return [
                Problem(path, shown(value), f"a list of 1 to {MAX_VALUES} values", "With `in`, list what it may be.")
            ]
        return []
    if op == "exists":
        if value is None or isinstance(value, bool):
            return []
        return [Problem(path, shown(value), "true or false", "Say whether there must be a value.")]
    if op in ("contains", "starts"):
        if isinstance(value, str) and 0 < len(value) <= MAX_NEEDLE:
            return []
        return [
            Problem(
                path,
                shown(value),
                f"a text of at most {MAX_NEEDLE} characters",
                f"With `{op}`, give a text that is not empty.",
            )
        ]
    if isinstance(value, str | int | float | bool) and not (isinstance(value, bool) and op not in ("eq", "ne")):
        return []
    return [Problem(path, shown(value), "one text or number", f"With `{op}`, give one value.")]


_Shape = (
    type[Metadata]
    | type[LabelIs]
    | type[Answer]
    | type[Key]
    | type[Contains]
    | type[Responses]
    | type[Disagreement]
    | type[Changed]
    | type[Answered]
    | type[Reviewed]
    | type[Differ]
)
SHAPES: Mapping[str, _Shape | None] = {
    "metadata": Metadata,
    "state": None,
    "stage": None,
    "changed": Changed,
    "answered": Answered,
    "reviewed": Reviewed,
    "differ": Differ,
    "author": None,
    "not_author": None,
    "label": LabelIs,
    "answer": Answer,
    "tag": None,
    "key": Key,
    "text": Contains,
    "responses": Responses,
    "disagreement": Disagreement,
    "ids": None,
}
"""Every condition by its name in a filter; None where its value is plain."""
