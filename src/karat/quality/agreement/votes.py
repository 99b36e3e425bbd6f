"""How far annotators agree: percent, kappa, alpha, AC1 and AC2, W; over all, for each label, pair of annotators, slice.

All take `Votes`, and all but W bear missing votes. An annotator who voted on an item again counts with the last vote.
Each vote counts once, whatever its weight: weights say how sure a vote is, and count in consensus only. An estimate of votes
with unequal weights says so in its `warning`.

>>> from karat.quality.votes import Votes
>>> rows = [(1, "a", "x"), (1, "b", "x"), (2, "a", "x"), (2, "b", "y"), (3, "a", "y"), (3, "b", "y")]
>>> table = dict(zip(("item", "who", "label"), zip(*rows), strict=True))
>>> votes = Votes.from_table(table, item="item", annotator="who", label="label")
>>> round(krippendorff_alpha(votes).value, 3), round(fleiss_kappa(votes).value, 3)
(0.444, 0.333)
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karat.quality.agreement.coefficients import (
    RANKED,
    Alpha,
    IntervalAlpha,
    NominalAlpha,
    OrdinalAlpha,
    Shared,
    of_labels,
    ranks,
)
from karat.quality.agreement.resampling import Measured, interval
from karat.quality.estimate import Estimate, estimate
from karat.quality.order import Likeness, likeness, places
from karat.quality.tallies import Bootstrap, Tallies, tallies
from karat.quality.votes import Votes, check_votes

Floats = NDArray[np.floating]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]

UNWEIGHTED = "votes have weights, which agreement does not count"
ENOUGH_ITEMS = 30
"""Below so many items with two votes a percentile interval is too narrow to be believed."""
ENOUGH_ANNOTATORS = 10
"""The same for annotators, where these are drawn too."""


def percent_agreement(votes: Votes, *, bootstrap: Bootstrap | None = None) -> Estimate:
    """The share of pairs of votes on an item that are equal, averaged over items with two or more; in [0, 1], 1 is best.

    Too kind where one label is common: two people who always say it agree on everything. Items with one vote do not count.
    """
    return measured(Shared(lambda _: 0.0), tallies(votes), votes, bootstrap)


def fleiss_kappa(votes: Votes, *, bootstrap: Bootstrap | None = None) -> Estimate:
    """Fleiss' kappa: agreement beyond what the labels' shares alone would give; at most 1, 0 is chance.

    Source: Fleiss, Psychological Bulletin 76 (1971); for different numbers of votes as in Gwet, Handbook of Inter-Rater
    Reliability, 4th edition (2014), chapter 2. Undefined where only one label occurs.
    """
    return measured(Shared(lambda share: (share**2).sum(axis=1)), tallies(votes), votes, bootstrap)


def gwet_ac1(votes: Votes, *, labels: int | None = None, bootstrap: Bootstrap | None = None) -> Estimate:
    """Gwet's AC1: agreement beyond chance that stays sensible where nearly all answers are one label; at most 1.

    `labels` is how many labels there are to choose from; `votes.labels` unless given. Source: Gwet, British Journal of
    Mathematical and Statistical Psychology 61 (2008). Undefined with one label only.
    """
    check_votes(votes)
    q = len(votes.labels) if labels is None else labels
    if q < len(votes.labels):
        raise ValueError(f"labels={q}, but {len(votes.labels)} occur; count all that annotators can choose")
    return measured(Shared(_gwet_chance(float(q), q)), tallies(votes), votes, bootstrap)


def gwet_ac2(
    votes: Votes,
    *,
    weights: Likeness = "quadratic",
    order: Sequence[object] | None = None,
    bootstrap: Bootstrap | None = None,
) -> Estimate:
    """Gwet's AC2: AC1 for labels with an order, where near answers count as partly agreeing; at most 1, 0 is chance.

    Labels that are numbers lie where they say; others need `order`, all of them from first to last, and lie one step
    apart. `weights` as in Gwet's handbook (2014), chapter 3: "quadratic" 1 - (d / range)², "linear" 1 - d / range,
    "ordinal" by how many labels lie between, "identity" gives AC1.
    """
    alike = likeness(places(votes, order), weights)
    measure = Shared(_gwet_chance(float(alike.sum()), len(votes.labels)), alike)
    return measured(measure, tallies(votes), votes, bootstrap)


def krippendorff_alpha(
    votes: Votes,
    *,
    metric: Metric = "nominal",
    distance: Callable[[object, object], float] | None = None,
    order: Sequence[object] | None = None,
    bootstrap: Bootstrap | None = None,
) -> Estimate:
    """Krippendorff's alpha, 1 - observed over expected disagreement: 1 is perfect, 0 is chance, below 0 worse than it.

    "nominal": different is different. "ordinal": how many answers lie between, in `order` or by number. "interval": the
    squared difference of numbers; "ratio": that over their squared sum, for numbers of at least 0. `distance` instead
    takes any function of two labels that is symmetric, at least 0, and 0 for equal ones, as the `distance` of a kind; a
    `ValueError` names two labels for which it is not.
    Undefined where all answers are the same. With more than 1,200 different labels the expected distance is estimated
    from 64 partners drawn for each. Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
    """
    tally = tallies(votes)
    return measured(_alpha(votes, tally, metric, distance, order), tally, votes, bootstrap)


def _alpha(
    votes: Votes,
    tally: Tallies,
    metric: Metric,
    distance: Callable[[object, object], float] | None,
    order: Sequence[object] | None,
) -> Measured:
    if tally.rows == 0 or (metric == "nominal" and distance is None):
        return NominalAlpha()
    if distance is not None:
        return Alpha(of_labels(distance, votes.labels.tolist()), tally)
    if metric == "interval":
        return IntervalAlpha(_spread(votes, order, tally))
    if metric == "ordinal":
        rank = np.argsort(np.argsort(places(votes, order), kind="stable"))
        return OrdinalAlpha(rank) if len(rank) <= RANKED else IntervalAlpha(ranks(tally, rank))
    if metric == "ratio":
        return Alpha(_ratio_of(places(votes, order)), tally)
    raise ValueError(f"metric={metric!r}: take 'nominal', 'ordinal', 'interval' or 'ratio', or give distance=")


def _spread(votes: Votes, order: Sequence[object] | None, tally: Tallies) -> Floats:
    """Where labels lie from the first that was given, in shares of the way to the last, shape (labels,); squares of that
    neither overflow nor vanish. Labels that nobody gave lie at 0."""
    given = np.unique(tally.label)
    labels = votes.labels.tolist()
    if order is None and all(isinstance(label, int) and not isinstance(label, bool) for label in labels):
        low = min(labels[code] for code in given)  # whole numbers are told apart beyond 53 bits
        place = np.array([float(label - low) for label in labels])
    else:
        place = places(votes, order)
    place = place / max(float(np.abs(place).max(initial=0.0)), 1.0) if np.abs(place).max(initial=0.0) > 1e150 else place
    found = np.zeros(len(place))
    found[given] = place[given] - place[given].min()
    return found / (float(found.max()) or 1.0)


def _ratio_of(numbers: Floats) -> Callable[..., Floats]:
    if (numbers < 0).any():
        raise ValueError(
            f"the label {numbers.min():g} is below 0, which has no place on a ratio scale; take 'interval'"
        )

    def delta(a: NDArray[np.signedinteger], b: NDArray[np.signedinteger]) -> Floats:
        x, y = numbers[a], numbers[b]
        return np.asarray(np.divide(x - y, x + y, out=np.zeros(len(x)), where=x + y > 0) ** 2)

    return delta


def _gwet_chance(weight: float, q: int) -> Callable[[Floats], Floats]:
    def chance(share: Floats) -> Floats:
        return np.asarray(weight / max(q * (q - 1), 1e-300) * (share * (1 - share)).sum(axis=1))

    return chance if q > 1 else lambda share: np.ones(len(share))


def measured(measure: Measured, tally: Tallies, votes: Votes, bootstrap: Bootstrap | None) -> Estimate:
    """A coefficient with its interval, and a warning where there is too little to say it."""
    how = bootstrap or Bootstrap()
    n = int(tally.times[tally.summed(tally.count) >= 2].sum())
    if n == 0:
        why = "no item has votes of two annotators, which agreement needs"
        return Estimate(None, None, None, n, "items", how.method, how.level, why)
    value = measure.total(tally)
    low, high = interval(measure, tally, votes, how)
    why_not = _warning(value, n, votes, how)
    if votes.weights is not None and len(np.unique(votes.weights)) > 1:
        why_not = f"{why_not}; {UNWEIGHTED}" if why_not else UNWEIGHTED
    return estimate(value, low, high, n=n, of="items", method=how.method, level=how.level, warning=why_not)


def _warning(value: float, n: int, votes: Votes, how: Bootstrap) -> str | None:
    if not np.isfinite(value) and len(np.unique(votes.once().label_codes)) > 1:
        return "no two answers lie apart by this measure, so nothing was there to be told apart"
    if not np.isfinite(value):
        return "every answer is the same, so nothing was there to be told apart"
    if n < ENOUGH_ITEMS:
        return f"only {n} items have two votes; below {ENOUGH_ITEMS} the interval is too narrow"
    people = len(np.unique(votes.annotator_codes))
    if how.over == "items and annotators" and people < ENOUGH_ANNOTATORS:
        return f"only {people} annotators; below {ENOUGH_ANNOTATORS} an interval over annotators is too narrow"
    return None
