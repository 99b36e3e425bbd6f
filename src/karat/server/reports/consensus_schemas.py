"""What the routes of consensus take and give."""

import msgspec

from karat.quality.measure import Measure
from karat.server.items.schemas import Person

Filter = dict[str, object]


class ConsensusRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the authors of an item say together on one field.

    `score` is the probability that it is right where a model was learned, else how far the answers agree with it.
    `probabilities` is the soft label: of each option how probable it is.
    """

    field: str
    method: str
    annotations: msgspec.Raw
    score: float | None
    tie: bool
    n: int
    probabilities: dict[str, float] | None
    learned: bool
    at: str


class ConsensusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How answers are merged from now on. What was learned stays while it holds; with `full` it is learned anew."""

    method: str
    full: bool = False


class MethodRow(msgspec.Struct, frozen=True):
    """A method of consensus."""

    name: str
    title: str
    about: str


class SkillRow(msgspec.Struct, frozen=True):
    """How likely what an author says on a field is right, and the items they answered."""

    author: Person
    skill: Measure
    filter: Filter


class LearnedField(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned of a field. `accuracy` is the share of items on which the consensus is expected to be right."""

    field: str
    title: str
    kind: str
    learned: bool
    """Whether its kind has a model; the answers to others are merged item by item."""
    accuracy: Measure | None
    warning: str | None
    n_items: int
    n_votes: int
    authors: list[SkillRow]


class ConsensusReport(msgspec.Struct, frozen=True, kw_only=True):
    """How the consensus is made, what was learned for it, and what that promises."""

    method: str
    methods: list[MethodRow]
    learned_at: str | None
    why: str
    """Why it was learned when it was."""
    answers: int
    """From how many answers it was learned."""
    answers_now: int
    uncertain: Filter
    """Lists the items that were settled by what was learned; sort them by `uncertainty`."""
    fields: list[LearnedField]
