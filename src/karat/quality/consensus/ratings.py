"""The consensus of a field of ratings: how authors rate is learned from all items, each item is then read by that."""

from array import array
from collections.abc import Sequence

import msgspec
import numpy as np

from karat.kinds.rating import RatingOptions
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.columns import Floats
from karat.quality.consensus.learning import AuthorSkill, FieldConsensus, FieldModel, Knowledge, Settle
from karat.quality.consensus.methods import Method
from karat.quality.consensus.model import beta_interval
from karat.quality.consensus.numbers import Numbers, middles, steps
from karat.quality.estimate import estimate
from karat.quality.responses import Said, answer_of, is_instances
from karat.quality.votes import Votes

NEAR = 0.05
"""Steps whose probabilities are less apart hang in the balance."""
LEAST = 0.001
"""Less probable steps are left out of a soft label."""


class _Body(msgspec.Struct, frozen=True):
    bias: dict[str, float]
    scale: dict[str, float]
    noise: dict[str, float]
    strangers: float
    """The noise of authors who were not there."""
    centre: float
    spread: float
    tails: float | None
    held: float


class Ratings:
    """16 bytes an answer until it learns."""

    def __init__(self, field: Field, _kind: AnyKind, method: Method) -> None:
        self.field = field
        self.method = method
        self.items = 0
        self.item, self.author, self.value = array("i"), array("i"), array("d")
        self.authors: dict[str, int] = {}
        self.gold: dict[object, float] = {}

    def add(self, said: Sequence[Said], gold: Said | None) -> None:
        """One item; who left it open did not rate."""
        for one in said:
            answer = answer_of(one)
            if isinstance(answer, int):
                self.item.append(self.items)
                self.author.append(self.authors.setdefault(one.author, len(self.authors)))
                self.value.append(answer)
        known = None if gold is None else answer_of(gold)
        if isinstance(known, int):
            self.gold[self.items] = float(known)
        self.items += 1

    def learn(self) -> Knowledge | None:
        """Fit the model; None where nobody rated, or the method gives everybody one vote."""
        if not len(self.item) or not self.method.is_weighted:
            return None
        values, codes = np.unique(np.frombuffer(self.value, dtype=np.float64), return_inverse=True)
        item, author = (np.frombuffer(column, dtype=np.int32) for column in (self.item, self.author))
        votes = Votes(
            np.arange(self.items),
            np.arange(len(self.authors)),
            values,
            item,
            author,
            codes.reshape(-1).astype(np.int32),
        )
        model = Numbers().fit(votes, self.gold)
        rated, levels = model.rated_, _levels(self.field)
        posterior = steps(model.values_ - levels[0], model.variance_, len(levels))
        names = list(self.authors)
        body = _Body(
            bias=dict(zip(names, rated.bias.tolist(), strict=True)),
            scale=dict(zip(names, rated.scale.tolist(), strict=True)),
            noise=dict(zip(names, rated.noise.tolist(), strict=True)),
            strangers=float(rated.noise.mean()),
            centre=rated.centre,
            spread=rated.spread,
            tails=rated.tails if np.isfinite(rated.tails) else None,
            held=model.held_,
        )
        answered = np.bincount(item, minlength=self.items) > 0
        sure = posterior.max(axis=1)[answered & np.isnan([self.gold.get(i, np.nan) for i in range(self.items)])]
        mean, half = (
            (float(sure.mean()), 1.96 * float(sure.std()) / len(sure) ** 0.5) if len(sure) else (np.nan, np.nan)
        )
        return Knowledge(
            field=self.field.key,
            method=self.method.name,
            skills=_skills(names, votes, posterior, levels),
            accuracy=estimate(
                mean, max(mean - half, 0.0), min(mean + half, 1.0), n=len(sure), of="items",
                method="posterior of the rating; interval over items",
            ),
            items=self.items,
            votes=len(item),
            body=msgspec.Raw(msgspec.json.encode(body)),
        )  # fmt: skip


def settler(field: Field, kind: AnyKind, knowledge: Knowledge) -> Settle:
    """Read an item's ratings by how its authors rate; where at least half left it open, it stays open."""
    body = knowledge.of(_Body)
    levels = _levels(field)

    def settled(said: Sequence[Said], gold: Said | None) -> FieldConsensus | None:
        known = None if gold is None else answer_of(gold)
        if isinstance(known, int):
            return _result(field, kind, knowledge.method, {known: 1.0}, known, n=len(said))
        given = [(one.author, answer) for one in said if isinstance(answer := answer_of(one), int)]
        silent = 1 - len(given) / len(said)
        if silent >= 0.5:
            return FieldConsensus(field.key, knowledge.method, (), silent, silent == 0.5, len(said))
        mean, variance = _read(given, body)
        posterior = steps(np.array([mean - levels[0]]), np.array([variance]), len(levels))
        odds = {level: float(p) for level, p in zip(levels, posterior[0].tolist(), strict=True)}
        return _result(field, kind, knowledge.method, odds, levels[int(middles(posterior)[0])], n=len(said))

    return settled


def _read(given: Sequence[tuple[str, int]], body: _Body) -> tuple[float, float]:
    """Mean and variance of one item's posterior, its own scatter counted in."""
    authors = [author for author, _ in given]
    bias, scale = (
        np.array([part.get(a, other) for a in authors]) for part, other in ((body.bias, 0.0), (body.scale, 1.0))
    )
    noise = np.array([body.noise.get(author, body.strangers) for author in authors])
    value = np.array([float(answer) for _, answer in given])
    said = value - body.centre - bias
    counts = np.ones(len(given))
    place = 0.0
    for _ in range(1 if body.tails is None else 10):
        precision = float((counts * scale**2 / noise).sum()) + 1 / body.spread
        place = float((counts * scale * said / noise).sum()) / precision
        apart = (said - scale * place) ** 2 / noise
        if body.tails is not None:
            counts = (body.tails + 1) / (body.tails + apart)
    truth = body.centre + place
    mean = float((counts / noise) @ value / (counts / noise).sum())
    more = (float(counts @ apart) + 4) / (len(given) - 1 + 4)
    return (1 - body.held) * truth + body.held * mean, more / precision + (body.held * (mean - truth)) ** 2


def _result(field: Field, kind: AnyKind, method: str, odds: dict[int, float], value: int, *, n: int) -> FieldConsensus:
    score = round(min(odds[value], 1.0), 6)
    tie = len(odds) > 1 and sum(p >= max(odds.values()) - NEAR for p in odds.values()) > 1
    soft = {str(level): round(p, 6) for level, p in odds.items() if p >= LEAST}
    merged = Annotation(
        id=field.key, field=field.key, kind=kind.name, version=kind.version, value=value, confidence=score,
        probabilities=soft,
    )  # fmt: skip
    return FieldConsensus(field.key, method, (merged,), score, tie, n, soft)


def _skills(names: Sequence[str], votes: Votes, posterior: Floats, levels: Sequence[int]) -> tuple[AuthorSkill, ...]:
    """How likely an author's rating is the item's: by the posterior, which the author's own rating is part of."""
    given = votes.labels[votes.label_codes].astype(np.int64) - levels[0]
    inside = (given >= 0) & (given < len(levels))
    chance = np.where(inside, posterior[votes.item_codes, np.clip(given, 0, len(levels) - 1)], 0.0)
    people = len(names)
    n = np.bincount(votes.annotator_codes, minlength=people).astype(np.float64)
    right = np.bincount(votes.annotator_codes, chance, minlength=people).astype(np.float64)
    doubt = np.bincount(votes.annotator_codes, chance * (1 - chance), minlength=people).astype(np.float64)
    value, low, high = beta_interval(right + 0.5, n - right + 0.5, doubt)
    says = middles(posterior)[votes.item_codes] == given
    agrees = np.bincount(votes.annotator_codes, says, minlength=people) / np.maximum(n, 1)
    rows = zip(names, *(part.tolist() for part in (value, low, high, n, agrees)), strict=True)
    return tuple(AuthorSkill(author, *(round(x, 6) for x in row)) for author, *row in rows if row[3] > 0)


def _levels(field: Field) -> range:
    options = field.options
    assert isinstance(options, RatingOptions)  # read_schema converts a field's options to its kind's type
    return range(options.min, options.max + 1)


def _fits(field: Field) -> bool:
    return not is_instances(field)


RATINGS = FieldModel(fits=_fits, learner=Ratings, settler=settler)
