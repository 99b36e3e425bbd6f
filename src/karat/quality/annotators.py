"""How good each annotator is: on gold, without gold, by label, over time; who answers at random, and who against the truth.

Arrays are aligned with `votes.annotators`. An annotator's last vote on an item counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri

from karat.quality.estimate import Estimate, beta_interval, check_level, estimate
from karat.quality.tallies import cells, last_votes, tallied
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

FEW = 10
"""Below so many answers on gold an interval says little more than that there is nothing to say."""
ROUNDS = 200
RESAMPLED = 20_000
"""Up to so many votes skills are fitted to drawn items too."""
SAMPLES = 60
OTHERS, USUAL = 10, 0.05
"""So many annotators, whose skills have this variance, stand beside those at hand when it is asked how far skills differ:
a few votes cannot tell that everybody is alike."""
PRIOR_VOTES = 5.0
"""So many votes of everybody stand beside an annotator's own in the estimate of how far these scatter."""


@dataclass(frozen=True, slots=True)
class Accuracies:
    """Shares of right answers with intervals, all of one shape; nan and 0 to 1 where nothing was answered."""

    n: Ints
    right: Ints
    accuracy: Floats
    low: Floats
    high: Floats
    level: float

    def estimate(self, *place: int) -> Estimate:
        """One of them."""
        n = int(self.n[place])
        few = f"only {n} answers on gold; below {FEW} nothing can be said" if n < FEW else None
        ends = float(self.low[place]), float(self.high[place])
        method = "Beta posterior with the prior of Jeffreys"
        value = float(self.accuracy[place])
        return estimate(value, *ends, n=n, of="answers on gold", method=method, level=self.level, warning=few)


@dataclass(frozen=True, slots=True)
class Skills:
    """Accuracies estimated without gold, shape (annotators,); nan where somebody shares no item with anybody."""

    accuracy: Floats
    """In [0, 1]: the share of right answers, if wrong ones fall on all other labels alike."""
    low: Floats
    high: Floats
    n: Ints
    """Items shared with others; below 10 the interval is too narrow, as how good those others are is not known either."""
    level: float


@dataclass(frozen=True, slots=True)
class Suspicions:
    """Who answers without regard to the item, and who against the truth; shape (annotators,)."""

    informed: Floats
    """Mean share of right answers over the labels of gold, 0 at chance and 1 when all are right; below 0 it is worse than
    chance (Youden's J for two labels). nan without gold."""
    spammer_score: Floats
    """In [0, 1], 0 for a spammer, whose answers do not depend on the item; 1 for one who tells all labels apart, be it
    by the wrong names."""
    p_random: Floats
    """How likely answers so dependent on gold are for a spammer; a spammer cannot be ruled out where it is large."""
    adversary: NDArray[np.bool_]
    """Whether somebody is worse than chance beyond doubt: the interval of accuracy lies below that of a coin."""
    n: Ints


def accuracy_on_gold(votes: Votes, gold: Mapping[object, object], *, level: float = 0.95) -> Accuracies:
    """The share of right answers on the items of `gold`, with the interval of its Beta posterior (Jeffreys).

    Range [0, 1], higher is better. Averaged over accuracies, intervals hold the true one in `level` of all cases; for one
    that holds whatever the accuracy is, give `right` and `n` to `exact_interval`. Source: Brown, Cai and DasGupta (2001).
    """
    once, known = _on_gold(votes, gold)
    people = len(votes.annotators)
    n = np.bincount(once.annotator_codes, minlength=people)
    right = np.bincount(once.annotator_codes, once.label_codes == known, minlength=people).astype(np.int64)
    return _accuracies(right, n, level)


def accuracy_by_label(votes: Votes, gold: Mapping[object, object], *, level: float = 0.95) -> Accuracies:
    """The share of right answers by annotator and by the label that gold has, shape (annotators, labels): recall."""
    once, known = _on_gold(votes, gold)
    people, labels = len(votes.annotators), len(votes.labels)
    cell = once.annotator_codes.astype(np.int64) * labels + known
    n = np.bincount(cell, minlength=people * labels)
    right = np.bincount(cell, once.label_codes == known, minlength=people * labels).astype(np.int64)
    return _accuracies(right.reshape(people, labels), n.reshape(people, labels), level)


def accuracy_over_time(
    votes: Votes, gold: Mapping[object, object], annotator: object, *, window: int = 50, level: float = 0.95
) -> tuple[Accuracies, float]:
    """An annotator's accuracy on gold in windows of so many answers in their order, the last with what is left, and how
    likely so much of a trend is where there is none.

    The order is that of times, else of rows. The test is that of Cochran and Armitage (1955) over single answers, on two
    sides; nan where all or none are right.
    """
    if window < 1:
        raise ValueError(f"window={window}: a window holds at least one answer")
    code = _code_of(votes, annotator)
    once, known = _on_gold(votes, gold)
    own = np.flatnonzero(once.annotator_codes == code)
    if once.times is not None:
        own = own[np.argsort(once.times[own], kind="stable")]
    right = (once.label_codes[own] == known[own]).astype(np.int64)
    part = np.arange(len(right)) // window
    windows = int(part.max(initial=-1)) + 1
    n, hits = np.bincount(part, minlength=windows), np.bincount(part, right, minlength=windows).astype(np.int64)
    return _accuracies(hits, n, level), _trend(right)


def confusion_on_gold(votes: Votes, gold: Mapping[object, object], annotator: object) -> Ints:
    """How often an annotator gave each label (columns) where gold has each (rows), shape (labels, labels)."""
    code = _code_of(votes, annotator)
    once, known = _on_gold(votes, gold)
    own = once.annotator_codes == code
    k = len(votes.labels)
    return np.bincount(known[own].astype(np.int64) * k + once.label_codes[own], minlength=k * k).reshape(k, k)


def suspicions(votes: Votes, gold: Mapping[object, object], *, level: float = 0.95) -> Suspicions:
    """Spammers and adversaries by their answers on gold.

    The spammer score is the mean squared distance between the rows of the confusion matrix, halved, over the labels that
    gold has: Raykar and Yu, Journal of Machine Learning Research 13 (2012), equation 12. `p_random` is Pearson's
    chi-squared test of gold against answer.
    """
    people, k = len(votes.annotators), len(votes.labels)
    informed, score, p_random = (np.full(people, np.nan) for _ in range(3))
    total = accuracy_on_gold(votes, gold, level=level)
    once, known = _on_gold(votes, gold)
    order = np.argsort(once.annotator_codes, kind="stable")
    ends = np.cumsum(total.n)
    for code in np.flatnonzero(total.n > 0).tolist():
        own = order[ends[code] - total.n[code] : ends[code]]
        seen, row = np.unique(known[own], return_inverse=True)
        table = np.zeros((len(seen), k))
        np.add.at(table, (row, once.label_codes[own]), 1)
        shares = table / table.sum(axis=1, keepdims=True)
        informed[code] = (k * shares[np.arange(len(seen)), seen].mean() - 1) / max(k - 1, 1)
        score[code], p_random[code] = _spread(shares), _independence(table)
    return Suspicions(informed, score, p_random, (total.n > 0) & (total.high < 1 / max(k, 1)), total.n)


def skill_without_gold(votes: Votes, *, level: float = 0.95) -> Skills:
    """Each annotator's accuracy from agreement with others alone.

    Where wrong answers fall on the other labels alike, the agreement of two, scaled so that chance is 0, is the product
    of their skills; the skills are fitted to all pairs at once (Dalvi, Dasgupta, Kumar and Rastogi, Aggregating
    crowdsourced binary ratings, WWW 2013; Bonald and Combes 2017), then shrunk toward their mean by how far they differ.
    Intervals treat items, not votes, as independent. Takes O(votes). Copying one another looks like skill: no method
    without gold can tell it apart.
    """
    check_level(level)
    once, k = last_votes(votes), len(votes.labels)
    person = once.annotator_codes
    people = len(votes.annotators)
    shared = np.bincount(once.item_codes, minlength=len(votes.items))[once.item_codes] > 1
    n = np.bincount(person[shared], minlength=people)
    if k < 2 or not shared.any():
        empty = np.full(people, np.nan)
        return Skills(empty, np.zeros(people), np.ones(people), n, level)
    cell = np.unique(cells(once), return_inverse=True)[1]
    skill = _fitted(once, cell, n, np.full(people, 0.5), np.ones(len(once.items)), ROUNDS)
    variance = np.maximum(_variance(once, cell, skill, n), _resampled(once, cell, n, skill))
    center, between = _population(skill[n > 0], variance[n > 0])
    posterior = 1 / (1 / variance + 1 / between)
    shrunk = np.where(n > 0, posterior * (skill / variance + center / between), np.nan)
    half = float(ndtri((1 + level) / 2)) * np.sqrt(posterior)
    low, high = ((np.clip(s, -1 / (k - 1), 1) * (k - 1) + 1) / k for s in (shrunk - half, shrunk + half))
    accuracy = (np.clip(shrunk, -1 / (k - 1), 1) * (k - 1) + 1) / k
    return Skills(accuracy, np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0), n, level)


def _fitted(votes: Votes, cell: Ints, n: Ints, start: Floats, weight: Floats, rounds: int) -> Floats:
    """The skills whose products are nearest to the scaled agreements, items counting by their weight."""
    person, people, skill = votes.annotator_codes, len(start), start
    each = weight[votes.item_codes]
    for _ in range(rounds):
        before = skill
        toward, reach = _with_others(votes, cell, skill)
        fitted = tallied(person, toward * each, people) / np.maximum(tallied(person, reach * each, people), 1e-9)
        skill = np.where(n > 0, np.clip(fitted, -1.0, 1.0), 0.0) * 0.5 + before * 0.5
        if np.abs(skill - before).max() < 1e-7:
            break
    return skill


def _resampled(votes: Votes, cell: Ints, n: Ints, skill: Floats) -> Floats:
    """The variance of each skill over drawn items, which has the doubt about the others in it; 0 where there are many votes,
    as that doubt is small then."""
    if len(votes) > RESAMPLED:
        return np.zeros(len(skill))
    generator, items = np.random.default_rng(0), len(votes.items)
    drawn = [
        _fitted(
            votes, cell, n, skill, np.bincount(generator.integers(0, items, items), minlength=items).astype(float), 20
        )
        for _ in range(SAMPLES)
    ]
    return np.asarray(np.var(drawn, axis=0, ddof=1))


def _with_others(votes: Votes, cell: Ints, skill: Floats) -> tuple[Floats, Floats]:
    """Of each vote the scaled agreement with the others on its item, weighted by their skill, and the weights' squares."""
    own, k = skill[votes.annotator_codes], len(votes.labels)
    same = tallied(cell, own, int(cell.max()) + 1)[cell] - own
    everyone = tallied(votes.item_codes, own, len(votes.items))[votes.item_codes] - own
    reach = tallied(votes.item_codes, own**2, len(votes.items))[votes.item_codes] - own**2
    return (k * same - everyone) / (k - 1), np.maximum(reach, 0)


def _variance(votes: Votes, cell: Ints, skill: Floats, n: Ints) -> Floats:
    """The sampling variance of each skill, its items being independent; scatter is shared by those with few votes."""
    person, people = votes.annotator_codes, len(skill)
    toward, reach = _with_others(votes, cell, skill)
    squared = (toward - skill[person] * reach) ** 2
    total = np.maximum(tallied(person, reach, people), 1e-9)
    typical = squared.sum() / max(reach.sum(), 1e-9)
    own = tallied(person, squared, people) / total
    scatter = (n * own + PRIOR_VOTES * typical) / (n + PRIOR_VOTES)
    return np.asarray(np.maximum(scatter / total, 1e-9))


def _population(skill: Floats, variance: Floats) -> tuple[float, float]:
    """Mean of the skills and how far they differ beyond chance (DerSimonian and Laird 1986)."""
    weight = 1 / variance
    center = float((weight * skill).sum() / weight.sum())
    excess = float((weight * (skill - center) ** 2).sum()) - (len(skill) - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    found = max(excess / scale, 0.0) if scale > 0 else 0.0
    between = ((len(skill) - 1) * found + OTHERS * USUAL) / (len(skill) - 1 + OTHERS)
    weight = 1 / (variance + between)
    return float((weight * skill).sum() / weight.sum()), between


def _on_gold(votes: Votes, gold: Mapping[object, object]) -> tuple[Votes, Ints]:
    """The votes on items of gold, one for each annotator and item, and the known label's code of each."""
    known = votes.gold_codes(gold)
    chosen = votes.rows(known[votes.item_codes] >= 0)
    once = last_votes(chosen)
    return once, known[once.item_codes]


def _accuracies(right: Ints, n: Ints, level: float) -> Accuracies:
    low, high = beta_interval(right, n, level=level)
    share = np.divide(right, n, out=np.full(n.shape, np.nan), where=n > 0)
    return Accuracies(n, right, share, np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0), level)


def _code_of(votes: Votes, annotator: object) -> int:
    names = votes.annotators.tolist()
    if annotator not in names:
        raise ValueError(f"{annotator!r} is no annotator of these votes; there are {len(names)}, as {names[:3]}")
    return int(names.index(annotator))


def _trend(right: Ints) -> float:
    n, p = len(right), float(right.mean()) if len(right) else 0.0
    if not 0 < p < 1:
        return float("nan")
    place = np.arange(n) - (n - 1) / 2
    z = float((place * (right - p)).sum()) / np.sqrt(p * (1 - p) * float((place**2).sum()))
    return float(2 * ndtr(-abs(z)))


def _spread(shares: Floats) -> float:
    rows = len(shares)
    if rows < 2:
        return float("nan")
    i, j = np.triu_indices(rows, 1)
    return float(((shares[i] - shares[j]) ** 2).sum(axis=1).mean() / 2)


def _independence(table: Floats) -> float:
    table = table[:, table.sum(axis=0) > 0]
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    if freedom == 0:
        return 1.0 if table.shape[0] > 1 else float("nan")
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    return float(chdtrc(freedom, ((table - expected) ** 2 / expected).sum()))
