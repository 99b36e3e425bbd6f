"""An object of the blob store as a binary file that can be read from start to end."""

from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

from karat.ports.blobs import Blobs


class BlobFile(RawIOBase):
    """Reads piece by piece; never holds more than one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    @classmethod
    def opened(cls, blobs: Blobs, key: str) -> BinaryIO:
        """The object under a key."""
        return cast(BinaryIO, BufferedReader(cls(blobs.read(key))))

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
