"""Which figures of groups may be published: of enough people each, and so that no two of them tell of a single one.

Three things could tell what one person stated. A group of few: no published figure is of fewer than `k` people. Taking
published figures from one another, or from that of everybody: what is left is published only merged, and is of `k` people
too. Taking yesterday's figures from today's: figures are published anew only where in each group either nobody or at least
`k` people have changed, joined or left, whatever they changed; until then those of before stand.

Source of the first two: Sweeney, International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10 (2002), and
Willenborg and de Waal, Elements of Statistical Disclosure Control (2001), chapter 6, on complementary suppression.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

UNSTATED = ""
"""The value of whoever has stated nothing."""
BANDS = (5, 10, 20, 50, 100, 200, 500)
STEP = 0.05
"""Figures of groups are rounded to this: a manager knows each person's own figures, and could else add them up."""


class Place(NamedTuple):
    """Where a person was counted, and a digest of what of theirs was."""

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


def may_publish(
    before: Mapping[int, Place],
    gone: Mapping[str, int],
    now: Mapping[int, Place],
    published: Sequence[Collection[str]],
    blocks: Sequence[Collection[str]],
    k: int,
) -> bool:
    """Whether new figures, taken with those of before, tell of nobody: in each part that both can tell apart, nobody has
    changed or at least `k` people have.

    `before` and `now` are by author, `gone` how many of each value have withdrawn since; `published` and `blocks` are the
    values that have figures together, before and now. The first figures of all may always be published.
    """
    if not published:
        return True
    changed: Counter[str] = Counter(gone)
    for author in before.keys() | now.keys():
        was, is_now = before.get(author), now.get(author)
        if was != is_now:
            changed.update({place.value for place in (was, is_now) if place is not None})
    return all(
        n == 0 or n >= k
        for part in _joined([*published, *blocks], changed)
        for n in [sum(changed[value] for value in part)]
    )


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


def _joined(blocks: Sequence[Collection[str]], values: Collection[str]) -> list[set[str]]:
    """The parts that no two of the partitions can tell apart: blocks that share a value are one part."""
    parts: list[set[str]] = [{value} for value in values]
    for block in blocks:
        held = [part for part in parts if part & set(block)]
        parts = [part for part in parts if not part & set(block)] + [set(block).union(*held)]
    return parts
