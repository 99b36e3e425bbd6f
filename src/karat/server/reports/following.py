"""Within a second of an answer its item is compared, merged and, if it is complete, resolved."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from litestar import Litestar

from karat.server.database import Database
from karat.server.following import ALL_ANSWERS, ANSWERS, REST, ItemFollower, Watch
from karat.server.reports.relearning import start_due
from karat.server.reports.settling import settle_project
from karat.server.reports.weighing import weigh

LOOK_S = 5.0
"""How often it is looked whether a project has grown."""

Submit = Callable[[str, int], None]


class Follower(ItemFollower):
    """Keeps the disagreement, the consensus and the result of every item what its answers say."""

    name = "quality"
    watch = Watch(
        # What a reviewer accepted may have come to the stage whose result the consensus is.
        one=ANSWERS,
        whole=ALL_ANSWERS | {"items.recounted"},
        due="overdue",
        items="deleted_at IS NULL AND (responses > 0 OR disagreement IS NOT NULL OR state = 'labeled')",
    )

    def __init__(
        self, db: Database, *, holder: str | None = None, rest: float = REST, submit: Submit | None = None
    ) -> None:
        super().__init__(db, holder=holder, rest=rest)
        self._submit = submit
        self._answered: dict[int, None] = {}
        self._look_at = 0.0

    async def look(self, project: int, items: list[int]) -> None:
        """Compare and merge in a reader's thread, write in a chunk of its own."""
        rules, weighed = await self.db.read(weigh, project, items)
        if weighed:
            await asyncio.wrap_future(self.db.write_bulk(settle_project, project, rules, weighed))

    async def touched(self, projects: list[int]) -> None:
        """Relearn also while answers keep coming."""
        self._answered |= dict.fromkeys(projects)
        await self.calm()

    async def calm(self) -> None:
        """Let the projects that have grown enough be learned anew, at most every few seconds: while many people label,
        there is never a moment without answers, and what is learned decides how many more are asked for."""
        if self._submit is None or not self._answered or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_S
        projects, self._answered = list(self._answered), {}
        for started in await self.db.write(start_due, projects):
            self._submit(started.id, started.attempt)


@asynccontextmanager
async def following(litestar: Litestar) -> AsyncIterator[None]:
    """Follow the events while the application runs."""
    app = litestar.state.app
    async with Follower(app.db, submit=app.jobs.submit).running():
        yield
