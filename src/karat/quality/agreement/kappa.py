"""Agreement of two annotators, and of several who rank: Cohen's kappa, Kendall's W."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from karat.quality.agreement.votes import ENOUGH_ITEMS
from karat.quality.estimate import Estimate, estimate
from karat.quality.order import likeness, places
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

AT_ONCE = 4_000_000


def cohen_kappa(
    votes: Votes,
    between: tuple[object, object] | None = None,
    *,
    weights: Literal["linear", "quadratic"] | None = None,
    order: Sequence[object] | None = None,
    bootstrap: Bootstrap | None = None,
) -> Estimate:
    """Cohen's kappa of two annotators over the items that both voted on: 1 is perfect, 0 chance, at least -1.

    `between` names the two; needed where there are more. With `weights`, near labels agree in part; labels that are
    numbers lie where they say, others as `order` lists them. The interval is drawn over items. Undefined where both always
    said the same one label. Source: Cohen, Educational and Psychological Measurement 20 (1960); weighted: Psychological
    Bulletin 70 (1968).
    """
    how = _items_only(bootstrap)
    first, second = _answers(votes.once(), _two(votes, between))
    alike = np.eye(len(votes.labels)) if weights is None else likeness(places(votes, order), weights)
    n, k = len(first), max(len(votes.labels), 1)
    if n == 0:
        why = "the two have no item in common"
        return Estimate(None, None, None, 0, "items", how.method, how.level, why)
    cell, times = np.unique(first.astype(np.int64) * k + second, return_counts=True)
    a, b = np.divmod(cell, k)
    drawn = np.random.default_rng(how.seed).multinomial(n, times / n, size=how.samples)
    value, samples = float(_kappa(times[None, :], a, b, alike)[0]), _kappa(drawn, a, b, alike)
    low, high = _percentiles(samples, how.level)
    return estimate(value, low, high, n=n, of="items", method=how.method, level=how.level, warning=_warning(value, n))


def kendall_w(votes: Votes, *, order: Sequence[object] | None = None, bootstrap: Bootstrap | None = None) -> Estimate:
    """Kendall's coefficient of concordance of annotators who rank or rate the same items: 1 is one order, 0 is none.

    Labels are ranks or scores: numbers, or named by `order`. Each annotator's labels are ranked, ties share their ranks
    and are corrected for. Only annotators who answered every item count; there must be two. The interval draws items
    anew. Source: Kendall and Babington Smith, Annals of Mathematical Statistics 10 (1939); ties as in Siegel and
    Castellan, Nonparametric Statistics (1988), 9.3.
    """
    how = _items_only(bootstrap)
    table = _rankings(votes, order)
    n = table.shape[1]
    if n < 2:
        return Estimate(None, None, None, n, "items", how.method, how.level, "an order needs two items at least")
    value = float(_concordance(table[None])[0])
    generator = np.random.default_rng(how.seed)
    step = max(1, AT_ONCE // table.size)
    found = []
    for start in range(0, how.samples, step):
        drawn = generator.integers(0, n, (min(step, how.samples - start), n))
        found.append(_concordance(np.moveaxis(table[:, drawn], 1, 0)))
    low, high = _percentiles(np.concatenate(found), how.level)
    return estimate(value, low, high, n=n, of="items", method=how.method, level=how.level, warning=_warning(value, n))


def concordance_p_value(w: float, *, annotators: int, items: int) -> float:
    """How likely a Kendall's W at least so large is where annotators order at random; good from 8 items on.

    Source: Friedman's chi-squared with items - 1 degrees of freedom; Siegel and Castellan (1988), 9.3.

    >>> round(concordance_p_value(0.5, annotators=4, items=10), 3)
    0.035
    """
    return float(chdtrc(items - 1, annotators * (items - 1) * w))


def _kappa(times: Ints, a: Ints, b: Ints, alike: Floats) -> Floats:
    """Kappa for each row of how often each cell (a, b) occurs."""
    k = len(alike)
    n = times.sum(axis=1)
    observed = times @ alike[a, b] / n
    put = np.eye(k)
    rows, columns = times @ put[a] / n[:, None], times @ put[b] / n[:, None]
    expected = ((rows @ alike) * columns).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(1 - expected > 1e-12, (observed - expected) / (1 - expected), np.nan)


def _concordance(tables: Floats) -> Floats:
    """W of each table, shape (tables, annotators, items)."""
    from scipy.stats import rankdata  # a second to import

    ranks = rankdata(tables, axis=2)
    m, n = ranks.shape[1:]
    totals = ranks.sum(axis=1)
    spread = ((totals - totals.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    # An annotator's ranks without ties have the sum of squares (n³ - n) / 12; ties take some away.
    widest = m * ((ranks - (n + 1) / 2) ** 2).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(widest > 1e-12, spread / widest, np.nan)


def _rankings(votes: Votes, order: Sequence[object] | None) -> Floats:
    once = votes.once()
    numbers = places(once, order)
    items, item = np.unique(once.item_codes, return_inverse=True)
    per_annotator = np.bincount(once.annotator_codes, minlength=len(once.annotators))
    complete = np.flatnonzero(per_annotator == len(items)) if len(items) else np.empty(0, np.int64)
    if len(complete) < 2:
        raise ValueError(
            f"{len(complete)} of {len(once.annotators)} annotators voted on all {len(items)} items, and W needs two who"
            " did: give only the items that they share, or take krippendorff_alpha(metric='ordinal')"
        )
    row = np.full(len(once.annotators), -1)
    row[complete] = np.arange(len(complete))
    chosen = row[once.annotator_codes] >= 0
    table = np.empty((len(complete), len(items)))
    table[row[once.annotator_codes[chosen]], item[chosen]] = numbers[once.label_codes[chosen]]
    return table


def _two(votes: Votes, between: tuple[object, object] | None) -> tuple[int, int]:
    names = votes.annotators.tolist()
    if between is None:
        if len(names) != 2:
            raise ValueError(
                f"there are {len(names)} annotators, and Cohen's kappa is about two: name them by between=,"
                " or take agreement_by_pair for all, fleiss_kappa for one number"
            )
        return 0, 1
    for name in between:
        if name not in names:
            raise ValueError(f"between= names {name!r}, who is no annotator of these votes")
    if between[0] == between[1]:
        raise ValueError(f"between= names {between[0]!r} twice; name two annotators")
    return names.index(between[0]), names.index(between[1])


def _answers(votes: Votes, two: tuple[int, int]) -> tuple[Ints, Ints]:
    """The labels that both gave to the items they share."""
    said = np.full((2, len(votes.items)), -1)
    for row, code in enumerate(two):
        chosen = votes.annotator_codes == code
        said[row, votes.item_codes[chosen]] = votes.label_codes[chosen]
    both = (said >= 0).all(axis=0)
    return said[0, both], said[1, both]


def _items_only(bootstrap: Bootstrap | None) -> Bootstrap:
    how = bootstrap or Bootstrap()
    if how.over != "items":
        raise ValueError(f"over={how.over!r}: this is a statement about these annotators, so only 'items' can be drawn")
    return how


def _percentiles(samples: Floats, level: float) -> tuple[float, float]:
    if np.isfinite(samples).mean() <= 0.5:
        return float("nan"), float("nan")
    low, high = np.nanpercentile(samples, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)


def _warning(value: float, n: int) -> str | None:
    if not np.isfinite(value):
        return "every answer is the same, so nothing was there to be told apart"
    return f"only {n} items; below {ENOUGH_ITEMS} the interval is too narrow" if n < ENOUGH_ITEMS else None
