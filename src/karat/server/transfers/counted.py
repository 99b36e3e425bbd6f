"""A source that knows how much of it was read, for the progress of an import."""

from collections.abc import Iterator
from io import RawIOBase
from typing import BinaryIO, cast

from karat.formats.base import Source


class CountedSource:
    """Counts the bytes of label files that are read once from start to end; small peeks at a beginning do not matter."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.read_bytes = 0
        self.total_bytes: int | None = None
        self._furthest: dict[str, int] = {}

    def names(self) -> Iterator[str]:
        """The names of the source."""
        return self.source.names()

    def open(self, name: str) -> BinaryIO:
        """The file, counted where it is large enough to take time."""
        size = self.source.size(name)
        file = self.source.open(name)
        if size is None or size < 1 << 20 or self.source.size(name) is None:
            return file
        return cast(BinaryIO, _Counted(file, name, self))  # it has all that readers use, and hands on the rest

    def size(self, name: str) -> int | None:
        """Bytes of a file."""
        return self.source.size(name)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.source.has(name)

    def at(self, name: str, position: int) -> None:
        """Note how far a file was read."""
        self._furthest[name] = max(self._furthest.get(name, 0), position)

    def share(self) -> float | None:
        """How much of the large files was read, 0 to 1; None where there is none."""
        total = sum(self.source.size(name) or 0 for name in self._furthest)
        return sum(self._furthest.values()) / total if total else None


class _Counted(RawIOBase):
    def __init__(self, file: BinaryIO, name: str, source: CountedSource) -> None:
        self._file = file
        self._name = name
        self._source = source
        self._position = 0
        self.readline = self._readline  # type: ignore[method-assign]
        self.read = self._read  # type: ignore[method-assign]

    def _readline(self, size: int | None = -1) -> bytes:
        line = self._file.readline(-1 if size is None else size)
        self._note(len(line))
        return line

    def _read(self, size: int | None = -1) -> bytes:
        data = self._file.read(-1 if size is None else size)
        self._note(len(data))
        return data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._note(len(data))
        return len(data)

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = self._file.seek(offset, whence)
        return self._position

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()

    def _note(self, count: int) -> None:
        before = self._position >> 18
        self._position += count
        if self._position >> 18 != before or not count:
            self._source.at(self._name, self._position)
