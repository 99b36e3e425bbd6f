"""A server process for tests and measurements: started on a free port, waited for, stopped or killed."""

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import structlog

from karat.server.app import create_app
from karat.server.front import Front
from karat.server.settings import Settings

START_S = 240.0


@dataclass
class Process:
    """A server process, and where it answers."""

    data: Path
    database: str
    port: int
    cores: Sequence[int] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    factory: str = "karat.testing.server:application"
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process's number."""
        return 0 if self.process is None else self.process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {
            **os.environ,
            **self.environment,
            "KARAT_DATA": str(self.data),
            "KARAT_DATABASE": self.database,
            "KARAT_PORT": str(self.port),
        }
        command = [sys.executable, "-m", "uvicorn", "--factory", self.factory, "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--no-access-log", "--log-level", "warning"]
        command += ["--loop", "uvloop", "--http", "httptools"]
        self.process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own interpreter and module
        if self.cores:
            os.sched_setaffinity(self.process.pid, self.cores)
        self._wait()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let it finish what it does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
        if self.process is not None:
            self.process.wait(timeout=30)

    def _wait(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode} before it answered")
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:  # noqa: S310 - loopback http
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server at {self.url} did not answer within {START_S:.0f} s")


@contextmanager
def serve(
    data: Path,
    database: str = "",
    *,
    port: int | None = None,
    cores: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
    factory: str = "karat.testing.server:application",
) -> Iterator[Process]:
    """A server over a folder, and a PostgreSQL address where one is given; stopped at the end."""
    server = Process(data, database, port or free_port(), cores, environment or {}, factory)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def application() -> Front:
    """The application of a process that `serve` started: uvicorn's factory."""
    data = Path(os.environ["KARAT_DATA"])
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), cache_logger_on_first_use=True
    )
    port = int(os.environ["KARAT_PORT"])
    front = create_app(Settings(data=data, database=os.environ["KARAT_DATABASE"], port=port, job_library="threads"))
    gc.freeze()  # what was imported stays for good: a collection need not look at it again and again
    return front
