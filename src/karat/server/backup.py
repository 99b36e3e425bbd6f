"""Everything of an installation in one file, written while people work, read back on either database.

The file is a tar packed with Zstandard: `karat.json` says what wrote it, `tables/…` are rows as lines of JSON,
`blobs/…` are media and files, and `manifest.json` at the end has the size and SHA-256 of each member. A file that was
cut off has no manifest and is refused before anything is replaced.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs

import karat
from karat.adapters import open_blobs
from karat.model.ids import RealClock, stamp
from karat.model.problem import Problem, Refused
from karat.ports.blobs import CHUNK, BlobMissingError, Blobs
from karat.server.backup_rows import Rows, load, row_parts, snapshot
from karat.server.database import Tx, connect
from karat.server.migrations import HEAD
from karat.server.settings import Settings
from karat.server.tell import note

FORMAT = 1
HEADER = "karat.json"
MANIFEST = "manifest.json"
# Small versions of pictures are made again when they are asked for.
BLOBS = ("media/", "uploads/", "jobs/")


class Header(msgspec.Struct, frozen=True):
    """What wrote a backup."""

    karat_backup: int
    version: str
    step: str
    """The migration step of the tables."""
    at: str
    columns: dict[str, list[str]]


class Member(msgspec.Struct, frozen=True):
    """One file in a backup."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a whole backup holds."""

    members: dict[str, Member]
    rows: dict[str, int]
    missing: list[str]
    """Blobs that were deleted while the backup ran."""


def backup(settings: Settings, to: Path) -> Manifest:
    """Write a backup in one snapshot of the database; nobody has to stop working."""
    blobs, part = open_blobs(settings), to.with_name(f"{to.name}.part")
    db = connect(settings)
    try:
        with snapshot(settings) as rows, _written(part) as archive:
            manifest = _write(archive, rows, blobs)
        part.replace(to)
        db.write_now(_noted, to.name)
    finally:
        part.unlink(missing_ok=True)
        db.close()
    return manifest


def restore(settings: Settings, file: Path, *, replace: bool = False) -> Manifest:
    """Check a whole backup, then put it in place. The server must be stopped; `replace` overwrites what is there."""
    header, manifest = verify(file)
    blobs = open_blobs(settings)
    with file.open("rb") as source, _opened(source) as archive:
        load(settings, step=header.step, columns=header.columns, chunks=_unpacked(archive, blobs), replace=replace)
    return manifest


def verify(file: Path) -> tuple[Header, Manifest]:
    """Read a backup to its end; refused where it is cut off, changed, or of a newer version."""
    header: Header | None = None
    manifest: Manifest | None = None
    found: dict[str, Member] = {}
    try:
        with file.open("rb") as source, _opened(source) as archive:
            for info in archive:
                data = cast(BinaryIO, archive.extractfile(info))
                if info.name == MANIFEST:
                    manifest = msgspec.json.decode(data.read(), type=Manifest)
                    continue
                if info.name == HEADER:
                    header = msgspec.json.decode(data.read(), type=Header)
                    continue
                found[info.name] = _measured(data)
    except (tarfile.TarError, OSError, EOFError, msgspec.MsgspecError) as error:
        raise damaged(file, str(error)) from error
    if header is None or manifest is None:
        raise damaged(file, "it was cut off")
    changed = sorted(name for name in {*found, *manifest.members} if found.get(name) != manifest.members.get(name))
    if changed:
        raise damaged(file, f"{len(changed)} of its files differ, {changed[0]} first")
    if header.karat_backup > FORMAT or header.step > HEAD:
        problem = Problem(
            "file",
            f"Karat {header.version}",
            f"a backup of Karat {karat.__version__} or older",
            "Update Karat, then restore.",
        )
        raise Refused([problem], title="The backup is of a newer version")
    return header, manifest


def damaged(file: Path, why: str) -> Refused:
    """A file that is no whole backup."""
    problem = Problem(
        "file",
        f"{file.name}: {why}",
        "a whole file that `karat backup` wrote",
        "Copy the file again, or use another backup.",
    )
    return Refused([problem], title="The backup is damaged; nothing was changed")


def _noted(tx: Tx, file: str) -> None:
    for (workspace,) in tx.run("SELECT n FROM workspaces"):
        note(tx, "backup.made", actor=None, workspace=workspace, file=file)


def _write(archive: tarfile.TarFile, rows: Rows, blobs: Blobs) -> Manifest:
    header = Header(FORMAT, karat.__version__, rows.step, stamp(RealClock().now()), rows.columns)
    _add(archive, HEADER, io.BytesIO(body := msgspec.json.encode(header)), len(body))
    members: dict[str, Member] = {}
    counts: dict[str, int] = {}
    for table in rows.columns:
        counts[table] = 0
        for n, (lines, count) in enumerate(row_parts(rows, table)):
            name = f"tables/{table}/{n:06}.jsonl"
            members[name] = _add(archive, name, io.BytesIO(lines), len(lines))
            counts[table] += count
    missing = [key for prefix in BLOBS for key in _add_blobs(archive, blobs, prefix, members)]
    manifest = Manifest(members, counts, missing)
    _add(archive, MANIFEST, io.BytesIO(body := msgspec.json.encode(manifest)), len(body))
    return manifest


def _add_blobs(archive: tarfile.TarFile, blobs: Blobs, prefix: str, members: dict[str, Member]) -> Iterator[str]:
    for stored in blobs.list(prefix):
        name = f"blobs/{stored.key}"
        try:
            pieces = _Pieces(blobs.read(stored.key))
        except BlobMissingError:
            yield stored.key
            continue
        members[name] = _add(archive, name, pieces, stored.size)


def _add(archive: tarfile.TarFile, name: str, data: "BinaryIO | _Pieces", size: int) -> Member:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    hashing = _Hashing(data)
    archive.addfile(info, cast(BinaryIO, hashing))
    return Member(size, hashing.sha256())


def _unpacked(archive: tarfile.TarFile, blobs: Blobs) -> Iterator[tuple[str, bytes]]:
    """The rows of each table as they come; blobs go to their store on the way."""
    for info in archive:
        kind, _, name = info.name.partition("/")
        data = cast(BinaryIO, archive.extractfile(info))
        if kind == "tables":
            yield name.partition("/")[0], data.read()
        elif kind == "blobs":
            _store(blobs, name, data, info.size)


def _store(blobs: Blobs, key: str, data: BinaryIO, size: int) -> None:
    import tempfile

    if size <= CHUNK:
        blobs.put(key, data.read())
        return
    with tempfile.NamedTemporaryFile(prefix="karat-", delete=False) as copy:
        while piece := data.read(CHUNK):
            copy.write(piece)
    blobs.put_file(key, Path(copy.name), move=True)


def _measured(data: BinaryIO) -> Member:
    hashing, size = hashlib.sha256(), 0
    while piece := data.read(CHUNK):
        hashing.update(piece)
        size += len(piece)
    return Member(size, hashing.hexdigest())


class _Pieces:
    """A file to read from pieces; opened at once, so that a missing blob is found before its header is written."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = next(pieces, b"")

    def read(self, size: int) -> bytes:
        """At most so many bytes."""
        parts, have = [], 0
        while have < size:
            if not self._rest:
                self._rest = next(self._pieces, b"")
                if not self._rest:
                    break
            part, self._rest = self._rest[: size - have], self._rest[size - have :]
            parts.append(part)
            have += len(part)
        return b"".join(parts)


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, data: "BinaryIO | _Pieces") -> None:
        self._data = data
        self._hash = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._data.read(size)
        self._hash.update(piece)
        return piece

    def sha256(self) -> str:
        """Of what was read."""
        return self._hash.hexdigest()


class _written:  # noqa: N801 - used as `with _written(path)`
    """A new archive that only its owner can read: it holds password hashes. Synced before it is closed."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._packed = pa.CompressedOutputStream(pa.PythonFile(self._file, mode="w"), "zstd")
        self._archive = tarfile.open(fileobj=self._packed, mode="w|")  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> tarfile.TarFile:
        return self._archive

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._packed.close()
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()


def _opened(source: BinaryIO) -> tarfile.TarFile:
    return tarfile.open(
        fileobj=cast(BinaryIO, pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "zstd")), mode="r|"
    )
