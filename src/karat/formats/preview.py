"""What an import would do, before it is done: columns, mapping, first rows, losses and rejects."""

from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from itertools import islice

import msgspec

from karat.formats import FORMATS, PRECISE_FIRST, TRAINING, csv, detect, format_of, jsonl, parquet
from karat.formats.base import Format, Loss, Mapping, Proposal, ReadContext, Record, Reject, Source
from karat.formats.columns import Column, profile
from karat.formats.propose import no_proposal
from karat.formats.rows import SAMPLE_ROWS, Row, mapping_for
from karat.formats.sources import is_aside
from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.problem import Refused
from karat.model.schema import Schema, read_schema

SHOWN_ROWS = 20
MOST_FILES = 500
LOOKED_AT = 500
"""Rows and rejects that are read for a preview."""
TABLES = {"csv": csv.sample_rows, "jsonl": jsonl.sample_rows, "parquet": parquet.sample_rows}


class Preview(msgspec.Struct, frozen=True):
    """What an import of a source would do."""

    format: str
    formats: tuple[str, ...]
    """The formats that could read some file of the source, the likeliest first."""
    files: tuple[str, ...]
    columns: tuple[Column, ...]
    mapping: Mapping
    rows: tuple[Record, ...]
    losses: tuple[Loss, ...]
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    fields_matched: tuple[str, ...]
    """Fields of the schema to which the first rows have answers."""


def preview(
    source: Source, schema: Schema | None = None, *, mapping: Mapping | None = None, format: str | None = None,
    kinds: AbstractMapping[str, AnyKind] = KINDS, default_author: str = "import",
) -> Preview:  # fmt: skip
    """Read the beginning of a source as an import would; `Refused` if nothing in it can be read."""
    chosen = FORMATS[format] if format in FORMATS else detect(source, schema, mapping)
    schema = schema or schema_of(chosen, source, kinds)
    context = ReadContext(schema=schema, mapping=mapping, kinds=kinds, default_author=default_author)
    columns: tuple[Column, ...] = ()
    if chosen.name in TABLES:
        rows = [row for row in islice(TABLES[chosen.name](source, context), SAMPLE_ROWS) if isinstance(row, Row)]
        columns = tuple(column.column() for column in profile(row.cells for row in rows).values())
        if mapping is None or not (mapping.streams or mapping.gathered or mapping.fields):
            mapping = _kept(mapping, mapping_for(rows, schema, context))
        context = replace(context, mapping=mapping)
    found = list(islice(chosen.read(source, context), LOOKED_AT)) if chosen.read else []
    records = tuple(r for r in found if isinstance(r, Record))
    answered = {field for r in records for response in r.responses for field in response.covers}
    return Preview(
        format=chosen.name,
        formats=_formats(source, chosen),
        files=tuple(islice((name for name in source.names() if not is_aside(name)), MOST_FILES)),
        columns=columns,
        mapping=mapping or Mapping(),
        rows=records[:SHOWN_ROWS],
        losses=tuple(context.losses.losses()),
        rejects=tuple(r for r in found if isinstance(r, Reject))[:SHOWN_ROWS],
        notes=tuple(dict.fromkeys(context.notes)),
        fields_matched=tuple(key for key in schema.fields if key in answered),
    )


def propose_schema(
    source: Source, *, kinds: AbstractMapping[str, AnyKind] = KINDS, format: str | None = None
) -> Proposal:
    """A schema that holds what a source has, with the mapping that reads it so; `Refused` if it suggests none."""
    chosen = FORMATS[format] if format in FORMATS else detect(source)
    found = chosen.propose(source, kinds) if chosen.propose else None
    if found is None:
        raise Refused([no_proposal()])
    return found


def schema_of(format: Format, source: Source, kinds: AbstractMapping[str, AnyKind] = KINDS) -> Schema:
    """The schema that a source suggests; `Refused` if it suggests none."""
    found = format.propose(source, kinds) if format.propose else None
    schema, problems = read_schema(found.schema, kinds) if found else (None, [])
    if schema is None:
        raise Refused(problems or [no_proposal()])
    return schema


def _formats(source: Source, chosen: Format) -> tuple[str, ...]:
    names = islice((name for name in source.names() if not is_aside(name)), MOST_FILES)
    found = {format_of(source, name) for name in names}
    if found & {*TRAINING}:
        found.add("jsonl")  # which reads them as a table of any columns
    return (chosen.name, *(name for name in PRECISE_FIRST if name in found and name != chosen.name))


def _kept(given: Mapping | None, proposed: Mapping) -> Mapping:
    """The proposed columns with what was already said of the file itself."""
    if given is None:
        return proposed
    return msgspec.structs.replace(proposed, header=given.header, delimiter=given.delimiter, encoding=given.encoding)
