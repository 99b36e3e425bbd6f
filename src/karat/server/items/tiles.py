"""Large pictures in tiles: their making asked for once, how far it is, and each tile under the rights of its item."""

import functools
import re
import time
from collections.abc import Callable, Sequence

import anyio.to_thread
import msgspec
from litestar import Response

from karat.model.problem import Problem, Refused, shown
from karat.ports.blobs import BlobMissingError
from karat.server.access import Actor, Scope, enter_item
from karat.server.database import Tx
from karat.server.jobs import actions as jobs
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.jobs.schemas import Started
from karat.server.media import tiling
from karat.server.media.pyramid import Pyramid
from karat.server.media.remote import Copy
from karat.server.media.sniff import media_type
from karat.server.media.storing import key_of
from karat.server.ranges import HARMLESS
from karat.server.state import App, Asked

DESCRIPTION = "application/vnd.karat.tiles+json"
"""Who asks for a picture and accepts this gets, of a large one, the description of its tiles instead."""
PERCENT = 100
_CACHE = "private, max-age=3600"
_ADDRESS = re.compile(r"(\d{1,2})/(\d{1,6})/(\d{1,6})")
_problems = msgspec.json.Decoder(list[Problem])
MOST_AHEAD = 2000
"""Pictures of one import that are cut before somebody opens them."""
WAIT_S = 0.2
_cutting: dict[tuple[int, str], str] = {}
"""Workspace and picture to the job of this process that cuts it …"""
_percents: dict[tuple[int, str], int] = {}
"""… and how much of it is cut."""


class TilesWork(msgspec.Struct, frozen=True):
    """The cutting of one picture as a job."""

    sha256: str
    key: str


class AheadWork(msgspec.Struct, frozen=True):
    """The cutting of imported pictures as a job."""

    sha256s: list[str]


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
    return Response(data, headers=headers, media_type=media_type(data))


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
    job.progress(0, total=PERCENT, now=True)
    made = _made(job, given, lambda percent: job.progress(percent, total=PERCENT))
    job.progress(PERCENT, total=PERCENT, now=True)
    return {"width": made.width, "height": made.height, "levels": made.levels, "tiles": len(made.spans) // 16}


def cut_ahead(job: Running, given: AheadWork) -> dict[str, object]:
    """Cut pictures one by one, before anybody asks for them. It makes way for any other job that waits."""
    workspace, failed = job.scope.workspace, 0
    for number, sha256 in enumerate(given.sha256s):
        job.progress(number, total=len(given.sha256s), now=True)
        if number and job.db.read_now(_others_wait, job.id):
            rest = AheadWork(given.sha256s[number:])
            started = job.db.write_now(jobs.create, job.scope, "tiles.ahead", rest, unit="pictures")
            job.app.jobs.submit(started.id, started.attempt)
            job.say(f"Another job waits; the other {len(rest.sha256s)} pictures are cut after it.")
            return {"cut": number - failed, "failed": failed, "left": len(rest.sha256s)}
        try:
            _made(job, TilesWork(sha256, key_of(workspace, sha256)), lambda _percent: job.check())
        except Refused as error:
            failed += 1
            told = error.problems[0]
            job.say(f"{sha256[:12]}: {told.got}; expected {told.expected}. {told.do}")
    job.progress(len(given.sha256s), total=len(given.sha256s), now=True)
    return {"cut": len(given.sha256s) - failed, "failed": failed, "left": 0}


def ask_ahead(app: App, scope: Scope, sha256s: Sequence[str]) -> int:
    """Have pictures that were just imported cut while nobody waits for them; how many those are."""
    some = AheadWork(list(dict.fromkeys(sha256s))[:MOST_AHEAD])
    if some.sha256s:
        started = app.db.write_now(jobs.create, scope, "tiles.ahead", some, unit="pictures")
        app.jobs.submit(started.id, started.attempt)
    return len(some.sha256s)


def _made(job: Running, given: TilesWork, tell: Callable[[int], None]) -> Pyramid:
    """The tiles of a picture, from whoever is cutting it already: two jobs never cut one picture at a time."""
    app, workspace = job.app, job.scope.workspace
    mine = (workspace, given.sha256)
    while _cutting.setdefault(mine, job.id) != job.id:
        tell(_percents.get(mine, 0))
        time.sleep(WAIT_S)

    def note(percent: int) -> None:
        _percents[mine] = percent
        tell(percent)

    try:
        known = tiling.pyramid_of(app.blobs, workspace, given.sha256)
        return known or tiling.make(
            app.settings, app.blobs, workspace, given.sha256, key=given.key, folder=job.folder(), tell=note
        )
    finally:
        _percents.pop(mine, None)
        _cutting.pop(mine, None)


def _others_wait(tx: Tx, job: str) -> bool:
    return bool(
        tx.run("SELECT 1 FROM jobs WHERE state = 'queued' AND kind <> 'tiles.ahead' AND id <> :job LIMIT 1", job=job)
    )


_CANCELLED = Problem(
    "", "a job that was cancelled", "one that came to its end", "Somebody who manages the project can start it again."
)
TILES_JOB = JobKind(name="tiles", title="Cut into tiles", arguments=TilesWork, run=cut, unit="percent")
AHEAD_JOB = JobKind(
    name="tiles.ahead", title="Cut imported pictures into tiles", arguments=AheadWork, run=cut_ahead, unit="pictures"
)
