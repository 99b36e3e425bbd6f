"""Responses of structured kinds: who marked what where, one row an annotation; the sibling of `Votes`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import Annotation, AuthorType, Response
from karat.model.schema import Field, Schema
from karat.quality.columns import Codes, Floats, Names, coded, missing, positive, read_columns, some
from karat.quality.interval import INTERVAL
from karat.quality.references import bound_together
from karat.quality.responses import PEOPLE, Said, Unit, counted, units_on
from karat.quality.value_columns import NOTHING, Values, read_values

KNOWN: dict[str, AnyKind] = {INTERVAL.name: INTERVAL, **KINDS}
"""Kinds that a table may name: those of projects, and intervals of time."""
NONE = -1
"""The code of no label."""


@dataclass(frozen=True, slots=True)
class Responses:
    """A long table of annotations. Row i says: `annotators[annotator_codes[i]]` marked `values[i]` on
    `items[item_codes[i]]` and called it `labels[label_codes[i]]` (-1: nothing). Rows stand in the order of their table.

    Who looked at an item and marked nothing there is as telling as who marked something, so looks are kept apart: look j
    says that `annotators[look_annotators[j]]` looked at `items[look_items[j]]`, once for each pair.
    """

    kind: AnyKind
    field: Field
    items: Names
    annotators: Names
    labels: tuple[str, ...]
    item_codes: Codes
    """Shape (annotations,)."""
    annotator_codes: Codes
    label_codes: Codes
    values: Values
    look_items: Codes
    """Shape (looks,), sorted by item, then by annotator."""
    look_annotators: Codes
    weights: Floats | None = None
    """Shape (annotations,), above 0; None where each counts once."""
    looked_for: tuple[frozenset[str] | None, ...] | None = None
    """Per look the labels that were looked for, None for all; None where every look was for all."""

    @classmethod
    def from_table(
        cls,
        table: object,
        *,
        item: str,
        annotator: str,
        value: str | Sequence[str],
        kind: str | AnyKind,
        label: str | None = None,
        weight: str | None = None,
        field: Field | None = None,
        cut: float | None = None,
    ) -> Self:
        """Responses from a pandas or polars data frame, a pyarrow table or a dict of arrays; the keywords name its columns.

        `value` names one column of whole values, written as the kind's JSON has them, or one number column for each part:
        the sides of a box, the ends of a span or interval. A row whose value is empty says that the annotator looked and
        found nothing; without such a row, who marked nothing on an item is not known to have looked at it. `kind` is a
        kind's name or its record; `field` a schema's field, for its options, or `cut` the largest distance at which two
        annotations may be the same thing. Raises `ValueError` that names column, row (counted from 0) and remedy.

        >>> marks = {
        ...     "photo": [7, 7, 7], "who": ["Ada", "Ben", "Cem"], "what": ["cat", "cat", None],
        ...     "left": [10, 12, None], "top": [10, 10, None], "right": [50, 52, None], "bottom": [40, 40, None],
        ... }
        >>> responses = Responses.from_table(
        ...     marks, item="photo", annotator="who", label="what", kind="box", value=["left", "top", "right", "bottom"]
        ... )
        >>> len(responses), len(responses.look_items), responses.values[1]
        (2, 3, Box(left=12.0, top=10.0, right=52.0, bottom=40.0))
        """
        record = _kind_named(kind)
        asked = _field_for(record, field, cut)
        columns = read_columns(table, [name for name in (item, annotator, label, weight) if name is not None])
        values, there = read_values(table, value, record, asked)
        items, item_codes = coded(columns[item], item)
        annotators, annotator_codes = coded(columns[annotator], annotator)
        if len(there) != len(item_codes):
            raise ValueError(
                f"the column of values has {len(there)} rows and {item!r} {len(item_codes)}: give columns of the same length"
            )
        labels: tuple[str, ...] = tuple(asked.labels)
        label_codes = np.full(int(there.sum()), NONE, dtype=np.int32)
        if label is not None:
            unnamed = missing(columns[label]) & there
            if unnamed.any():
                raise ValueError(
                    f"column {label!r} is empty in row {int(np.argmax(unnamed))}, which has a value: name its label, or"
                    f" {NOTHING}"
                )
            found, codes = coded(columns[label], label, rows=there)
            names = [str(name) for name in found.tolist()]
            labels, place = _places_of(names, labels, label)
            label_codes = place[codes]
        looks = np.unique(item_codes.astype(np.int64) * max(len(annotators), 1) + annotator_codes)
        return cls(
            record,
            asked,
            items,
            annotators,
            labels,
            item_codes[there],
            annotator_codes[there],
            label_codes,
            values,
            (looks // max(len(annotators), 1)).astype(np.int32),
            (looks % max(len(annotators), 1)).astype(np.int32),
            None if weight is None else positive(columns[weight], weight)[there],
        )

    @classmethod
    def from_responses(
        cls,
        items: Iterable[tuple[str, Sequence[Response]]],
        schema: Schema,
        field: str,
        *,
        authors: Iterable[AuthorType] = PEOPLE,
        kinds: Mapping[str, AnyKind] = KINDS,
    ) -> Self:
        """What each author of these types said on one field of a schema, item by item.

        Only submitted responses that are not excluded count. Who did not cover the field is missing; who covered it and
        marked nothing looked and found nothing. Of a field that is answered for each part of a stream, every part is an
        item of its own, named `item/part`. Streams and attributes are left out: `Skills` reads responses whole.
        """
        if field not in schema.fields:
            raise ValueError(f"no field {field!r} in the schema: it has {some(list(schema.fields))}; name one of them")
        asked = schema.fields[field]
        types = frozenset(authors)
        labels = tuple(asked.labels)
        place: dict[str | None, int] = {None: NONE, **{name: code for code, name in enumerate(labels)}}
        names: list[object] = []
        authors_seen: dict[str, int] = {}
        rows: list[tuple[int, int, int]] = []
        values: list[object] = []
        looks: list[tuple[int, int, frozenset[str] | None]] = []
        for name, responses in items:
            by_author = bound_together(counted(responses, authors=types), schema, item=str(len(names)))
            for unit in units_on(asked, by_author, schema) or [Unit(None, [])]:
                for said in unit.said:
                    author = authors_seen.setdefault(said.author, len(authors_seen))
                    looks.append((len(names), author, said.labels))
                    rows += [(len(names), author, place[a.label]) for a in said.annotations]
                    values += [a.value for a in said.annotations]
                names.append(name if unit.part is None else f"{name}/{unit.part}")
        table = np.array(rows, dtype=np.int32).reshape(-1, 3)
        looks.sort(key=lambda look: look[:2])
        partly = any(look[2] is not None for look in looks)
        return cls(
            kinds[asked.kind],
            asked,
            np.array(names, dtype=object),
            np.array(list(authors_seen), dtype=object),
            labels,
            table[:, 0],
            table[:, 1],
            table[:, 2],
            Values(values),
            np.array([look[0] for look in looks], dtype=np.int32),
            np.array([look[1] for look in looks], dtype=np.int32),
            looked_for=tuple(look[2] for look in looks) if partly else None,
        )

    def __len__(self) -> int:
        return len(self.label_codes)

    def by_item(self) -> Iterator[tuple[int, list[Said], list[list[int]]]]:
        """Item by item: its code, what each annotator who looked said, and the rows of the annotations of each."""
        order = np.lexsort((self.annotator_codes, self.item_codes)).astype(np.int32)
        pairs = self.look_items.astype(np.int64) * max(len(self.annotators), 1) + self.look_annotators
        own = self.item_codes[order].astype(np.int64) * max(len(self.annotators), 1) + self.annotator_codes[order]
        starts = np.searchsorted(own, pairs, side="left").tolist()
        ends = np.searchsorted(own, pairs, side="right").tolist()
        del own
        names = [str(name) for name in self.annotators.tolist()]
        labels: list[str | None] = [*self.labels, None]
        bounds = np.searchsorted(self.look_items, np.arange(len(self.items) + 1)).tolist()
        for item in range(len(self.items)):
            said: list[Said] = []
            rows: list[list[int]] = []
            for look in range(bounds[item], bounds[item + 1]):
                mine = order[starts[look] : ends[look]]
                given = tuple(
                    Annotation(id="", field=self.field.key, kind=self.kind.name, label=labels[code], value=value)
                    for code, value in zip(self.label_codes[mine].tolist(), self.values.of(mine), strict=True)
                )
                looked_for = None if self.looked_for is None else self.looked_for[look]
                said.append(Said(names[int(self.look_annotators[look])], given, looked_for))
                rows.append(mine.tolist())
            yield item, said, rows


def _kind_named(kind: str | AnyKind) -> AnyKind:
    if not isinstance(kind, str):
        return kind
    if kind not in KNOWN:
        raise ValueError(f"no kind {kind!r}: name one of {', '.join(sorted(KNOWN))}, or give a kind's record")
    return KNOWN[kind]


def _field_for(kind: AnyKind, field: Field | None, cut: float | None) -> Field:
    if field is not None:
        return field
    options = kind.options() if cut is None else kind.options(cut=cut)
    return Field(key="value", kind=kind.name, options=options, many=kind.role != "what")


def _places_of(names: Sequence[str], labels: tuple[str, ...], column: str) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The labels in order, and the place of each name among them."""
    if not labels:
        return tuple(names), np.arange(len(names), dtype=np.int32)
    other = [name for name in names if name not in labels]
    if other:
        raise ValueError(
            f"column {column!r} has the label {other[0]!r}, which the field does not name: {some(labels)}; add it to the"
            " field's labels, or leave its rows out"
        )
    return labels, np.array([labels.index(name) for name in names], dtype=np.int32)
