"""A file of a source as a file of this machine: itself where it is one, else a copy; hashed on the way."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from karat.formats.base import Source
from karat.formats.sources import FileSource, FolderSource

PIECE = 1 << 20
LARGEST_FILE = 2 << 30


@dataclass(frozen=True)
class Spooled:
    """A file that can be opened by its path."""

    path: Path
    size: int
    sha256: str
    spooled: bool
    """A copy of ours, to be moved or removed."""

    def drop(self) -> None:
        """Remove the copy."""
        if self.spooled:
            self.path.unlink(missing_ok=True)


def spool(source: Source, name: str, folder: Path) -> Spooled:
    """The file of that name; raises what reading a source may raise."""
    own = _own_path(source, name)
    digest = hashlib.sha256()
    size = 0
    target = own or folder / f"spool-{uuid.uuid4().hex}"
    try:
        with source.open(name) as file:
            copy = None if own else target.open("wb")
            try:
                while data := file.read(PIECE):
                    digest.update(data)
                    size += len(data)
                    if size > LARGEST_FILE:
                        raise OSError(f"more than {LARGEST_FILE} bytes")
                    if copy is not None:
                        copy.write(data)
            finally:
                if copy is not None:
                    copy.close()
    except BaseException:
        if own is None:
            target.unlink(missing_ok=True)
        raise
    return Spooled(target, size, digest.hexdigest(), spooled=own is None)


def _own_path(source: Source, name: str) -> Path | None:
    inner = getattr(source, "source", source)
    if isinstance(inner, FolderSource) and inner.has(name):
        return inner.folder / name
    if isinstance(inner, FileSource) and inner.has(name):
        return inner.files[name]
    return None
