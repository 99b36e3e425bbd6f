"""Following what happens: within a second or two of an answer the counts of its project's dashboards are moved.

Which items to look at is learned in two ways. An event names the item that was answered, judged or deleted. Whatever moved
an item otherwise (an import, a changed policy, the consensus) wrote down when: so the items of a project in which something
happens are also walked in the order in which they changed, and looked at once more within a few seconds of doing so.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from karat.server.boards.counting import write
from karat.server.boards.giving import look
from karat.server.boards.walking import Pass, active, next_changed, walked
from karat.server.database import Database
from karat.server.following import ALL_ANSWERS, ANSWERS, REST, ItemFollower, Watch

NAME = "boards"
HOT_S = 15.0
"""So long after an event the items of its project are walked by when they changed."""
WALK_S = 0.5
ALL_S = 60.0
"""How often every project is walked."""
WATCH = Watch(
    one=ANSWERS | {"item.resolved", "item.deleted"},
    whole=ALL_ANSWERS,
    due="recounting",
    items="(deleted_at IS NULL OR EXISTS (SELECT 1 FROM rolled r WHERE r.item = items.n))",
    deleted=True,
    every=True,
)


class Follower(ItemFollower):
    """Counts what items give to the dashboards of their project, whenever something happens to them."""

    name = NAME
    watch = WATCH
    at_once = 200

    def __init__(self, db: Database, *, holder: str | None = None, rest: float = REST) -> None:
        super().__init__(db, holder=holder, rest=rest)
        self._hot: dict[int, float] = {}
        self._passes: dict[int, Pass] = {}
        self._walk_at = 0.0
        self._all_at = 0.0

    async def look(self, project: int, items: list[int]) -> None:
        """Count what these items give now."""
        looks = await self.db.read(look, project, items)
        await asyncio.wrap_future(self.db.write_bulk(write, project, looks))

    async def touched(self, projects: list[int]) -> None:
        """Walk these projects for a while."""
        self._hot |= dict.fromkeys(projects, time.monotonic() + HOT_S)

    async def before_whole(self) -> bool:
        """Look at what changed in the projects in which something happened; whether there is more."""
        now = time.monotonic()
        if now < self._walk_at:
            return False
        if now > self._all_at:
            self._all_at = now + ALL_S
            self._hot |= dict.fromkeys(await self.db.read(active), now + WALK_S)
        is_busy = False
        for project in list(self._hot):
            pass_ = self._passes.setdefault(project, Pass())
            walk = await self.db.read(next_changed, project, pass_.place, self.at_once)
            fresh = [n for n, at in walk.items if pass_.seen.get(n) != at]
            if fresh:
                if not await self.is_mine():
                    return False
                await self.looked(project, fresh)
                pass_.seen |= walk.items
                pass_.since = await self.db.write(walked, project, walk.items[-1][1])
            pass_.place = (walk.items[-1][1], walk.items[-1][0]) if walk.is_full else None
            if walk.is_full:
                is_busy = True
            elif self._hot[project] < now:
                del self._hot[project], self._passes[project]
            else:
                pass_.seen = {n: at for n, at in pass_.seen.items() if at >= pass_.since}
        if not is_busy:
            self._walk_at = time.monotonic() + WALK_S
        return is_busy


@asynccontextmanager
async def counting_items(litestar: Litestar) -> AsyncIterator[None]:
    """Count while the application runs."""
    async with Follower(litestar.state.app.db).running():
        yield
