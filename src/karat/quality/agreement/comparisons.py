"""How far apart annotators are on the items they share: a mean with its interval, over all, by item, annotator, pair, slice.

One row is one annotator against another on one item. `apart` is what differs (a distance, seconds, words), `base` what it
is a part of (1, seconds of speech, words); every figure is the sum of the one over the sum of the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karat.quality.agreement.resampling import AT_ONCE, BLOCKS
from karat.quality.agreement.votes import ENOUGH_ANNOTATORS, ENOUGH_ITEMS
from karat.quality.columns import Names
from karat.quality.estimate import Estimate, estimate
from karat.quality.measure import surely_above
from karat.quality.tallies import Bootstrap

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Pairs of annotators on items; all arrays of shape (rows,)."""

    items: Names
    annotators: Names
    item: Ints
    """Codes into `items`; `first` and `second` likewise into `annotators`."""
    first: Ints
    second: Ints
    apart: Floats
    base: Floats

    def __len__(self) -> int:
        return len(self.item)

    def rows(self, chosen: Mask) -> "Comparisons":
        """Some of the rows."""
        columns = ("item", "first", "second", "apart", "base")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})

    def estimate(self, *, bootstrap: Bootstrap | None = None) -> Estimate:
        """What differs over what there was: 0 where all say the same.

        Where nothing differs, drawing again shows no doubt; the upper end is then what so many items that all agree can
        vouch for (Clopper and Pearson 1934).
        """
        how = bootstrap or Bootstrap()
        n, whole = len(np.unique(self.item)), float(self.base.sum())
        if not whole:
            why = "no item has answers of two annotators" if not n else "there was nothing to differ on"
            return Estimate(None, None, None, n, "items", how.method, how.level, why)
        value = float(self.apart.sum()) / whole
        low, high = self._interval(value, n, how) if n > 1 else (float("nan"), float("nan"))
        said = estimate(value, low, high, n=n, of="items", method=how.method, level=how.level)
        return replace_warning(said, self._warning(n, how))

    def by_item(self) -> dict[object, float]:
        """Each item's figure, the largest first; items with nothing to differ on are left out."""
        apart, base = (np.bincount(self.item, part, minlength=len(self.items)) for part in (self.apart, self.base))
        value = np.divide(apart, base, out=np.full(len(base), -1.0), where=base > 0)
        order = np.argsort(-value, kind="stable")
        names = self.items.tolist()
        return {names[i]: float(value[i]) for i in order[value[order] >= 0].tolist()}

    def by_annotator(self, *, bootstrap: Bootstrap | None = None) -> dict[object, Estimate]:
        """Each annotator against all others."""
        seen = np.unique(np.concatenate([self.first, self.second])).tolist()
        parts = {code: (self.first == code) | (self.second == code) for code in seen}
        names = self.annotators.tolist()
        return {names[code]: self.rows(part).estimate(bootstrap=bootstrap) for code, part in parts.items()}

    def by_pair(self, *, bootstrap: Bootstrap | None = None) -> dict[tuple[object, object], Estimate]:
        """Every two annotators who share an item."""
        low, high = np.minimum(self.first, self.second), np.maximum(self.first, self.second)
        key = low.astype(np.int64) * max(len(self.annotators), 1) + high
        found, names = {}, self.annotators.tolist()
        for pair in np.unique(key).tolist():
            a, b = divmod(pair, len(names))
            found[names[a], names[b]] = self.rows(key == pair).estimate(bootstrap=bootstrap)
        return found

    def by_slice(
        self, slices: Mapping[object, object] | Sequence[object], *, bootstrap: Bootstrap | None = None
    ) -> dict[object, Estimate]:
        """Each slice of the items; `slices` is aligned with `items`, or gives the slice of an item. None is left out."""
        names = slice_names(self.items, slices)
        found = {}
        for name in sorted({n for n in names if n is not None}, key=lambda name: (str(type(name)), name)):
            chosen = np.array([n == name for n in names], bool)
            found[name] = self.rows(chosen[self.item]).estimate(bootstrap=bootstrap)
        return found

    def _interval(self, value: float, n: int, how: Bootstrap) -> tuple[float, float]:
        if value == 0:
            return 0.0, 1 - surely_above(n, level=how.level)
        generator = np.random.default_rng(how.seed)
        drawn = self._over_items(how.samples, generator)
        if how.over == "items and annotators":
            drawn = drawn + self._over_annotators(how.samples, generator) - value
        tail = 100 * (1 - how.level) / 2
        low, high = np.nanpercentile(drawn, [tail, 100 - tail])
        return max(min(float(low), value), 0.0), max(float(high), value)

    def _over_items(self, samples: int, generator: np.random.Generator) -> Floats:
        place = np.unique(self.item, return_inverse=True)[1]
        count, place = blocks_of(int(place.max()) + 1, place, generator)
        apart, base = (np.bincount(place, part, minlength=count) for part in (self.apart, self.base))
        return np.concatenate([_ratio(w @ apart, w @ base) for w in weights_of(count, samples, generator)])

    def _over_annotators(self, samples: int, generator: np.random.Generator) -> Floats:
        people, place = np.unique(np.concatenate([self.first, self.second]), return_inverse=True)
        key = place[: len(self)] * len(people) + place[len(self) :]
        pairs, row = np.unique(key, return_inverse=True)
        apart, base = np.bincount(row, self.apart), np.bincount(row, self.base)
        a, b = np.divmod(pairs, len(people))
        step = max(1, AT_ONCE // len(pairs))
        found = []
        for start in range(0, samples, step):
            size = min(step, samples - start)
            w = generator.multinomial(len(people), np.full(len(people), 1 / len(people)), size=size).astype(np.float64)
            both = w[:, a] * w[:, b]
            found.append(_ratio(both @ apart, both @ base))
        return np.concatenate(found)

    def _warning(self, n: int, how: Bootstrap) -> str | None:
        if n < ENOUGH_ITEMS:
            return f"only {n} items have two annotators; below {ENOUGH_ITEMS} the interval is too narrow"
        people = len(np.unique(np.concatenate([self.first, self.second])))
        if how.over == "items and annotators" and people < ENOUGH_ANNOTATORS:
            return f"only {people} annotators; below {ENOUGH_ANNOTATORS} an interval over annotators is too narrow"
        return None


def pairs_within(item: Ints, *, ordered: bool = False) -> tuple[Ints, Ints]:
    """The rows of every two answers to one item, shape (pairs,) each; with `ordered`, both ways round."""
    order = np.argsort(item, kind="stable")
    sizes = np.bincount(item) if len(item) else np.empty(0, np.int64)
    starts = np.cumsum(sizes) - sizes
    firsts, seconds = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        i, j = np.triu_indices(size, 1)
        begin = starts[sizes == size][:, None]
        firsts.append(order[(begin + i).ravel()])
        seconds.append(order[(begin + j).ravel()])
    a, b = np.concatenate(firsts), np.concatenate(seconds)
    return (np.concatenate([a, b]), np.concatenate([b, a])) if ordered else (a, b)


def blocks_of(count: int, place: Ints, generator: np.random.Generator) -> tuple[int, Ints]:
    """Random blocks in place of very many items: how many, and the block of each row."""
    if count <= 2 * BLOCKS:
        return count, place
    return BLOCKS, (generator.permutation(count) % BLOCKS)[place]


def weights_of(count: int, samples: int, generator: np.random.Generator) -> list[Floats]:
    """How often each of `count` things is drawn, in parts of shape (some samples, count)."""
    step = max(1, AT_ONCE // count)
    sizes = [min(step, samples - start) for start in range(0, samples, step)]
    return [generator.multinomial(count, np.full(count, 1 / count), size=n).astype(np.float64) for n in sizes]


def slice_names(items: Names, slices: Mapping[object, object] | Sequence[object]) -> list[object]:
    """The slice of each item; None where it has none."""
    if isinstance(slices, Mapping):
        return [slices.get(item) for item in items.tolist()]
    if len(slices) != len(items):
        raise ValueError(f"slices= has {len(slices)} entries for {len(items)} items; give one for each")
    return list(slices)


def replace_warning(said: Estimate, warning: str | None) -> Estimate:
    """The same estimate with this warning."""
    return Estimate(said.value, said.low, said.high, said.n, said.of, said.method, said.level, warning)


def _ratio(apart: Floats, base: Floats) -> Floats:
    return np.asarray(np.divide(apart, base, out=np.full(len(base), np.nan), where=base > 0))
