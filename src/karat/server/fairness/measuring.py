"""The work of the process that makes a report of fairness, away from the interpreter that answers who labels."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from karat.quality.bias import holm
from karat.server.database import Database, Tx
from karat.server.database.reading import open_for_reading
from karat.server.fairness.comparing import LEVEL, METHOD, group_cells, slices_of
from karat.server.fairness.grouping import UNSTATED, Place, blocks_of, may_publish
from karat.server.fairness.reading import Column, Gathered, columns_of, gather
from karat.server.fairness.rules import rules_of
from karat.server.fairness.schemas import GroupCell, Measured, Report

if TYPE_CHECKING:
    from karat.server.processes.channel import Channel

TOLD_S = 0.5


class FairnessPlan(msgspec.Struct, frozen=True):
    """What the process is told."""

    project: int


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """How many items it has read."""

    items: int


class GroupBody(msgspec.Struct, frozen=True):
    """The figures of one attribute as they are stored, and which values have figures together."""

    cells: list[GroupCell]
    blocks: list[list[str]]


class NewGroups(msgspec.Struct, frozen=True):
    """Figures of one attribute that may be published, and who was counted where."""

    attribute: int
    body: GroupBody
    places: list[tuple[int, str, str]]


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The report, and the groups whose figures are new."""

    report: Report
    groups: list[NewGroups]


Says = Looked | Made


class Stated(msgspec.Struct, frozen=True):
    """What is known of one attribute in a project."""

    attribute: int
    values: dict[int, str]
    before: dict[int, Place]
    gone: dict[str, int]
    published: list[list[str]]


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
    slices, findings, tests = slices_of(found, columns, rules.slices)
    report = Report(
        id="",
        at="",
        answers=len(found.answers),
        items=len(found.states),
        measures=[measured(column) for column in columns],
        slices=slices,
        findings=findings,
        tests=tests,
        method=METHOD,
        notes=_notes(columns, found),
    )
    people = sorted(set(found.said) & db.read_now(_people, plan.project))
    stated = db.read_now(_stated, plan.project, people)
    return Made(report, new_groups(stated, columns, found, rules.people))


def new_groups(stated: Iterable[Stated], columns: Sequence[Column], found: Gathered, least: int) -> list[NewGroups]:
    """The figures of attributes that may be published now; p values are corrected over all of these.

    Also those of which nothing can be shown yet: who was counted then is what the next report is held against.
    """
    ready: list[tuple[Stated, dict[int, Place], list[frozenset[str]]]] = []
    for one in stated:
        blocks = blocks_of(one.values, least)
        places = {author: Place(value, found.digest(author)) for author, value in one.values.items()}
        # Where nothing is shown yet, that a group becomes large enough must not tell who came: all are one block then.
        looked = {*one.gone, *one.values.values(), *(place.value for place in one.before.values())}
        before = one.published or ([sorted(looked)] if one.before or one.gone else [])
        if (blocks or not one.published) and may_publish(one.before, one.gone, places, before, blocks, least):
            ready.append((one, places, blocks))
    cells = [group_cells(columns, one.values, blocks, least=least) for one, _, blocks in ready]
    corrected = iter(holm(np.array([p for of in cells for _, ps in of for p in ps])).tolist())
    return [
        NewGroups(
            one.attribute,
            GroupBody(
                [
                    msgspec.structs.replace(
                        cell,
                        figures=[msgspec.structs.replace(f, differs=next(corrected) < LEVEL) for f in cell.figures],
                    )
                    for cell, _ in of
                ],
                [sorted(block) for block in blocks],
            ),
            [(author, *place) for author, place in places.items()],
        )
        for (one, places, blocks), of in zip(ready, cells, strict=True)
    ]


def measured(column: Column) -> Measured:
    """A measure as the report names it."""
    return Measured(column.key, column.title, column.kind, len(column.y))


def _notes(columns: Sequence[Column], found: Gathered) -> list[str]:
    """What the figures do not say."""
    kinds = {column.kind for column in columns}
    notes = []
    if any(not answered for answered, _ in found.states):
        notes.append("unanswered")
    if "agreement" not in kinds:
        notes.append("alone")
    if "defect" not in kinds:
        notes.append("unreviewed")
    if "gold" not in kinds:
        notes.append("no_gold")
    return notes


def _people(tx: Tx, project: int) -> set[int]:
    rows = tx.run(
        "SELECT a.n FROM authors a JOIN projects p ON p.workspace = a.workspace WHERE p.n = :project AND a.type = 'person'",
        project=project,
    )
    return {n for (n,) in rows}


def _stated(tx: Tx, project: int, people: Sequence[int]) -> list[Stated]:
    attributes = [
        n
        for (n,) in tx.run(
            "SELECT t.n FROM attributes t JOIN projects p ON p.workspace = t.workspace WHERE p.n = :project ORDER BY t.n",
            project=project,
        )
    ]
    return [_one(tx, project, attribute, people) for attribute in attributes]


def _one(tx: Tx, project: int, attribute: int, people: Sequence[int]) -> Stated:
    stated = tx.run("SELECT author, value FROM statements WHERE attribute = :attribute", attribute=attribute)
    known: Mapping[int, str] = {author: value for author, value in stated}  # noqa: C416 - it says what a row is
    of = {"project": project, "attribute": attribute}
    before = tx.run(
        "SELECT author, value, counted FROM group_places WHERE project = :project AND attribute = :attribute", **of
    )
    gone = tx.run("SELECT value, n FROM group_gone WHERE project = :project AND attribute = :attribute", **of)
    rows = tx.run("SELECT body FROM group_figures WHERE project = :project AND attribute = :attribute", **of)
    return Stated(
        attribute,
        {author: known.get(author, UNSTATED) for author in people},
        {author: Place(value, counted) for author, value, counted in before},
        {value: n for value, n in gone},  # noqa: C416 - it says what a row is
        msgspec.json.decode(rows[0][0], type=GroupBody).blocks if rows else [],
    )
