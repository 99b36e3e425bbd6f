"""Blobs in S3, Google Cloud Storage or Azure, through obstore. Keys and regions come from the cloud's usual environment variables."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.store import AzureStore, GCSStore, S3Store, from_url

from karat.ports.blobs import CHUNK, BlobMissingError, Stored, checked

PART_BYTES = 8 << 20


class ObjectBlobs:
    """Objects of a bucket below a prefix. `options` are obstore's, e.g. `endpoint`; without them the environment speaks."""

    def __init__(self, address: str, *, options: dict[str, object] | None = None) -> None:
        self.address = address.rstrip("/")
        self.store = from_url(self.address, **(options or {}))  # type: ignore[call-overload]

    def put(self, key: str, data: bytes) -> None:
        """Write an object."""
        obstore.put(self.store, checked(key), data)

    def put_file(self, key: str, path: Path, *, move: bool = False) -> None:
        """Write an object from a file, in parts."""
        obstore.put(self.store, checked(key), path, chunk_size=PART_BYTES, max_concurrency=4)
        if move:
            path.unlink(missing_ok=True)

    def size(self, key: str) -> int | None:
        """Bytes of an object."""
        try:
            return int(obstore.head(self.store, checked(key))["size"])
        except FileNotFoundError:
            return None

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes of a range."""
        size = self.size(key)
        if size is None:
            raise BlobMissingError(key)
        end = size if end is None else min(end, size)
        # A range that holds nothing is an error to the stores.
        while start < end:
            stop = min(start + PART_BYTES, end)
            data = bytes(obstore.get_range(self.store, key, start=start, end=stop))
            start = stop
            yield from (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))

    def list(self, prefix: str) -> Iterator[Stored]:
        """The objects below a prefix."""
        found = []
        for batch in obstore.list(self.store, checked(prefix.rstrip("/"))):
            found += [Stored(meta["path"], int(meta["size"])) for meta in batch]
        yield from sorted(found)

    def delete(self, key: str) -> None:
        """Remove an object."""
        try:
            obstore.delete(self.store, checked(key))
        except FileNotFoundError:
            return

    def local(self, key: str) -> Path | None:
        """None: it is on another machine."""
        checked(key)
        return None

    def signed_url(self, key: str, *, seconds: int) -> str | None:
        """An address that gives the object for so long; None for stores that cannot."""
        if not isinstance(self.store, S3Store | GCSStore | AzureStore):
            return None
        return str(obstore.sign(self.store, "GET", checked(key), dt.timedelta(seconds=seconds)))
