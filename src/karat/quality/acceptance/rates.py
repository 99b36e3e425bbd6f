"""Is this batch good enough? Defect rates with exact bounds, how many to look at, sampling plans, strata, F1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from karat.quality.estimate import Estimate, check_level, estimate, exact_interval

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]


def defect_rate(defects: int, n: int, *, level: float = 0.95) -> Estimate:
    """The share of defects among `n` drawn at random, with its exact two-sided interval; in [0, 1], lower is better.

    Source: Clopper and Pearson (1934). The bound for a statement such as "at most 2 %" is `defect_bound`.
    """
    low, high = exact_interval(defects, n, level=level)
    value = defects / n if n else float("nan")
    method = "exact interval of Clopper and Pearson"
    why = None if n else "nothing was looked at"
    return estimate(value, float(low), float(high), n=n, of="reviewed", method=method, level=level, warning=why)


def defect_bound(defects: int, n: int, *, confidence: float = 0.95, lot: int | None = None) -> float:
    """The rate that the defects of the whole stay below with this confidence: one-sided, exact, in [0, 1].

    With `lot`, the size of the whole, looking at much of it counts (hypergeometric); else it is endless (Clopper and
    Pearson 1934).

    >>> round(defect_bound(0, 299), 4), round(defect_bound(0, 45, lot=50), 4)
    (0.01, 0.02)
    """
    _counts(defects, n)
    check_level(confidence)
    if defects == n:
        return 1.0
    if lot is None:
        return float(betaincinv(defects + 1, n - defects, confidence))
    if lot < n:
        raise ValueError(f"lot={lot} is smaller than the n={n} that were looked at")
    from scipy.stats import hypergeom  # a second to import

    bad, most = defects, lot - (n - defects)
    # The largest number of defects in the lot that so few in the sample would not make unlikely.
    while bad < most:
        middle = (bad + most + 1) // 2
        if hypergeom.cdf(defects, lot, middle, n) > 1 - confidence:
            bad = middle
        else:
            most = middle - 1
    return bad / lot


def sample_size(bound: float, *, confidence: float = 0.95, defects: int = 0) -> int:
    """How many to look at so that, with at most so many defects found, the rate is below `bound` with this confidence.

    >>> sample_size(0.01), sample_size(0.01, defects=1), sample_size(0.05, confidence=0.99)
    (299, 473, 90)
    """
    if not 0 < bound < 1:
        raise ValueError(f"bound={bound}: a rate between 0 and 1 is needed; 0.01 asks for at most 1 %")
    if defects < 0:
        raise ValueError(f"defects={defects}: a count cannot be below 0")
    low, high = defects, defects + 1
    while defect_bound(defects, high, confidence=confidence) > bound:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if defect_bound(defects, middle, confidence=confidence) <= bound else (middle, high)
    return high


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 against gold, each in [0, 1], higher is better."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


def scores(*, hits: int, false_alarms: int, misses: int, level: float = 0.95) -> Scores:
    """Precision, recall and F1 from counts, with exact intervals.

    F1 rises with hits / (hits + false alarms + misses), which is a share, so the exact interval of that share (Clopper and
    Pearson 1934) is turned into one of F1. Instances of one item are taken as independent; where they are not, intervals
    are too narrow.

    >>> print(scores(hits=80, false_alarms=20, misses=10).f1)
    0.842 [0.776, 0.894], 110 instances
    """
    for name, count in (("hits", hits), ("false_alarms", false_alarms), ("misses", misses)):
        if count < 0:
            raise ValueError(f"{name}={count}: a count cannot be below 0")
    union = hits + false_alarms + misses
    low, high = exact_interval(hits, union, level=level)
    share = hits / union if union else float("nan")
    ends = [2 * x / (1 + x) for x in (share, float(low), float(high))]
    method = "exact interval of Clopper and Pearson"
    why = None if union else "neither gold nor the answers have an instance"
    f1 = estimate(*ends, n=union, of="instances", method=method, level=level, warning=why)
    return Scores(_share(hits, hits + false_alarms, "given", level), _share(hits, hits + misses, "in gold", level), f1)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One part of the whole: how many it has, how many of them were looked at, how many had a defect."""

    size: int
    n: int
    defects: int


def stratified_rate(strata: Mapping[object, Stratum], *, level: float = 0.95) -> Estimate:
    """The defect rate of the whole from samples of its parts, each weighted by its size.

    The interval is exact for the sample of equal information drawn from the whole: Korn and Graubard, Survey Methodology
    24 (1998). Undefined where a part that is not empty has fewer than two looked at.
    """
    if not strata:
        raise ValueError("strata= is empty: name each part of the whole with its Stratum(size, n, defects)")
    parts = [part for part in strata.values() if part.size]
    for name, part in strata.items():
        _counts(part.defects, part.n)
        if part.n > part.size:
            raise ValueError(f"stratum {name!r} has {part.size}, but {part.n} were looked at")
    n = sum(part.n for part in parts)
    method = "exact interval of Korn and Graubard for strata"
    thin = [name for name, part in strata.items() if part.size and part.n < min(2, part.size)]
    if thin or not parts:
        why = f"stratum {thin[0]!r} needs two looked at" if thin else "all strata are empty"
        return Estimate(None, None, None, n, "reviewed", method, level, why)
    weight = np.array([part.size for part in parts]) / sum(part.size for part in parts)
    rate = np.array([part.defects / part.n for part in parts])
    each = np.array([part.n for part in parts], np.float64)
    unseen = 1 - each / np.array([part.size for part in parts])
    value = float(weight @ rate)
    variance = float((weight**2 * unseen * rate * (1 - rate) / np.maximum(each - 1, 1)).sum())
    plain = value * (1 - value)
    effective = min(plain / variance, float(n) ** 2) if variance > 0 else _least(weight, each, value)
    low, high = exact_interval(value * effective, effective, level=level)
    return estimate(value, float(low), float(high), n=n, of="reviewed", method=method, level=level)


Allocation = Literal["proportional", "equal", "neyman"]


def allocate(
    sizes: Mapping[object, int],
    total: int,
    *,
    allocation: Allocation = "proportional",
    rates: Mapping[object, float] | None = None,
) -> dict[object, int]:
    """How many to look at in each part of the whole, `total` in all, and no more than it has.

    "proportional" by size; "equal" the same for each; "neyman" by size and spread, where `rates` are the defect rates
    expected: least variance of the whole's rate (Neyman 1934). Each part that is not empty gets two at least, as
    `stratified_rate` needs them, if `total` allows it.
    """
    if total < 0 or any(size < 0 for size in sizes.values()):
        raise ValueError(f"total={total}, sizes={dict(sizes)}: counts cannot be below 0")
    wanted = _wanted(sizes, allocation, rates)
    given = {name: min(2, size) for name, size in sizes.items()}
    if sum(given.values()) > total:
        raise ValueError(f"total={total} is too few: {sum(given.values())} are needed for two of each stratum")
    while (left := min(total, sum(sizes.values())) - sum(given.values())) > 0:
        # The one that is farthest below its share comes next; many at once while many are left.
        open_ = [name for name in sizes if given[name] < sizes[name]]
        by_need = sorted(open_, key=lambda name: (given[name] + 0.5) / max(wanted[name], 1e-12))
        step = max(1, left // (4 * len(sizes)))
        given[by_need[0]] += min(step, sizes[by_need[0]] - given[by_need[0]], left)
    return given


def draw_strata(strata: Sequence[object] | NDArray[np.generic], counts: Mapping[object, int], *, seed: int) -> Ints:
    """Places of items drawn at random, without replacement, so many of each stratum; ascending.

    `strata` names the stratum of each item; `counts` comes from `allocate`.
    """
    names = strata.tolist() if isinstance(strata, np.ndarray) else list(strata)
    places: dict[object, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    generator = np.random.default_rng(seed)
    found: list[Ints] = [np.empty(0, np.int64)]
    for name, count in counts.items():
        have = places.get(name, [])
        if count > len(have):
            raise ValueError(f"counts= asks for {count} of stratum {name!r}, which has {len(have)}")
        found.append(generator.choice(np.array(have, np.int64), count, replace=False))
    return np.sort(np.concatenate(found))


def _wanted(
    sizes: Mapping[object, int], allocation: Allocation, rates: Mapping[object, float] | None
) -> dict[object, float]:
    if allocation == "proportional":
        return {name: float(size) for name, size in sizes.items()}
    if allocation == "equal":
        return {name: float(size > 0) for name, size in sizes.items()}
    if allocation != "neyman":
        raise ValueError(f"allocation={allocation!r}: take 'proportional', 'equal' or 'neyman'")
    missing = [name for name in sizes if rates is None or name not in rates]
    if missing or rates is None:
        raise ValueError(f"rates= lacks stratum {missing[0]!r}: 'neyman' needs the defect rate expected in each")
    return {name: size * float(np.sqrt(rates[name] * (1 - rates[name]))) for name, size in sizes.items()}


def _share(successes: int, n: int, of: str, level: float) -> Estimate:
    low, high = exact_interval(successes, n, level=level)
    value = successes / n if n else float("nan")
    why = None if n else f"no instances {of}"
    method = "exact interval of Clopper and Pearson"
    return estimate(value, float(low), float(high), n=n, of=f"instances {of}", method=method, level=level, warning=why)


def _least(weight: Floats, each: Floats, value: float) -> float:
    """The sample of equal information where the parts show no spread: that of one rate everywhere."""
    return float(1 / (weight**2 / each).sum()) if 0 < value < 1 else float(ceil(1 / (weight**2 / each).sum() - 1e-9))


def _counts(defects: int, n: int) -> None:
    if not 0 <= defects <= n:
        raise ValueError(f"defects={defects} of n={n}: defects must lie between 0 and n")
