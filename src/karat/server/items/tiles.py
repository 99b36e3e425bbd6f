"""Large pictures in tiles: their making asked for once, how far it is, and each tile under the rights of its item."""

import functools
import re

import anyio.to_thread
import msgspec
from litestar import Response

from karat.model.problem import Problem, Refused, shown
from karat.ports.blobs import BlobMissingError
from karat.server.access import Actor, enter_item
from karat.server.database import Tx
from karat.server.jobs import actions as jobs
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.jobs.schemas import Started
from karat.server.media import tiling
from karat.server.media.remote import Copy
from karat.server.ranges import HARMLESS
from karat.server.state import App, Asked

DESCRIPTION = "application/vnd.karat.tiles+json"
"""Who asks for a picture and accepts this gets, of a large one, the description of its tiles instead."""
PERCENT = 100
_CACHE = "private, max-age=3600"
_ADDRESS = re.compile(r"(\d{1,2})/(\d{1,6})/(\d{1,6})")
_problems = msgspec.json.Decoder(list[Problem])


class TilesWork(msgspec.Struct, frozen=True):
    """The cutting of one picture as a job."""

    sha256: str
    key: str


class Tiles(msgspec.Struct, frozen=True):
    """The tiles of a picture, or how far their making is."""

    ready: bool
    percent: int
    width: int = 0
    height: int = 0
    tile: int = 0
    levels: int = 0


class Standing(msgspec.Struct, frozen=True):
    """Where the making of tiles stands."""

    state: str
    percent: int
    problems: list[Problem]
    started: Started | None = None


async def send_description(app: App, actor: Actor, held: Copy, *, item: str, workspace: int) -> Response[bytes]:
    """The tiles of a picture; where they are not made, they are asked for, and the answer says how far that is."""
    found = await anyio.to_thread.run_sync(tiling.pyramid_of, app.blobs, workspace, held.sha256)
    if found is not None:
        body = Tiles(True, PERCENT, found.width, found.height, found.tile, found.levels)
    else:
        standing = await app.db.write(ask_for, actor, item=item, given=TilesWork(held.sha256, held.key))
        if standing.started is not None:
            app.jobs.submit(standing.started.id, standing.started.attempt)
        if standing.state in ("failed", "cancelled"):
            raise Refused(standing.problems or [_CANCELLED], title=tiling.TITLE)
        body = Tiles(False, standing.percent)
    headers = {**HARMLESS, "Cache-Control": "no-store", "Vary": "Accept"}
    return Response(msgspec.json.encode(body), headers=headers, media_type=DESCRIPTION)


async def send_tile(request: Asked, app: App, held: Copy, *, workspace: int, tile: str) -> Response[bytes]:
    """One tile, named `level/column/row`."""
    named = _ADDRESS.fullmatch(tile)
    level, x, y = (int(part) for part in named.groups()) if named else (-1, 0, 0)
    headers = {**HARMLESS, "Cache-Control": _CACHE, "ETag": f'"{held.sha256}-{level}-{x}-{y}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    try:
        make = functools.partial(tiling.tile_of, app.blobs, workspace, held.sha256, level=level, x=x, y=y)
        data = await anyio.to_thread.run_sync(make)
    except BlobMissingError:
        do = f"Ask for it with Accept: {DESCRIPTION}, until it is ready."
        problem = Problem("tile", shown(tile), "a picture whose tiles are made", do)
        raise Refused([problem], status=409, title="There are no tiles of this picture") from None
    if data is None:
        problem = Problem("tile", shown(tile), "level/column/row of the picture", "Ask for a tile that lies in it.")
        raise Refused([problem])
    return Response(data, headers=headers, media_type="image/jpeg")


def ask_for(tx: Tx, actor: Actor, *, item: str, given: TilesWork) -> Standing:
    """Where the making of a picture's tiles stands; a job is written down where none was, or where its result is gone."""
    scope, _ = enter_item(tx, actor, "work.see", item=item)
    rows = tx.run(
        "SELECT state, done, problems FROM jobs WHERE workspace = :workspace AND kind = 'tiles' AND arguments = :given"
        " ORDER BY created_at DESC, id DESC LIMIT 1",
        workspace=scope.workspace,
        given=msgspec.json.encode(given).decode(),
    )
    if rows and rows[0][0] != "done":
        return Standing(rows[0][0], rows[0][1], _problems.decode(rows[0][2]))
    return Standing("queued", 0, [], jobs.create(tx, scope, "tiles", given, unit="percent"))


def cut(job: Running, given: TilesWork) -> dict[str, object]:
    """Cut a picture into tiles. After a crash it is cut from the beginning: nothing is kept before all is there."""
    app = job.app
    known = tiling.pyramid_of(app.blobs, job.scope.workspace, given.sha256)
    job.progress(0, total=PERCENT, now=True)
    made = known or tiling.make(
        app.settings,
        app.blobs,
        job.scope.workspace,
        given.sha256,
        key=given.key,
        folder=job.folder(),
        tell=lambda percent: job.progress(percent, total=PERCENT),
    )
    job.progress(PERCENT, total=PERCENT, now=True)
    return {"width": made.width, "height": made.height, "levels": made.levels, "tiles": len(made.spans) // 16}


_CANCELLED = Problem(
    "", "a job that was cancelled", "one that came to its end", "Somebody who manages the project can start it again."
)
TILES_JOB = JobKind(name="tiles", title="Cut into tiles", arguments=TilesWork, run=cut, unit="percent")
