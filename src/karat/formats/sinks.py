"""Where an export is written: a folder whose files appear only when they are whole."""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

import msgspec

from karat.formats.sources import is_safe


class Written(msgspec.Struct, frozen=True):
    """A finished file."""

    name: str
    size: int
    sha256: str


class FolderSink:
    """Writes files below a folder: each under a temporary name, renamed when it is complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Written] = {}

    def open(self, name: str) -> BinaryIO:
        """A file to write, as a context manager."""
        if not is_safe(name):
            raise ValueError(f"{name!r} leads out of the folder; give a relative name")
        return cast(BinaryIO, _SinkFile(self, name))  # it has all that writers use: write, tell and close

    def written(self) -> list[Written]:
        """The finished files, by name."""
        return [self.files[name] for name in sorted(self.files)]


class _SinkFile:
    """A file under a temporary name that hashes what goes through it."""

    def __init__(self, sink: FolderSink, name: str) -> None:
        self.sink = sink
        self.name = name
        self.path = sink.folder / name
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.part = self.path.with_name(self.path.name + ".part")
        self.file = self.part.open("wb", buffering=1 << 18)
        self.hash = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> int:
        self.hash.update(data)
        self.size += len(data)
        return self.file.write(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self.file.flush()

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.part.replace(self.path)
        self.sink.files[self.name] = Written(self.name, self.size, self.hash.hexdigest())

    def __enter__(self) -> "_SinkFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif not self.closed:
            self.closed = True
            self.file.close()
            self.part.unlink(missing_ok=True)
