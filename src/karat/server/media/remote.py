"""Content that stays at its own address: fetched under the same checks as an import, kept for a day, sent like our own."""

import datetime as dt
import hashlib
import tempfile
from pathlib import Path

import httpx
import msgspec

from karat.model.ids import stamp, unstamp
from karat.model.problem import Problem, Refused, shown
from karat.ports.blobs import BlobMissingError, Blobs
from karat.server.media.fetching import fetch
from karat.server.media.places import Places
from karat.server.media.sniff import media_type
from karat.server.settings import Settings

KEPT = dt.timedelta(hours=24)
LARGEST = 500_000_000


class Copy(msgspec.Struct, frozen=True):
    """Where a copy of somebody else's content lies."""

    key: str
    sha256: str
    size: int
    media_type: str
    at: str


_decoder = msgspec.json.Decoder(Copy)


def copy_of(settings: Settings, blobs: Blobs, workspace: int, uri: str, *, now: dt.datetime) -> Copy:
    """A copy of what an address names, at most a day old. Call it in a thread.

    `Refused` (409) where the operator does not allow the address any more, or where it cannot be read. The copy belongs to
    the workspace: that another one has asked for the same address shows in nothing.
    """
    base = f"remote/{workspace}/{hashlib.sha256(uri.encode()).hexdigest()}"
    known = _known(blobs, base)
    if known is not None and now - unstamp(known.at) < KEPT:
        return known
    try:
        with tempfile.TemporaryDirectory(prefix="karat-", dir=_folder(settings)) as folder:
            places = Places(settings.import_roots, settings.import_hosts)
            path = fetch(uri, places, Path(folder), limit=LARGEST).path
            return _kept(blobs, base, path, moves=path.is_relative_to(folder), at=stamp(now))
    except Refused as error:
        raise Refused(error.problems, status=409, title="The content at this address cannot be read") from None
    except httpx.HTTPError as error:
        problem = Problem(
            "uri",
            f"{type(error).__name__}: {error}"[:300],
            "content that comes to its end",
            "See whether the host can be reached from the server.",
        )
        raise Refused([problem], status=409, title="The content at this address cannot be read") from None


def _known(blobs: Blobs, base: str) -> Copy | None:
    try:
        return _decoder.decode(b"".join(blobs.read(f"{base}.json")))
    except BlobMissingError:
        return None


def _kept(blobs: Blobs, base: str, path: Path, *, moves: bool, at: str) -> Copy:
    if not path.is_file():
        raise Refused([Problem("uri", shown(path.name), "one file", "Give the address of a file, not of a folder.")])
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = Copy(f"{base}-{digest[:16]}", digest, path.stat().st_size, media_type(head), at)
    blobs.put_file(found.key, path, move=moves)
    blobs.put(f"{base}.json", msgspec.json.encode(found))
    return found


def _folder(settings: Settings) -> Path:
    folder = settings.data / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
