"""Spans: who marked which stretch of which text or recording, one row a stretch; what measures of segmentation take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats, Names, coded, missing, read_columns
from karat.quality.interval import Interval
from karat.quality.structured import Responses

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spans:
    """A long table of half-open stretches [start, end), in characters, frames or seconds from the item's beginning.

    `looked_item` and `looked_annotator` list who looked at what, also where nothing was found: silence is an answer.
    """

    items: Names
    annotators: Names
    labels: Names
    item_codes: Codes
    """Shape (spans,)."""
    annotator_codes: Codes
    label_codes: Codes
    starts: Floats
    ends: Floats
    lengths: Floats
    """Shape (items,): how long each item is."""
    looked_item: Codes
    """Shape (pairs,), codes into `items`; each pair of item and annotator once."""
    looked_annotator: Codes

    @classmethod
    def from_table(
        cls,
        table: object,
        *,
        item: str,
        annotator: str,
        start: str,
        end: str,
        label: str | None = None,
        lengths: Mapping[object, float] | None = None,
    ) -> Self:
        """Spans from a pandas or polars data frame, a pyarrow table or a dict of arrays; the keywords name its columns.

        A row whose start and end are empty says that the annotator looked and found nothing. Without `label` all spans
        are of one sort. `lengths` gives the length of each item; else an item ends with its last span, and what nobody
        marked after it is unknown. Raises `ValueError` that names column, row (from 0) and remedy.

        >>> spans = Spans.from_table(
        ...     {"text": [1, 1, 1], "who": ["Ada", "Ben", "Cem"], "from": [0, 2, None], "to": [4, 6, None]},
        ...     item="text", annotator="who", start="from", end="to",
        ... )
        >>> len(spans), spans.lengths.tolist(), len(spans.looked_item)
        (2, [6.0], 3)
        """
        columns = read_columns(table, [name for name in (item, annotator, start, end, label) if name is not None])
        items, item_codes = coded(columns[item], item)
        annotators, annotator_codes = coded(columns[annotator], annotator)
        given = _given(columns, start, end)
        starts, ends = _numbers(columns[start], start, given), _numbers(columns[end], end, given)
        _check_order(starts, ends, np.flatnonzero(given), start, end)
        if label is None:
            labels, label_codes = np.array(["span"], object), np.zeros(int(given.sum()), np.int32)
        else:
            labels, label_codes = coded(columns[label], label, rows=given)
        seen = np.unique(item_codes.astype(np.int64) * max(len(annotators), 1) + annotator_codes)
        looked_item, looked_annotator = np.divmod(seen, max(len(annotators), 1))
        return cls(
            items,
            annotators,
            labels,
            item_codes[given],
            annotator_codes[given],
            label_codes,
            starts,
            ends,
            _lengths(items, item_codes[given], ends, lengths),
            looked_item.astype(np.int32),
            looked_annotator.astype(np.int32),
        )

    def __len__(self) -> int:
        return len(self.starts)

    def rows(self, chosen: Mask) -> "Spans":
        """Some of the spans; who looked stays as it is."""
        columns = ("item_codes", "annotator_codes", "label_codes", "starts", "ends")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})

    def only(self, *, items: Mask | None = None, annotators: Mask | None = None) -> "Spans":
        """What some annotators marked on some items; masks over `items` and `annotators`."""
        of_item = np.ones(len(self.items), bool) if items is None else items
        of_annotator = np.ones(len(self.annotators), bool) if annotators is None else annotators
        looked = of_item[self.looked_item] & of_annotator[self.looked_annotator]
        kept = self.rows(of_item[self.item_codes] & of_annotator[self.annotator_codes])
        return replace(kept, looked_item=self.looked_item[looked], looked_annotator=self.looked_annotator[looked])

    def merged(self) -> "Spans":
        """Spans of one label by one annotator that overlap as one; those that only touch stay two.

        Sorted by item, label, annotator and start.
        """
        order = np.lexsort((self.ends, self.starts, self.annotator_codes, self.label_codes, self.item_codes))
        found = self.rows(order)  # type: ignore[arg-type]
        if not len(found):
            return found
        same = np.ones(len(found), bool)
        for codes in (found.item_codes, found.label_codes, found.annotator_codes):
            same[1:] &= codes[1:] == codes[:-1]
        same[0] = False
        group = np.cumsum(~same) - 1
        reach = float(found.ends.max() - min(found.starts.min(), 0)) + 1
        far = np.maximum.accumulate(found.ends + group * reach) - group * reach
        joined = np.zeros(len(found), bool)
        joined[1:] = same[1:] & (found.starts[1:] < far[:-1])
        first = np.flatnonzero(~joined)
        return replace(found.rows(~joined), ends=np.maximum.reduceat(far, first))


def _given(columns: Mapping[str, pa.Array], start: str, end: str) -> Mask:
    empty = missing(columns[start])
    half = np.flatnonzero(empty != missing(columns[end]))
    if len(half):
        raise ValueError(
            f"row {half[0]} has one of {start!r} and {end!r} only: give both, or none where the annotator found nothing"
        )
    return np.asarray(~empty)


def _numbers(column: pa.Array, name: str, given: Mask) -> Floats:
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_null(column.type)):
        row = int(np.argmax(given))
        raise ValueError(
            f"column {name!r} holds {column[row].as_py()!r} in row {row}, which is no number: give numbers"
        )
    found = np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)[given]
    odd = np.flatnonzero(~np.isfinite(found))
    if len(odd):
        raise ValueError(f"column {name!r} is not finite in row {np.flatnonzero(given)[odd[0]]}: leave the row out")
    return found


def _check_order(starts: Floats, ends: Floats, rows: NDArray[np.signedinteger], start: str, end: str) -> None:
    wrong = np.flatnonzero((ends <= starts) | (starts < 0))
    if len(wrong):
        at = wrong[0]
        raise ValueError(
            f"row {rows[at]} goes from {start!r} {starts[at]:g} to {end!r} {ends[at]:g}: a span begins at 0 or later and"
            " ends after it began; leave the row out or mend it"
        )


def _lengths(items: Names, item: Codes, ends: Floats, given: Mapping[object, float] | None) -> Floats:
    last = np.zeros(len(items))
    np.maximum.at(last, item, ends)
    if given is None:
        return last
    for place, name in enumerate(items.tolist()):
        if name not in given:
            raise ValueError(f"lengths= does not name the item {name!r}; give the length of each, or of none")
        if given[name] < last[place]:
            raise ValueError(f"lengths= says {given[name]:g} for item {name!r}, but a span ends at {last[place]:g}")
        last[place] = given[name]
    return last


def spans_of_responses(responses: Responses, lengths: Mapping[object, float] | None = None) -> Spans:
    """The spans or intervals of a table of responses; each segment of a span in several parts is one of its own.

    `lengths` is that of each item in characters or seconds; else an item ends with its last span.
    """
    rows: list[tuple[int, float, float]] = []
    for row in range(len(responses)):
        value = responses.values[row]
        if isinstance(value, Interval):
            rows.append((row, value.start, value.end))
        elif isinstance(value, tuple):
            rows += [(row, *segment) for segment in value]
        else:
            raise ValueError(
                f"row {row} holds a {type(value).__name__}, which lies on no line: give spans or intervals"
            )
    place, starts, ends = np.array(rows, np.float64).reshape(-1, 3).T
    of = place.astype(np.int64)
    labels: list[object] = list(responses.labels) or ["span"]
    codes = np.maximum(responses.label_codes[of], 0).astype(np.int32)
    item = responses.item_codes[of]
    return Spans(
        responses.items,
        responses.annotators,
        np.array(labels, object),
        item,
        responses.annotator_codes[of],
        codes,
        starts,
        ends,
        _lengths(responses.items, item, ends, lengths),
        responses.look_items,
        responses.look_annotators,
    )
