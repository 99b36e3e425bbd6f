"""Filling `marks` and `facts`, the two plain tables that search reads, in the transaction of what they speak of.

    said(schema, annotations) -> Said                        what of a response can be searched; pure, values parsed
    index_answers(tx, project, item, author, said)           one response's head stands; `None` takes it out again
    index_item(tx, project, item, metadata, tags)            one item was made or edited
    index_items(tx, project, [(item, metadata, tags)…])      the same for a chunk, by INSERT … SELECT
    index_many_answers(tx, project, [(item, author, said)…]) the same for a chunk of responses
    drop_items(tx, items)                                    deleted items are not found

`project`, `item` and `author` are the integer keys. `fresh=True` says that nothing is indexed yet for these items or
answers, which saves looking for it.

`marks` holds, by number of the dictionary (`words`): (field, label) of each author, n times; an attribute's field is
`field.attribute`; (own:tags, tag) with author 0; (own:authors, author) for each author with a standing answer.
`facts` holds metadata (author 0) and answers that are a text or a number. Of a long text the start is kept and the rest
as a digest, so that equality is exact and PostgreSQL's index rows stay small.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind, Kind
from karat.model.response import Annotation
from karat.model.schema import Field, Schema
from karat.server.database import Tx
from karat.server.search.words import AUTHORS, TAGS, WordKind, word_ids

LONGEST_TEXT = 300
"""Characters of a text that are searched; PostgreSQL refuses index rows above 2,704 bytes."""

Value = str | int | float | bool | Sequence[str] | None
Found = str | float


class Said(msgspec.Struct, frozen=True):
    """What of one response can be searched."""

    marks: dict[tuple[str, str], int]
    """(field, label) to how many annotations have it."""
    answers: dict[str, list[Found]]
    """Field to its texts or numbers."""


def said(schema: Schema, annotations: Iterable[Annotation]) -> Said:
    """The labels and answers of annotations whose values are parsed; fields with `searchable: false` are left out."""
    marks: dict[tuple[str, str], int] = {}
    answers: dict[str, list[Found]] = {}
    for annotation in annotations:
        field = schema.fields.get(annotation.field)
        if field is None or not field.searchable:
            continue
        if annotation.label is not None:
            marks[field.key, annotation.label] = marks.get((field.key, annotation.label), 0) + 1
        else:
            _answer(field.key, field, annotation.value, marks, answers)
        if annotation.attributes:
            for name, attribute in field.attributes_of(annotation.label).items():
                if name in annotation.attributes and attribute.searchable:
                    _answer(f"{field.key}.{name}", attribute, annotation.attributes[name], marks, answers)
    return Said(marks, answers)


def answers_with_terms(kind: AnyKind) -> bool:
    """Whether answers of this kind are looked for as labels, in `marks`, and not as texts or numbers."""
    return kind.terms is not _NO_TERMS


def is_found(kind: AnyKind) -> bool:
    """Whether answers of this kind stand in `marks` or `facts` at all: others, such as a ranking, are in neither."""
    return answers_with_terms(kind) or kind.number is not None or kind.value is str


def searched(text: str) -> str:
    """A text as `facts` holds it.

    >>> searched("short"), len(searched("long " * 1000))
    ('short', 333)
    """
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}…{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def values_of(value: Value) -> list[tuple[float | None, str | None]]:
    """A metadata value as (number, text) rows; a list is one row for each of its texts.

    >>> values_of(3), values_of(True), values_of(["b", "a", "b"])
    ([(3.0, None)], [(None, 'true')], [(None, 'b'), (None, 'a')])
    """
    if value is None:
        return []
    if isinstance(value, bool):
        return [(None, "true" if value else "false")]
    if isinstance(value, int | float):
        return [(float(value), None)]
    if isinstance(value, str):
        return [(None, searched(value))]
    return [(None, text) for text in dict.fromkeys(searched(text) for text in value)]


def index_answers(tx: Tx, project: int, item: int, author: int, said: Said | None, *, fresh: bool = False) -> None:
    """Let an author's standing answer on an item be found; None where it was withdrawn, skipped or excluded."""
    if not fresh:
        tx.put("DELETE FROM marks WHERE item = :item AND author = :author", item=item, author=author)
        tx.put("DELETE FROM facts WHERE item = :item AND author = :author", item=item, author=author)
    if said is not None:
        index_many_answers(tx, project, [(item, author, said)], fresh=True)


def index_many_answers(tx: Tx, project: int, rows: Sequence[tuple[int, int, Said]], *, fresh: bool = False) -> None:
    """Let a chunk of (item, author, said) be found. `fresh` where none of them was indexed before."""
    if not fresh:
        pairs = [{"item": item, "author": author} for item, author, _ in rows]
        tx.many("DELETE FROM marks WHERE item = :item AND author = :author", pairs)
        tx.many("DELETE FROM facts WHERE item = :item AND author = :author", pairs)
    fields = {field for _, _, said in rows for field, _ in said.marks} | {
        f for _, _, said in rows for f in said.answers
    }
    field = word_ids(tx, project, "field", sorted(fields))
    label = word_ids(tx, project, "label", sorted({label for _, _, said in rows for _, label in said.marks}))
    own = word_ids(tx, project, "own", [AUTHORS])[AUTHORS]
    marks = [(own, author, item, author, 1) for item, author, _ in rows]
    marks += [
        (field[f], label[name], item, author, n) for item, author, said in rows for (f, name), n in said.marks.items()
    ]
    facts = [
        (field[f], value if isinstance(value, float) else None, value if isinstance(value, str) else None, item, author)
        for item, author, said in rows
        for f, values in said.answers.items()
        for value in dict.fromkeys(values)
    ]
    _insert_marks(tx, project, marks)
    _insert_facts(tx, project, facts)


def index_item(
    tx: Tx, project: int, item: int, metadata: Mapping[str, Value], tags: Iterable[str] = (), *, fresh: bool = False
) -> None:
    """Let an item be found by its metadata and tags."""
    index_items(tx, project, [(item, metadata, tuple(tags))], fresh=fresh)


def index_items(
    tx: Tx, project: int, rows: Sequence[tuple[int, Mapping[str, Value], Sequence[str]]], *, fresh: bool = False
) -> None:
    """Let a chunk of (item, metadata, tags) be found. `fresh` where none of them was indexed before."""
    if not fresh:
        items = [{"item": item} for item, _, _ in rows]
        tx.many("DELETE FROM marks WHERE item = :item AND author = 0", items)
        tx.many("DELETE FROM facts WHERE item = :item AND author = 0", items)
    key = word_ids(tx, project, "meta", sorted({key for _, metadata, _ in rows for key in metadata}))
    facts = [
        (key[name], num, txt, item, 0)
        for item, metadata, _ in rows
        for name, value in metadata.items()
        for num, txt in values_of(value)
    ]
    _insert_facts(tx, project, facts)
    tags = sorted({tag for _, _, tags in rows for tag in tags})
    if tags:
        own = word_ids(tx, project, "own", [TAGS])[TAGS]
        tag_ids = word_ids(tx, project, "tag", tags)
        _insert_marks(
            tx, project, [(own, tag_ids[t], item, 0, 1) for item, _, tags in rows for t in dict.fromkeys(tags)]
        )


def drop_items(tx: Tx, items: Iterable[int]) -> None:
    """Let items be found no longer: they were deleted."""
    rows = [{"item": item} for item in items]
    tx.many("DELETE FROM marks WHERE item = :item", rows)
    tx.many("DELETE FROM facts WHERE item = :item", rows)


def _answer(
    key: str, field: Field, value: object, marks: dict[tuple[str, str], int], answers: dict[str, list[Found]]
) -> None:
    kind = KINDS[field.kind]
    for term in kind.terms(value):
        marks[key, term] = marks.get((key, term), 0) + 1
    if kind.number is not None:
        answers.setdefault(key, []).append(float(kind.number(value)))
    elif isinstance(value, str) and not answers_with_terms(kind):
        answers.setdefault(key, []).append(searched(value))


def _insert_marks(tx: Tx, project: int, rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    if not rows:
        return
    if tx.is_sqlite:
        tx.put(_FILL_MARKS, project=project, rows=msgspec.json.encode(rows).decode())
        return
    tx.put(
        "INSERT INTO marks (project, field, label, item, author, n)"
        " SELECT :project, * FROM unnest(:a::bigint[], :b::bigint[], :c::bigint[], :d::bigint[], :e::bigint[])",
        project=project,
        **_columns(rows),
    )


def _insert_facts(tx: Tx, project: int, rows: Sequence[tuple[int, float | None, str | None, int, int]]) -> None:
    if not rows:
        return
    if tx.is_sqlite:
        tx.put(_FILL_FACTS, project=project, rows=msgspec.json.encode(rows).decode())
        return
    tx.put(
        "INSERT INTO facts (project, key, num, txt, item, author)"
        " SELECT :project, * FROM unnest(:a::bigint[], :b::float8[], :c::text[], :d::bigint[], :e::bigint[])",
        project=project,
        **_columns(rows),
    )


def _columns(rows: Sequence[tuple[object, ...]]) -> dict[str, object]:
    return {name: list(column) for name, column in zip("abcde", zip(*rows, strict=True), strict=True)}


_FILL_MARKS = (
    "INSERT INTO marks (project, field, label, item, author, n)"
    " SELECT :project, value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(:rows)"
)
_FILL_FACTS = (
    "INSERT INTO facts (project, key, num, txt, item, author)"
    " SELECT :project, value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(:rows)"
)
_NO_TERMS = Kind.__dataclass_fields__["terms"].default

__all__ = [
    "Said",
    "WordKind",
    "answers_with_terms",
    "drop_items",
    "index_answers",
    "index_item",
    "index_items",
    "index_many_answers",
    "is_found",
    "said",
    "searched",
    "values_of",
    "word_ids",
]
