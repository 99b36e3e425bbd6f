"""Records as the rows of a table: one for each response, with the columns that `rows` reads back."""

from collections.abc import Iterator, Sequence

import msgspec

from karat.formats.base import Record, WriteContext
from karat.formats.cells import cell_of
from karat.formats.losing import Losing, field_loss
from karat.formats.rows import name_of
from karat.formats.soft import soft_cell
from karat.model.item import Item, Stream
from karat.model.kind import AnyKind
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema

HELD = ("tags", "split groups", "metadata", "authors", "attributes")
FIXED = ("author", "split_group", "tags")
SOFTLY_HELD = ("confidence", "probabilities")
"""Losses that the columns of the same name prevent."""
SURE_OF_PARTS = "confidence of each part"


NOBODY: list[Response | None] = [None]


class Table:
    """The columns of a schema, and records as rows of them. Metadata come as a mapping beside each row."""

    def __init__(self, schema: Schema, context: WriteContext, soft: Sequence[str] = ()) -> None:
        """`soft` are the columns that say of each field how sure the consensus is, where it is that which is written."""
        self.schema = schema
        self.context = context
        self.softly = tuple(soft) if context.which == "consensus" else ()
        self.losing = Losing(context.losses, (*HELD, *(name for name in self.softly if name in SOFTLY_HELD)))
        self.streams = list(schema.streams)
        self.fields = [(field, context.kinds[field.kind]) for field in schema.fields.values()]
        of_fields = [field_column(schema, f.key) for f, _ in self.fields]
        self.soft = {f"{name}.{what}": what for name in of_fields for what in self.softly}
        """Column to what it says of its field."""
        self.columns = ["key", *self.streams, *of_fields, *self.soft, *FIXED]
        self.by_column = {field_column(schema, field.key): field for field, _ in self.fields}
        self.taken = set(self.columns)

    def field_of(self, column: str) -> Field | None:
        """The field that has this column."""
        return self.by_column.get(column)

    def rows(self, record: Record) -> Iterator[tuple[list[object], dict[str, object]]]:
        """The cells and metadata of each response; one row without answers if there is none."""
        item = record.item
        self.losing.item(item)
        metadata: dict[str, object] = {self.metadata_column(name): value for name, value in item.metadata.items()}
        for given in record.responses:
            self.losing.response(given, own=("consensus",) if self.softly else ())
        answered = [given for given in record.responses if given.state == "submitted"]
        for response in answered or NOBODY:
            streams = [content_of(item.streams.get(name)) for name in self.streams]
            author = name_of(response.author) if response else None
            soft = (soft_cell(response, field.key, what) for field, _ in self.fields for what in self.softly)
            yield (
                [item.key, *streams, *self._answers(response), *soft, author, item.split_group, list(item.tags)],
                metadata,
            )

    def metadata_column(self, name: str) -> str:
        """The column of a metadata key; with `meta_` before it where the name is taken."""
        if name not in self.taken:
            return name
        self.losing.add("names of metadata that are also columns", becomes=f"meta_{name}")
        return f"meta_{name}"

    def _answers(self, response: Response | None) -> list[object]:
        if response is None:
            return [None] * len(self.fields)
        by_field: dict[str, list[Annotation]] = {}
        for annotation in response.annotations:
            by_field.setdefault(annotation.field, []).append(annotation)
            self.losing.annotation(annotation)
            if self.softly and annotation.confidence is not None and "/" in annotation.id:
                self.losing.add(SURE_OF_PARTS, int(self.schema.fields[annotation.field].each is not None))
        if not by_field.keys() <= self.schema.fields.keys():
            for key in by_field.keys() - self.schema.fields.keys():
                self.losing.add(field_loss(key), len(by_field[key]))
        return [self._cell(field, kind, by_field, response) for field, kind in self.fields]

    def _cell(self, field: Field, kind: AnyKind, by_field: dict[str, list[Annotation]], response: Response) -> object:
        found = by_field.get(field.key)
        if found is None:
            looked = (field.many or kind.role != "what") and field.key in response.covers
            return [] if looked else None
        return cell_of(found, field, kind)


def field_column(schema: Schema, key: str) -> str:
    """The column of a field; with `field_` before it where the name is a stream's or one of the fixed ones."""
    return f"field_{key}" if key in schema.streams or key in ("key", *FIXED) else key


def content_of(stream: Stream | None) -> str | None:
    """A stream in a cell: the text itself, else where the content is."""
    if stream is None:
        return None
    if stream.ref.inline is not None:
        return stream.ref.inline
    return stream.name or stream.ref.uri or stream.ref.blob


def as_text(cell: object) -> str:
    """A cell in a text file; what is neither text nor number is JSON."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return msgspec.json.encode(cell).decode()


def tags_text(tags: Sequence[str]) -> str:
    """Tags with commas between them, or as JSON where that could not be read back."""
    plain = ",".join(tags)
    simple = all("," not in tag and tag == tag.strip() and tag for tag in tags) and not plain.startswith("[")
    return plain if simple else msgspec.json.encode(tags).decode()


def holds_file(item: Item) -> bool:
    """Whether any stream of the item is a file rather than text in place."""
    return any(stream.ref.inline is None for stream in item.streams.values())
