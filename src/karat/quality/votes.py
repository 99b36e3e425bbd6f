"""Votes: who said which label of which item, one row a vote, coded to integers once; what every measure of votes takes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats, Names, among, coded, positive, read_columns, seconds, some
from karat.quality.gold import known_labels, plain_name, refuse_labels, refuse_strangers

ABSTAIN = "leave the row out, or say abstain=[None] if it means that the annotator could not tell"


@dataclass(frozen=True, slots=True)
class Votes:
    """A long table of votes. Row i says: `annotators[annotator_codes[i]]` gave `items[item_codes[i]]` the label
    `labels[label_codes[i]]`. The rows stand in the order of the table they came from.

    Items and annotators of whom only abstentions are known are listed, but have no rows.
    """

    items: Names
    annotators: Names
    labels: Names
    item_codes: Codes
    """Shape (votes,)."""
    annotator_codes: Codes
    label_codes: Codes
    weights: Floats | None = None
    """Shape (votes,), 1e-12 to 1e12: how many votes a row counts for in consensus; None where each counts once. Agreement
    counts each vote once whatever its weight, which says how sure a vote is."""
    times: Floats | None = None
    """Shape (votes,): when the vote was given, in seconds since 1970 for dates, as it stood for numbers; None if unknown."""

    @classmethod
    def from_table(
        cls,
        table: object,
        *,
        item: str,
        annotator: str,
        label: str,
        weight: str | None = None,
        time: str | None = None,
        labels: Sequence[object] | None = None,
        abstain: Collection[object] = (),
    ) -> Self:
        """Votes from a pandas or polars data frame, a pyarrow table or a dict of arrays; the keywords name its columns.

        `labels` lists all labels in the order wanted, for those that nobody gave too; otherwise they are those that occur,
        sorted. A label in `abstain` is no vote: "cannot tell". None in it lets empty labels be abstentions. Raises
        `ValueError` that names column, row (counted from 0) and remedy.

        >>> votes = Votes.from_table(
        ...     {"photo": [7, 7, 9], "who": ["Ada", "Ben", "Ada"], "says": ["cat", "dog", "cat"]},
        ...     item="photo", annotator="who", label="says",
        ... )
        >>> votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist()
        ([7, 9], ['Ada', 'Ben'], ['cat', 'dog'])
        >>> votes.item_codes.tolist(), votes.annotator_codes.tolist(), votes.label_codes.tolist()
        ([0, 0, 1], [0, 1, 0], [0, 1, 0])
        """
        if isinstance(abstain, str | bytes):
            raise ValueError(f"abstain={abstain!r} is one text: give a list of labels, as abstain=[{abstain!r}]")
        if isinstance(labels, str | bytes):
            raise ValueError(f"labels={labels!r} is one text: give a list of labels")
        columns = read_columns(table, [name for name in (item, annotator, label, weight, time) if name is not None])
        said = ~among(columns[label], abstain)
        items, item_codes = coded(columns[item], item)
        annotators, annotator_codes = coded(columns[annotator], annotator)
        found, label_codes = coded(columns[label], label, rows=said, remedy=ABSTAIN)
        order, label_codes = (found, label_codes) if labels is None else _in_order(found, label_codes, labels, label)
        return cls(
            items,
            annotators,
            order,
            item_codes if said.all() else item_codes[said],
            annotator_codes if said.all() else annotator_codes[said],
            label_codes,
            None if weight is None else positive(columns[weight], weight)[said],
            None if time is None else seconds(columns[time], time)[said],
        )

    def __len__(self) -> int:
        return len(self.label_codes)

    def weighted(self) -> Floats:
        """The weight of each row, shape (votes,): ones where none were given."""
        return np.ones(len(self)) if self.weights is None else self.weights

    def once(self) -> "Votes":
        """The votes with one for each annotator and item: where somebody voted on the same item again, the last counts, by
        time where times are known, else by row. What every measure and every model starts from.

        >>> table = {"i": [1, 1, 1], "a": ["Ada", "Ada", "Ben"], "l": ["x", "y", "y"]}
        >>> once = Votes.from_table(table, item="i", annotator="a", label="l").once()
        >>> once.labels[once.label_codes].tolist()
        ['y', 'y']
        """
        latest = self.latest()
        return self if latest.all() else self.rows(latest)

    def latest(self) -> NDArray[np.bool_]:
        """Which rows are an annotator's last vote on the item, shape (votes,): those that count."""
        repeated = self._repeated()
        keep = np.ones(len(self), dtype=bool)
        if not len(repeated):
            return keep
        pair = self._pairs()
        rows = _rows_among(pair, repeated)
        if self.times is not None:
            rows = rows[np.argsort(self.times[rows], kind="stable")]
        last = np.empty(len(repeated), dtype=np.int64)
        last[np.searchsorted(repeated, pair[rows])] = rows  # of several writes to one place the last stays
        keep[rows] = False
        keep[last] = True
        return keep

    def _pairs(self) -> NDArray[np.int64]:
        """The item and annotator of each row as one number."""
        pair = self.item_codes.astype(np.int64)
        pair *= max(len(self.annotators), 1)
        pair += self.annotator_codes
        return pair

    def _repeated(self) -> NDArray[np.int64]:
        """The pairs that occur more than once, sorted."""
        pair = self._pairs()
        pair.sort()
        return np.unique(pair[1:][pair[1:] == pair[:-1]])

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.integer]) -> "Votes":
        """Some of the rows, by a mask or by places; items, annotators and labels stay as they are."""
        return replace(
            self,
            item_codes=self.item_codes[chosen],
            annotator_codes=self.annotator_codes[chosen],
            label_codes=self.label_codes[chosen],
            weights=None if self.weights is None else self.weights[chosen],
            times=None if self.times is None else self.times[chosen],
        )

    def counts(self) -> Floats:
        """The weight that each label has on each item, shape (items, labels)."""
        shape = (len(self.items), len(self.labels))
        cell = self.item_codes.astype(np.int64) * shape[1] + self.label_codes
        return np.bincount(cell, weights=self.weights, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    def gold_codes(self, gold: "Mapping[object, object] | None") -> Codes:
        """The code of the known label of each item, shape (items,), -1 where none is known.

        `gold` may be a pandas Series too, whose index names the items. Items in it that nobody voted on are passed over.
        Raises `ValueError` where a gold label is not in `labels`, and where gold knows none of the items.
        """
        known = known_labels(gold)
        if len(self):
            refuse_strangers(known, self.items.tolist())
        return self.codes_of(known)

    def codes_of(self, known: "Mapping[object, object]") -> Codes:
        """As `gold_codes`, of `known_labels`, which may be all of items that nobody voted on yet."""
        codes = np.full(len(self.items), -1, dtype=np.int32)
        if not known:
            return codes
        code_of = {name: code for code, name in enumerate(self.labels.tolist())}
        for place, name in enumerate(self.items.tolist()):
            if name in known:
                refuse_labels({name: known[name]}, code_of)
                codes[place] = code_of[known[name]]
        return codes


def _rows_among(values: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.integer]:
    """Where a value is one of `wanted` (sorted, not empty), a part of the rows at a time."""
    found = []
    for start in range(0, len(values), 500_000):
        part = values[start : start + 500_000]
        place = np.minimum(np.searchsorted(wanted, part), len(wanted) - 1)
        found.append(start + np.flatnonzero(wanted[place] == part))
    return np.concatenate(found)


def check_votes(votes: object) -> None:
    """Raises `TypeError` where something else than `Votes` was given, such as the data frame that they are to be read from."""
    if not isinstance(votes, Votes):
        raise TypeError(
            f"a {type(votes).__name__} is no Votes: read it by Votes.from_table(table, item=…, annotator=…, label=…)"
        )


def _check_listed(found: Names, labels: Sequence[object], column: str) -> None:
    """All of `labels=` are there and of one sort, that of the column where there are votes."""
    for place, label in enumerate(labels):
        if label is None or label != label:
            raise ValueError(f"labels= holds {label!r} at place {place}, which is no label: leave it out")
    sorts = [_sort(label) for label in labels]
    other = next((place for place, sort in enumerate(sorts) if sort != sorts[0]), None)
    if other is not None:
        raise ValueError(
            f"labels= mixes types: {labels[other]!r} ({type(labels[other]).__name__}) beside {labels[0]!r}"
            f" ({type(labels[0]).__name__}); write all as the column {column!r} does"
        )
    given = found.tolist()[:1] if found.dtype.kind in "biufO" else []
    if given and sorts and _sort(given[0]) != sorts[0]:
        raise ValueError(
            f"labels= holds {labels[0]!r} ({type(labels[0]).__name__}), but column {column!r} {given[0]!r}"
            f" ({type(given[0]).__name__}): write them as the column does"
        )


def _sort(label: object) -> str:
    """What it is, by which 1 and 1.0 are alike, and 1 and True are not."""
    if isinstance(label, bool | np.bool_):
        return "bool"
    if isinstance(label, int | float | np.number):
        return "number"
    return "text" if isinstance(label, str) else type(label).__name__


def _in_order(found: Names, codes: Codes, labels: Sequence[object], column: str) -> tuple[Names, Codes]:
    """The labels as they were listed, and the codes of the rows among them."""
    labels = [plain_name(label) for label in labels]
    _check_listed(found, labels, column)
    place = {label: code for code, label in enumerate(labels)}
    if len(place) < len(labels):
        raise ValueError(f"labels= names a label twice: {some(list(labels))}; name each once")
    for code, label in enumerate(found.tolist()):
        if label not in place:
            row = int(np.flatnonzero(codes == code)[0])
            raise ValueError(
                f"column {column!r} has the label {label!r} (vote {row}), which labels= does not name:"
                f" {some(list(labels))}; add it there, or to abstain= if it is no vote"
            )
    order = np.array(
        labels,
        dtype=found.dtype if found.dtype.kind in "mM" else None if found.dtype != object and len(found) else object,
    )
    return order, np.array([place[label] for label in found.tolist()], dtype=np.int32)[codes]
