"""What the authors of a project marked, gathered item by item as numbers: clusters, who is in them, who looked, how far apart."""

from array import array
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.clusters import Member, grouped
from karat.quality.columns import Codes, Floats
from karat.quality.consensus.existence import Marks
from karat.quality.pairing import cut_of, has_one_per_label
from karat.quality.responses import Said

KEPT = 200
"""Answers kept, drawn evenly from all, to say how often two annotations lie within the cut by chance."""
DRAWN = 2000
"""Pairs of these that are compared."""
NOBODY = -1


class MarkGatherer:
    """8 bytes for each annotation, 8 for each author of an item, 12 for each cluster; never the annotations."""

    def __init__(self, field: Field, kind: AnyKind, *, seed: int = 0) -> None:
        self.field = field
        self.kind = kind
        self.authors: dict[str, int] = {}
        self.labels: dict[str | None, int] = {label: code for code, label in enumerate(field.labels)}
        self.items = 0
        self._item, self._known, self._known_label = array("i"), array("b"), array("i")
        self._member_cluster, self._member_author, self._member_label = array("i"), array("i"), array("i")
        self._look_item, self._look_author = array("i"), array("i")
        self._unseen = array("i")
        self._pairs: dict[tuple[int, int], list[float]] = {}
        self._kept: list[tuple[int, list[object]]] = []
        self._seen = 0
        self._random = np.random.default_rng(seed)

    def add(self, said: Sequence[Said], gold: Said | None = None) -> list[list[Member]]:
        """One item; its clusters by author (the place in `said`) and annotation."""
        numbers = [self.authors.setdefault(s.author, len(self.authors)) for s in said]
        by_author = [s.annotations for s in said]
        known = () if gold is None else gold.annotations
        groups = grouped([known, *by_author], self.field, self.kind)
        clusters: list[list[Member]] = []
        looked = _Looks(self, said, numbers)
        missed = 0
        for members, distances in zip(groups.members, groups.distances, strict=True):
            is_known = members[0][0] == 0
            people = [(author - 1, index) for author, index in members if author > 0]
            if not people:
                missed += 1
                continue
            clusters.append(people)
            label = known[members[0][1]].label if is_known else said[people[0][0]].annotations[people[0][1]].label
            item = looked.item_of(label if is_known else _most_named(people, said))
            told = gold is not None and (gold.labels is None or label in gold.labels)
            self._known.append((1 if is_known else 0) if told else NOBODY)
            self._known_label.append(self._label(label) if is_known else NOBODY)
            self._item.append(item)
            cluster = len(self._item) - 1
            for author, index in people:
                self._member_cluster.append(cluster)
                self._member_author.append(numbers[author])
                self._member_label.append(self._label(said[author].annotations[index].label))
            self._add_pairs(members, distances, numbers)
        self._unseen[looked.first] = NOBODY if gold is None else missed
        self._keep(looked.first, by_author)
        return clusters

    def marks(self, ratio: Floats | None = None) -> Marks:
        """All of it as arrays; `ratio` is what the labels say of each cluster, 0 where it is None."""
        return Marks(
            item=_codes(self._item),
            member_cluster=_codes(self._member_cluster),
            member_author=_codes(self._member_author),
            look_item=_codes(self._look_item),
            look_author=_codes(self._look_author),
            items=self.items,
            authors=len(self.authors),
            known=np.frombuffer(self._known, np.int8).astype(np.int32) if self._known else np.zeros(0, np.int32),
            unseen=_codes(self._unseen),
            ratio=np.zeros(len(self._item)) if ratio is None else ratio,
        )

    @property
    def member_labels(self) -> Codes:
        """The code of the label that each member gave, shape (members,), aligned with `marks().member_cluster`."""
        return _codes(self._member_label)

    @property
    def known_labels(self) -> Codes:
        """The code of the label that is known of each cluster, shape (clusters,), -1 where none is."""
        return _codes(self._known_label)

    def places(self) -> float:
        """In how many places an annotation may lie: annotations of different items are within the cut in one of so many
        cases. At least 1; where a label has one thing, the labels are the places."""
        if has_one_per_label(self.field, self.kind):
            return float(max(len(self.field.labels), 1))
        if len(self._kept) < 2:
            return 1.0
        pairs = list(combinations(range(len(self._kept)), 2))
        if len(pairs) > DRAWN:
            pairs = [pairs[p] for p in self._random.choice(len(pairs), DRAWN, replace=False).tolist()]
        near = compared = 0
        limit = cut_of(self.field)
        for i, j in pairs:
            a, b = self._kept[i][1], self._kept[j][1]
            compared += len(a) * len(b)
            if self.kind.distances is not None:
                near += int((self.kind.distances(a, b, self.field) <= limit).sum())
            else:
                near += sum(self.kind.distance(x, y, self.field) <= limit for x in a for y in b)
        return max(1.0, (compared + 1) / (near + 1))

    def pairs(self) -> tuple[Codes, Codes, Floats, Floats]:
        """Of each two authors with common clusters: both, how many clusters, and the sum of squared distances."""
        both = np.array(list(self._pairs), np.int32).reshape(-1, 2)
        sums = np.array(list(self._pairs.values()), np.float64).reshape(-1, 2)
        return both[:, 0], both[:, 1], sums[:, 0], sums[:, 1]

    def _label(self, label: str | None) -> int:
        return self.labels.setdefault(label, len(self.labels))

    def _add_pairs(self, members: Sequence[Member], distances: Sequence[float], numbers: Sequence[int]) -> None:
        for ((a, _), (b, _)), d in zip(combinations(members, 2), distances, strict=True):
            if a == 0:
                continue  # gold says who is near, but only pairs of authors are compared
            one, other = numbers[a - 1], numbers[b - 1]
            entry = self._pairs.setdefault((one, other) if one < other else (other, one), [0.0, 0.0])
            entry[0] += 1
            entry[1] += d * d

    def _keep(self, item: int, by_author: Sequence[Sequence[Annotation]]) -> None:
        chosen = by_author[int(self._random.integers(len(by_author)))] if by_author else ()
        if not chosen:
            return
        self._seen += 1
        values = [annotation.value for annotation in chosen]
        if len(self._kept) < KEPT:
            self._kept.append((item, values))
        elif (place := int(self._random.integers(self._seen))) < KEPT:
            self._kept[place] = (item, values)


class _Looks:
    """Who looked for what on one item. Labels that different authors looked for count as items of their own."""

    def __init__(self, gatherer: MarkGatherer, said: Sequence[Said], numbers: Sequence[int]) -> None:
        self.gatherer = gatherer
        self.said = said
        self.numbers = numbers
        self.items: dict[tuple[int, ...], int] = {}
        self.partly = any(s.labels is not None for s in said)
        labels = list(gatherer.field.labels) if self.partly else [None]
        self.first = self.item_of(labels[0] if labels else None)
        for label in labels[1:]:
            self.item_of(label)

    def item_of(self, label: str | None) -> int:
        """The number under which those who looked for a label are counted."""
        if self.partly:
            key = tuple(
                n for s, n in zip(self.said, self.numbers, strict=True) if s.labels is None or label in s.labels
            )
        else:
            key = tuple(self.numbers)
        if key not in self.items:
            gatherer = self.gatherer
            self.items[key] = gatherer.items
            gatherer._look_item.extend([gatherer.items] * len(key))
            gatherer._look_author.extend(key)
            gatherer._unseen.append(NOBODY)
            gatherer.items += 1
        return self.items[key]


def _most_named(people: Sequence[Member], said: Sequence[Said]) -> str | None:
    labels = [said[author].annotations[index].label for author, index in people]
    return max(labels, key=labels.count)


def _codes(numbers: "array[int]") -> Codes:
    return np.frombuffer(numbers, np.int32) if numbers else np.zeros(0, np.int32)
