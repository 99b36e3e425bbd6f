"""Removing what nobody refers to any more, while the server runs: the bin, uploads that were left, and media of purged items."""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog
from litestar import Litestar

from karat.model.ids import stamp
from karat.ports.blobs import Blobs
from karat.server.database import Database, Tx
from karat.server.media import tiling
from karat.server.media.storing import forget_small, key_of
from karat.server.projects.work import empty_bin
from karat.server.transfers.work import remove_abandoned_uploads

if TYPE_CHECKING:
    from karat.server.state import App

log = structlog.get_logger()
FIRST_S = 600.0
EVERY_S = 3600.0
MEDIA_EVERY = 24
"""Media are looked through at every so many rounds: it reads all items."""
GRACE = dt.timedelta(days=2)
"""What was stored or imported again since is kept, whoever refers to it."""
PAGE = 2000
MANY = 200_000
"""Above so many files of a workspace they are looked for in sixteen passes, so that memory stays small."""
BLOB = re.compile(r'"(?:blob|layer)":"([0-9a-f]{64})"')


@asynccontextmanager
async def tidying(litestar: Litestar) -> AsyncIterator[None]:
    """Tidy until the application ends."""
    task = asyncio.create_task(_tidy(litestar.state.app))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _tidy(app: "App") -> None:
    await asyncio.sleep(FIRST_S)
    rounds = 0
    while True:
        try:
            await asyncio.to_thread(remove_abandoned_uploads, app)
            await asyncio.to_thread(empty_bin, app.db)
            if rounds % MEDIA_EVERY == 0:
                await asyncio.to_thread(remove_unused_media, app.db, app.blobs)
        except Exception as error:
            log.warning("tidying.failed", error=str(error), exc_info=error)
        rounds += 1
        await asyncio.sleep(EVERY_S)


def remove_unused_media(db: Database, blobs: Blobs) -> int:
    """Remove the media that no item and no revision of one refers to; how many there were."""
    before = db.read_now(lambda tx: stamp(tx.clock.now() - GRACE))
    removed = 0
    for workspace, count in db.read_now(_workspaces, before):
        for prefix in "0123456789abcdef" if count > MANY else [""]:
            for sha256 in sorted(_unused(db, workspace, before, prefix)):
                removed += db.write_bulk(_remove, blobs, workspace, sha256, before).result()
    return removed


def _workspaces(tx: Tx, before: str) -> list[tuple[int, int]]:
    rows = tx.run("SELECT workspace, count(*) FROM blobs WHERE at < :before GROUP BY workspace", before=before)
    return [(workspace, count) for workspace, count in rows]


def _unused(db: Database, workspace: int, before: str, prefix: str) -> set[str]:
    """Candidates less what is found; read a page at a time, so that no snapshot is held for long."""
    left = {bytes.fromhex(sha256) for (sha256,) in db.read_now(_candidates, workspace, before, prefix)}
    for sql in (_ITEMS, _REVISIONS):
        item = revision = -1
        while left and (rows := db.read_now(_page, sql, workspace, item, revision)):
            item, revision, _ = rows[-1]
            for _, _, text in rows:
                left -= {bytes.fromhex(sha256) for sha256 in BLOB.findall(text)}
    return {digest.hex() for digest in left}


def _candidates(tx: Tx, workspace: int, before: str, prefix: str) -> list[tuple[str]]:
    rows = tx.run(
        "SELECT sha256 FROM blobs WHERE workspace = :workspace AND at < :before AND sha256 >= :low AND sha256 < :high",
        workspace=workspace,
        before=before,
        low=prefix,
        high=f"{prefix}g",
    )
    return [(sha256,) for (sha256,) in rows]


def _page(tx: Tx, sql: str, workspace: int, item: int, revision: int) -> list[tuple[int, int, str]]:
    rows = tx.run(sql, workspace=workspace, item=item, revision=revision, limit=PAGE)
    return [(n, at, text) for n, at, text in rows]


def _remove(tx: Tx, blobs: Blobs, workspace: int, sha256: str, before: str) -> bool:
    """Remove one file, unless an import may be about to refer to it.

    In one transaction with the file itself: an import that is asked for later finds it gone and stores it again. On
    PostgreSQL the lock on the workspace keeps such an import waiting, since its job refers to the workspace.
    """
    if not tx.is_sqlite:
        tx.run("SELECT 1 FROM workspaces WHERE n = :workspace FOR UPDATE", workspace=workspace)
    if tx.run(
        "SELECT 1 FROM jobs WHERE workspace = :workspace AND kind = 'import' AND finished_at IS NULL LIMIT 1",
        workspace=workspace,
    ):
        return False
    gone = tx.run(
        "DELETE FROM blobs WHERE workspace = :workspace AND sha256 = :sha256 AND at < :before RETURNING 1",
        workspace=workspace,
        sha256=sha256,
        before=before,
    )
    if gone:
        blobs.delete(key_of(workspace, sha256))
        forget_small(blobs, workspace, sha256)
        tiling.forget(blobs, workspace, sha256)
    return bool(gone)


_ITEMS = (
    "SELECT i.n, 0, i.streams FROM items i JOIN projects p ON p.n = i.project WHERE p.workspace = :workspace"
    " AND i.n > :item AND :revision < 1 ORDER BY i.n LIMIT :limit"
)
_REVISIONS = (
    "SELECT r.item, r.revision, r.document FROM item_revisions r JOIN projects p ON p.n = r.project WHERE p.workspace = :workspace"
    " AND (r.item, r.revision) > (:item, :revision) ORDER BY r.item, r.revision LIMIT :limit"
)
