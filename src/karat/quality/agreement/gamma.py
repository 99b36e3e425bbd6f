"""Gamma: agreement on where spans lie and what they are called, from the best alignment of all annotators' spans at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array

from karat.quality.agreement.comparisons import blocks_of, weights_of
from karat.quality.agreement.votes import ENOUGH_ITEMS
from karat.quality.estimate import Estimate, estimate
from karat.quality.spans import Spans
from karat.quality.tallies import Bootstrap

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

EMPTY = 1.0
"""How far a span is from none."""
MOST = 200_000
"""Alignments of single spans that are weighed against one another on one item."""
SHUFFLED = 30
"""Times that each item is shuffled to say what chance gives."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The spans of one item: of each its annotator from 0 on, start, end and label; `people` looked, the item is so long."""

    person: Ints
    start: Floats
    end: Floats
    label: Ints
    people: int
    length: float

    def __len__(self) -> int:
        return len(self.start)


def gamma(
    spans: Spans,
    *,
    position: float = 1.0,
    category: float = 1.0,
    shuffled: int = SHUFFLED,
    bootstrap: Bootstrap | None = None,
) -> Estimate:
    """Gamma of spans: 1 is perfect, 0 is what shuffled annotations give, below 0 is worse.

    Two spans are `position` times ((difference of starts + of ends) / (sum of lengths))² apart, plus `category` where their
    labels differ; a span and none are 1 apart. The spans of an item are aligned, at most one of each annotator in a group,
    so that the mean distance within groups is smallest: the observed disorder. The expected one is that of each item with
    every annotator's spans moved on together by a random stretch, round the item's end, `shuffled` times. Items are summed:
    1 - observed / expected. Exact, and therefore slow with many annotators: an integer programme for each item and each
    shuffle; give long recordings in parts, and take `unitising_alpha` for large tables. Undefined where nothing was marked.
    Source: Mathet, Widlöcher and Métivier, Computational Linguistics 41 (2015); distances as in pygamma-agreement.

    >>> spans = Spans.from_table(
    ...     {"text": [1, 1, 2, 2], "who": ["Ada", "Ben"] * 2, "from": [0, 2, 5, 5], "to": [9, 9, 8, 8]},
    ...     item="text", annotator="who", start="from", end="to", lengths={1: 40, 2: 40},
    ... )
    >>> round(gamma(spans).value, 1)
    1.0
    """
    how = bootstrap or Bootstrap()
    if how.over != "items":
        raise ValueError(f"over={how.over!r}: for gamma only 'items' are drawn anew")
    if shuffled < 1:
        raise ValueError(f"shuffled={shuffled}: chance needs one shuffle at least, {SHUFFLED} to be steady")
    generator = np.random.default_rng(how.seed)
    items = [item for item in _items(spans) if len(item)]
    n = len(items)
    if not n:
        why = "no item was marked by two annotators"
        return Estimate(None, None, None, 0, "items", how.method, how.level, why)
    observed = np.array([disorder(item, position=position, category=category) for item in items])
    by_chance = [
        np.mean([disorder(_shuffle(item, generator), position=position, category=category) for _ in range(shuffled)])
        for item in items
    ]
    expected = np.array(by_chance)
    value = 1 - float(observed.sum() / expected.sum()) if expected.sum() > 0 else float("nan")
    low, high = _interval(observed, expected, how, generator) if n > 1 else (float("nan"), float("nan"))
    few = f"only {n} items; below {ENOUGH_ITEMS} the interval is too narrow" if n < ENOUGH_ITEMS else None
    one = "one item only, so there is no interval; give a long recording in parts" if n == 1 else few
    return estimate(value, low, high, n=n, of="items", method=how.method, level=how.level, warning=one)


def disorder(item: Marked, *, position: float = 1.0, category: float = 1.0) -> float:
    """The smallest disorder of an item: the sum over groups of the mean distance within, over the mean number of spans.

    0 where all annotators marked the same; 1 for each group of which only one annotator has a span.
    """
    if not len(item):
        return 0.0
    distance = _distances(item, position, category)
    whole = _of_two(item, distance) if item.people == 2 else _of_many(item, distance)
    return whole / (len(item) / item.people)


def _of_two(item: Marked, distance: Floats) -> float:
    """The cost of the best alignment of two annotators: an assignment."""
    first, second = np.flatnonzero(item.person == 0), np.flatnonzero(item.person == 1)
    gain = np.maximum(2 * EMPTY - distance[np.ix_(first, second)], 0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return float(len(item) * EMPTY - gain[rows, columns].sum())


def _of_many(item: Marked, distance: Floats) -> float:
    """The cost of the best alignment: which groups cover each span once."""
    groups, costs = _groups(item, distance)
    member = np.array([unit for group in groups for unit in group])
    column = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    cover = coo_array((np.ones(len(member)), (member, column)), shape=(len(item), len(groups))).tocsc()
    found = milp(costs, integrality=np.ones(len(costs)), bounds=Bounds(0, 1), constraints=LinearConstraint(cover, 1, 1))
    if found.x is None:
        raise RuntimeError(f"the best alignment was not found: {found.message}")
    return float(found.fun)


def _distances(item: Marked, position: float, category: float) -> Floats:
    """Every span against every other, shape (spans, spans)."""
    long = item.end - item.start
    apart = np.abs(item.start[:, None] - item.start) + np.abs(item.end[:, None] - item.end)
    place = (apart / (long[:, None] + long)) ** 2
    return np.asarray(position * place + category * (item.label[:, None] != item.label))


def _groups(item: Marked, distance: Floats) -> tuple[list[tuple[int, ...]], Floats]:
    """Groups that can be in a best alignment, and what each costs: those cheaper than their spans one by one."""
    n = item.people
    pairs = n * (n - 1) / 2
    growing: list[tuple[tuple[int, ...], float]] = [((unit,), 0.0) for unit in range(len(item))]
    kept = [(group, EMPTY) for group, _ in growing]
    for size in range(2, n + 1):
        empty = (pairs - size * (size - 1) / 2) * EMPTY
        grown = []
        for group, inner in growing:
            later = np.flatnonzero(item.person > item.person[group[-1]])
            totals = inner + distance[later][:, list(group)].sum(axis=1)
            near = totals < n * pairs * EMPTY  # no group that costs more can be cheaper than its spans one by one
            grown += [
                ((*group, unit), total) for unit, total in zip(later[near].tolist(), totals[near].tolist(), strict=True)
            ]
        growing = grown
        kept += [(group, (total + empty) / pairs) for group, total in grown if total + empty < size * pairs * EMPTY]
        if len(kept) + len(growing) > MOST:
            raise ValueError(
                f"an item has {len(item)} spans of {n} annotators, which can be aligned in more than {MOST:,} ways: give it in"
                " parts, or take unitising_alpha"
            )
    return [group for group, _ in kept], np.array([cost for _, cost in kept])


def _shuffle(item: Marked, generator: np.random.Generator) -> Marked:
    """As many annotators, each with somebody's spans moved on by a random stretch, round the item's end."""
    usual = float((item.end - item.start).mean()) / 2
    moved: list[float] = []
    parts = []
    for person in range(item.people):
        by = _far_from(moved, usual, item.length, generator)
        moved.append(by)
        chosen = np.flatnonzero(item.person == generator.integers(item.people))
        start = item.start[chosen] + by
        back = np.where(start >= item.length, item.length, 0.0)
        columns = (start - back, item.end[chosen] + by - back, item.label[chosen], np.full(len(chosen), person))
        parts.append(columns)
    start, end, label, person_of = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Marked(person_of, start, end, label, item.people, item.length)


def _far_from(others: list[float], least: float, length: float, generator: np.random.Generator) -> float:
    """A random stretch, not nearer to the others than `least` where there is room."""
    for _ in range(20):
        by = float(generator.uniform(0, length))
        if all(abs(by - other) >= least for other in others):
            break
    return by


def _items(spans: Spans) -> list[Marked]:
    """The items that two annotators or more looked at."""
    two = np.bincount(spans.looked_item, minlength=len(spans.items)) > 1
    kept = spans.only(items=two)
    found = []
    for code in np.unique(kept.looked_item).tolist():
        people = kept.looked_annotator[kept.looked_item == code]
        rows = np.flatnonzero(kept.item_codes == code)
        person = np.searchsorted(np.sort(people), kept.annotator_codes[rows])
        order = np.argsort(person, kind="stable")
        columns = (kept.starts[rows][order], kept.ends[rows][order], kept.label_codes[rows][order])
        found.append(Marked(person[order], *columns, len(people), float(kept.lengths[code])))
    return found


def _interval(
    observed: Floats, expected: Floats, how: Bootstrap, generator: np.random.Generator
) -> tuple[float, float]:
    count, block = blocks_of(len(observed), np.arange(len(observed)), generator)
    seen, chance = (np.bincount(block, part, minlength=count) for part in (observed, expected))
    drawn = np.concatenate([1 - (w @ seen) / (w @ chance) for w in weights_of(count, how.samples, generator)])
    tail = 100 * (1 - how.level) / 2
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    return float(low), float(high)
