"""The names behind votes that arrive: which place an item or annotator has, and all votes so far as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from karat.quality.columns import Codes, Floats, Names, coded, some
from karat.quality.consensus.live import Live
from karat.quality.consensus.rule import Rule
from karat.quality.votes import Votes

Arrived = tuple[object, object, object, float]
"""Item, annotator, label, weight."""


@dataclass(slots=True)
class Stream:
    """Votes since the last full fit; places are those of the fit, then in the order of arrival."""

    fitted: Votes
    live: Live
    items: dict[object, int]
    annotators: dict[object, int]
    labels: dict[object, int]
    late: list[tuple[int, int, int, float]] = field(default_factory=list)
    """Places and weight of each vote that came since."""

    @classmethod
    def of(cls, votes: Votes, live: Live) -> Self:
        """Nothing has come yet."""
        return cls(votes, live, _places(votes.items), _places(votes.annotators), _places(votes.labels))

    def take(self, vote: Arrived, gold: Mapping[object, object]) -> None:
        """One more vote, with a label that the fit knows; `gold` says what is known of an item that is new."""
        item, annotator, label, weight = vote
        where, who = self.items.get(item), self.annotators.get(annotator)
        if where is None:
            item = _alike(item, self.items, "item")
        if who is None:
            who = self.annotators[_alike(annotator, self.annotators, "annotator")] = self.live.new_annotator()
        if where is None:
            where = self.items[item] = self.live.new_item()
            if item in gold:
                self.know(item, gold[item])
        code = self.labels[label]
        self.late.append((where, who, code, weight))
        self.live.vote(where, who, code, weight)

    def keep(self, vote: Arrived) -> None:
        """One more vote that only the next fit learns from."""
        places = [
            of.setdefault(_alike(name, of, what), len(of))
            for name, of, what in zip(
                vote[:3],
                (self.items, self.annotators, self.labels),
                ("item", "annotator", "label"),
                strict=True,
            )
        ]
        self.late.append((places[0], places[1], places[2], vote[3]))

    def know(self, item: object, label: object) -> None:
        """The label of an item is known."""
        if label not in self.labels:
            raise ValueError(
                f"the gold label {label!r} of item {item!r} is not among the labels of the votes,"
                f" {some(list(self.labels))}: write it as the votes do, or name all labels by labels= of Votes.from_table"
            )
        self.live.know(self.items[item], self.labels[label])

    def since(self, votes: int) -> list[Arrived]:
        """What came after so many votes of all."""
        names = list(self.items), list(self.annotators), list(self.labels)
        late = self.late[max(votes - len(self.fitted), 0) :]
        return [(names[0][i], names[1][a], names[2][k], weight) for i, a, k, weight in late]

    def votes(self) -> Votes:
        """All votes in the order in which they came; names sorted, labels only if those of the fit were."""
        items, item = _sorted(self.items)
        annotators, annotator = _sorted(self.annotators)
        labels, label = _sorted(self.labels) if _in_order(self.fitted.labels) else _as_they_came(self.labels)
        late = np.array(self.late, dtype=np.float64).reshape(-1, 4)
        weighted = self.fitted.weights is not None or bool((late[:, 3] != 1).any())
        return Votes(
            items,
            annotators,
            labels,
            item[np.concatenate([self.fitted.item_codes, late[:, 0].astype(np.int32)])],
            annotator[np.concatenate([self.fitted.annotator_codes, late[:, 1].astype(np.int32)])],
            label[np.concatenate([self.fitted.label_codes, late[:, 2].astype(np.int32)])],
            np.concatenate([self.fitted.weighted(), late[:, 3]]) if weighted else None,
        )

    def learned(self) -> tuple[Floats, Floats, Rule]:
        """The beliefs, counts and rule of `live`, items and annotators in the order of `votes`."""
        item, annotator = (np.argsort(_sorted(of)[1]) for of in (self.items, self.annotators))
        given = np.bincount(self.fitted.annotator_codes, self.fitted.weights, len(annotator)).astype(np.float64)
        for _, who, _, weight in self.late:
            given[who] += weight
        rule = self.live.rule(given)
        order = np.append(annotator, len(annotator))
        rule = replace(rule, tables=rule.tables[order], voices=rule.voices[order])
        return self.live.belief()[item], self.live.counts()[annotator], rule


def _places(names: Names) -> dict[object, int]:
    return {name: place for place, name in enumerate(names.tolist())}


def _alike(name: object, known: Mapping[object, object], what: str) -> object:
    """A new name, which must be of the type of those that are known."""
    name = name.item() if isinstance(name, np.generic) else name
    first = next(iter(known), name)
    if name is None or name != name:
        raise ValueError(f"the {what} of a vote is {name!r}: fill it in or leave the vote out")
    if type(first) is not type(name):
        raise ValueError(
            f"the {what} {name!r} ({type(name).__name__}) is new, and those before are as {first!r}"
            f" ({type(first).__name__}); write all as one type, for example as texts"
        )
    return name


def _sorted(places: Mapping[object, int]) -> tuple[Names, Codes]:
    """The names in order, and of each place where it stands there."""
    return coded(pa.array(list(places)), "names")


def _as_they_came(places: Mapping[object, int]) -> tuple[Names, Codes]:
    names = np.array(list(places), dtype=object)
    return names, np.arange(len(names), dtype=np.int32)


def _in_order(labels: Names) -> bool:
    listed = labels.tolist()
    return all(type(a) is type(b) and a < b for a, b in pairwise(listed))
