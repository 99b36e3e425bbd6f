"""A file of any sort as a stream of bytes that can be looked into before it is read, and that says how far it is."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal, Self

from karat.cli.output import fail

Sort = Literal["csv", "tsv", "parquet", "jsonl"]
Far = Callable[[int, int], None]
"""Told how many bytes of how many were read."""

SORTS: dict[str, Sort] = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
STDIN = Path("-")
HEAD = 1 << 20
MARK = b"\xef\xbb\xbf"
"""UTF-8 says its byte order, which it need not."""


class Source(io.RawIOBase):
    """The bytes of a file or of standard input, without a byte order mark; `head` is their beginning."""

    def __init__(self, path: Path, far: Far) -> None:
        super().__init__()
        self.name = "standard input" if path == STDIN else str(path)
        self._rest: BinaryIO = sys.stdin.buffer if path == STDIN else path.open("rb")
        self._size = 0 if path == STDIN else path.stat().st_size
        self._far, self._read = far, 0
        head = self._rest.read(HEAD)
        self.head = head.removeprefix(MARK)
        self._left = self.head

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """The next bytes, those of the head first."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._left:
            part, self._left = self._left[: len(view)], self._left[len(view) :]
        else:
            part = self._rest.read(len(view))
        view[: len(part)] = part
        self._read += len(part)
        self._far(self._read, self._size)
        return len(part)

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if not self.closed and self._rest is not sys.stdin.buffer:
            self._rest.close()
        super().close()

    def __enter__(self) -> Self:
        return self


def opened(path: Path, far: Far) -> Source:
    """The bytes of a file, or a sentence about why there are none that can be read."""
    if path != STDIN and not path.is_file():
        fail(f"{path}: {'that is a folder' if path.is_dir() else 'there is no such file'}.")
    source = Source(path, far)
    if not source.head.strip():
        fail(f"{source.name} is empty: a table has a first line with the names of its columns, then one row a vote.")
    if source.head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        fail(f"{source.name} is written as UTF-16; save it as UTF-8, for example: iconv -f utf-16 -t utf-8")
    return source


def sort_of(path: Path, source: Source) -> Sort:
    """What is in a file: by its ending, on standard input by how it begins."""
    if path == STDIN:
        if source.head.startswith(b"PAR1"):
            return "parquet"
        return "jsonl" if source.head.lstrip()[:1] == b"{" else "csv"
    if path.suffix.lower() not in SORTS:
        fail(f"{path} ends in {path.suffix!r}; {', '.join(SORTS)} can be read.")
    return SORTS[path.suffix.lower()]
