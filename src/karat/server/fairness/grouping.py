"""Which figures of groups may be published: of enough people each, and so that no two of them tell of a single one.

Three things could tell what one person stated. A group of few: no published figure is of fewer than `k` people. Taking
published figures from one another, or from that of everybody: what is left is published only merged, and is of `k` people
too. Taking yesterday's figures from today's: figures are published anew only where in each group either nobody or at least
`k` people have changed, joined or left, whatever they changed, and never those of one group alone, since whoever worked
meanwhile is known; until then those of before stand.

The same holds in each slice. The slices of a key, with too small ones merged, and the values of an attribute make a grid
whose every cell is of `k` people, so that whatever is taken from one another is a sum of such cells.

Source of the first two: Sweeney, International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10 (2002), and
Willenborg and de Waal, Elements of Statistical Disclosure Control (2001), chapter 6, on complementary suppression.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

UNSTATED = ""
"""The value of whoever has stated nothing."""
BANDS = (5, 10, 20, 50, 100, 200, 500)
STEP = 0.05
"""Figures of groups are rounded to this: a manager knows each person's own figures, and could else add them up."""


Part = tuple[str, str]
"""What a person stated, and a slice; the empty slice is all items."""


class Place(NamedTuple):
    """Where a person was counted, and two digests of what of theirs was: of their own doing, and of everything."""

    value: str
    counted: str


def blocks_of(values: Mapping[int, str], k: int) -> list[frozenset[str]]:
    """The values that have figures together, each block of at least `k` people; by author what they stated.

    Values of fewer are merged, with the smallest of the others until the merged are `k` people of two values at least.
    Empty where everybody would be merged, and nothing is said.

    >>> blocks = blocks_of({**dict.fromkeys(range(9), "a"), **dict.fromkeys(range(9, 15), "b"), 15: "c"}, 5)
    >>> [sorted(block) for block in blocks]
    [['a'], ['b', 'c']]
    """
    sizes = Counter(values.values())
    by_size = sorted(sizes, key=lambda value: (sizes[value], value))
    merged = [value for value in by_size if sizes[value] < k]
    if merged:
        rest = [value for value in by_size if sizes[value] >= k]
        while rest and (len(merged) < 2 or sum(sizes[value] for value in merged) < k):
            merged.append(rest.pop(0))
    alone = [frozenset({value}) for value in sorted(sizes) if value not in merged]
    found = alone + ([frozenset(merged)] if merged else [])
    return found if len(found) > 1 and sum(len(block) == 1 and block != {UNSTATED} for block in found) else []


def columns_of_grid(present: NDArray[np.bool_], block: NDArray[np.int64], blocks: int, k: int) -> list[list[int]]:
    """The slices that have figures together, so that of each block at least `k` people have answers in each of them.

    `present` (slices, people), `block` (people,) the block of each. Slices of fewer are merged, with the smallest of the
    others until the merged are of `k` people of each block; only a slice by itself is shown. Empty where none would be.

    >>> people = np.arange(12) % 2
    >>> few = np.arange(12) < 3
    >>> columns_of_grid(np.array([people >= 0, few, people >= 0, people >= 0]), people, 2, 5)
    [[2], [3], [1, 0]]
    """
    sizes = np.stack([(present & (block == one)).sum(axis=1) for one in range(blocks)], axis=1).min(axis=1)
    there = [slice_ for slice_ in np.argsort(sizes, kind="stable").tolist() if present[slice_].any()]
    merged, alone = [s for s in there if sizes[s] < k], [s for s in there if sizes[s] >= k]
    while merged and alone and _fewest(present[merged], block, blocks) < k:
        merged.append(alone.pop(0))
    if len(alone) + bool(merged) < 2 or not alone or (merged and _fewest(present[merged], block, blocks) < k):
        return []
    return [[one] for one in sorted(alone)] + ([merged] if merged else [])


def _fewest(present: NDArray[np.bool_], block: NDArray[np.int64], blocks: int) -> int:
    anywhere = present.any(axis=0)
    return min(int((anywhere & (block == one)).sum()) for one in range(blocks))


def may_publish(
    before: Mapping[tuple[int, str], Place],
    gone: Mapping[str, int],
    now: Mapping[tuple[int, str], Place],
    published: Sequence[Collection[Part]],
    blocks: Sequence[Collection[Part]],
    k: int,
) -> bool:
    """Whether new figures, taken with those of before, tell of nobody: in each part that both can tell apart, nobody has
    changed or at least `k` people have; and in no slice those of one part alone, of whom everybody would be told.

    `before` and `now` are by author and slice, `gone` how many of each value have withdrawn since; `published` and `blocks`
    are what has figures together, before and now. The first figures of all may always be published.
    """
    if not published:
        return True
    of_own, of_all = _changed(before, now, 0), _changed(before, now, 1)
    parts = _joined([*published, *blocks], {*of_own, *of_all, *((value, "") for value in gone)})
    for changed in (of_own, of_all):
        moved: defaultdict[str, list[int]] = defaultdict(list)
        for part in parts:
            left = sum(gone.get(value, 0) for value in {value for value, _ in part})
            # In which slices those had worked who have withdrawn is known no more: they may be none of the `k`.
            sure = left if all(not slice_ for _, slice_ in part) else 0
            n = max(len(set().union(*(changed.get(one, set()) for one in part))), sure)
            if (n or left) and n < k:
                return False
            for slice_ in {slice_ for _, slice_ in part}:
                moved[slice_].append(n)
        if any(len(of) > 1 and sum(n > 0 for n in of) == 1 for of in moved.values()):
            return False
    return True


def _changed(
    before: Mapping[tuple[int, str], Place], now: Mapping[tuple[int, str], Place], digest: int
) -> dict[Part, set[int]]:
    """Who has changed, by where they were counted and where they are."""
    found: defaultdict[Part, set[int]] = defaultdict(set)
    for author, slice_ in before.keys() | now.keys():
        was, is_now = before.get((author, slice_)), now.get((author, slice_))
        if _told(was, digest) != _told(is_now, digest):
            for place in (was, is_now):
                if place is not None:
                    found[place.value, slice_].add(author)
    return dict(found)


def _told(place: Place | None, digest: int) -> tuple[str, str] | None:
    return None if place is None else (place.value, place.counted.split(".")[min(digest, place.counted.count("."))])


def people_shown(n: int) -> int:
    """The lower end of the band that a number of people is in.

    >>> people_shown(7), people_shown(23)
    (5, 20)
    """
    return max((band for band in BANDS if band <= n), default=0)


def rounded(value: float | None, *, up: bool | None = None) -> float | None:
    """A figure to the next twentieth; `up` and not `up` say outward for the ends of an interval."""
    if value is None:
        return None
    steps = value / STEP
    whole = round(steps) if up is None else -int(-steps // 1) if up else int(steps // 1)
    return round(whole * STEP, 2)


def _joined(blocks: Sequence[Collection[Part]], known: Collection[Part]) -> list[set[Part]]:
    """The parts that no two of the partitions can tell apart: blocks that share something are one part."""
    parts: list[set[Part]] = [{one} for one in known]
    for block in blocks:
        held = [part for part in parts if part & set(block)]
        parts = [part for part in parts if not part & set(block)] + [set(block).union(*held)]
    return parts
