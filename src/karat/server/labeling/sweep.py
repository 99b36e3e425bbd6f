"""The sweep that takes back claims whose time is over and applies changed policies, while the server runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from litestar import Litestar
from sqlalchemy.exc import OperationalError

from karat.server.database import Database
from karat.server.labeling.actions import expire, recount_next
from karat.server.labeling.actions.batches import AT_ONCE as TENDED_AT_ONCE
from karat.server.labeling.actions.batches import tend
from karat.server.labeling.actions.expire import AT_ONCE

log = structlog.get_logger()
EVERY_S = 5.0


@asynccontextmanager
async def sweeping(litestar: Litestar) -> AsyncIterator[None]:
    """Sweep until the application ends."""
    task = asyncio.create_task(_sweep(litestar.state.app.db))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _sweep(db: Database) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            while await db.write(expire) == AT_ONCE:
                await asyncio.sleep(0.1)  # let people's requests through between the portions
            while await db.write(tend) == TENDED_AT_ONCE:
                await asyncio.sleep(0.1)
            while await asyncio.wrap_future(db.write_bulk(recount_next)):
                await asyncio.sleep(0)
        except OperationalError as error:
            log.warning("sweep.failed", error=str(error))
