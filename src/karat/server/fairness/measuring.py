"""The work of the process that makes a report of fairness, away from the interpreter that answers who labels."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from karat.server.database import Database
from karat.server.database.reading import open_for_reading
from karat.server.fairness.columns import Column, columns_of, slicings
from karat.server.fairness.comparing import METHOD, slices_of
from karat.server.fairness.figures import Measured, Report
from karat.server.fairness.grouped import NewGroups, new_groups, stated_of
from karat.server.fairness.reading import Gathered, gather
from karat.server.fairness.rules import rules_of

if TYPE_CHECKING:
    from karat.server.processes.channel import Channel

TOLD_S = 0.5


class FairnessPlan(msgspec.Struct, frozen=True):
    """What the process is told."""

    project: int


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """How many items it has read."""

    items: int


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The report, and the groups whose figures are new."""

    report: Report
    groups: list[NewGroups]


Says = Looked | Made


def work(channel: "Channel") -> None:
    """Read every answer that stands, chunk by chunk, and tell what comes out."""
    plan = channel.arguments(FairnessPlan)
    db = open_for_reading(channel.settings())
    try:
        told = time.monotonic()
        found: Gathered | None = None
        rules = db.read_now(rules_of, plan.project)
        for said in gather(db, plan.project, rules.slices):
            if isinstance(said, Gathered):
                found = said
            elif time.monotonic() - told > TOLD_S:
                told = time.monotonic()
                channel.send(Looked(said))
        if found is not None:
            channel.send(_made(db, plan, found))
    finally:
        db.close()


def _made(db: Database, plan: FairnessPlan, found: Gathered) -> Made:
    rules = db.read_now(rules_of, plan.project)
    columns = columns_of(db, plan.project, found)
    cut = slicings(found, rules.slices)
    slices, findings, tests = slices_of(found, columns, cut)
    report = Report(
        id="",
        at="",
        answers=len(found.answers),
        items=len(found.items),
        measures=[measured(column) for column in columns],
        slices=slices,
        findings=findings,
        tests=tests,
        method=METHOD,
        notes=_notes(columns, found),
    )
    stated = db.read_now(stated_of, plan.project, found.people)
    return Made(report, new_groups(stated, columns, found, cut, rules.people))


def measured(column: Column) -> Measured:
    """A measure as the report names it."""
    return Measured(column.key, column.title, column.kind, len(column.y))


def _notes(columns: Sequence[Column], found: Gathered) -> list[str]:
    """What the figures do not say."""
    kinds = {column.kind for column in columns}
    notes = []
    if not all(found.answered):
        notes.append("unanswered")
    if "agreement" not in kinds:
        notes.append("alone")
    if "defect" not in kinds:
        notes.append("unreviewed")
    if "gold" not in kinds:
        notes.append("no_gold")
    return notes
