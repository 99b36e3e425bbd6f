"""Blobs in a folder of this machine, or of a file system that several machines share."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from karat.ports.blobs import CHUNK, BlobMissingError, Stored, checked

PART = ".part-"


class LocalBlobs:
    """One file for each object: written under another name, synced, then renamed, so that a crash leaves no half of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, data: bytes) -> None:
        """Write an object."""
        part = self._part(key)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path(key))

    def put_file(self, key: str, path: Path, *, move: bool = False) -> None:
        """Write an object from a file; with `move`, by renaming it where both lie on one file system."""
        part = self._part(key)
        if move:
            try:
                os.link(path, part)
            except OSError:
                shutil.copyfile(path, part)
        else:
            shutil.copyfile(path, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(self._path(key))
        if move:
            path.unlink(missing_ok=True)

    def size(self, key: str) -> int | None:
        """Bytes of an object."""
        path = self._path(key)
        return path.stat().st_size if path.is_file() else None

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes of a range."""
        try:
            file = self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError):
            raise BlobMissingError(key) from None
        with file:
            file.seek(start)
            left = None if end is None else end - start
            while left is None or left > 0:
                data = file.read(CHUNK if left is None else min(CHUNK, left))
                if not data:
                    return
                left = None if left is None else left - len(data)
                yield data

    def list(self, prefix: str) -> Iterator[Stored]:
        """The objects below a prefix."""
        base = self.folder / checked(prefix.rstrip("/"))
        found = []
        for folder, _, names in os.walk(base):
            for name in names:
                if PART not in name:
                    path = Path(folder) / name
                    found.append(Stored(path.relative_to(self.folder).as_posix(), path.stat().st_size))
        yield from sorted(found)

    def delete(self, key: str) -> None:
        """Remove an object, and the folders that it leaves empty."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.folder or not _removed(folder):
                return

    def local(self, key: str) -> Path | None:
        """The file itself."""
        path = self._path(key)
        return path if path.is_file() else None

    def signed_url(self, key: str, *, seconds: int) -> str | None:
        """None: a folder has no addresses."""
        checked(key)
        return None

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)

    def _part(self, key: str) -> Path:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.with_name(f"{PART}{uuid.uuid4().hex}")


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
