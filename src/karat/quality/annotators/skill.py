"""How good each annotator is: on gold, without gold, by label, over time; who answers at random, and who against the truth.

Arrays are aligned with `votes.annotators`. An annotator's last vote on an item counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr

from karat.quality.consensus import Consensus, Skill
from karat.quality.consensus.model import Model
from karat.quality.estimate import Estimate, beta_interval, estimate
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

FEW = 10
"""Below so many answers on gold an interval says little more than that there is nothing to say."""


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


def skill_without_gold(votes: Votes, *, model: Model | None = None) -> Skill:
    """How likely each annotator's vote is right, from the votes of all alone: that of the consensus, with intervals.

    In [0, 1], higher is better; `n` is the weight of an annotator's votes. `model` is any model of consensus, `Consensus()`
    unless given, and is fitted. Annotators who copy one another, or share an error, look better than they are: no method
    without gold can tell that apart.
    """
    return (model or Consensus()).fit(votes).skill_


def _on_gold(votes: Votes, gold: Mapping[object, object]) -> tuple[Votes, Ints]:
    """The votes on items of gold, one for each annotator and item, and the known label's code of each."""
    known = votes.gold_codes(gold)
    chosen = votes.rows(known[votes.item_codes] >= 0)
    once = chosen.once()
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
