"""Scoring answers to gold within a second of their coming in; never inside a submit, whose time must not tell of it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import msgspec
import structlog
from litestar import Litestar

from karat.server.access import Scope
from karat.server.database import Database, Tx, named
from karat.server.gold.scoring import score
from karat.server.item_ids import numbers
from karat.server.reports.following import BATCH, SINCE, move_on, take_lease
from karat.server.reports.settling import NOBODY

log = structlog.get_logger()
NAME = "gold"
POLL_S = 0.5
AT_ONCE = 20
FAR = 100
ONE = frozenset({"response.submitted", "response.skipped", "response.reverted", "gold.changed"})
ALL = frozenset({"project.changed", "response.excluded"})


class Touched(NamedTuple):
    """Gold items that something happened to, by project, and how far was read."""

    place: tuple[int, int]
    items: dict[int, list[int]]
    is_full: bool
    is_far: bool
    """So many events were read that it is worth writing down."""


@asynccontextmanager
async def scoring(litestar: Litestar) -> AsyncIterator[None]:
    """Score while the application runs."""
    stop = asyncio.Event()
    task = asyncio.create_task(_run(litestar.state.app.db, stop, str(uuid.uuid4())))
    yield
    stop.set()
    await task


async def step(db: Database, holder: str) -> bool:
    """Score what the next events touch; whether there may be more."""
    found = await db.read(next_touched, holder)
    if isinstance(found, bool):
        return found and await db.write(take_lease, holder, NAME)
    if not found.items and not found.is_far:
        return False
    if not await db.write(take_lease, holder, NAME):
        return False
    for project, items in found.items.items():
        for start in range(0, len(items), AT_ONCE):
            await asyncio.wrap_future(db.write_bulk(score_in, project, items[start : start + AT_ONCE]))
    await db.write(move_on, holder, found.place, [], NAME)
    return found.is_full


def score_in(tx: Tx, project: int, items: list[int]) -> int:
    """Score items of a project, unless it is gone."""
    rows = tx.run("SELECT workspace FROM projects WHERE n = :n", n=project)
    return score(tx, Scope(NOBODY, rows[0][0], "owner", 0, project), items) if rows else 0


def next_touched(tx: Tx, holder: str) -> Touched | bool:
    """What happened to gold since the cursor; where this process has no lease, whether it may take it."""
    rows = tx.run("SELECT xid, seq, holder, until FROM cursors WHERE name = :name", name=NAME)
    if not rows or rows[0][2] != holder:
        return not rows or rows[0][3] < tx.now()
    xid, seq, _, _ = rows[0]
    events = tx.run(SINCE[tx.is_sqlite], xid=xid, seq=seq, limit=BATCH)
    ids: dict[int, dict[str, None]] = {}
    whole: dict[int, None] = {}
    for _, _, _, project, name, thing, data in events:
        if name in ONE and project is not None:
            said = msgspec.json.decode(data).get("item") or msgspec.json.decode(thing)["id"]
            ids.setdefault(project, {})[said] = None
        elif name in ALL and project is not None:
            whole[project] = None
    items = {project: _gold_of(tx, project, list(found)) for project, found in ids.items()}
    for project in whole:
        items[project] = [n for (n,) in tx.run("SELECT item FROM gold WHERE project = :p ORDER BY item", p=project)]
    place = (events[-1][0], events[-1][1]) if events else (xid, seq)
    return Touched(
        place, {project: found for project, found in items.items() if found}, len(events) == BATCH, len(events) > FAR
    )


def _gold_of(tx: Tx, project: int, ids: list[str]) -> list[int]:
    names, values = named(numbers(tx, ids).values())
    rows = tx.run(
        f"SELECT item FROM gold WHERE item IN ({names or '-1'}) AND project = :project ORDER BY item",  # noqa: S608 - names of parameters only
        project=project,
        **values,
    )
    return [row[0] for row in rows]


async def _run(db: Database, stop: asyncio.Event, holder: str) -> None:
    while not stop.is_set():
        try:
            is_busy = await step(db, holder)
        except Exception as error:
            log.warning("scoring.failed", error=str(error), exc_info=error)
            is_busy = False
        if not is_busy:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_S)
