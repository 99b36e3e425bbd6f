"""What people did is counted within a second, and then the rules of their project are asked."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from karat.server.database import Database
from karat.server.following import REST, ItemFollower
from karat.server.team.acting import act_on
from karat.server.team.counting import NAME, WATCH, count, write
from karat.server.team.meaning import ask
from karat.server.team.on_gold import MOST, scored_since, tell
from karat.server.team.watching import begin, ready

LOOK_S = 1.0
"""How often the rules are asked, at most."""


class Follower(ItemFollower):
    """Counts what each person did on an item, whenever something happens to it."""

    name = NAME
    watch = WATCH

    def __init__(self, db: Database, *, holder: str | None = None, rest: float = REST) -> None:
        super().__init__(db, holder=holder, rest=rest)
        self._moved: set[int] = set()
        self._scored: dict[int, str] = {}
        self._look_at = 0.0

    async def look(self, project: int, items: list[int]) -> None:
        """Count what was given on these items."""
        self._moved.add(project)
        given = await self.db.read(count, project, items)
        await asyncio.wrap_future(self.db.write_bulk(write, project, given))

    async def calm(self) -> None:
        """Where everything is counted, do what the rules of the projects that moved ask for."""
        if not self._moved or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_S
        projects, self._moved = sorted(self._moved), set()
        for project in projects:
            fresh = await self.db.read(scored_since, project, self._scored.get(project, ""))
            if fresh.scored:
                await self.db.write(tell, project, fresh.scored)
            self._scored[project] = fresh.since
            if len(fresh.scored) == MOST:
                self._moved.add(project)
            charts = await self.db.read(ready, project)
            if charts:
                await self.db.write(begin, project, charts)
            asked = await self.db.read(ask, project)
            if asked.asked:
                await self.db.write(act_on, project, asked)


@asynccontextmanager
async def counting_people(litestar: Litestar) -> AsyncIterator[None]:
    """Count while the application runs."""
    async with Follower(litestar.state.app.db).running():
        yield
