"""The work of a measuring process: agreement over a whole project, away from the interpreter that answers who labels."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from karat.quality.agreement.line_marks import LINES
from karat.quality.agreement.report import Agreement
from karat.server.database import Database
from karat.server.database.reading import open_for_reading
from karat.server.reports import computing
from karat.server.reports.comparing import compared_fields
from karat.server.reports.computing import Stored
from karat.server.reports.reading import text_lengths

if TYPE_CHECKING:
    from karat.server.processes.channel import Channel

CHUNK = 500
TOLD_S = 0.5


class MeasurePlan(msgspec.Struct, frozen=True):
    """What the process is told."""

    project: int


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """How many items it has read."""

    items: int


class Measured(msgspec.Struct, frozen=True, tag="measured"):
    """The reports, and the event up to which they hold."""

    reports: list[Stored]
    upto: int
    items: int
    fields: int


class Distances(msgspec.Struct, frozen=True, tag="distances"):
    """By item, field, distance and number of authors."""

    rows: dict[int, list[tuple[str, float, int]]]


Says = Looked | Measured | Distances


def work(channel: "Channel") -> None:
    """Read every answer that stands, chunk by chunk, and tell what comes out: the reports, then the items."""
    plan = channel.arguments(MeasurePlan)
    db = open_for_reading(channel.settings())
    try:
        report, partly, measured = _measured(channel, db, plan.project)
    finally:
        db.close()
    channel.send(measured)
    for rows in _chunks(report, partly):
        channel.send(Distances(rows))


def _measured(channel: "Channel", db: Database, project: int) -> tuple[Agreement, set[int], Measured]:
    """The report, and the items of which it holds a part of the answers: how far their authors differ is not told by it."""
    upto = db.read_now(computing.last_event, project)
    schema = db.read_now(computing.schema_now, project)
    gathering = computing.gathering_of(schema)
    on_lines = any(field.kind in LINES for field in schema.fields.values())
    items, told = 0, time.monotonic()
    partly: set[int] = set()
    for chunk in computing.answered_items(db, project):
        long = db.read_now(text_lengths, project, [item.n for item in chunk]) if on_lines else {}
        for item in chunk:
            alike = item.alike
            gathering.add(str(item.n), alike, lengths=long.get(item.n))
            if len(alike) < len(item.responses):
                partly.add(item.n)
        items += len(chunk)
        if time.monotonic() - told > TOLD_S:
            told = time.monotonic()
            channel.send(Looked(items))
    channel.send(Looked(items))
    report = gathering.report()
    compared = compared_fields(db, project, schema)
    return report, partly, Measured(computing.reports_of(report, compared), upto, items, len(report.fields))


def _chunks(report: Agreement, partly: set[int]) -> Iterator[dict[int, list[tuple[str, float, int]]]]:
    entries = ((item, rows) for item, rows in computing.item_distances(report).items() if item not in partly)
    while chunk := dict(islice(entries, CHUNK)):
        yield chunk
