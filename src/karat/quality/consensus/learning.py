"""What is learned of a field from a whole project, and how its items are then settled one by one: a model of each kind.

A new model is one file and one line in `karat.quality.consensus.by_kind`. Whoever runs it streams answers in, keeps the
`Knowledge`, and stores what comes out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.consensus.methods import Method
from karat.quality.estimate import Estimate
from karat.quality.responses import Said

T = TypeVar("T")


class FieldConsensus(msgspec.Struct, frozen=True):
    """The merged annotations of one field.

    `score` is, where a model has settled the field, the probability that the result is right; else 1 - the weighted mean
    distance of what the `n` authors said to what came out: for a choice, the share of the votes that the winner has. `tie`
    says that an equally good result exists, or that something was seen by exactly half. `probabilities` are the soft label:
    of each option how probable it is; what they lack to 1 is the chance that the question is rightly left open.
    """

    field: str
    method: str
    annotations: tuple[Annotation, ...]
    score: float
    tie: bool
    n: int
    probabilities: dict[str, float] | None = None
    learned: bool = False
    """Whether a model has settled it that was learned from more than this item."""


class AuthorSkill(msgspec.Struct, frozen=True):
    """How likely what an author says is right, in [0, 1], with a 95 % interval; `n` is on how many answers it rests.

    `agrees` is the share of these that are what the consensus says: what further answers are expected to do.
    """

    author: str
    value: float
    low: float
    high: float
    n: float
    agrees: float


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned of a field. `body` is the model's own, and is read by it alone."""

    field: str
    method: str
    skills: tuple[AuthorSkill, ...]
    accuracy: Estimate | None
    """The share of items on which the consensus is expected to be right."""
    items: int
    votes: int
    body: msgspec.Raw
    least: float = 0.0
    """The risk of a wrong result that no number of answers takes away, in [0, 1): that all are misled together."""

    def of(self, type_: type[T]) -> T:
        """The model's own part."""
        return msgspec.json.decode(self.body, type=type_)


class Learner(Protocol):
    """A field's answers while items come in. It keeps a few bytes of each answer, never the answers."""

    def add(self, said: Sequence[Said], gold: Said | None) -> None:
        """What the authors of one item said on the field, and what is known to be right, if it is."""
        ...

    def learn(self) -> Knowledge | None:
        """What all of it says together; None where there is nothing to learn from, or more than memory should hold."""
        ...


Settle = Callable[[Sequence[Said], Said | None], FieldConsensus | None]
"""One item by what was learned: what was said on it, and what is known. None where the model cannot tell, such as of an
option that nobody had given before; the kind's `merge` then decides."""


@dataclass(frozen=True, kw_only=True)
class FieldModel:
    """A model of the consensus of fields. `fits` says whether it takes a field of its kind."""

    fits: Callable[[Field], bool]
    learner: Callable[[Field, AnyKind, Method], Learner]
    settler: Callable[[Field, AnyKind, Knowledge], Settle]
