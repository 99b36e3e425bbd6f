"""Rows of the types that TRL names as items with what the rows say of them: pairs as rankings, labels as yes and no."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import NamedTuple

import msgspec

from karat.formats.base import Mapping as ColumnMapping
from karat.formats.base import Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.jsonl import rows_in
from karat.formats.jsonstream import BrokenJson, parts
from karat.formats.lines import head_of
from karat.formats.propose import proposal as propose
from karat.formats.propose import schema_for
from karat.formats.rows import Row, read_rows
from karat.formats.trl_plan import Plan, plan_of
from karat.kinds import KINDS
from karat.model.dialogue import Unreadable
from karat.model.kind import AnyKind
from karat.model.problem import Problem, Refused, shown
from karat.model.schema import Schema

HEAD = 1 << 16
ENDINGS = (".jsonl", ".ndjson", ".jsonlines", ".json")
Cells = Mapping[str, object]


class Reading(NamedTuple):
    """How one type of file is read: the columns that every row has, the streams and fields that a first row suggests,
    the columns that stand for them, and the cells of a row in these columns."""

    title: str
    columns: tuple[str, ...]
    named: str
    """What the name of a file begins with that is known by more than its columns; "" where they are enough."""
    suggest: Callable[[Cells], tuple[dict[str, object], dict[str, object]]]
    lacks: Callable[[Schema], list[Problem]]
    mapping: Callable[[Plan], ColumnMapping]
    cells: Callable[[Cells, Plan, ReadContext], Cells]


def reads(reading: Reading, name: str, head: bytes) -> bool:
    """Whether the first row of a file has the columns."""
    if not name.lower().endswith(ENDINGS):
        return False
    first = _first(head)
    last = name.rsplit("/", 1)[-1].lower()
    return (
        first is not None and all(first.get(c) is not None for c in reading.columns) and last.startswith(reading.named)
    )


def misfits(reading: Reading, schema: Schema) -> list[Problem]:
    """What a schema lacks to take such rows; they have no place in a conversation that branches."""
    tree = plan_of(schema).tree
    if tree is None:
        return reading.lacks(schema)
    do = "Import them into a project with a prompt and answers, such as the template Compare two answers."
    return [Problem(f"streams.{tree.key}", "tree", "a prompt and its answers", do)]


def read(reading: Reading, source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each row as a record; what else a row has becomes metadata."""
    names = _names(reading, source)
    if not names:
        yield from islice(nothing_to_read(source, reading.title), context.skip, None)
        return
    schema = schema_for(context, lambda: proposed(reading, source, context.kinds))
    problems = misfits(reading, schema)
    if problems:
        raise Refused(problems)
    plan = plan_of(schema)
    rows = (_row(row, reading, plan, context) for name in names for row in rows_in(source, name))
    yield from read_rows(rows, schema, reading.mapping(plan), context, typed=True)


def proposed(reading: Reading, source: Source, kinds: Mapping[str, AnyKind] = KINDS) -> Proposal | None:
    """A schema for what the first row holds."""
    names = _names(reading, source)
    first = _first(_head(source, names[0])) if names else None
    if first is None:
        return None
    streams, fields = reading.suggest(first)
    return propose(streams, fields, kinds, ColumnMapping())


def turns_given(given: object, role: str, path: str) -> list[object]:
    """A column's messages, a text as one message; raises `Unreadable`."""
    if isinstance(given, str):
        return [{"role": role, "content": given}]
    if isinstance(given, list) and given:
        return given
    raise Unreadable([Problem(path, shown(given), "a text or a list of messages", "Write `[{role, content}]`.")])


def prompt_cell(given: object, plan: Plan) -> object:
    """A prompt as its stream takes it; raises `Unreadable` where messages would have to become one text."""
    if plan.prompt is None or given is None:
        return None
    if plan.prompt.kind != "text":
        return turns_given(given, "user", "prompt")
    alone = given[0] if isinstance(given, list) and len(given) == 1 else None
    text = alone.get("content") if isinstance(alone, dict) else given
    if isinstance(text, str):
        return text
    expected = f"one text, as the stream `{plan.prompt.key}` holds it"
    raise Unreadable([Problem("prompt", shown(given), expected, "Make the stream a conversation (`kind: dialogue`).")])


def _row(row: Row | Reject, reading: Reading, plan: Plan, context: ReadContext) -> Row | Reject:
    if isinstance(row, Reject):
        return row
    missing = [name for name in reading.columns if row.cells.get(name) is None]
    try:
        if missing:
            expected = f"the columns {', '.join(reading.columns)}"
            raise Unreadable([Problem(missing[0], "nothing", expected, "Fill the column.")])
        cells = {**row.cells, **reading.cells(row.cells, plan, context)}
    except Unreadable as error:
        return reject(row.source, error.problems, line=row.line, raw=row.raw)
    if isinstance(tools := cells.get("tools"), str):
        try:
            cells["tools"] = msgspec.json.decode(tools)
        except (msgspec.DecodeError, RecursionError):
            problem = Problem("tools", shown(tools), "a list of JSON schemas", "Mend the JSON of this column.")
            return reject(row.source, [problem], line=row.line, raw=row.raw)
    return row._replace(cells=cells)


def _names(reading: Reading, source: Source) -> list[str]:
    return [n for n in source.names() if n.lower().endswith(ENDINGS) and reads(reading, n, _head(source, n))]


def _head(source: Source, name: str) -> bytes:
    with source.open(name) as file:
        return head_of(file, HEAD)


def _first(head: bytes) -> dict[str, object] | None:
    """The first object of a file, where it is whole in what was read."""
    found = next(iter(parts(BytesIO(head.removeprefix(b"\xef\xbb\xbf")), split=False)), None)
    if found is None or isinstance(found, BrokenJson):
        return None
    try:
        value = msgspec.json.decode(found.raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
