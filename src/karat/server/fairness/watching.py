"""Telling a board and the managers what waits for them, while the server runs: each thing once, however many processes look.

A gate closes by itself when answers come in, and a board shrinks when people leave: nobody asks for either, so both are
looked for. What was told last stands with the project's rules, and is written in the transaction that tells.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import structlog
from litestar import Litestar
from sqlalchemy.exc import OperationalError

from karat.server.access import NOBODY, Scope
from karat.server.database import Database, Tx
from karat.server.fairness.gate import reports_of, short_of, standing, waiting
from karat.server.fairness.rules import board_of
from karat.server.tell import tell

log = structlog.get_logger()
EVERY_S = 2.0
OPEN = ("open", "off")


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a project's people were told last."""

    asked: str = ""
    """The report that the board was asked to sign."""
    members: tuple[str, ...] = ()
    """Who was on the board then."""
    blocked: str = ""
    """Why items wait; empty where none do."""
    short: int = 0
    """How many people the board lacks."""


_told = msgspec.json.Decoder(Told)


@asynccontextmanager
async def guarding(litestar: Litestar) -> AsyncIterator[None]:
    """Look until the application ends."""
    task = asyncio.create_task(_guard(litestar.state.app.db))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _guard(db: Database) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            for project in await db.read(untold):
                await db.write(tell_board, project)
        except OperationalError as error:
            log.warning("guard.failed", error=str(error))


def untold(tx: Tx) -> list[int]:
    """The projects of which something is to be told."""
    rows = tx.run(
        "SELECT r.project, r.told FROM fairness_rules r JOIN projects p ON p.n = r.project"
        " WHERE p.state = :state AND (r.board IS NOT NULL OR r.told <> '{}')",
        state="active",
    )
    return [project for project, told in rows if _now(tx, project, _told.decode(told)) != _told.decode(told)]


def tell_board(tx: Tx, project: int) -> Told:
    """Tell what is new of a project: what its people know from now on."""
    if not tx.is_sqlite:
        # Of two processes that look at once, one tells.
        tx.run("SELECT 1 FROM fairness_rules WHERE project = :project FOR UPDATE", project=project)
    rows = tx.run(
        "SELECT r.told, p.workspace, p.id FROM fairness_rules r JOIN projects p ON p.n = r.project WHERE p.n = :project",
        project=project,
    )
    if not rows:
        return Told()
    told, workspace, id_ = rows[0]
    before, scope = _told.decode(told), Scope(NOBODY, workspace, "owner", 0, project)
    now = _now(tx, project, before)
    if now.asked and (now.asked != before.asked or not set(now.members) <= set(before.members)):
        tell(tx, scope, "board.asked", thing="report", id=now.asked)
    if now.blocked and not before.blocked:
        tell(tx, scope, "board.blocked", thing="project", id=id_, why=now.blocked, waiting=waiting(tx, project))
    if before.blocked and not now.blocked:
        tell(tx, scope, "board.opened", thing="project", id=id_)
    if now.short > before.short:
        tell(tx, scope, "board.short", thing="project", id=id_, lacks=now.short)
    tx.run(
        "UPDATE fairness_rules SET told = :told WHERE project = :project",
        told=msgspec.json.encode(now).decode(),
        project=project,
    )
    return now


def _now(tx: Tx, project: int, before: Told) -> Told:
    """What there is to know now. Items that waited wait until the gate is open, also where their number has become none."""
    board = board_of(tx, project)
    if board is None:
        return Told()
    state = standing(tx, project).state
    known = reports_of(tx, project, board)
    is_asked = bool(known) and state not in OPEN and known[0].voters < board.quorum
    asked, members = (known[0].id, tuple(sorted(board.members))) if is_asked else (before.asked, before.members)
    is_blocked = state not in OPEN and (before.blocked != "" or waiting(tx, project) > 0)
    return Told(asked, members, (before.blocked or state) if is_blocked else "", short_of(tx, project, board, state))
