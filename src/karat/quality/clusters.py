"""Which annotations of several authors stand for the same thing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from karat.geometry.assignment import assign
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.pairing import candidates, candidates_blind, has_one_per_label, place_of, reach_of

Member = tuple[int, int]
"""Author and annotation, by their places."""
Apart = Callable[[int, int], float]
"""The distance of two annotations, by their places among all."""

AT_ONCE = 1500
"""Up to so many annotations of an item, all distances are computed in one step."""
OTHER_LABEL = 0.25
"""Annotations of two labels draw together so much less: it decides between things that lie on one another."""
AT_THE_CUT = 1e-9
"""The gain of two annotations that are exactly as far apart as the cut allows."""
LARGE = 300
"""Above so many annotations that hang together, the nearest are joined first and then moved, without trying all pairs."""
ROUNDS = 10
"""Each round moves annotations only where the sum of gains grows."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The annotations of an item that stand for one thing each."""

    members: list[list[Member]]
    """Sorted, in the order of their first members."""
    distances: list[list[float]]
    """Between every two members of a group, in the order of `itertools.combinations`."""


def clustered(by_author: Sequence[Sequence[Annotation]], field: Field, kind: AnyKind) -> list[list[Member]]:
    """Groups with at most one annotation of each author, in the order of their first members; see `grouped`."""
    return grouped(by_author, field, kind).members


def grouped(by_author: Sequence[Sequence[Annotation]], field: Field, kind: AnyKind) -> Groups:
    """The groups with a large sum of gains over all pairs in them, at most one annotation of each author in each.

    The gain of a pair is the field's cut less its distance: what lies nearer than the cut draws together, what lies farther
    keeps apart (correlation clustering; Bansal, Blum and Chawla 2004). Two labels draw together a quarter as much as one.
    Where annotations hang together but not all with all, groups are joined from the largest mean gain on, and then the annotations of one
    author after the other are assigned anew, optimally against what the others formed, until nothing improves. With two
    authors that is the optimal pairing; with more the optimum is out of reach in general (NP-hard), and none of this
    depends on the order of authors or annotations, except between equal gains. A car that one author called a truck is
    one group with two labels.

    Where a label has one thing (`has_one_per_label`), a group is a label's, and nothing is too far to be in it.
    """
    flat = [annotation for given in by_author for annotation in given]
    owner = [author for author, given in enumerate(by_author) for _ in given]
    index = [i for given in by_author for i in range(len(given))]
    apart, links = _links(by_author, flat, owner, field, kind)
    found: list[list[int]] = []
    for part, edges in _parts(len(flat), links):
        if len(part) == 1:
            found.append(part)
            continue
        owners = [owner[i] for i in part]
        if len(set(owners)) == len(part) and edges == len(part) * (len(part) - 1) // 2:
            found.append(part)
        else:
            found += _Split(part, owners, _gains(part, flat, apart, reach_of(field, kind))).groups()
    found = [sorted(group) for group in found]
    found.sort()
    return Groups(
        [[(owner[i], index[i]) for i in group] for group in found],
        [[apart(i, j) for i, j in combinations(group, 2)] for group in found],
    )


def _links(
    by_author: Sequence[Sequence[Annotation]], flat: list[Annotation], owner: list[int], field: Field, kind: AnyKind
) -> tuple[Apart, Iterator[tuple[int, int]]]:
    """The distance of any two, and every two of different authors on one place within the cut, or of one label."""
    limit, by_label = reach_of(field, kind), has_one_per_label(field, kind)
    if kind.distances is not None and 8 < len(flat) <= AT_ONCE:
        values = [annotation.value for annotation in flat]
        matrix = kind.distances(values, values, field)
        who = np.array(owner)
        near = (matrix <= limit) & (who[:, None] < who[None, :])
        places = [(place_of(annotation, field), annotation.label if by_label else None) for annotation in flat]
        if any(place != places[0] for place in places):
            number = {place: n for n, place in enumerate(dict.fromkeys(places))}
            where = np.array([number[place] for place in places])
            near &= where[:, None] == where[None, :]
        rows, columns = near.nonzero()
        return (lambda i, j: float(matrix[i, j])), iter(zip(rows.tolist(), columns.tolist(), strict=True))
    known: dict[tuple[int, int], float] = {}
    linked = candidates if by_label else candidates_blind
    starts = np.cumsum([0, *(len(given) for given in by_author)]).tolist()
    for a, b in combinations(range(len(by_author)), 2):
        for i, j, d in linked(by_author[a], by_author[b], field, kind):
            known[starts[a] + i, starts[b] + j] = d

    def apart(i: int, j: int) -> float:
        key = (i, j) if i < j else (j, i)
        if key not in known:
            alike = place_of(flat[i], field) == place_of(flat[j], field)
            known[key] = kind.distance(flat[i].value, flat[j].value, field) if alike else 1.0
        return known[key]

    return apart, iter(list(known))


def _parts(size: int, links: Iterator[tuple[int, int]]) -> list[tuple[list[int], int]]:
    """What hangs together by links, and how many links each part has."""
    parent = list(range(size))
    linked: list[int] = []
    for i, j in links:
        linked.append(i)
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        while parent[j] != j:
            parent[j] = parent[parent[j]]
            j = parent[j]
        if i != j:
            parent[max(i, j)] = min(i, j)
    parts: dict[int, list[int]] = {}
    for i in range(size):
        root = parent[i]  # the smallest of its part, whose own root was set before
        while parent[root] != root:
            root = parent[root]
        parent[i] = root
        parts.setdefault(root, []).append(i)
    edges = dict.fromkeys(parts, 0)
    for i in linked:
        edges[parent[i]] += 1
    return [(part, edges[root]) for root, part in parts.items()]


def _gains(part: list[int], flat: list[Annotation], apart: Apart, cut: float) -> NDArray[np.float64]:
    """The gain of each pair; shape (part, part), 0 on the diagonal."""
    gains = np.zeros((len(part), len(part)))
    for (a, i), (b, j) in combinations(enumerate(part), 2):
        near = cut - apart(i, j) + AT_THE_CUT
        if near > 0 and flat[i].label != flat[j].label:
            near *= OTHER_LABEL
        gains[a, b] = gains[b, a] = near
    return gains


class _Split:
    """Annotations that hang together, divided so that the gains within groups are large."""

    def __init__(self, part: list[int], owners: list[int], gains: NDArray[np.float64]) -> None:
        self.part = part
        self.owner = np.array(owners)
        self.gains = gains
        self.group = np.arange(len(part))

    def groups(self) -> list[list[int]]:
        """The places among all annotations, group by group."""
        if len(set(self.owner.tolist())) > 2:
            self._join()
        for _ in range(ROUNDS):
            before = self.group.copy()
            for author in np.unique(self.owner):
                self._assign(np.flatnonzero(self.owner == author))
            if (before == self.group).all():
                break
        found: dict[int, list[int]] = {}
        for place, group in zip(self.part, self.group.tolist(), strict=True):
            found.setdefault(group, []).append(place)
        return list(found.values())

    def _join(self) -> None:
        """Join groups from the largest mean gain on, as long as it is above 0; or, in large parts, from the nearest pair."""
        size = len(self.part)
        if size > LARGE:
            self._join_nearest()
            return
        total = self.gains.copy()
        count = np.ones(size)
        barred = self.owner[:, None] == self.owner[None, :]
        while True:
            mean = np.where(barred, -1.0, total / (count[:, None] * count[None, :]))
            one, other = divmod(int(mean.argmax()), size)
            if mean[one, other] < 0:
                return
            self.group[self.group == other] = one
            total[one] += total[other]
            total[:, one] += total[:, other]
            count[one] += count[other]
            barred[one] |= barred[other]
            barred[:, one] |= barred[:, other]
            barred[other] = barred[:, other] = True

    def _join_nearest(self) -> None:
        members = {i: [i] for i in range(len(self.part))}
        rows, columns = np.nonzero(np.triu(self.gains, 1) > 0)
        for edge in np.argsort(-self.gains[rows, columns], kind="stable").tolist():
            one, other = int(self.group[rows[edge]]), int(self.group[columns[edge]])
            if one == other or set(self.owner[members[one]]) & set(self.owner[members[other]]):
                continue
            self.group[members[other]] = one
            members[one] += members.pop(other)

    def _assign(self, mine: NDArray[np.integer]) -> None:
        """Give one author's annotations the groups of the others in which they gain most."""
        others = np.setdiff1d(np.arange(len(self.part)), mine)
        names, place = np.unique(self.group[others], return_inverse=True)
        gain = np.zeros((len(mine), len(names)))
        np.add.at(gain.T, place, self.gains[others[:, None], mine[None, :]])
        rows, columns = np.nonzero(gain > 0)
        joined = assign(rows.astype(np.int64), columns.astype(np.int64), gain[rows, columns])
        free = np.setdiff1d(np.arange(len(self.part)), self.group[others])
        self.group[mine] = free[: len(mine)]  # each alone, under a name that no other group has
        self.group[mine[joined[0]]] = names[joined[1]]
