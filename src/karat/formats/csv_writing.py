"""CSV for people and their spreadsheets: RFC 4180, UTF-8, a header, and no cell that runs as a formula."""

import csv
from collections.abc import Iterable
from io import StringIO, TextIOWrapper
from tempfile import TemporaryFile
from typing import IO

from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.losing import REMEDY, static_losses
from karat.formats.rows import plain_scalar
from karat.formats.soft import PLAIN
from karat.formats.tables import HELD, Table, as_text, tags_text
from karat.model.schema import Schema

FILE = "items.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FLUSH = 1 << 20


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """One row a response. The body is written first, since only its end tells all the metadata there are."""
    table = Table(context.schema, context, soft=PLAIN)
    metadata: dict[str, int] = {}
    ragged = False
    with TemporaryFile(dir=context.scratch) as body:
        buffer = StringIO()
        rows = csv.writer(buffer)
        for record in records:
            for cells, found in table.rows(record):
                before = len(metadata)
                for name in found:
                    metadata.setdefault(name, len(metadata))
                ragged = (
                    ragged
                    or (len(metadata) > before > 0)
                    or (len(metadata) > before and body.tell() + buffer.tell() > 0)
                )
                rows.writerow([*_fixed(cells, context), *(_metadata(found.get(name), context) for name in metadata)])
            if buffer.tell() > FLUSH:
                _flush(buffer, body)
        _flush(buffer, body)
        body.seek(0)
        _assemble(sink, body, [_safe(name, context) for name in (*table.columns, *metadata)], ragged=ragged)


def losses(schema: Schema) -> list[Loss]:
    """What a table leaves out, and what a spreadsheet needs changed."""
    return [
        *static_losses(schema, HELD),
        Loss(FORMULAS, 0, QUOTED, REMEDY),
        Loss(NUMERIC, 0, NUMBER, REMEDY),
        Loss(EMPTY, 0, UNANSWERED, REMEDY),
    ]


FORMULAS = "cells that begin with = + - @"
QUOTED = "the same with ' before them"
NUMERIC = "metadata text that looks like a number, a truth value or a list"
NUMBER = "a number, a truth value or a list when read again"
EMPTY = "empty text"
UNANSWERED = "no answer, or no such key, when read again"


def _fixed(cells: list[object], context: WriteContext) -> list[str]:
    *texts, tags = cells
    if "" in texts:
        context.losses.add(EMPTY, texts.count(""), becomes=UNANSWERED, remedy=REMEDY)
    assert isinstance(tags, list)  # Table.rows puts them last
    texts.append(tags_text(tags) if tags else "")
    return ["" if cell is None else _safe(cell, context) for cell in texts]


def _metadata(value: object, context: WriteContext) -> str:
    if isinstance(value, str):
        if value == "":
            context.losses.add(EMPTY, becomes=UNANSWERED, remedy=REMEDY)
        elif plain_scalar(value) != value:
            context.losses.add(NUMERIC, becomes=NUMBER, remedy=REMEDY)
    return _safe(value, context)


def _safe(cell: object, context: WriteContext) -> str:
    """A text that a spreadsheet would run begins with an apostrophe; numbers are what they are."""
    if not isinstance(cell, str):
        return as_text(cell)
    if cell.startswith(FORMULA):
        context.losses.add(FORMULAS, becomes=QUOTED, remedy=REMEDY)
        return f"'{cell}"
    return cell


def _flush(buffer: StringIO, body: IO[bytes]) -> None:
    body.write(buffer.getvalue().encode("utf-8"))
    buffer.seek(0)
    buffer.truncate()


def _assemble(sink: Sink, body: IO[bytes], columns: list[str], *, ragged: bool) -> None:
    header = StringIO()
    csv.writer(header).writerow(columns)
    with sink.open(FILE) as file:
        file.write(header.getvalue().encode("utf-8"))
        if not ragged:
            while data := body.read(FLUSH):
                file.write(data)
            return
        # Rows before the first one with a new metadata key are shorter than the header.
        text = StringIO()
        rows = csv.writer(text)
        short = TextIOWrapper(body, "utf-8", newline="")
        for row in csv.reader(short):
            rows.writerow([*row, *[""] * (len(columns) - len(row))])
            if text.tell() > FLUSH:
                file.write(text.getvalue().encode("utf-8"))
                text.seek(0)
                text.truncate()
        file.write(text.getvalue().encode("utf-8"))
        short.detach()  # the body is closed by whoever opened it
