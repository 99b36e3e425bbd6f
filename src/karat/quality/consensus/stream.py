"""The names behind votes that arrive: which place an item or annotator has, and all votes so far as a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats, Names, coded
from karat.quality.consensus.live import Live
from karat.quality.consensus.rule import Rule
from karat.quality.votes import Votes

Arrived = tuple[object, object, object, float, float | None]
"""Item, annotator, label, weight, and the time where it is known."""
UNKNOWN = float("-inf")


@dataclass(slots=True)
class Stream:
    """Votes since the last full fit; places are those of the fit, then in the order of arrival."""

    fitted: Votes
    live: Live
    items: dict[object, int]
    annotators: dict[object, int]
    labels: dict[object, int]
    late: list[tuple[int, int, int, float, float]] = field(default_factory=list)
    """Places, weight and time of each vote that came since; the time is -inf where none is known so far."""
    newest: float = UNKNOWN
    """The latest time of all; that of votes without one."""
    _last: dict[tuple[int, int], float] = field(default_factory=dict)
    """When the vote of an annotator on an item that counts was given, where it came since."""
    _of_item: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None
    """The rows of the fit, item by item, and where each item begins."""

    @classmethod
    def of(cls, votes: Votes, live: Live) -> Self:
        """Nothing has come yet."""
        newest = UNKNOWN if votes.times is None or not len(votes) else float(votes.times.max())
        places = _places(votes.items), _places(votes.annotators), _places(votes.labels)
        return cls(votes, live, *places, newest=newest)

    def apart(self) -> Self:
        """The same for a full fit to come, so that nothing is lost where that fails."""
        return replace(
            self, items=dict(self.items), annotators=dict(self.annotators), labels=dict(self.labels), late=[*self.late]
        )

    def check(self, vote: Arrived) -> None:
        """Raise `ValueError` where a vote cannot be taken; nothing is changed."""
        for name, of, what in zip(
            vote[:3], (self.items, self.annotators, self.labels), ("item", "annotator", "label"), strict=True
        ):
            _check(name, of, what)

    def check_names(self, items: Iterable[object], annotators: Iterable[object], labels: Iterable[object]) -> None:
        """The same for names without votes."""
        for names, of, what in (
            (items, self.items, "item"), (annotators, self.annotators, "annotator"), (labels, self.labels, "label"),
        ):  # fmt: skip
            for name in names:
                _check(name, of, what)

    def admit(self, items: Iterable[object], annotators: Iterable[object], gold: Mapping[object, object]) -> None:
        """Items and annotators, of whom there need be no votes; `gold` says what is known of those that are new."""
        for item in items:
            if item not in self.items:
                self.items[item] = self.live.new_item()
                if item in gold:
                    self.know(item, gold[item])
        for annotator in annotators:
            if annotator not in self.annotators:
                self.annotators[annotator] = self.live.new_annotator()

    def take(self, vote: Arrived, gold: Mapping[object, object]) -> None:
        """One more vote, checked and with a label that the fit knows. One that is older than what the annotator said of
        the item is only kept."""
        item, annotator, label, weight, time = vote
        if item not in self.items or annotator not in self.annotators:
            self.admit((item,), (annotator,), gold)
        pair, code, when = (self.items[item], self.annotators[annotator]), self.labels[label], self._when(time)
        self.late.append((*pair, code, weight, when))
        if when > UNKNOWN:
            if when < self._before(pair):
                return
            self._last[pair] = when
        self.live.vote(*pair, code, weight)

    def keep(self, vote: Arrived) -> None:
        """One more vote that only the next fit learns from."""
        item, annotator, label = (
            of.setdefault(name, len(of))
            for name, of in zip(vote[:3], (self.items, self.annotators, self.labels), strict=True)
        )
        self.late.append((item, annotator, label, vote[3], self._when(vote[4])))

    def keep_names(self, items: Iterable[object], annotators: Iterable[object], labels: Iterable[object]) -> None:
        """Names that only the next fit learns of."""
        for names, of in ((items, self.items), (annotators, self.annotators), (labels, self.labels)):
            for name in names:
                of.setdefault(name, len(of))

    def know(self, item: object, label: object) -> None:
        """The label of an item is known; it is one of `labels`."""
        self.live.know(self.items[item], self.labels[label])

    def _when(self, time: float | None) -> float:
        """The time of a vote that comes now: without one it is after all others."""
        if time is None:
            return self.newest
        self.newest = max(self.newest, time)
        return time

    def _before(self, pair: tuple[int, int]) -> float:
        """When the vote of an annotator on an item that counts so far was given."""
        found = self._last.get(pair)
        if found is not None or self.fitted.times is None or pair[0] >= len(self.fitted.items):
            return UNKNOWN if found is None else found
        if self._of_item is None:
            counts = np.bincount(self.fitted.item_codes, minlength=len(self.fitted.items))
            order = np.argsort(self.fitted.item_codes, kind="stable")
            self._of_item = order, np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        order, starts = self._of_item
        rows = order[starts[pair[0]] : starts[pair[0] + 1]]
        return float(self.fitted.times[rows[self.fitted.annotator_codes[rows] == pair[1]]].max(initial=UNKNOWN))

    def since(self, votes: int) -> list[Arrived]:
        """What came after so many votes of all."""
        names = list(self.items), list(self.annotators), list(self.labels)
        late = self.late[max(votes - len(self.fitted), 0) :]
        return [
            (names[0][i], names[1][a], names[2][k], weight, time if time > UNKNOWN else None)
            for i, a, k, weight, time in late
        ]

    def votes(self) -> Votes:
        """All votes in the order in which they came; names sorted, labels only if those of the fit were. Votes that came
        before any time was known have the earliest time of all."""
        items, item = _sorted(self.items)
        annotators, annotator = _sorted(self.annotators)
        labels, label = _sorted(self.labels) if _in_order(self.fitted.labels) else _as_they_came(self.labels)
        late = np.array(self.late, dtype=np.float64).reshape(-1, 5)
        before = np.full(len(self.fitted), UNKNOWN) if self.fitted.times is None else self.fitted.times
        times = np.concatenate([before, late[:, 4]])
        known = times > UNKNOWN
        if known.any():
            times[~known] = times[known].min()
        weighted = self.fitted.weights is not None or bool((late[:, 3] != 1).any())
        return Votes(
            items,
            annotators,
            labels,
            item[np.concatenate([self.fitted.item_codes, late[:, 0].astype(np.int32)])],
            annotator[np.concatenate([self.fitted.annotator_codes, late[:, 1].astype(np.int32)])],
            label[np.concatenate([self.fitted.label_codes, late[:, 2].astype(np.int32)])],
            np.concatenate([self.fitted.weighted(), late[:, 3]]) if weighted else None,
            times if known.any() else None,
        )

    def learned(self) -> tuple[Floats, Floats, Rule]:
        """The beliefs, counts and rule of `live`, items and annotators in the order of `votes`."""
        item, annotator = (np.argsort(_sorted(of)[1]) for of in (self.items, self.annotators))
        given = np.bincount(self.fitted.annotator_codes, self.fitted.weights, len(annotator)).astype(np.float64)
        for _, who, _, weight, _ in self.late:
            given[who] += weight
        rule = self.live.rule(given)
        order = np.append(annotator, len(annotator))
        rule = replace(rule, tables=rule.tables[order], voices=rule.voices[order])
        return self.live.belief()[item], self.live.counts()[annotator], rule


def _places(names: Names) -> dict[object, int]:
    return {name: place for place, name in enumerate(names.tolist())}


def _check(name: object, known: Mapping[object, object], what: str) -> None:
    """A new name must be of the type of those that are known, and such as a table can hold."""
    try:
        if name in known:
            return
    except TypeError as cause:
        raise ValueError(f"the {what} of a vote is {name!r:.60}: give one text, number or date") from cause
    first = next(iter(known), name)
    if name is None or name != name:
        raise ValueError(f"the {what} of a vote is {name!r}: fill it in or leave the vote out")
    if type(first) is not type(name):
        raise ValueError(
            f"the {what} {name!r} ({type(name).__name__}) is new, and those before are as {first!r}"
            f" ({type(first).__name__}); write all as one type, for example as texts"
        )
    try:
        pa.array([*([first] if known else []), name])
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeError) as cause:
        raise ValueError(
            f"the {what} {name!r:.60} is no valid text or no number of 64 bits: write it as a valid text"
        ) from cause


def _sorted(places: Mapping[object, int]) -> tuple[Names, Codes]:
    """The names in order, and of each place where it stands there."""
    return coded(pa.array(list(places)), "names")


def _as_they_came(places: Mapping[object, int]) -> tuple[Names, Codes]:
    names = np.array(list(places), dtype=object)
    return names, np.arange(len(names), dtype=np.int32)


def _in_order(labels: Names) -> bool:
    listed = labels.tolist()
    return all(type(a) is type(b) and a < b for a, b in pairwise(listed))
