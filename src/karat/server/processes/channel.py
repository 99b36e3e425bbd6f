"""How a task in a worker process speaks with the server that started it."""

import os
from collections.abc import Callable
from typing import TypeVar

import msgspec

from karat.ports.blobs import Blobs
from karat.server.processes.workers import LENGTH, Order, packed, unpacked
from karat.server.settings import Settings

T = TypeVar("T")


class Channel:
    """A process's end of the conversation with the server."""

    def __init__(self, order: Order, source: int, sink: int, open_blobs: Callable[[Settings], Blobs]) -> None:
        self._order = order
        self._source = source
        self._sink = sink
        self._open_blobs = open_blobs

    def arguments(self, type_: type[T]) -> T:
        """What the task was started with."""
        return msgspec.msgpack.decode(self._order.arguments, type=type_)

    def settings(self) -> Settings:
        """The server's settings; only given to tasks that open the database or the blob store."""
        if self._order.settings is None:
            raise ValueError(f"the task {self._order.task} is not given the settings")
        return self._order.settings

    def blobs(self) -> Blobs:
        """The server's blob store."""
        return self._open_blobs(self.settings())

    def send(self, message: msgspec.Struct) -> None:
        """Tell the server something; the process ends here where the server is gone."""
        view = memoryview(packed(message))
        while view:
            view = view[os.write(self._sink, view) :]

    def receive(self, type_: type[T]) -> T | None:
        """The next thing the server says; None where it says no more."""
        head = read_exactly(self._source, LENGTH)
        return unpacked(read_exactly(self._source, int.from_bytes(head, "big")), type_) if head else None


def read_exactly(source: int, size: int) -> bytes:
    """So many bytes, or none at the end."""
    data = bytearray()
    while len(data) < size:
        piece = os.read(source, size - len(data))
        if not piece:
            return b""
        data += piece
    return bytes(data)
