"""Numbers given by several: what each item truly is, and by how much each annotator is off, stretches and scatters."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats

TAILS = (np.inf, 4.0)
"""Degrees of freedom of the noise: normal, or with so many answers far off as Student's t of four has."""
LIKE_OTHERS = 10.0
"""Answers that all annotators' noise counts for in one annotator's."""
LIKE_OTHER_ITEMS = 4.0
"""Answers that the noise of all items counts for in one item's."""
NARROWEST, WIDEST = 1e-3, 10.0
"""Between these, the widths of the populations of biases and scales are learned."""
HALVES = 6


@dataclass(frozen=True, slots=True)
class Numerals:
    """Answers on a number line, one a row; `weights` are how far each counts. `gold` is nan where it is not known."""

    item: Codes
    annotator: Codes
    value: Floats
    weights: Floats
    gold: Floats
    """Shape (items,)."""
    annotators: int

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.gold)

    def by_item(self, amounts: Floats) -> Floats:
        """Summed by item, shape (items,)."""
        return np.asarray(np.bincount(self.item, amounts, minlength=self.items), np.float64)

    def by_annotator(self, amounts: Floats) -> Floats:
        """Summed by annotator, shape (annotators,)."""
        return np.asarray(np.bincount(self.annotator, amounts, minlength=self.annotators), np.float64)

    def rows(self, chosen: NDArray[np.bool_]) -> "Numerals":
        """Some of the answers."""
        return replace(
            self,
            item=self.item[chosen],
            annotator=self.annotator[chosen],
            value=self.value[chosen],
            weights=self.weights[chosen],
        )


@dataclass(frozen=True, slots=True)
class Rated:
    """What was learned. An answer is `bias + scale * truth` and noise around it of variance `noise` (of an annotator)."""

    truth: Floats
    """Shape (items,): the posterior mean."""
    variance: Floats
    """Shape (items,): of the posterior."""
    bias: Floats
    """Shape (annotators,): how much more than the truth an annotator says at the mean of all items."""
    bias_variance: Floats
    scale: Floats
    noise: Floats
    tails: float
    counts: Floats
    """Shape (rows,): how far each answer counts, below 1 where it is far off under heavy tails."""
    centre: float
    """The mean of the truths."""
    spread: float
    """Their variance."""


def fit(given: Numerals, tails: float, *, rounds: int = 200, tolerance: float = 1e-4) -> Rated:
    """Expectation and maximisation, until no truth moves by more than `tolerance` of their standard deviation.

    Truths are drawn from a normal population. An annotator's bias is drawn from N(0, k·noise), the scale from
    N(1, l·noise / variance of truths): who scatters more may be off by more, which fixes the level to what the steady ones
    say; k and l are learned. The noise is shrunken to that of all (inverse gamma). Heavy tails are Student's t as a mixture
    of normals (Lange, Little and Taylor 1989).
    """
    weights, known = given.weights, ~np.isnan(given.gold)
    total = given.by_item(weights)
    spread = _variance(given)
    least = 1e-6 * spread
    truth = np.where(known, given.gold, _medians(given) if np.isfinite(tails) else _means(given, weights))
    noise = np.full(
        given.annotators, max(float(weights @ (given.value - truth[given.item]) ** 2 / weights.sum()), least)
    )
    bias, scale, bias_variance = np.zeros(given.annotators), np.ones(given.annotators), np.zeros(given.annotators)
    off, stretch, counts, variance = 0.1, 0.1, weights, np.zeros(given.items)
    centre, across = float(truth[total > 0].mean()), spread
    for _ in range(rounds):
        before = truth
        informed = counts * (scale**2 / noise)[given.annotator]
        precision = given.by_item(informed) + 1 / across
        told = (given.value - centre - bias[given.annotator]) * counts * (scale / noise)[given.annotator]
        truth = np.where(known, given.gold, centre + given.by_item(told) / precision)
        variance = np.where(known, 0.0, 1 / precision)
        centre = float(truth[total > 0].mean())
        across = max(float(truth[total > 0].var() + variance[total > 0].mean()), least)
        place, width = (truth - centre)[given.item], variance[given.item]
        said = given.value - centre
        n = given.by_annotator(counts)
        first = n + 1 / off
        mixed = given.by_annotator(counts * place)
        second = given.by_annotator(counts * (place**2 + width)) + across / stretch
        one, two = given.by_annotator(counts * said), given.by_annotator(counts * said * place) + across / stretch
        inverse = 1 / (first * second - mixed**2)
        bias, scale = (second * one - mixed * two) * inverse, (first * two - mixed * one) * inverse
        apart = (said - bias[given.annotator] - scale[given.annotator] * place) ** 2 + scale[
            given.annotator
        ] ** 2 * width
        squares = given.by_annotator(counts * apart) + bias**2 / off + (scale - 1) ** 2 * across / stretch
        noise = np.maximum((squares + LIKE_OTHERS * squares.sum() / n.sum()) / (n + LIKE_OTHERS), least)
        off = float(np.clip((bias**2 / noise + second * inverse).mean(), NARROWEST, WIDEST))
        stretch = float(np.clip((((scale - 1) ** 2 / noise + first * inverse) * across).mean(), NARROWEST, WIDEST))
        bias_variance = noise * second * inverse
        if np.isfinite(tails):
            counts = weights * (tails + 1) / (tails + apart / noise[given.annotator])
        if np.abs(truth - before).max(initial=0.0) <= tolerance * across**0.5:
            break
    return Rated(truth, variance, bias, bias_variance, scale, noise, tails, counts, centre, across)


def weighted_mean(given: Numerals, rated: Rated) -> Floats:
    """The mean of each item's answers as they were given, each by its annotator's noise; the centre where there are none."""
    weights = rated.counts / rated.noise[given.annotator]
    total = given.by_item(weights)
    mean = given.by_item(weights * given.value) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, rated.centre)


def read(given: Numerals, rated: Rated) -> Floats:
    """The truths that these answers tell by what is known of the annotators, shape (items,); nan where there are none."""
    scale, noise = rated.scale[given.annotator], rated.noise[given.annotator]
    said = given.value - rated.centre - rated.bias[given.annotator]
    counts = given.weights
    with np.errstate(invalid="ignore", divide="ignore"):
        if not np.isfinite(rated.tails):
            return np.asarray(
                rated.centre + given.by_item(counts * scale / noise * said) / given.by_item(counts * scale**2 / noise)
            )
        place = _medians(replace(given, value=said / np.maximum(scale, 0.1)))
        for _ in range(10):
            apart = (said - scale * place[given.item]) ** 2 / noise
            counts = given.weights * (rated.tails + 1) / (rated.tails + apart)
            place = given.by_item(counts * scale / noise * said) / given.by_item(counts * scale**2 / noise)
    return np.asarray(rated.centre + place)


def reliability(given: Numerals, rated: Rated, *, seed: int) -> float:
    """How alike two halves of each item's answers are in what they tell: the correlation over items, mean of several
    random halves; nan with fewer than three items of two answers."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(HALVES):
        order = random.permutation(len(given.item))
        order = order[np.argsort(given.item[order], kind="stable")]
        count = np.bincount(given.item, minlength=given.items)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
        first, second = (read(given.rows(rank % 2 == half), rated) for half in (0, 1))
        both = np.isfinite(first) & np.isfinite(second)
        if both.sum() > 2 and first[both].std() > 0 and second[both].std() > 0:
            found.append(float(np.corrcoef(first[both], second[both])[0, 1]))
    return float(np.mean(found)) if found else float("nan")


def item_noise(given: Numerals, rated: Rated) -> Floats:
    """How much more an item's answers scatter than others', 1 on average, shape (items,)."""
    apart = given.value - rated.centre - rated.bias[given.annotator]
    apart = apart - rated.scale[given.annotator] * (rated.truth - rated.centre)[given.item]
    squares = given.by_item(rated.counts * apart**2 / rated.noise[given.annotator])
    n = given.by_item(given.weights)
    return (squares + LIKE_OTHER_ITEMS) / (np.maximum(n - 1, 0) + LIKE_OTHER_ITEMS)


def _means(given: Numerals, weights: Floats) -> Floats:
    total = given.by_item(weights)
    overall = float(weights @ given.value / weights.sum())
    return np.where(total > 0, given.by_item(weights * given.value) / np.where(total > 0, total, 1.0), overall)


def _medians(given: Numerals) -> Floats:
    """The median of each item's answers; that of all where it has none."""
    order = np.lexsort((given.value, given.item))
    count = np.bincount(given.item, minlength=given.items)
    start = np.cumsum(count) - count
    value = np.append(given.value[order], 0.0)
    last = len(value) - 1
    middle = (
        value[np.minimum(start + np.maximum(count - 1, 0) // 2, last)] + value[np.minimum(start + count // 2, last)]
    ) / 2
    overall = float(np.median(given.value)) if len(given.value) else 0.0
    return np.where(count > 0, middle, overall)


def _variance(given: Numerals) -> float:
    """The variance of the answers, by quartiles where that is less: a few wild ones must not set the scale."""
    low, high = np.quantile(given.value, [0.25, 0.75])
    plain = float(given.value.var())
    robust = float((high - low) / 1.349) ** 2
    return max(min(plain, robust) if robust > 0 else plain, 1e-12)
