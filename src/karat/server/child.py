"""The entry of a worker process: limits first, then one task. A composition root like `server.app`, for the tasks that need adapters."""

import gc
import os
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn, TypeVar

import msgspec

from karat.ports.blobs import Blobs
from karat.server.nursery import NURSERY
from karat.server.settings import Settings
from karat.server.workers import LENGTH, Limits, Order, packed, unpacked

T = TypeVar("T")

TASKS = {
    "look": "karat.server.transfers.previewing",
    "media": "karat.server.media.decoding",
    "read": "karat.server.transfers.reading",
    "write": "karat.server.transfers.writing",
}
"""Task to the module whose `work(channel)` does it."""


class Channel:
    """A process's end of the conversation with the server."""

    def __init__(self, order: Order, source: int, sink: int) -> None:
        self._order = order
        self._source = source
        self._sink = sink

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
        from karat.adapters import open_blobs

        return open_blobs(self.settings())

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


def limit(limits: Limits) -> None:
    """Ask the kernel to hold this process to its limits."""
    memory = limits.memory_mb << 20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limits.cpu_s is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 5))


def main() -> None:
    """Read the order, take the limits, do the task, say that it is done."""
    # The server decides when this ends: an interrupt at the terminal goes to it, and it ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not look like a message
    head = read_exactly(source, LENGTH)
    if not head:
        return
    order = unpacked(read_exactly(source, int.from_bytes(head, "big")), Order)
    limit(order.limits)
    work: Callable[[Channel], None] = import_module(TASKS[order.task]).work
    try:
        work(Channel(order, source, sink))
        os.write(sink, bytes(LENGTH))
    except BrokenPipeError:
        return


def fork_on_request() -> None:
    """Import what every task needs, then fork a worker for each request that comes over standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ours = socket.socket(fileno=os.dup(0))
    for module in TASKS.values():
        import_module(module)
    gc.collect()
    gc.freeze()  # or the first collection in every worker would copy all of this
    while True:
        ready, _, _ = select.select([ours], [], [], 1.0)
        _reap()
        if not ready:
            continue
        data, files, _, _ = socket.recv_fds(ours, 1, 3)
        if not data:
            return  # the server is gone
        pid = os.fork()
        if pid == 0:
            _become(files)
        for file in files:
            os.close(file)
        handle = os.pidfd_open(pid)  # before it can be reaped, so that it is this process and no other
        socket.send_fds(ours, [b"k"], [handle])
        os.close(handle)


def _become(files: list[int]) -> NoReturn:
    """Be a worker on these three files, and nothing else afterwards."""
    code = 1
    try:
        kept = [os.dup(file) for file in files]
        for number, file in enumerate(kept):
            os.dup2(file, number)
        # Nothing else stays open: a pipe held by two never ends for whoever reads it.
        os.closerange(3, 1 << 16)
        NURSERY.become = _become
        main()
        code = 0
    except BaseException:  # noqa: BLE001 - this process ends here, and says why
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _reap() -> None:
    """Let the kernel forget the workers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    fork_on_request() if "--forking" in sys.argv else main()
