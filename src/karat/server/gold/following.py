"""Scoring answers to gold within a second of their coming in; never inside a submit, whose time must not tell of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from litestar import Litestar

from karat.server.access import NOBODY, Scope
from karat.server.database import Tx, named
from karat.server.following import FAR, Follower, Place, move_on, read_since, take_lease
from karat.server.gold.scoring import score
from karat.server.item_ids import numbers

NAME = "gold"
AT_ONCE = 20
ONE = frozenset({"response.submitted", "response.skipped", "response.reverted", "gold.changed"})
WHOLE = frozenset({"project.changed", "response.excluded"})


class Touched(NamedTuple):
    """Gold items that something happened to, by project, and how far was read."""

    place: Place
    items: dict[int, list[int]]
    is_full: bool
    is_far: bool
    """So many events were read that it is worth writing down."""


class Scorer(Follower):
    """Scores the answers to gold of all projects."""

    name = NAME

    async def step(self) -> bool:
        """Score what the next events touch; whether there may be more."""
        found = await self.db.read(next_touched, self.holder)
        if isinstance(found, bool):
            return found and await self.db.write(take_lease, NAME, self.holder) is not None
        if not found.items and not found.is_far:
            return False
        if await self.db.write(take_lease, NAME, self.holder) is None:
            return False
        for project, items in found.items.items():
            for start in range(0, len(items), AT_ONCE):
                await asyncio.wrap_future(self.db.write_bulk(score_in, project, items[start : start + AT_ONCE]))
        await self.db.write(move_on, NAME, self.holder, found.place)
        return found.is_full


@asynccontextmanager
async def scoring(litestar: Litestar) -> AsyncIterator[None]:
    """Score while the application runs."""
    async with Scorer(litestar.state.app.db).running():
        yield


def score_in(tx: Tx, project: int, items: list[int]) -> int:
    """Score items of a project, unless it is gone."""
    rows = tx.run("SELECT workspace FROM projects WHERE n = :n", n=project)
    return score(tx, Scope(NOBODY, rows[0][0], "owner", 0, project), items) if rows else 0


def next_touched(tx: Tx, holder: str) -> Touched | bool:
    """What happened to gold since the cursor; where this process has no lease, whether it may take it."""
    since = read_since(tx, NAME, holder)
    if isinstance(since, bool):
        return since
    ids: dict[int, dict[str, None]] = {}
    whole: dict[int, None] = {}
    for event in since.events:
        if event.name in ONE and event.project is not None:
            ids.setdefault(event.project, {})[event.item or str(event.thing["id"])] = None
        elif event.name in WHOLE and event.project is not None:
            whole[event.project] = None
    items = {project: _gold_of(tx, project, list(found)) for project, found in ids.items()}
    for project in whole:
        items[project] = [n for (n,) in tx.run("SELECT item FROM gold WHERE project = :p ORDER BY item", p=project)]
    touched = {project: found for project, found in items.items() if found}
    return Touched(since.place, touched, since.is_full, len(since.events) > FAR)


def _gold_of(tx: Tx, project: int, ids: list[str]) -> list[int]:
    names, values = named(numbers(tx, ids).values())
    rows = tx.run(
        f"SELECT item FROM gold WHERE item IN ({names or '-1'}) AND project = :project ORDER BY item",  # noqa: S608 - names of parameters only
        project=project,
        **values,
    )
    return [row[0] for row in rows]
