"""Krippendorff's alpha for unitising: do annotators mark the same stretches of a text or recording, beyond chance?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from karat.quality.agreement.comparisons import blocks_of, pairs_within, slice_names, weights_of
from karat.quality.agreement.votes import ENOUGH_ITEMS
from karat.quality.estimate import Estimate, estimate
from karat.quality.spans import Spans
from karat.quality.tallies import Bootstrap

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

AT_ONCE = 4_000_000
"""Numbers held at once."""


def unitising_alpha(
    spans: Spans, *, label: object = None, step: float = 1.0, bootstrap: Bootstrap | None = None
) -> Estimate:
    """Krippendorff's alpha for unitising, of one label or of all: 1 is perfect, 0 is chance, below 0 is worse.

    Overlapping spans are as far apart as the squares of what their ends differ by; a span that lies in a gap of the other
    annotator, as the square of its length. Chance puts every annotator's spans anywhere. `step` is the smallest length
    that annotators tell apart: 1 for characters, 0.1 for seconds marked to a tenth. Items are read one after another as
    one continuum of which each annotator has those looked at; spans and gaps end with their item. All labels: the sum of what was
    observed over the sum of what is expected. Spans of one label by one annotator that overlap count as one. Undefined
    where nothing was marked. The interval draws items anew, so give a long recording in parts. Source: Krippendorff,
    Sociological Methodology 25 (1995); Content Analysis, 2nd edition (2004), 11.6.

    >>> spans = Spans.from_table(
    ...     {"text": [1, 1, 2, 2], "who": ["Ada", "Ben"] * 2, "from": [0, 2, 5, 5], "to": [9, 9, 8, 8]},
    ...     item="text", annotator="who", start="from", end="to", lengths={1: 40, 2: 40},
    ... )
    >>> round(unitising_alpha(spans).value, 3)
    0.965
    """
    how = _items_only(bootstrap)
    shared = _shared(spans)
    codes = range(len(spans.labels)) if label is None else [_code_of(spans, label)]
    n = len(np.unique(shared.looked_item))
    if n == 0:
        return Estimate(None, None, None, 0, "items", how.method, how.level, "no item was marked by two annotators")
    world = _World(shared, step, np.random.default_rng(how.seed))
    parts = [world.part(code) for code in codes]
    value = float(world.alpha(parts, np.ones((1, world.count)))[0])
    low, high = world.interval(parts, value, how) if n > 1 else (float("nan"), float("nan"))
    warning = _warning(value, n)
    return estimate(value, low, high, n=n, of="items", method=how.method, level=how.level, warning=warning)


def unitising_alpha_by_label(
    spans: Spans, *, step: float = 1.0, bootstrap: Bootstrap | None = None
) -> dict[object, Estimate]:
    """The same for each label."""
    return {
        label: unitising_alpha(spans, label=label, step=step, bootstrap=bootstrap) for label in spans.labels.tolist()
    }


def unitising_alpha_by_pair(
    spans: Spans, *, label: object = None, step: float = 1.0, bootstrap: Bootstrap | None = None
) -> dict[tuple[object, object], Estimate]:
    """The same for every two annotators who share an item."""
    a, b = pairs_within(spans.looked_item)
    of = spans.looked_annotator
    found = {}
    for first, second in sorted({(min(x, y), max(x, y)) for x, y in zip(of[a].tolist(), of[b].tolist(), strict=True)}):
        two = np.zeros(len(spans.annotators), bool)
        two[[first, second]] = True
        part = spans.only(annotators=two)
        names = spans.annotators.tolist()
        found[names[first], names[second]] = unitising_alpha(part, label=label, step=step, bootstrap=bootstrap)
    return found


def unitising_alpha_by_slice(
    spans: Spans,
    slices: Mapping[object, object] | Sequence[object],
    *,
    label: object = None,
    step: float = 1.0,
    bootstrap: Bootstrap | None = None,
) -> dict[object, Estimate]:
    """The same for each slice of the items; `slices` is aligned with `spans.items`, or gives the slice of an item."""
    names = slice_names(spans.items, slices)
    found = {}
    for name in sorted({n for n in names if n is not None}, key=lambda name: (str(type(name)), name)):
        part = spans.only(items=np.array([n == name for n in names], bool))
        found[name] = unitising_alpha(part, label=label, step=step, bootstrap=bootstrap)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """What alpha needs of one label; lengths are in steps, each different one once."""

    observed: Floats
    """Shape (blocks,): what annotators differ by."""
    unit: Floats
    """Lengths of spans, with how many of each there are by block, shape (blocks, lengths)."""
    units: csr_array
    gap: Floats
    """Lengths of gaps, the longest first, likewise."""
    gaps: csr_array
    longer: Ints
    """Of each length of spans how many of `gap` are at least as long."""


class _World:
    """Items that two annotators or more looked at, and draws of them, in random blocks where there are very many."""

    def __init__(self, spans: Spans, step: float, generator: np.random.Generator) -> None:
        if not step > 0:
            raise ValueError(f"step={step}: the smallest length told apart is above 0, as 1 for characters")
        self.spans, self.step, self.generator = spans, step, generator
        self.items, looked = np.unique(spans.looked_item, return_inverse=True)
        n = len(self.items)
        self.count, self.block = blocks_of(n, np.arange(n), generator)
        self.place = np.full(len(spans.items), -1)
        self.place[self.items] = np.arange(n)
        self.length = spans.lengths[self.items] / step
        self.people = np.bincount(looked, minlength=n)
        self.of_block = np.array(
            [self._by_block(part) for part in (np.ones(n), self.length, self.length * self.people)]
        ).reshape(3, -1)

    def part(self, code: int) -> _Part:
        """What alpha needs of one label."""
        units = self.spans.rows(self.spans.label_codes == code)
        item, person = self.place[units.item_codes], units.annotator_codes
        starts, ends = units.starts / self.step, units.ends / self.step
        unit, counts = self._counted(ends - starts, item, np.ones(len(item)))
        gap, gaps = self._counted(*self._gaps(item, person, starts, ends))
        gap, gaps = gap[::-1], gaps[:, ::-1]
        longer = np.searchsorted(-gap, -unit + 1e-9, side="right")
        return _Part(self._by_block(self._observed(item, person, starts, ends)), unit, counts, gap, gaps, longer)

    def _by_block(self, amounts: Floats) -> Floats:
        return np.asarray(np.bincount(self.block, amounts, minlength=self.count))

    def _counted(self, lengths: Floats, item: Ints, times: Floats) -> tuple[Floats, csr_array]:
        """The different lengths, ascending, and how often each occurs by block."""
        different, column = np.unique(np.round(lengths, 6), return_inverse=True)
        shape = (self.count, len(different))
        return different, csr_array(coo_array((times, (self.block[item], column)), shape=shape))

    def _observed(self, item: Ints, person: Ints, starts: Floats, ends: Floats) -> Floats:
        a, b = pairs_within(item)
        meet = (person[a] != person[b]) & (starts[a] < ends[b]) & (starts[b] < ends[a])
        a, b = a[meet], b[meet]
        apart = 2 * ((starts[a] - starts[b]) ** 2 + (ends[a] - ends[b]) ** 2)
        found = np.bincount(item[a], apart, minlength=len(self.items))
        # Of each span the other annotators who have nothing there.
        width = int(person.max(initial=0)) + 1
        met = np.unique(np.concatenate([a * width + person[b], b * width + person[a]]))
        with_one = np.bincount(met // width, minlength=len(item))
        alone = 2 * (self.people[item] - 1 - with_one) * (ends - starts) ** 2
        found = found + np.bincount(item, alone, minlength=len(self.items))
        return np.asarray(found / (self.people - 1))

    def _gaps(self, item: Ints, person: Ints, starts: Floats, ends: Floats) -> tuple[Floats, Ints, Floats]:
        """What the spans of each annotator leave free on each item; sorted spans of one label are given."""
        key = item * (int(person.max(initial=0)) + 1) + person
        first = np.ones(len(key), bool)
        first[1:] = key[1:] != key[:-1]
        last = np.roll(first, -1) if len(key) else first
        before = np.where(first, 0.0, np.roll(ends, 1)) if len(key) else starts
        own = [starts - before, (self.length[item] - ends)[last]]
        whose = [item, item[last]]
        without = self.people - np.bincount(item[first], minlength=len(self.items))
        gap = np.concatenate([*own, self.length])
        times = np.concatenate([np.ones(len(own[0]) + len(own[1])), without.astype(np.float64)])
        kept = (gap > 1e-9) & (times > 0)
        return gap[kept], np.concatenate([*whose, np.arange(len(self.items))])[kept], times[kept]

    def alpha(self, parts: Sequence[_Part], w: Floats) -> Floats:
        """Alpha under each row of weights, shape (samples, blocks)."""
        items, length, total = (w @ part for part in self.of_block)
        observed, expected = np.zeros(len(w)), np.zeros(len(w))
        for part in parts:
            if not len(part.unit):
                continue
            b, of_unit, of_gap = part.unit, w @ part.units, w @ part.gaps
            other_units = (of_unit.sum(axis=1, keepdims=True) - 1) * (2 * b**3 - 3 * b**2 + b) / 3
            room, times = _up_to(of_gap * part.gap)[:, part.longer], _up_to(of_gap)[:, part.longer]
            apart = other_units + b**2 * (room - (b - 1) * times)
            # No span goes on from one item to the next, so that there are fewer places for it than in one continuum.
            across = (items - 1)[:, None] * (total / length)[:, None] * (b - 1)
            places = total[:, None] * (total[:, None] - 1 - across) - (of_unit @ (b * (b - 1)))[:, None]
            expected += 2 / length * (of_unit * apart / np.maximum(places, 1.0)).sum(axis=1)
            observed += w @ part.observed / (total * length)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(expected > 0, 1 - observed / expected, np.nan)

    def interval(self, parts: Sequence[_Part], value: float, how: Bootstrap) -> tuple[float, float]:
        """The percentile interval over items."""
        widest = max(self.count, *(len(p.unit) + len(p.gap) for p in parts)) if parts else self.count
        found = []
        for weights in weights_of(self.count, how.samples, self.generator):
            step = max(1, AT_ONCE // widest)
            found += [self.alpha(parts, weights[at : at + step]) for at in range(0, len(weights), step)]
        drawn = np.concatenate(found)
        if not np.isfinite(value) or np.isfinite(drawn).mean() <= 0.5:
            return float("nan"), float("nan")
        tail = 100 * (1 - how.level) / 2
        low, high = np.nanpercentile(drawn, [tail, 100 - tail])
        return min(float(low), value), max(float(high), value)


def _shared(spans: Spans) -> Spans:
    """Items that two looked at, with overlapping spans of one label joined."""
    two = np.bincount(spans.looked_item, minlength=len(spans.items)) > 1
    return spans.only(items=two).merged()


def _up_to(amounts: Floats) -> Floats:
    """Sums of the first 0, 1, 2, … along the last axis."""
    return np.concatenate([np.zeros((len(amounts), 1)), np.cumsum(amounts, axis=1)], axis=1)


def _code_of(spans: Spans, label: object) -> int:
    names = spans.labels.tolist()
    if label not in names:
        raise ValueError(f"label={label!r} was given to no span; the labels are {', '.join(map(repr, names[:8]))}")
    return int(names.index(label))


def _items_only(bootstrap: Bootstrap | None) -> Bootstrap:
    how = bootstrap or Bootstrap()
    if how.over != "items":
        raise ValueError(f"over={how.over!r}: for unitising only 'items' are drawn anew")
    return how


def _warning(value: float, n: int) -> str | None:
    if not np.isfinite(value):
        return "nobody marked anything, so nothing was there to agree on"
    if n == 1:
        return "one item only, so there is no interval; give a long recording in parts"
    return f"only {n} items; below {ENOUGH_ITEMS} the interval is too narrow" if n < ENOUGH_ITEMS else None
