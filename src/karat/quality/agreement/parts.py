"""Agreement of the parts: for each label, each pair of annotators, each slice of items."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from karat.quality.agreement.coefficients import NominalAlpha
from karat.quality.agreement.votes import ENOUGH_ITEMS, krippendorff_alpha, measured
from karat.quality.estimate import Estimate, estimate, exact_interval
from karat.quality.tallies import Bootstrap, Tallies, tallied, tallies
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

CHUNK = 2_000_000
"""Pairs of votes worked on at once."""


@dataclass(frozen=True, slots=True)
class PairTable:
    """How well every two annotators agree who share an item; one row a pair, all of shape (pairs,)."""

    first: Ints
    """Codes into `votes.annotators`; `first` is below `second`."""
    second: Ints
    n: Ints
    """Items that both voted on."""
    percent: Floats
    percent_low: Floats
    """The exact interval of Clopper and Pearson."""
    percent_high: Floats
    kappa: Floats
    """Cohen's; nan where both always gave one and the same label."""
    kappa_low: Floats
    """From the standard error of Cohen (1960), which holds for large n: see `few`."""
    kappa_high: Floats

    @property
    def few(self) -> NDArray[np.bool_]:
        """The pairs with fewer than 30 items, whose intervals of kappa are too narrow."""
        return np.asarray(self.n < ENOUGH_ITEMS)

    def estimate(self, row: int, *, level: float = 0.95) -> Estimate:
        """Kappa of one pair."""
        n = int(self.n[row])
        few = f"only {n} items; below {ENOUGH_ITEMS} the interval is too narrow" if n < ENOUGH_ITEMS else None
        ends = float(self.kappa_low[row]), float(self.kappa_high[row])
        about = {"n": n, "of": "items", "method": "standard error of Cohen (1960)"}
        return estimate(float(self.kappa[row]), *ends, level=level, warning=few, **about)  # type: ignore[arg-type]


def agreement_by_label(
    votes: Votes, *, most: int | None = None, bootstrap: Bootstrap | None = None
) -> dict[object, Estimate]:
    """For each label, Krippendorff's nominal alpha of it against all others, over the items with two votes.

    At most 1, 0 is chance: a low one says that people do not mean the same by the label. Undefined for a label that
    nobody, or everybody, gave. `most` asks for so many labels only, those given most often.
    """
    tally = tallies(votes)
    given = np.bincount(votes.label_codes, minlength=len(votes.labels))
    asked = set(np.argsort(-given, kind="stable")[:most].tolist())
    return {
        label: measured(NominalAlpha(), _against_rest(tally, code), votes, bootstrap)
        for code, label in enumerate(votes.labels.tolist())
        if code in asked
    }


def agreement_by_slice(
    votes: Votes,
    slices: Mapping[object, object] | Sequence[object] | NDArray[np.generic],
    *,
    coefficient: Callable[[Votes], Estimate] = krippendorff_alpha,
) -> dict[object, Estimate]:
    """A coefficient for each slice of the items: `slices` is aligned with `votes.items`, or gives the slice of an item.

    Slices stand in the order of their names; items without one are left out. `coefficient` is any function of votes:
    `lambda votes: krippendorff_alpha(votes, metric="ordinal")`.
    """
    names = slices_of(votes, slices)
    found: dict[object, Estimate] = {}
    for name in sorted({n for n in names if n is not None}, key=lambda name: (str(type(name)), name)):
        chosen = np.array([n == name for n in names], bool)
        found[name] = coefficient(votes.rows(chosen[votes.item_codes]))
    return found


def slices_of(votes: Votes, slices: Mapping[object, object] | Sequence[object] | NDArray[np.generic]) -> list[object]:
    """The slice of each item, aligned with `votes.items`; None where it has none."""
    if isinstance(slices, Mapping):
        return [slices.get(item) for item in votes.items.tolist()]
    names = slices.tolist() if isinstance(slices, np.ndarray) else list(slices)
    if len(names) != len(votes.items):
        raise ValueError(
            f"slices= has {len(names)} entries for {len(votes.items)} items; give one for each of votes.items"
        )
    return names


def agreement_by_pair(votes: Votes, *, level: float = 0.95) -> PairTable:
    """Percent agreement and Cohen's kappa of every two annotators who share an item, most shared items first.

    Kappa is computed for all pairs at once, on the labels that each gave to the items shared with the other.
    """
    once = votes.once()
    people, k = max(len(once.annotators), 1), max(len(once.labels), 1)
    keys: list[Ints] = []
    times: list[Ints] = []
    for first, second in _pairs_of_votes(once):
        swap = once.annotator_codes[first] > once.annotator_codes[second]
        a, b = np.where(swap, second, first), np.where(swap, first, second)
        pair = once.annotator_codes[a].astype(np.int64) * people + once.annotator_codes[b]
        key = (pair * k + once.label_codes[a]) * k + once.label_codes[b]
        found, count = np.unique(key, return_counts=True)
        keys.append(found)
        times.append(count)
    key, place = np.unique(np.concatenate(keys) if keys else np.empty(0, np.int64), return_inverse=True)
    count = tallied(place, np.concatenate(times) if times else np.empty(0), len(key))
    return _pair_table(key, count, people, k, level)


def _pair_table(key: Ints, count: Floats, people: int, k: int, level: float) -> PairTable:
    rest, label_b = np.divmod(key, k)
    pair, label_a = np.divmod(rest, k)
    pairs, row = np.unique(pair, return_inverse=True)
    n = tallied(row, count, len(pairs))
    same = tallied(row, count * (label_a == label_b), len(pairs))
    expected = _chance(row, label_a, label_b, count, len(pairs), k) / np.maximum(n, 1) ** 2
    percent = same / np.maximum(n, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = np.where(1 - expected > 1e-12, (percent - expected) / (1 - expected), np.nan)
        error = np.sqrt(percent * (1 - percent) / n) / (1 - expected)
    low, high = exact_interval(same, n, level=level)
    reach = float(ndtri((1 + level) / 2)) * error
    order = np.argsort(-n, kind="stable")
    columns = [
        n.astype(np.int64),
        percent,
        low,
        high,
        kappa,
        np.maximum(kappa - reach, -1),
        np.minimum(kappa + reach, 1),
    ]
    first, second = np.divmod(pairs, people)
    return PairTable(first[order], second[order], *(column[order] for column in columns))


def _chance(row: Ints, label_a: Ints, label_b: Ints, count: Floats, pairs: int, k: int) -> Floats:
    """Of each pair the sum over labels of how often the one gave it times how often the other did."""
    cells, place = np.unique(np.concatenate([row * k + label_a, row * k + label_b]), return_inverse=True)
    m = len(row)
    given_a = tallied(place[:m], count, len(cells))
    given_b = tallied(place[m:], count, len(cells))
    return tallied(cells // k, given_a * given_b, pairs)


def _pairs_of_votes(votes: Votes) -> Iterator[tuple[Ints, Ints]]:
    """Places of every two votes on one item, some at a time."""
    order = np.argsort(votes.item_codes, kind="stable")
    sizes = np.bincount(votes.item_codes, minlength=len(votes.items))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else np.empty(0, np.int64)
    for size in np.unique(sizes[sizes > 1]).tolist():
        start = starts[sizes == size]
        i, j = np.triu_indices(size, 1)
        step = max(1, CHUNK // len(i))
        for at in range(0, len(start), step):
            part = start[at : at + step, None]
            yield order[(part + i).ravel()], order[(part + j).ravel()]


def _against_rest(tally: Tallies, code: int) -> Tallies:
    """The tallies of this label (1) and of all others (0)."""
    hit = tally.summed(tally.count * (tally.label == code))
    rest = tally.summed(tally.count) - hit
    count = np.column_stack([rest, hit]).ravel()
    label = np.tile(np.array([0, 1], np.int32), tally.rows)
    return Tallies(np.arange(tally.rows + 1) * 2, label, count, count, tally.times, 2)
