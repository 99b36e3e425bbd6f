"""Where worker processes come from: forked from one that has imported everything, in milliseconds instead of a second.

The forking process has one thread and holds nothing of the server's: it is started like any program, so that no lock or
connection of the server can be copied into a worker. Where the system has no process handles (pidfd, Linux 5.3), each
worker is started as a program of its own.
"""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, Protocol

CHILD = "karat.server.processes.child"


class Process(Protocol):
    """A worker process as the server holds it."""

    def kill(self) -> None:
        """End it at once; nothing happens where it has ended."""
        ...

    def ended(self, *, timeout_s: float) -> bool:
        """Whether it has ended, waiting so long for it."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Forked:
    """A process known by a handle that stays true when its number is given to another."""

    def __init__(self, handle: int, child: int | None = None) -> None:
        self._handle = handle
        self._child = child
        """Its number where it is a child of this process, which then has to take note of its end."""

    def kill(self) -> None:
        """End it at once."""
        try:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        except ProcessLookupError:
            return

    def ended(self, *, timeout_s: float) -> bool:
        """Whether it has ended."""
        return bool(select.select([self._handle], [], [], timeout_s)[0])

    def close(self) -> None:
        """Let go of it."""
        os.close(self._handle)
        if self._child is not None:
            os.waitpid(self._child, 0)


class Started:
    """A process that is a program of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def ended(self, *, timeout_s: float) -> bool:
        """Whether it has ended."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """Let go of it."""
        self._process.wait()


class Nursery:
    """The one forking process of this server, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.become: Callable[[list[int]], NoReturn] | None = None
        """Set in a worker, which has one thread and everything imported: its own workers are forked from itself."""

    def process(self, source: int, sink: int, errors: int) -> Process:
        """A new worker that reads from, writes to and complains to these files."""
        if hasattr(os, "pidfd_open"):
            for _ in range(2):
                try:
                    return self._forked(source, sink, errors)
                except OSError:
                    self.close()  # it died; another one is started
        command = [sys.executable, "-m", CHILD]
        return Started(subprocess.Popen(command, stdin=source, stdout=sink, stderr=errors, env=environment()))  # noqa: S603 - our own module

    def close(self) -> None:
        """End the forking process; workers that run go on."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            if self._process is not None:
                self._process.kill()
                self._process.wait()
            self._socket = self._process = None

    def _forked(self, source: int, sink: int, errors: int) -> Process:
        if self.become is not None:
            pid = os.fork()
            if pid == 0:
                self.become([source, sink, errors])
            return Forked(os.pidfd_open(pid), pid)
        with self._lock:
            ours = self._started()
            socket.send_fds(ours, [b"f"], [source, sink, errors])
            ours.settimeout(60)
            data, handles, _, _ = socket.recv_fds(ours, 1, 1)
        if data != b"k" or not handles:
            raise OSError("the forking process is gone")
        return Forked(handles[0])

    def _started(self) -> socket.socket:
        if self._socket is None:
            self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            with theirs:
                command = [sys.executable, "-m", CHILD, "--forking"]
                stdin, nowhere, env = theirs.fileno(), subprocess.DEVNULL, environment()
                self._process = subprocess.Popen(command, stdin=stdin, stdout=nowhere, env=env)  # noqa: S603 - our own module
        return self._socket


def environment() -> dict[str, str]:
    """Ours, with libraries told to start no threads and reserve no memory that the limits would count."""
    return {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
    }


NURSERY = Nursery()
"""One for the whole process: it holds no state of any application."""
atexit.register(NURSERY.close)
