"""Rows of a table as records, through a mapping of columns; the same for CSV, plain JSON lines and Parquet."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from itertools import islice
from typing import NamedTuple, cast, get_args

from msgspec.structs import replace

from karat.formats.base import Mapping, ReadContext, Record, Reject, reject
from karat.formats.cells import BadCell, annotations_of, is_empty
from karat.formats.columns import NUMBER, as_list, profile
from karat.formats.mapping import propose_mapping
from karat.formats.repeats import Repeats
from karat.formats.turn_spans import annotations_within, spans_within
from karat.model.contents import content_of, given_content
from karat.model.dialogue import Unreadable
from karat.model.item import Item, Ref, Scalar, Stream, content_key
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, Author, AuthorType, Response
from karat.model.schema import Field, Schema
from karat.model.texts import styled_stream

SAMPLE_ROWS = 1000
LARGEST = 2**63 - 1
MAX_KEY = 1000
CACHED = 20_000
MOST_FLAT = 50
AUTHOR_TYPES = frozenset(get_args(AuthorType))


class Row(NamedTuple):
    """One row as it stands in the file."""

    source: str
    line: int
    cells: AbstractMapping[str, object]
    raw: object


def mapping_for(rows: Iterable[Row | Reject], schema: Schema, context: ReadContext) -> Mapping:
    """The mapping that the first rows of a table suggest for a schema."""
    sample = (row.cells for row in islice(rows, SAMPLE_ROWS) if isinstance(row, Row))
    return propose_mapping(profile(sample), schema, context.kinds)


def read_rows(
    rows: Iterable[Row | Reject], schema: Schema, mapping: Mapping, context: ReadContext, *, typed: bool
) -> Iterator[Record | Reject]:
    """Each row as a record or a reject; rows in a row with one key and an author column as one record.

    In a file that is not `typed` every cell is text, so numbers among the metadata are known by how they are written.
    """
    reader = RowReader(schema, mapping, context, typed=typed)
    if mapping.key is not None and mapping.author is None:
        # Such rows do not depend on one another, so what an earlier run has had is not even looked at.
        yield from (reader.read(row) for row in islice(rows, context.skip, None))
        return
    found = (reader.read(row) for row in rows)
    grouped = _grouped(found) if mapping.key is not None else found
    yield from islice(grouped, context.skip, None)


class RowReader:
    """Makes records of rows; holds what is the same for all of them."""

    def __init__(self, schema: Schema, mapping: Mapping, context: ReadContext, *, typed: bool) -> None:
        self.typed = typed
        self.schema = schema
        self.mapping = mapping
        self.kinds = context.kinds
        self.author = Author(type="import", name=context.default_author)
        self.repeats = Repeats()
        self.streams = [
            (schema.streams[key], column) for key, column in mapping.streams.items() if key in schema.streams
        ]
        self.gathered = [
            (schema.streams[key], columns) for key, columns in mapping.gathered.items() if key in schema.streams
        ]
        self.fields = [(schema.fields[key], column) for key, column in mapping.fields.items() if key in schema.fields]
        used = {
            *mapping.streams.values(),
            *mapping.fields.values(),
            mapping.key,
            mapping.split_group,
            mapping.tags,
            mapping.author,
        }
        self.used = {column for column in used if column is not None}
        self.used.update(column for columns in mapping.gathered.values() for column in columns)
        mapped = {field.key for field, _ in self.fields}
        self.within = [
            (field, column)
            for field in schema.fields.values()
            if field.kind == "span" and field.key not in mapped
            for stream, column in self.streams
            if stream.key == field.on and stream.kind == "dialogue"
        ]
        """Fields of spans that no column is for: the turns themselves may hold them."""
        self.losses = context.losses
        self.answers: dict[tuple[str, str], tuple[Annotation, ...]] = {}
        self.unmapped = [
            s.key
            for s in schema.streams.values()
            if s.key not in mapping.streams and s.key not in mapping.gathered and not s.optional
        ]

    def read(self, row: Row | Reject) -> Record | Reject:
        """One row as a record, or why it cannot be one."""
        if isinstance(row, Reject):
            return row
        problems: list[Problem] = []
        streams = self._streams(row.cells, problems)
        metadata, extra = self._metadata(row.cells, problems)
        responses = self._responses(row.cells, streams, problems)
        group = self._text(row.cells, self.mapping.split_group, problems)
        tags = self._tags(row.cells, problems)
        key = self._key(row.cells, streams, metadata, problems)
        if problems:
            return reject(row.source, problems, line=row.line, key=key or None, raw=row.raw)
        item = Item(key=key, streams=streams, metadata=metadata, tags=tags, split_group=group, extra=extra)
        return Record(item, responses, row.line, row.source)

    def _key(
        self,
        cells: AbstractMapping[str, object],
        streams: dict[str, Stream],
        metadata: dict[str, Scalar],
        problems: list[Problem],
    ) -> str:
        column = self.mapping.key
        if column is None:
            key = content_key(streams, metadata)
            nth = self.repeats.nth_hash(int(key[:16], 16))
            return key if nth == 1 else f"{key}#{nth}"
        key = self._text(cells, column, problems) or ""
        if not 0 < len(key) <= MAX_KEY:
            problems.append(
                Problem(
                    column,
                    shown(key),
                    f"a key of 1 to {MAX_KEY} characters",
                    "Give each row a key, or map no column as the key.",
                )
            )
        return key

    def _streams(self, cells: AbstractMapping[str, object], problems: list[Problem]) -> dict[str, Stream]:
        found: dict[str, Stream] = {}
        for name in self.unmapped:
            problems.append(
                Problem(name, "no column", "a column for each stream", f"Map a column to the stream `{name}`.")
            )
        given = [(stream, column, cells.get(column)) for stream, column in self.streams]
        for stream, columns in self.gathered:
            gather = content_of(stream.kind).gather
            said = {column: cells.get(column) for column in columns}
            given.append((stream, columns[0], gather(said) if gather is not None else None))
        for stream, column, cell in given:
            if is_empty(cell):
                if not stream.optional:
                    problems.append(
                        Problem(
                            column,
                            shown(cell),
                            f"{stream.kind} for `{stream.key}`",
                            "Fill the cell, or make the stream optional.",
                        )
                    )
                continue
            content = given_content(stream.kind, cell)
            try:
                text = content.read(cell) if content else cell if isinstance(cell, str) else shown(cell, limit=1 << 30)
            except Unreadable as error:
                problems += [replace(problem, path=join(column, problem.path)) for problem in error.problems]
                continue
            if "\x00" in text:
                problems.append(Problem(column, shown(text), "text without U+0000", "Remove the NUL characters."))
            elif (written := self.mapping.formats.get(stream.key, stream.format)) != "plain":
                try:
                    found[stream.key] = styled_stream(text, written)
                except Unreadable as error:
                    problems += [replace(problem, path=column) for problem in error.problems]
            elif content is not None:
                found[stream.key] = Stream(stream.kind, Ref(inline=text), content.facts(text))
            else:
                found[stream.key] = Stream(stream.kind, Ref(uri=text))
        return found

    def _metadata(
        self, cells: AbstractMapping[str, object], problems: list[Problem]
    ) -> tuple[dict[str, Scalar], dict[str, object]]:
        chosen = self.mapping.metadata
        entries = (
            [(name, cell) for name, cell in cells.items() if name not in self.used]
            if chosen is None
            else [(key, cells.get(column)) for key, column in chosen.items()]
        )
        found: dict[str, Scalar] = {}
        extra: dict[str, object] = {}
        if self.typed and any(type(cell) is dict for _, cell in entries):
            entries = [inner for name, cell in entries for inner in _flat(name, cell)]
        for name, cell in entries:
            if cell is None or name == "" or (cell == "" and not self.typed):
                continue
            if "\x00" in name or has_nul(cell):
                problems.append(Problem(name, shown(cell), "text without U+0000", "Remove the NUL characters."))
            elif isinstance(cell, int) and abs(cell) > LARGEST:
                problems.append(Problem(name, shown(cell), "a number of at most 64 bits", "Write it as text."))
            elif isinstance(cell, str) and not self.typed:
                found[name] = plain_scalar(cell)
            elif isinstance(cell, str | int | float) or (
                isinstance(cell, list) and all(isinstance(e, str) for e in cell)
            ):
                found[name] = cast(Scalar, cell)  # just tested
            else:
                extra[name] = cell
        return found, extra

    def _responses(
        self, cells: AbstractMapping[str, object], streams: dict[str, Stream], problems: list[Problem]
    ) -> tuple[Response, ...]:
        annotations: tuple[Annotation, ...] = ()
        covers: dict[str, list[str] | None] = {}
        for field, column in self.fields:
            cell = cells.get(column)
            # Where null can be told from text that is empty, empty text is an answer.
            if cell is None or (cell == "" and not (self.typed and self.kinds[field.kind].value is str)):
                continue
            try:
                annotations += self._answer(cell, field, streams)
                covers[field.key] = None
            except BadCell as error:
                got = error.problem
                problems.append(Problem(join(column, got.path), got.got, got.expected, got.do))
        for field, column in self.within:
            found = spans_within(cells.get(column))
            if found is not None and field.on in streams:
                version = self.kinds[field.kind].version
                annotations += annotations_within(found, field, version, streams[field.on], self.losses)
                covers[field.key] = None
        if not covers:
            return ()
        return (Response(author=self._author(cells, problems), annotations=annotations, covers=covers, cause="import"),)

    def _answer(self, cell: object, field: Field, streams: dict[str, Stream]) -> tuple[Annotation, ...]:
        kind = self.kinds[field.kind]
        if kind.role != "what":
            facts = streams[field.on].facts if field.on in streams else Facts()
            return annotations_of(cell, field, kind, facts)
        if not isinstance(cell, str) or len(cell) > 100:
            return annotations_of(cell, field, kind)
        known = (field.key, cell)
        if known not in self.answers:
            if len(self.answers) >= CACHED:
                self.answers.clear()
            self.answers[known] = annotations_of(cell, field, kind)
        return self.answers[known]

    def _author(self, cells: AbstractMapping[str, object], problems: list[Problem]) -> Author:
        name = self._text(cells, self.mapping.author, problems)
        return author_named(name) if name else self.author

    def _text(self, cells: AbstractMapping[str, object], column: str | None, problems: list[Problem]) -> str | None:
        cell = cells.get(column) if column is not None else None
        if cell is None or cell == "":
            return None
        if isinstance(cell, bool) or not isinstance(cell, str | int | float) or has_nul(cell):
            problems.append(Problem(column or "", shown(cell), "text or a number", "Write plain text in this column."))
            return None
        return cell if isinstance(cell, str) else shown(cell, limit=MAX_KEY + 1)

    def _tags(self, cells: AbstractMapping[str, object], problems: list[Problem]) -> tuple[str, ...]:
        cell = cells.get(self.mapping.tags) if self.mapping.tags is not None else None
        if is_empty(cell):
            return ()
        listed: list[object] = cell if isinstance(cell, list) else as_list(cell) or [*str(cell).split(",")]
        found = [tag for tag in listed if isinstance(tag, str) and "\x00" not in tag]
        if len(found) < len(listed):
            problems.append(
                Problem(
                    self.mapping.tags or "", shown(cell), "tags as text", "Write the tags with commas between them."
                )
            )
            return ()
        return tuple(dict.fromkeys(tag.strip() for tag in found if tag.strip()))


def plain_scalar(text: str) -> Scalar:
    """A cell of a text file as the number or truth value it writes; what is not written the usual way stays text.

    >>> plain_scalar("12"), plain_scalar("007"), plain_scalar("1.5"), plain_scalar("true")
    (12, '007', 1.5, True)
    """
    if text[:1] not in "0123456789-tf[":
        return text
    if text in ("true", "false"):
        return text == "true"
    if len(text) <= 32 and NUMBER.fullmatch(text) and text != "-0":
        return float(text) if "." in text else int(text)
    if text.startswith("[") and text.endswith("]"):
        listed = as_list(text)
        return (
            cast(list[str], listed) if listed and all(isinstance(entry, str) for entry in listed) else text
        )  # just tested
    return text


def author_named(name: str) -> Author:
    """An author as a table names it: a person's name, or `type:name@version` for what is none.

    >>> [(author.type, author.name, author.version) for author in map(author_named, ["Ann", "model:bert@2"])]
    [('person', 'Ann', None), ('model', 'bert', '2')]
    """
    kind, colon, rest = name.partition(":")
    if not colon or kind not in AUTHOR_TYPES or not rest:
        return Author(type="person", name=name)
    found, at, version = rest.rpartition("@")
    if not at or kind == "person":
        found, version = rest, ""
    return Author(type=cast(AuthorType, kind), name=found, version=version or None)  # kind is one of them


def name_of(author: Author) -> str:
    """The inverse of `author_named`."""
    if author.type == "person" and author.name.partition(":")[0] not in AUTHOR_TYPES:
        return author.name
    version = f"@{author.version or ''}" if author.version or "@" in author.name else ""
    return f"{author.type}:{author.name}" + (version if author.type != "person" else "")


def has_nul(cell: object) -> bool:
    """Whether a text, or a list of texts, holds U+0000."""
    if isinstance(cell, str):
        return "\x00" in cell
    return isinstance(cell, list) and any(isinstance(entry, str) and "\x00" in entry for entry in cell)


def _flat(name: str, cell: object) -> list[tuple[str, object]]:
    """`meta: {source: x}` as `meta.source: x`, so that items can be found by it; what is deeper stays as it is."""
    if not isinstance(cell, dict) or not 0 < len(cell) <= MOST_FLAT:
        return [(name, cell)]
    if not all(isinstance(value, str | int | float) for value in cell.values()):
        return [(name, cell)]
    return [(f"{name}.{key}", value) for key, value in cell.items()]


def _grouped(found: Iterable[Record | Reject]) -> Iterator[Record | Reject]:
    """Records in a row with one key and one content as one record with all their responses."""
    held: Record | None = None
    for record in found:
        if (
            held is not None
            and isinstance(record, Record)
            and record.item == held.item
            and record.source == held.source
        ):
            held = Record(held.item, held.responses + record.responses, held.line, held.source, held.rows + 1)
            continue
        if held is not None:
            yield held
        held = None
        if isinstance(record, Record):
            held = record
        else:
            yield record
    if held is not None:
        yield held
