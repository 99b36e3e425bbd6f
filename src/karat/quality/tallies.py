"""Votes as counts: how often each label was given to an item, each different pattern of counts once.

Five votes on five labels make at most 126 patterns, however many items there are: what agreement needs of a million
items fits in a page, and drawing items anew is drawing patterns.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from karat.quality.estimate import check_level
from karat.quality.votes import Votes, check_votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

AT_ONCE = 1_500_000
"""Votes counted at once: more are counted by items, a part at a time."""
Over = Literal["items", "items and annotators"]


@dataclass(frozen=True, slots=True)
class Tallies:
    """Rows of counts in compressed form: row r has the entries `starts[r] : starts[r + 1]`."""

    starts: Ints
    """Shape (rows + 1,)."""
    label: Ints
    """Of each entry the label's code."""
    count: Floats
    """Of each entry how often the label was given, or the weight of those who gave it."""
    alone: Floats
    """Of each entry the sum of squared weights: what pairs of a vote with itself would add. With weight 1, `count`."""
    times: Ints
    """Shape (rows,): how many items look like this."""
    labels: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.times)

    @property
    def row(self) -> Ints:
        """Of each entry its row."""
        return np.repeat(np.arange(self.rows), np.diff(self.starts))

    def summed(self, amounts: Floats) -> Floats:
        """What each entry has, summed by row, shape (rows,)."""
        return tallied(self.row, amounts, self.rows)

    def matrix(self, amounts: Floats) -> csr_array:
        """What each entry has, as a matrix of shape (rows, labels)."""
        return csr_array((amounts, self.label, self.starts), shape=(self.rows, max(self.labels, 1)))


def tallies(votes: Votes) -> Tallies:
    """The counts of each item that has a vote, equal patterns together; an annotator's last vote on an item counts."""
    check_votes(votes)
    once = votes.once()
    if len(once) <= AT_ONCE:
        return _patterns(entries_of(once))
    ends = np.linspace(0, len(once.items), 1 + len(once) // AT_ONCE).astype(int).tolist()
    return _patterns(_together([_patterns(entries_of(_some(once, *part))) for part in pairwise(ends)]))


def _some(votes: Votes, start: int, end: int) -> Votes:
    """The votes on the items from one place to another."""
    some = votes.rows((votes.item_codes >= start) & (votes.item_codes < end))
    return replace(some, items=votes.items[start:end], item_codes=some.item_codes - np.int32(start))


def _patterns(entries: Tallies) -> Tallies:
    """Equal rows together."""
    starts, label, count = entries.starts, entries.label, entries.count
    if entries.rows == 0:
        return entries
    mixed = np.random.default_rng(0).integers(1, 2**63, max(entries.labels, 1), dtype=np.uint64)
    hashes = np.add.reduceat(mixed[label] * count.astype(np.uint64), starts[:-1])
    _, first, place = np.unique(hashes, return_index=True, return_inverse=True)
    times = np.bincount(place, entries.times).astype(np.int64)
    sizes = np.diff(starts)[first]
    chosen = np.repeat(starts[first] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
    return Tallies(
        np.concatenate([[0], np.cumsum(sizes)]), label[chosen], count[chosen], count[chosen], times, entries.labels
    )


def _together(parts: list[Tallies]) -> Tallies:
    """The rows of all, one after another."""
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    label, count, alone, times = (
        np.concatenate([getattr(part, of) for part in parts]) for of in ("label", "count", "alone", "times")
    )
    return Tallies(np.concatenate([[0], np.cumsum(sizes)]), label, count, alone, times, parts[0].labels)


def entries_of(votes: Votes) -> Tallies:
    """The counts of each item with a vote, one row an item, in the order of item codes."""
    labels = len(votes.labels)
    key = cells(votes)
    cell_count = len(votes.items) * labels
    if cell_count <= 4 * len(votes) + 1000:
        counted = np.bincount(key, minlength=cell_count)
        cell = np.flatnonzero(counted)
        count = counted[cell]
    else:
        cell, count = np.unique(key, return_counts=True)
    item = cell // max(labels, 1)
    change = np.flatnonzero(np.diff(item, prepend=-1))
    given = count.astype(np.float64)
    ones = np.ones(len(change), np.int64)
    starts = np.concatenate([change, [len(cell)]])
    return Tallies(starts, (cell % max(labels, 1)).astype(np.int32), given, given, ones, labels)


def cells(votes: Votes) -> Ints:
    """Of each vote the number of its cell in the table of items and labels."""
    return np.asarray(votes.item_codes, np.int64) * len(votes.labels) + votes.label_codes


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How an interval is made: what is drawn anew, how often, from which seed, and what share it shall hold."""

    over: Over = "items"
    """`items`: other items, the same annotators. `items and annotators`: other people too, which is wider."""
    samples: int = 1000
    seed: int = 0
    level: float = 0.95

    def __post_init__(self) -> None:
        check_level(self.level)
        if self.over not in ("items", "items and annotators"):
            raise ValueError(f"over={self.over!r}: draw anew 'items' or 'items and annotators'")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise ValueError(f"seed={self.seed!r}: give a whole number of 0 or more")
        if self.samples < 40:
            raise ValueError(f"samples={self.samples}: an interval needs 40 at least, 1,000 to be steady")

    @property
    def method(self) -> str:
        """How the interval is called."""
        return f"percentile bootstrap over {self.over}, {self.samples:,} samples"


def reweighted(tally: Tallies, entry: Ints, weights: Floats) -> Tallies:
    """The tallies after each vote got a weight; `entry` is the place of each vote's entry."""
    count = tallied(entry, weights, len(tally.label))
    return replace(tally, count=count, alone=tallied(entry, weights**2, len(tally.label)))


def tallied(place: Ints, amounts: Floats, places: int) -> Floats:
    """Amounts summed by place, shape (places,)."""
    return np.asarray(np.bincount(place, amounts, minlength=places), np.float64)
