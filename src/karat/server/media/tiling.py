"""Tiles of large pictures in the blob store: one archive and its index for each picture of a workspace."""

import functools
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from karat.model.kind import Facts
from karat.model.problem import Problem, Refused
from karat.ports.blobs import BlobMissingError, Blobs
from karat.server.media.answers import Bad
from karat.server.media.pyramid import Answer, Cut, Going, Made, Pyramid
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.settings import Settings

SILENT_S = 600.0
"""A process that says nothing for so long is taken for stuck: a large file is first read once from end to end."""
CPU_S = 4 * 3600
KEPT = 64
"""Indexes in memory, some 100 kB each."""
TITLE = "This picture cannot be cut into tiles"
MEND = "Save it as a tiled TIFF, or as a JPEG or PNG that is neither progressive nor interlaced, or raise worker_memory_mb."

_decoder = msgspec.msgpack.Decoder(Pyramid)


def is_large(facts: Facts, settings: Settings) -> bool:
    """Whether a picture is shown in tiles."""
    width, height = facts.width or 0, facts.height or 0
    return width * height > settings.tile_pixels or max(width, height) > settings.tile_side


def pyramid_of(blobs: Blobs, workspace: int, sha256: str) -> Pyramid | None:
    """What tiles there are; None where they are not made."""
    key = f"{_folder(workspace, sha256)}/index"
    return None if blobs.size(key) is None else _read(blobs, key)  # type: ignore[arg-type]  # a store is hashed by what it is


def tile_of(blobs: Blobs, workspace: int, sha256: str, *, level: int, x: int, y: int) -> bytes | None:
    """One tile as JPEG; None where the picture has no such tile, `BlobMissingError` where its tiles are not made."""
    for _ in range(2):
        found = pyramid_of(blobs, workspace, sha256)
        if found is None:
            break
        span = found.span(level, x, y)
        if span is None:
            return None
        try:
            key = f"{_folder(workspace, sha256)}/{_name(found)}"
            return b"".join(blobs.read(key, start=span[0], end=span[1]))
        except BlobMissingError:
            _read.cache_clear()  # cut anew since the index was read
    raise BlobMissingError(sha256)


@functools.lru_cache(KEPT)
def _read(blobs: Blobs, key: str) -> Pyramid:
    return _decoder.decode(b"".join(blobs.read(key)))


def forget(blobs: Blobs, workspace: int, sha256: str) -> None:
    """Remove the tiles of a picture."""
    for stored in list(blobs.list(f"{_folder(workspace, sha256)}/")):
        blobs.delete(stored.key)


def _folder(workspace: int, sha256: str) -> str:
    return f"tiles/{workspace}/{sha256[:2]}/{sha256}"


def _name(made: Pyramid) -> str:
    """The archive of one cutting: the order of tiles differs from one to the next, so an index fits its own only."""
    return f"{hashlib.sha256(made.spans).hexdigest()[:16]}.zip"


def make(
    settings: Settings,
    blobs: Blobs,
    workspace: int,
    sha256: str,
    *,
    key: str,
    folder: Path,
    tell: Callable[[int], None],
) -> Pyramid:
    """Cut the picture under `key` and keep its tiles; `folder` holds what is made on the way, `tell(percent)` may raise to stop.

    `Refused` where it cannot be read in the memory and time of a worker.
    """
    made = _cut(settings, _local(blobs, key, folder), folder / "tiles.zip", tell)
    place = _folder(workspace, sha256)
    archive, index = f"{place}/{_name(made)}", f"{place}/index"
    blobs.put_file(archive, folder / "tiles.zip", move=True)
    blobs.put(index, msgspec.msgpack.encode(made))  # last: where it is, all is
    for stored in list(blobs.list(f"{place}/")):
        if stored.key not in (archive, index):
            blobs.delete(stored.key)  # of a cutting that was killed before its index stood
    if blobs.size(archive) is None:
        raise OSError(f"the tiles under {archive} were removed by another cutting of the same picture")
    return made


def _local(blobs: Blobs, key: str, folder: Path) -> Path:
    path = blobs.local(key)
    if path is not None:
        return path
    copy = folder / "picture"
    try:
        with copy.open("wb") as file:
            for piece in blobs.read(key):
                file.write(piece)
    except BlobMissingError:
        problem = Problem("", "nothing", "the picture's file", "Import the picture again.")
        raise Refused([problem], title=TITLE) from None
    return copy


def _cut(settings: Settings, path: Path, target: Path, tell: Callable[[int], None]) -> Pyramid:
    target.unlink(missing_ok=True)
    _check_room(path, target.parent)
    limits = Limits(settings.worker_memory_mb, CPU_S)
    with Worker[Answer]("tiles", Cut(str(path), str(target)), Answer, limits=limits) as worker:
        try:
            for answer in worker.answers(timeout_s=SILENT_S):
                if isinstance(answer, Made):
                    return answer.pyramid
                if isinstance(answer, Going):
                    tell(answer.percent)
                else:
                    raise _refused(answer)
        except WorkerDiedError as error:
            raise _refused(
                Bad(f"a process that did not come to its end ({error})", "a picture that can be cut")
            ) from None
    raise _refused(Bad("a process that ended without tiles", "a picture that can be cut"))


def _check_room(path: Path, folder: Path) -> None:
    needed, free = 2 * path.stat().st_size, shutil.disk_usage(folder).free
    if free < needed:
        problem = Problem(
            "", f"{free >> 20} MB of free disk", f"about {needed >> 20} MB", "Make room and start the job again."
        )
        raise Refused([problem], title=TITLE)


def _refused(bad: Bad) -> Refused:
    return Refused([Problem("", bad.got, bad.expected, MEND)], title=TITLE)
