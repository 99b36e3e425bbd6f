"""How good the labels are: what the consensus promises, how it does against gold, how much may be wrong."""

import numpy as np

from karat.quality.acceptance.rates import defect_bound
from karat.quality.estimate import Estimate, estimate, exact_interval
from karat.quality.sheet.table import Table
from karat.quality.sheet.values import Bin, Figure, Matrix

BINS = 10
SHOWN = 20
"""Labels in the confusion matrix at most: those that gold and the consensus have most."""


def consensus_figures(table: Table) -> tuple[Figure, ...]:
    """What the consensus promises, and what gold says of it."""
    posterior, voted = table.model.posterior_, table.voted
    n = int(voted.sum())
    if not n or not len(table.votes.labels):
        return ()
    sure = posterior[voted].max(axis=1)
    mean, spread = float(sure.mean()), 1.96 * float(np.sqrt((sure * (1 - sure)).sum())) / n
    method = "posterior of the consensus, items independent"
    promised = estimate(mean, max(mean - spread, 0.0), min(mean + spread, 1.0), n=n, of="items", method=method)
    found = [Figure("Promised accuracy", promised, "share of consensus labels that are right, by the model itself")]
    level = int((table.model.ties_ & voted).sum())
    found.append(
        Figure("Ties", _share(level, n, "items"), "items on which labels are equally likely; somebody should look")
    )
    known = table.votes.gold_codes(table.gold)
    of_gold = np.flatnonzero((known >= 0) & voted)
    if not len(of_gold):
        return tuple(found)
    right = int((posterior[of_gold].argmax(axis=1) == known[of_gold]).sum())
    reached = _share(right, len(of_gold), "items of gold")
    found.append(Figure("Accuracy on gold", reached, "share of consensus labels that equal gold"))
    wrong = len(of_gold) - right
    bound = defect_bound(wrong, len(of_gold), lot=max(n, len(of_gold)))
    method = "exact, one-sided; the lot is all items, gold drawn from it at random"
    at_most = Estimate(wrong / len(of_gold), 0.0, bound, len(of_gold), "items of gold", method)
    found.append(
        Figure("Wrong at most", at_most, "defect rate; its upper end holds for all items with 95 % confidence")
    )
    return tuple(found)


def reliability(table: Table) -> tuple[Bin, ...]:
    """Promised against reached accuracy, in ten bins of equal width."""
    known = table.votes.gold_codes(table.gold)
    of_gold = np.flatnonzero((known >= 0) & table.voted)
    if not len(of_gold) or not len(table.votes.labels):
        return ()
    posterior = table.model.posterior_[of_gold]
    sure, right = posterior.max(axis=1), posterior.argmax(axis=1) == known[of_gold]
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(float(sure[own].mean()), _share(int(right[own].sum()), int(own.sum()), "items of gold"))
        for own in (place == b for b in np.unique(place).tolist())
    )


def confusion(table: Table) -> Matrix | None:
    """Items by gold and consensus."""
    known, k = table.votes.gold_codes(table.gold), len(table.votes.labels)
    of_gold = np.flatnonzero((known >= 0) & table.voted)
    if not len(of_gold):
        return None
    said = table.model.posterior_[of_gold].argmax(axis=1)
    often = np.bincount(known[of_gold], minlength=k) + np.bincount(said, minlength=k)
    shown = np.sort(np.argsort(-often, kind="stable")[:SHOWN])
    place = np.full(k, -1)
    place[shown] = np.arange(len(shown))
    rows, columns = place[known[of_gold]], place[said]
    there, size = (rows >= 0) & (columns >= 0), len(shown)
    counts = np.bincount(rows[there] * size + columns[there], minlength=size * size).reshape(size, size)
    names = tuple(str(table.votes.labels[code]) for code in shown)
    return Matrix(names, names, tuple(tuple(map(float, row)) for row in counts.tolist()))


def _share(hits: int, n: int, of: str) -> Estimate:
    low, high = exact_interval(hits, n)
    return estimate(hits / n, float(low), float(high), n=n, of=of, method="exact interval of Clopper and Pearson")
