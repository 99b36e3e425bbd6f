"""Files on their way in: written to disk as they arrive, whole or in parts, and kept until something is imported from them."""

import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from karat.formats.sources import is_safe
from karat.model.problem import Problem, Refused, shown
from karat.ports.blobs import Blobs
from karat.server.jobs.files import sha256_of

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
FLUSH = 4 << 20
_arriving: set[tuple[str, str]] = set()
"""Files that a request is bringing just now; each machine writes into a folder of its own."""


class UploadedFile(msgspec.Struct, frozen=True):
    """A file of an upload."""

    name: str
    size: int
    sha256: str | None
    """Null while parts are missing."""
    complete: bool = True


class Part(msgspec.Struct, frozen=True):
    """Which bytes of a file a request brings."""

    start: int
    end: int
    total: int | None


def key_of(upload: str, name: str) -> str:
    """Where a file of an upload lies in the blob store."""
    return f"uploads/{upload}/files/{name}"


def checked_name(name: str) -> str:
    """A relative name that stays inside its folder; `Refused` otherwise."""
    name = name.lstrip("/")
    if (
        not is_safe(name)
        or CONTROL.search(name)
        or len(name.encode()) > 900
        or any(len(part.encode()) > 240 for part in name.split("/"))
    ):
        raise Refused(
            [
                Problem(
                    "path",
                    shown(name),
                    "a relative path without `..` and control characters, of parts of at most 240 bytes",
                    "Rename the file or its folder.",
                )
            ]
        )
    return name


def part_of(header: str | None, *, limit: int) -> Part | None:
    """What a `Content-Range` says; None where the request brings the whole file."""
    if header is None:
        return None
    found = CONTENT_RANGE.fullmatch(header.strip())
    if found is None:
        raise Refused(
            [
                Problem(
                    "Content-Range", shown(header), "bytes first-last/total", "Write e.g. `bytes 0-8388607/20000000`."
                )
            ]
        )
    start, last = int(found[1]), int(found[2])
    total = None if found[3] == "*" else int(found[3])
    if last < start or (total is not None and last >= total):
        raise Refused([Problem("Content-Range", shown(header), "first ≤ last < total", "Mend the range.")])
    _hold(total or last + 1, limit)
    return Part(start, last + 1, total)


async def receive(
    body: AsyncIterator[bytes], folder: Path, name: str, part: Part | None, *, limit: int, blobs: Blobs, upload: str
) -> UploadedFile:
    """Write what a request brings; the file is there once its last byte is. Memory is constant."""
    if (upload, name) in _arriving:
        problem = Problem(
            "path",
            shown(name),
            "a file that no other request is bringing",
            "Wait for the other request, then ask for the upload to see how much has arrived.",
        )
        raise Refused([problem], status=409, title="The file is on its way already")
    _arriving.add((upload, name))
    try:
        return await _receive(body, folder, name, part, limit=limit, blobs=blobs, upload=upload)
    finally:
        _arriving.discard((upload, name))


async def _receive(
    body: AsyncIterator[bytes], folder: Path, name: str, part: Part | None, *, limit: int, blobs: Blobs, upload: str
) -> UploadedFile:
    path = part_path(folder, upload, name)
    await anyio.to_thread.run_sync(lambda: path.parent.mkdir(parents=True, exist_ok=True))
    have = path.stat().st_size if path.exists() else 0
    start = part.start if part else 0
    if start > have:
        problem = Problem(
            "Content-Range",
            f"bytes from {start}",
            f"bytes from {have} or before",
            "Ask for the upload to see how much has arrived, and go on from there.",
        )
        raise Refused([problem], status=409, title="A part is missing")
    size, digest = await _write(body, path, start, None if part is None else part.end, limit)
    if part is not None and (part.total is None or size < part.total):
        return UploadedFile(name, size, None, complete=False)

    def keep() -> UploadedFile:
        sha256 = digest or sha256_of(path)
        blobs.put_file(key_of(upload, name), path, move=True)
        return UploadedFile(name, size, sha256)

    return await anyio.to_thread.run_sync(keep)


async def _write(
    body: AsyncIterator[bytes], path: Path, start: int, end: int | None, limit: int
) -> tuple[int, str | None]:
    """The file's size afterwards, and its hash where it came in one piece."""
    digest = hashlib.sha256()
    at = start
    async with await anyio.open_file(path, "r+b" if start else "wb") as file:
        await file.seek(start)
        held = bytearray()
        async for data in body:
            held += data
            if end is not None and at + len(held) > end:
                raise Refused(
                    [
                        Problem(
                            "body",
                            f"more than {end - start} bytes",
                            "what Content-Range says",
                            "Send as many bytes as the range has.",
                        )
                    ]
                )
            _hold(at + len(held), limit)
            if len(held) >= FLUSH:
                digest.update(held)
                at += await file.write(held)
                held = bytearray()
        digest.update(held)
        at += await file.write(held)
        if end is not None and at < end:
            # The connection broke off: what came stands, and the next request goes on from there.
            raise Refused(
                [
                    Problem(
                        "body",
                        f"{at - start} bytes",
                        f"{end - start}, as Content-Range says",
                        "Go on from the bytes that arrived.",
                    )
                ],
                status=409,
                title="The part broke off",
            )
        await file.truncate(at)
    return at, None if start else digest.hexdigest()


def part_path(folder: Path, upload: str, name: str) -> Path:
    """Where a file lies while it arrives."""
    return folder / upload / hashlib.sha256(name.encode()).hexdigest()


def local_copy(blobs: Blobs, upload: str, folder: Path) -> Path:
    """The upload's files as a folder of this machine, or the one file where there is only one; `Refused` where there is none."""
    prefix = key_of(upload, "")
    stored = list(blobs.list(prefix))
    if not stored:
        raise Refused([Problem("upload", "no files", "at least one file", "Put files into the upload first.")])
    first = blobs.local(stored[0].key)
    names = [entry.key.removeprefix(prefix) for entry in stored]
    if first is not None:
        base = first.parents[names[0].count("/")]
        return first if len(names) == 1 else base
    for entry, name in zip(stored, names, strict=True):
        path = folder / "upload" / checked_name(name)
        if not path.exists() or path.stat().st_size != entry.size:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.writelines(blobs.read(entry.key))
    return folder / "upload" / names[0] if len(names) == 1 else folder / "upload"


def remove(blobs: Blobs, folder: Path, upload: str) -> None:
    """Delete everything of an upload."""
    for stored in list(blobs.list(f"uploads/{upload}/")):
        blobs.delete(stored.key)
    for path in (folder / upload).glob("*"):
        path.unlink(missing_ok=True)
    if (folder / upload).is_dir():
        (folder / upload).rmdir()


def _hold(size: int, limit: int) -> None:
    if size > limit:
        raise Refused(
            [
                Problem(
                    "body",
                    f"{size} bytes",
                    f"at most {limit}",
                    "Split the file, or ask the operator to raise max_upload_mb.",
                )
            ],
            status=413,
            title="The file is too large",
        )
