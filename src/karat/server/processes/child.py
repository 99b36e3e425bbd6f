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
from typing import NoReturn

from karat.ports.blobs import Blobs
from karat.server.processes.channel import Channel, read_exactly
from karat.server.processes.nursery import NURSERY
from karat.server.processes.workers import LENGTH, Limits, Order, unpacked
from karat.server.settings import Settings

TASKS = {
    "fairness": "karat.server.fairness.measuring",
    "look": "karat.server.transfers.previewing",
    "measure": "karat.server.reports.measuring",
    "media": "karat.server.media.decoding",
    "merge": "karat.server.reports.merging",
    "read": "karat.server.transfers.reading",
    "tiles": "karat.server.media.pyramid",
    "write": "karat.server.transfers.writing",
}
"""Task to the module whose `work(channel)` does it."""
PATIENT = {"fairness", "measure", "merge", "read", "tiles", "write"}
"""Tasks of jobs: where processors are short, people who label go first."""
NICENESS = 10


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
    if order.task in PATIENT:
        os.nice(NICENESS)
    work: Callable[[Channel], None] = import_module(TASKS[order.task]).work
    try:
        work(Channel(order, source, sink, _open_blobs))
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


def _open_blobs(settings: Settings) -> Blobs:
    from karat.adapters import open_blobs  # only where a task asks for them: most need no adapter

    return open_blobs(settings)


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
