"""JSON lines: Karat's own records without any loss, and on import any JSON objects through a mapping of columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from msgspec import inspect

from karat.formats.base import (
    Format,
    Loss,
    Proposal,
    ReadContext,
    Record,
    Reject,
    Sink,
    Source,
    WriteContext,
    nothing_to_read,
    reject,
)
from karat.formats.jsonstream import BrokenJson, parts
from karat.formats.lines import BrokenLine, head_of, holds_nul, lines
from karat.formats.propose import as_proposal, propose_from_rows, schema_for
from karat.formats.rows import Row, mapping_for, read_rows
from karat.formats.soft import write_skills
from karat.model.item import Item
from karat.model.kind import AnyKind
from karat.model.parsing import join, split_error
from karat.model.problem import Problem, shown
from karat.model.response import Response
from karat.model.schema import Schema

T = TypeVar("T")
FILE = "items.jsonl"
SCHEMA_FILE = "schema.json"
HEAD = 1 << 16
BATCH = 1000
OBJECT = "Give one JSON object on each line."


class NativeLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record as Karat writes it."""

    item: Item
    responses: tuple[Response, ...] = ()


SHAPE = inspect.type_info(NativeLine)
DECODER = msgspec.json.Decoder(NativeLine)
ENCODER = msgspec.json.Encoder()


class LineFiles:
    """Records that stand in files as `line_of` makes them, from the first file to the last."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files

    def __iter__(self) -> Iterator[Record]:
        for path in self.files:
            with path.open("rb") as file:
                for line in file:
                    native = DECODER.decode(line)
                    yield Record(native.item, native.responses)

    def lines(self) -> Iterator[bytes]:
        """The files as they are, in pieces."""
        for path in self.files:
            with path.open("rb") as file:
                while data := file.read(1 << 20):
                    yield data


def line_of(record: Record) -> bytes:
    """A record as one line."""
    return ENCODER.encode(NativeLine(record.item, record.responses)) + b"\n"


def reads(name: str, head: bytes) -> bool:
    """JSON lines by their ending, a JSON list of objects by its beginning."""
    suffix = name.lower().rsplit(".", 1)[-1]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix in ("jsonl", "ndjson", "jsonlines"):
        return True
    return suffix == "json" and start[:1] == b"[" and start[1:].lstrip()[:1] == b"{"


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Records of Karat's own lines; rows of any other objects through the mapping."""
    names = [name for name in source.names() if reads(name, _head(source, name))]
    native = [name for name in names if is_native(_head(source, name))]
    plain = [name for name in names if name not in native]
    if not names:
        yield from islice(nothing_to_read(source, JSONL.title), context.skip, None)
    skip = context.skip
    for name in native:
        for found in _native(source, name):
            if skip:
                skip -= 1
                continue
            yield found
    if plain:
        rows = chain.from_iterable(rows_in(source, name) for name in plain)
        schema = schema_for(context, lambda: propose(source, context.kinds))
        mapping = context.mapping or mapping_for(rows_in(source, plain[0]), schema, context)
        rest = replace(context, skip=skip)
        yield from read_rows(rows, schema, mapping, rest, typed=True)


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """One line a record, and the schema and the skill of the authors beside it; nothing is lost."""
    with sink.open(SCHEMA_FILE) as file:
        file.write(msgspec.json.format(ENCODER.encode(context.schema.document), indent=2) + b"\n")
    write_skills(sink, context)
    with sink.open(FILE) as file:
        if isinstance(records, LineFiles):
            for data in records.lines():
                file.write(data)
            return
        # Only bytes are held back: records kept for long would make the garbage collector the slowest part of this.
        encoded = (line_of(record) for record in records)
        while batch := list(islice(encoded, BATCH)):
            file.write(b"".join(batch))


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """The schema beside Karat's own records, else one derived from the rows."""
    if source.has(SCHEMA_FILE):
        with source.open(SCHEMA_FILE) as file:
            found = as_proposal(head_of(file), kinds)
        if found is not None:
            return found
    plain = [n for n in source.names() if reads(n, head := _head(source, n)) and not is_native(head)]
    return propose_from_rows(chain.from_iterable(rows_in(source, name) for name in plain), kinds) if plain else None


def sample_rows(source: Source, _context: ReadContext) -> Iterator[Row | Reject]:
    """The rows of all files that are not Karat's own, for a preview."""
    for name in source.names():
        head = _head(source, name)
        if reads(name, head) and not is_native(head):
            yield from rows_in(source, name)


def is_native(head: bytes) -> bool:
    """Whether the first line is one of Karat's own records."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    if not first.startswith(b"{"):
        return False
    try:
        value = msgspec.json.decode(first)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return first.startswith(b'{"item":{')
    item = value.get("item") if isinstance(value, dict) else None
    return isinstance(item, dict) and "key" in item and "streams" in item


def losses(_schema: Schema) -> list[Loss]:
    """Nothing."""
    return []


def _native(source: Source, name: str) -> Iterator[Record | Reject]:
    with source.open(name) as file:
        for found in _decoded(file, name, DECODER.decode):
            if isinstance(found, Reject):
                yield found
                continue
            number, line, native = found
            problem = _unheld(native, line)
            if problem is not None:
                yield reject(name, [problem], line=number, key=native.item.key, raw=line)
                continue
            yield Record(native.item, native.responses, number, name)


def _decoded(file: BinaryIO, name: str, decode: Callable[[bytes], T]) -> Iterator[tuple[int, bytes, T] | Reject]:
    """Each line that says something, with its number and its value."""
    for number, line in enumerate(lines(file), 1):
        if isinstance(line, BrokenLine):
            yield reject(name, [line.problem], line=number, raw=line.raw)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            value = decode(line)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            yield reject(name, [_problem(error, line)], line=number, raw=line)
            continue
        yield number, line, value


def _unheld(native: NativeLine, line: bytes) -> Problem | None:
    """What a line says beyond what was understood of it. Lines as Karat writes them are known by their length."""
    if holds_nul(line):
        return Problem("", shown(line.decode("utf-8", "replace")), "text without U+0000", "Remove the NUL characters.")
    if len(ENCODER.encode(native)) == len(line.rstrip(b"\r\n")):
        return None
    try:
        unknown = _unknown(msgspec.json.decode(line), SHAPE, "")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _problem(error, line)  # what no struct has is passed over without being looked at
    return (
        None
        if unknown is None
        else Problem(unknown, "a key", "keys that Karat knows", "Remove it, or put it into `extra`.")
    )


def _unknown(value: object, shape: inspect.Type, path: str) -> str | None:
    """The path of the first key that no struct of the shape has."""
    if isinstance(shape, inspect.UnionType):
        shape = next((t for t in shape.types if isinstance(t, inspect.StructType)), shape)
    if isinstance(shape, inspect.StructType) and isinstance(value, dict):
        known = {field.encode_name: field.type for field in shape.fields}
        inner = [(join(path, str(key)), entry, known.get(key)) for key, entry in value.items()]
    elif isinstance(shape, inspect.DictType) and isinstance(value, dict):
        inner = [(join(path, str(key)), entry, shape.value_type) for key, entry in value.items()]
    elif isinstance(shape, inspect.VarTupleType) and isinstance(value, list):
        inner = [(f"{path}[{index}]", entry, shape.item_type) for index, entry in enumerate(value)]
    else:
        return None
    found = (where if kind is None else _unknown(entry, kind, where) for where, entry, kind in inner)
    return next((where for where in found if where is not None), None)


def rows_in(source: Source, name: str) -> Iterator[Row | Reject]:
    """The objects of one file, one a line or in one list."""
    with source.open(name) as file:
        listed = head_of(file, HEAD).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    with source.open(name) as file:
        yield from _listed_rows(file, name) if listed else _line_rows(file, name)


def _line_rows(file: BinaryIO, name: str) -> Iterator[Row | Reject]:
    for found in _decoded(file, name, msgspec.json.decode):
        yield found if isinstance(found, Reject) else _row(found[2], name, found[0], found[1])


def _listed_rows(file: BinaryIO, name: str) -> Iterator[Row | Reject]:
    for part in parts(file, split=False):
        if isinstance(part, BrokenJson):
            yield reject(name, [part.problem], line=part.line, raw=part.raw)
            continue
        try:
            value = msgspec.json.decode(part.raw)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            yield reject(name, [_problem(error, part.raw)], line=part.line, raw=part.raw)
            continue
        yield _row(value, name, part.line, part.raw)


def _row(value: object, name: str, line: int, raw: bytes) -> Row | Reject:
    if isinstance(value, dict):
        return Row(name, line, value, raw)
    return reject(name, [Problem("", shown(value), "an object", OBJECT)], line=line, raw=raw)


def _problem(error: BaseException, line: bytes) -> Problem:
    if isinstance(error, RecursionError):
        return Problem("", "JSON nested too deep", "at most some hundred levels", "Write it flatter.")
    if isinstance(error, UnicodeDecodeError):
        return Problem(
            "",
            f"byte 0x{line[error.start]:02x} at {error.start}" if error.start < len(line) else shown(str(error)),
            "UTF-8",
            "Save the file as UTF-8.",
        )
    where, reason = split_error(error if isinstance(error, Exception) else ValueError(str(error)))
    if isinstance(error, msgspec.ValidationError):
        return Problem(
            where,
            shown(line[:80].decode("utf-8", "replace")),
            reason,
            "Give what stands in the reference of the format.",
        )
    return Problem("", shown(line[:80].decode("utf-8", "replace")), f"JSON ({error})", OBJECT)


def _head(source: Source, name: str) -> bytes:
    if name.lower().rsplit(".", 1)[-1] not in ("jsonl", "ndjson", "jsonlines", "json") or name == SCHEMA_FILE:
        return b""
    with source.open(name) as file:
        return head_of(file, HEAD)


JSONL = Format(
    name="jsonl",
    title="JSON lines",
    about="lossless: comes back as it was",
    extensions=(".jsonl", ".ndjson", ".json"),
    media_type="application/jsonl",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    takes_mapping=True,
    propose=propose,
)
