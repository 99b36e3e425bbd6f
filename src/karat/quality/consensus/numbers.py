"""Consensus of numbers and of ordered steps: annotators who are off, stretch the scale and scatter, each in their own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from karat.quality.columns import Floats, Names, some
from karat.quality.consensus import raters
from karat.quality.consensus.raters import Numerals
from karat.quality.estimate import check_level
from karat.quality.votes import Votes

ENOUGH_GOLD = 10
FOLDS = 5
HELD = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Raters:
    """How annotators answer, arrays aligned with `votes.annotators`: an answer is `bias` + `scale` × truth and noise, with
    bias meant at the mean of all items, and `noise` a standard deviation, all in the unit of the answers. `n` counts answers."""

    bias: Floats
    bias_low: Floats
    bias_high: Floats
    scale: Floats
    noise: Floats
    n: Floats


@dataclass(kw_only=True)
class Numbers:
    """What each item truly is, from numbers that several gave it.

    The labels of the votes are numbers. An annotator has a bias, a scale and a noise, drawn from populations that are
    learned with them, so that those with few answers are like the others. Whether answers far off are noise like any other
    or slips that hardly count (Student's t) is chosen inside the votes: by which of the two the halves of each item's
    answers, drawn at random by `seed`, tell more alike (`reliability_`).

    `held` is the share of the plain mean, weighted by noise, in the result, in [0, 1]: a bias that all share, or a scale
    that is no straight line, cannot be seen in the answers, and the mean was closer to gold on the one recorded crowd tried.
    With at least ten known items (`gold`: item to number) the share is chosen by cross-validation on them.

    >>> from karat.quality import Votes
    >>> table = {"i": [1, 1, 1, 2, 2, 2], "a": [1, 2, 3] * 2, "x": [4.0, 5, 6, 10, 11, 12]}
    >>> model = Numbers().fit(Votes.from_table(table, item="i", annotator="a", label="x"))
    >>> model.values_.round(1).tolist()
    [5.0, 11.0]
    """

    held: float = 0.5
    level: float = 0.95
    seed: int = 0

    values_: Floats = field(init=False, repr=False)
    """Shape (items,), aligned with `votes.items`: the mean of the posterior; gold where it is known, nan where all is."""
    low_: Floats = field(init=False, repr=False)
    """The ends of its interval of `level`, which counts the noise of annotators and items and how far the two means are
    apart, but no bias that all share."""
    high_: Floats = field(init=False, repr=False)
    raters_: Raters = field(init=False, repr=False)
    reliability_: dict[float, float] = field(init=False, repr=False)
    """By degrees of freedom of the noise (infinite: normal), the correlation of the halves."""

    def fit(self, votes: Votes, gold: Mapping[object, float] | None = None) -> Self:
        """Learn from answers and from the numbers known for some items."""
        self._check()
        given = numerals(votes, gold)
        if not len(given.item):
            return self._nothing(given)
        fitted = {tails: raters.fit(given, tails) for tails in raters.TAILS}
        self.reliability_ = {tails: raters.reliability(given, rated, seed=self.seed) for tails, rated in fitted.items()}
        normal, heavy = (self.reliability_[tails] for tails in raters.TAILS)
        self.rated_ = fitted[raters.TAILS[1] if heavy > normal else raters.TAILS[0]]
        self.held_ = self._best_share(given)
        self._settle(given)
        return self

    def _check(self) -> None:
        check_level(self.level)
        if not 0 <= self.held <= 1:
            raise ValueError(f"held={self.held!r} is no share between 0 and 1")

    def _settle(self, given: Numerals) -> None:
        rated = self.rated_
        mean = raters.weighted_mean(given, rated)
        known = ~np.isnan(given.gold)
        self.values_ = np.where(known, given.gold, (1 - self.held_) * rated.truth + self.held_ * mean)
        self.variance_ = rated.variance * raters.item_noise(given, rated) + ((mean - rated.truth) * self.held_) ** 2
        self.variance_ = np.where(known, 0.0, self.variance_)
        half = float(ndtri((1 + self.level) / 2))
        self.low_, self.high_ = (self.values_ + sign * half * self.variance_**0.5 for sign in (-1, 1))
        spread = half * rated.bias_variance**0.5
        n = given.by_annotator(given.weights)
        self.raters_ = Raters(rated.bias, rated.bias - spread, rated.bias + spread, rated.scale, rated.noise**0.5, n)

    def _best_share(self, given: Numerals) -> float:
        known = np.flatnonzero(~np.isnan(given.gold) & (given.by_item(given.weights) > 0))
        if len(known) < ENOUGH_GOLD:
            return self.held
        fold = np.random.default_rng(self.seed).permutation(len(known)) % FOLDS
        error = np.zeros(len(HELD))
        for part in range(FOLDS):
            out = known[fold == part]
            gold = given.gold.copy()
            gold[out] = np.nan
            blind = replace(given, gold=gold)
            rated = raters.fit(blind, self.rated_.tails)
            mean = raters.weighted_mean(blind, rated)[out]
            for place, share in enumerate(HELD):
                error[place] += np.abs((1 - share) * rated.truth[out] + share * mean - given.gold[out]).sum()
        return HELD[int(np.argmin(error))]

    def _nothing(self, given: Numerals) -> Self:
        empty = np.zeros(given.annotators)
        self.reliability_, self.held_ = {}, self.held
        self.values_, self.low_, self.high_ = given.gold.copy(), given.gold.copy(), given.gold.copy()
        self.variance_ = np.where(np.isnan(given.gold), np.nan, 0.0)
        self.raters_ = Raters(empty, empty - np.inf, empty + np.inf, empty + 1, empty * np.nan, empty)
        return self


@dataclass(kw_only=True)
class Ordinals:
    """Which of the ordered steps each item is on: steps are numbers 0, 1, 2, … to annotators as in `Numbers`, and the step
    is read from the posterior on that line.

    `levels` are the labels from the least to the most; without it, the labels as `votes` has them.

    >>> from karat.quality import Votes
    >>> table = {"i": [1, 1, 1, 2, 2], "a": [1, 2, 3, 1, 2], "x": ["low", "mid", "mid", "high", "high"]}
    >>> votes = Votes.from_table(table, item="i", annotator="a", label="x")
    >>> model = Ordinals(levels=["low", "mid", "high"]).fit(votes)
    >>> model.labels_.tolist()
    ['mid', 'high']
    """

    levels: Sequence[object] | None = None
    held: float = 0.5
    seed: int = 0

    labels_: Names = field(init=False, repr=False)
    """The step with half of the probability on either side, which has the least expected distance from the truth."""
    posterior_: Floats = field(init=False, repr=False)
    """Shape (items, levels): rows sum to 1."""
    values_: Floats = field(init=False, repr=False)
    """Shape (items,): the mean on the line of steps, from 0 to levels - 1."""
    raters_: Raters = field(init=False, repr=False)

    def fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from steps and from those known for some items."""
        levels = list(votes.labels.tolist() if self.levels is None else self.levels)
        place = {level: float(code) for code, level in enumerate(levels)}
        for label in [*votes.labels.tolist(), *(gold or {}).values()]:
            if label not in place:
                raise ValueError(f"the label {label!r} is not among levels={some(levels)}: name every step in order")
        on_line = np.array([place[label] for label in votes.labels.tolist()])
        stepped = replace(votes, labels=on_line)
        model = Numbers(held=self.held, seed=self.seed)
        model.fit(stepped, {item: place[label] for item, label in (gold or {}).items()})
        self.levels_ = np.empty(len(levels), dtype=object)
        self.levels_[:] = levels
        self.posterior_ = steps(model.values_, model.variance_, len(levels))
        self.values_, self.raters_, self.model_ = (
            np.clip(model.values_, 0, max(len(levels) - 1, 0)),
            model.raters_,
            model,
        )
        self.labels_ = (
            self.levels_[middles(self.posterior_)] if levels else np.full(len(votes.items), None, dtype=object)
        )
        return self


def steps(mean: Floats, variance: Floats, levels: int) -> Floats:
    """How probable each of the steps 0, 1, … is for a normal distribution on their line, shape (items, levels): what lies
    nearest to a step is the step's, and what lies beyond an end is the end's. Level where the mean is not known."""
    edges = np.arange(levels - 1) + 0.5
    width = np.maximum(np.sqrt(variance), 1e-9)
    below = ndtr((edges[None, :] - mean[:, None]) / width[:, None])
    ends = np.zeros((len(mean), 1)), np.ones((len(mean), 1))
    posterior = np.diff(np.concatenate([ends[0], below, ends[1]], axis=1), axis=1)
    return np.where(np.isnan(mean)[:, None], 1.0 / max(levels, 1), posterior)


def middles(posterior: Floats) -> NDArray[np.integer]:
    """The place of the median of each row."""
    return np.asarray((posterior.cumsum(axis=1) < 0.5 - 1e-9).sum(axis=1))


def numerals(votes: Votes, gold: Mapping[object, float] | None) -> Numerals:
    """The votes as numbers; an annotator's repeated answers on an item share one voice."""
    given = votes.once()
    line = np.empty(len(votes.labels))
    for code, label in enumerate(votes.labels.tolist()):
        line[code] = _number(label, f"the label of vote {int(np.argmax(votes.label_codes == code))}")
    known = np.full(len(votes.items), np.nan)
    for place, item in enumerate(votes.items.tolist()):
        if gold and item in gold:
            known[place] = _number(gold[item], f"the gold of item {item!r}")
    return Numerals(
        given.item_codes, given.annotator_codes, line[given.label_codes], given.weighted(), known, len(votes.annotators)
    )


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError(f"{what} is {value!r}: give a finite number, such as 1.5")
    return float(value)
