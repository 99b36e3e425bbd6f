"""CSV and its relatives (RFC 4180): any delimiter, encoding and header in; comma, UTF-8 and a header out."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Literal

from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.csv_writing import losses, write
from karat.formats.lines import SAMPLE, BrokenLine, encoding_of, head_of, known_encoding, text_lines
from karat.formats.mapping import IMAGE_NAMES, KEY_NAMES, LABEL_NAMES, TEXT_NAMES
from karat.formats.propose import propose_from_rows, schema_for
from karat.formats.rows import Row, mapping_for, read_rows
from karat.model.kind import AnyKind
from karat.model.problem import Problem, Refused, shown

SUFFIXES = ("csv", "tsv", "tab")
KNOWN = frozenset({*TEXT_NAMES, *LABEL_NAMES, *KEY_NAMES, *IMAGE_NAMES, "author", "annotator"})
SNIFFED = 200
SNIFFED_QUOTES = 20_000
DELIMITERS = (",", "\t", ";", "|")
LONGEST_FIELD = 1 << 24
"""Characters of one cell."""
LONGEST_ROW = 100_000
"""Lines of one row."""
MOST_MISREADS = 20
"""After so many quotation marks that never close, no cell may go over lines any more: else reading could be quadratic."""


Quoting = Literal[0, 3]
"""csv.QUOTE_MINIMAL, csv.QUOTE_NONE."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written."""

    encoding: str
    delimiter: str
    quoting: Quoting
    header: tuple[str, ...]
    has_header: bool
    returns: bool
    """Whether lines end with carriage returns alone."""


def reads(name: str, head: bytes) -> bool:
    """By the ending; a .txt if every line of its beginning has the same number of tabs."""
    suffix = name.lower().rsplit(".", 1)[-1]
    if suffix in SUFFIXES:
        return True
    if suffix != "txt" or b"\t" not in head:
        return False
    whole = head.rsplit(b"\n", 1)[0].rstrip().split(b"\n")
    return len(whole) >= 3 and len({line.count(b"\t") for line in whole}) == 1


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Rows as records through the mapping; a broken row is a reject and the next one is read."""
    names = _names(source)
    if not names:
        yield from islice(nothing_to_read(source, CSV.title), context.skip, None)
        return
    dialects = {name: dialect_of(source, name, context.mapping) for name in names}
    for name, dialect in dialects.items():
        context.notes.append(note(name, dialect))
    rows = chain.from_iterable(_rows(source, name, dialects[name]) for name in names)
    schema = schema_for(context, lambda: propose(source, context.kinds))
    mapping = context.mapping
    if mapping is None or not (mapping.streams or mapping.gathered or mapping.fields):
        mapping = mapping_for(_rows(source, names[0], dialects[names[0]]), schema, context)
    yield from read_rows(rows, schema, mapping, context, typed=False)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A schema from the columns."""
    names = _names(source)
    return (
        propose_from_rows(chain.from_iterable(_rows(source, n, dialect_of(source, n, None)) for n in names), kinds)
        if names
        else None
    )


def sample_rows(source: Source, context: ReadContext) -> Iterator[Row | Reject]:
    """The rows, for a preview."""
    for name in _names(source):
        yield from _rows(source, name, dialect_of(source, name, context.mapping))


def note(name: str, dialect: Dialect) -> str:
    """What was assumed about a file, for the person who imports it."""
    delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(dialect.delimiter, dialect.delimiter)
    header = "with a header" if dialect.has_header else "without a header"
    return f"{name}: read as {dialect.encoding}, delimiter {delimiter}, {header}"


def dialect_of(source: Source, name: str, mapping: ColumnMapping | None) -> Dialect:
    """How the file is written, as the mapping says or as its beginning shows."""
    with source.open(name) as file:
        head = head_of(file)
    encoding = known_encoding(mapping.encoding) if mapping and mapping.encoding else encoding_of(head)
    text = head.decode("utf-8" if encoding == "utf-8-sig" else encoding, "replace").removeprefix("\ufeff")
    returns = "\n" not in text and "\r" in text
    lines = [f"{line}\n" for line in text.split("\r" if returns else "\n")[:SNIFFED_QUOTES]]
    if len(head) >= SAMPLE and len(lines) > 1:
        lines.pop()  # cut off by the sample
    if mapping and mapping.delimiter and (len(mapping.delimiter) != 1 or mapping.delimiter in '"\r\n'):
        raise Refused(
            [
                Problem(
                    "mapping.delimiter",
                    shown(mapping.delimiter),
                    "one character",
                    "Name the character between the cells.",
                )
            ]
        )
    delimiter = (mapping.delimiter if mapping else None) or _delimiter(lines[:SNIFFED], name)
    quoting = _quoting(lines, delimiter)
    first = _parsed(lines[:SNIFFED], delimiter, quoting)
    has_header = mapping.header if mapping and mapping.header is not None else _has_header(first)
    usual = _regularity(first)[1] or 1
    names = first[0] if first and has_header else [""] * usual
    return Dialect(encoding, delimiter, quoting, _unique(names), has_header, returns)


def _names(source: Source) -> list[str]:
    found: list[str] = []
    for name in source.names():
        if name.lower().rsplit(".", 1)[-1] in (*SUFFIXES, "txt"):
            with source.open(name) as file:
                if reads(name, head_of(file, 1 << 16)):
                    found.append(name)
    return found


def _rows(source: Source, name: str, dialect: Dialect) -> Iterator[Row | Reject]:
    header = dialect.header
    width = len(header)
    with source.open(name) as file:
        rows = _cells(file, name, dialect)
        if dialect.has_header:
            next(rows, None)
        for found in rows:
            if isinstance(found, Reject):
                yield found
                continue
            line, cells, raw = found
            if len(cells) == width:
                yield Row(name, line, dict(zip(header, cells, strict=True)), raw)
            else:
                problem = Problem(
                    "",
                    f"{len(cells)} cells",
                    f"{width} cells, as many as the header has",
                    "Put a cell that holds the delimiter into quotation marks.",
                )
                yield reject(name, [problem], line=line, raw=raw)


def _cells(file: BinaryIO, name: str, dialect: Dialect) -> Iterator[tuple[int, list[str], str] | Reject]:
    """Each row's line, cells and raw text. The lines of a row that breaks off are given back and read again."""
    lines = _Lines(_ended(text_lines(file, dialect.encoding), dialect))
    while True:
        parsed = csv.reader(lines, delimiter=dialect.delimiter, quoting=dialect.quoting, strict=True)
        lines.take()
        try:
            for cells in parsed:
                if cells:
                    yield lines.started, cells, lines.raw()
                lines.take()
            return
        except csv.Error as error:
            yield reject(name, [lines.misread(error)], line=lines.started, raw=lines.raw())
        except _Unreadable as error:
            yield reject(name, [error.line.problem], line=lines.started, raw=error.line.raw)


def _ended(lines: Iterator[str | BrokenLine], dialect: Dialect) -> Iterator[str | BrokenLine]:
    """Lines that end with carriage returns alone, as old Macs wrote them, one by one."""
    if not dialect.returns:
        return lines
    return (part for line in lines for part in (line.splitlines(keepends=True) if isinstance(line, str) else [line]))


class _Unreadable(Exception):  # noqa: N818 - it carries a line and says nothing about the program
    def __init__(self, line: BrokenLine) -> None:
        super().__init__(line.problem.expected)
        self.line = line


class _Lines:
    """The lines of a file, one row's worth at a time, which can be given back."""

    def __init__(self, lines: Iterator[str | BrokenLine]) -> None:
        self.lines = lines
        self.given_back: deque[str | BrokenLine] = deque()
        self.row: list[str] = []
        self.started = 1
        self.misreads = 0

    def take(self) -> None:
        """Begin a new row."""
        self.started += len(self.row)
        self.row = []

    def raw(self) -> str:
        """The present row as it stands in the file."""
        return self.row[0] if len(self.row) == 1 else "".join(self.row)

    def misread(self, error: csv.Error) -> Problem:
        """The row is no CSV: its first line is the reject, the others are read again."""
        first, *others = self.row or [""]
        self.given_back.extendleft(reversed(others))
        self.row = [first]
        self.misreads += bool(others)
        return Problem(
            "",
            shown(first),
            f"a row of CSV ({error})",
            "Put a cell with quotation marks into quotation marks and double those inside.",
        )

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.row and (len(self.row) >= LONGEST_ROW or self.misreads >= MOST_MISREADS):
            raise csv.Error("the quotation mark never closes")
        line = self.given_back.popleft() if self.given_back else next(self.lines)
        if isinstance(line, str):
            self.row.append(line)
            return line
        if self.row:
            self.given_back.appendleft(line)
            raise csv.Error("a line within the row cannot be read")
        self.row = [""]
        raise _Unreadable(line)


def _delimiter(lines: list[str], name: str) -> str:
    """The delimiter under which most rows have the same number of cells, more than one."""
    if name.lower().endswith((".tsv", ".tab")):
        return "\t"
    scores = {d: _regularity(_parsed(lines, d, csv.QUOTE_MINIMAL)) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: scores[d])
    return best if scores[best] > (0.0, 0) else ","


def _quoting(lines: list[str], delimiter: str) -> Quoting:
    """Quotation marks mean nothing where the file is more regular without them, as in many files with tabs."""
    if not any('"' in line for line in lines):
        return csv.QUOTE_MINIMAL
    quoted, plain = _parsed(lines, delimiter, csv.QUOTE_MINIMAL), _parsed(lines, delimiter, csv.QUOTE_NONE)
    regular, stricter = _regularity(plain)[0], _regularity(quoted)[0]
    if delimiter == "\t":
        return csv.QUOTE_NONE if regular > stricter or len(plain) > len(quoted) else csv.QUOTE_MINIMAL
    # With other delimiters a single broken row must not change how all the others are read.
    return csv.QUOTE_NONE if regular == 1.0 > stricter else csv.QUOTE_MINIMAL


def _parsed(lines: list[str], delimiter: str, quoting: Quoting) -> list[list[str]]:
    """The rows of the beginning; where they break off, those so far."""
    rows: list[list[str]] = []
    parsed = csv.reader(iter(lines), delimiter=delimiter, quoting=quoting, strict=True)
    try:
        rows.extend(row for row in parsed if row)
    except csv.Error:
        rows.append([])
    return rows


def _regularity(rows: list[list[str]]) -> tuple[float, int]:
    """The share of rows that have the usual number of cells, 0 where that is one; and that number."""
    counts = [len(row) for row in rows]
    usual = max(set(counts), key=counts.count, default=0)
    return (counts.count(usual) / len(counts), usual) if usual > 1 else (0.0, 0)


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first row holds names: known ones, or such that no cell below is like them."""
    if not rows or not rows[0]:
        return False
    first, rest = rows[0], rows[1:]
    names = [cell.strip().casefold().replace(" ", "_") for cell in first]
    columns = [[row[index] for row in rest if index < len(row)] for index in range(len(first))]
    if any(_is_number(cell) or len(cell) > 64 for cell in first):
        return False
    if any(cell and cell in column for cell, column in zip(first, columns, strict=True)):
        return False
    if any(name in KNOWN for name in names):
        return True
    if any(column and all(_is_number(cell) for cell in column) for column in columns):
        return True
    return len(first) > 1 and len(set(names)) == len(names) and all(cell and " " not in cell.strip() for cell in first)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Names of columns; an empty or repeated one gets its place."""
    found: list[str] = []
    for index, name in enumerate(names):
        plain = name.strip() or f"column_{index + 1}"
        while plain in found:
            plain = f"{plain}_{index + 1}"
        found.append(plain)
    return tuple(found)


csv.field_size_limit(LONGEST_FIELD)

CSV = Format(
    name="csv",
    title="CSV",
    about="for tables",
    extensions=(".csv", ".tsv"),
    media_type="text/csv",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    takes_mapping=True,
    propose=propose,
)
