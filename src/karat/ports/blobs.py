"""Where content lies that is too large for the database: media, uploads, the files of jobs."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

CHUNK = 1 << 20
"""Bytes that a read hands over at a time."""


class Stored(NamedTuple):
    """One object of a store."""

    key: str
    size: int


class BlobMissingError(LookupError):
    """There is no object under this key."""


class Blobs(Protocol):
    """Objects under keys such as `jobs/0199…/manifest.json`: written whole, read in ranges, never changed in place."""

    def put(self, key: str, data: bytes) -> None:
        """Write an object; a reader sees all of it or nothing."""
        ...

    def put_file(self, key: str, path: Path, *, move: bool = False) -> None:
        """Write an object from a file in constant memory. `move` allows the store to take the file itself."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes of an object; None where there is none."""
        ...

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end` (exclusive), in pieces of at most `CHUNK`; `BlobMissingError` where there is none."""
        ...

    def list(self, prefix: str) -> Iterator[Stored]:
        """The objects whose key starts with `prefix`, which ends in `/`, in the order of their keys."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens where there is none."""
        ...

    def local(self, key: str) -> Path | None:
        """The object as a file of this machine, where it is one: saves copying it."""
        ...

    def signed_url(self, key: str, *, seconds: int) -> str | None:
        """An address that gives the object to whoever has it, for so long; None where the store has no such thing."""
        ...


def checked(key: str) -> str:
    """A key that stays inside its store.

    >>> checked("jobs/1/manifest.json")
    'jobs/1/manifest.json'
    """
    parts = key.split("/")
    if not key or len(key) > 1024 or "\\" in key or any(part in ("", ".", "..") or "\x00" in part for part in parts):
        raise ValueError(f"{key!r} is not a key; write parts with `/` between, none of them empty, `.` or `..`")
    return key
