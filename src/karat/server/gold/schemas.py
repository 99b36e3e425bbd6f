"""What the routes of gold take and give."""

from typing import Literal

import msgspec

from karat.quality.measure import Measure
from karat.server.items.schemas import Person

Use = Literal["hidden", "practice", "test"]
Source = Literal["response", "result", "import"]
State = Literal["active", "retired"]
REASONS = {
    "used": "given to as many people as it may be",
    "leaked": "answered rightly far too fast, again and again",
    "disputed": "its key was disputed",
    "shown": "it was shown as an example",
    "manager": "a manager retired it",
}
"""Why an item was retired."""


class GoldKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item to be made gold. Without a response the key is the item's result, or what was imported as gold."""

    item: str
    response: str | None = None
    revision: int | None = None
    hints: dict[str, str] = {}
    """By field, or by `field.label` as it was said, what to tell somebody who answers it wrongly in practice; never the answer
    itself."""


class NewGold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Items to be made gold, and how they are used; one that is gold already gets the new key and use."""

    items: tuple[GoldKey, ...]
    use: Use = "hidden"
    source: Source = "result"
    """Where the keys are from: a named response, the item's result, or a response that was imported as gold."""


class LeftOut(msgspec.Struct, frozen=True):
    """An item that cannot be gold, and why."""

    item: str
    why: str


class Made(msgspec.Struct, frozen=True):
    """What became of the items."""

    made: list[str]
    left_out: list[LeftOut]


class Retired(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an item is given to nobody any more."""

    reason: Literal["leaked", "disputed", "shown", "manager"] = "manager"


class GoldEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another use, or other hints; what is left out stays."""

    use: Use | None = None
    hints: dict[str, str] | None = None


class Candidate(msgspec.Struct, frozen=True):
    """An item that could be made gold."""

    item: str
    key: str
    answers: int
    """By how many people it was answered."""
    sure: float | None
    """How probable its result is, or how far the answers agree with it: of the field where it is lowest."""
    decided: bool
    """A person chose the result."""


class Candidates(msgspec.Struct, frozen=True):
    """Items that could be made gold, the surest first."""

    items: list[Candidate]
    more: bool


class GoldRow(msgspec.Struct, frozen=True, kw_only=True):
    """A gold item, and what the answers to it say of it."""

    id: str
    item: str
    key: str
    use: Use
    state: State
    source: Source
    reason: str
    hints: dict[str, str]
    response: str
    revision: int
    uses: int
    """To how many people it was given as gold."""
    most: int | None
    answers: int
    """How many people's answers were compared with the key."""
    right: Measure
    """The share of them that are right, with its exact interval: the lower, the more difficult."""
    score: float | None
    """1 minus the mean distance to the key."""
    suspicious: bool
    """Most people are wrong on some field: the key may be."""
    at: str


class FieldScore(msgspec.Struct, frozen=True):
    """How somebody does on one field."""

    field: str
    score: Measure
    """1 minus the mean distance to the key, in [0, 1]."""
    exact: Measure
    """The share of answers that are right, with its exact interval: the key itself, or near it where things are drawn or
    written freely."""


class PersonScore(msgspec.Struct, frozen=True):
    """How somebody does on gold items, over all fields and by field."""

    author: Person
    n: int
    score: Measure
    exact: Measure
    fields: list[FieldScore]


class OwnBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A gold score as it was told one day, by its name: over so many answers in all."""

    name: str
    n: int
    score: Measure
    exact: Measure
    at: str


class BatchItem(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that counts in a batch of scores; for those who decide an appeal, never for who gave it."""

    gold: str
    item: str
    key: str
    state: State
    score: float


class OwnScore(msgspec.Struct, frozen=True):
    """One's own gold score: told once a day, after 20 items and then after every 10 more; until then nothing."""

    n: int | None
    score: Measure | None
    exact: Measure | None
    fields: list[FieldScore]
    at: str | None
    batches: list[OwnBatch] = []
    """What was told on earlier days, the newest first."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many answers to gold items a statement about one person takes."""

    statement: Literal["accuracy", "tell"]
    answers: int
    """Compared answers of the person, fixed beforehand."""
    wrong: int
    """With at most so many wrong ones the statement holds."""
    expected_good: float | None
    """Answers that a sequential test takes on average of somebody good, and of somebody bad."""
    expected_bad: float | None
    items: int
    """Gold items needed: nobody is given one twice."""
    ordinary: int | None
    """Ordinary items that the person meanwhile answers, at the rate of the policy; null where none is mixed in."""
    have: int
    """Gold items of this use that are active now."""
