"""Processes beside the server that read what people uploaded: with limits, so that no file can stop the server.

They also keep long parsing away from the server's interpreter, where it would stand in the way of those who label.
A task is a function `task(channel, …)` that stands in `karat.server.child.TASKS`; it and the server send each other msgspec structs as length-prefixed
MessagePack over the process's standard streams. A process whose server is gone ends with its next message.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Generic, TypeVar

import msgspec

from karat.server.settings import Settings

T = TypeVar("T")
LENGTH = 4
LARGEST = 1 << 30


class Limits(msgspec.Struct, frozen=True):
    """What a process may use."""

    memory_mb: int
    cpu_s: int | None = None
    """CPU seconds in all, after which the kernel ends it."""


class Order(msgspec.Struct, frozen=True):
    """What a process is told first."""

    task: str
    limits: Limits
    settings: Settings | None
    arguments: msgspec.Raw


def packed(message: msgspec.Struct) -> bytes:
    """A message as it travels, its length before it."""
    data = msgspec.msgpack.encode(message, enc_hook=_as_text)
    return len(data).to_bytes(LENGTH, "big") + data


def unpacked(data: bytes, type_: type[T]) -> T:
    """The inverse of `packed`, without the length."""
    return msgspec.msgpack.decode(data, type=type_, dec_hook=_as_path)


class WorkerDiedError(Exception):
    """The process ended before it was done, or said nothing for too long."""


class Worker(Generic[T]):
    """One process that does one task. `settings` go only to tasks that open the database or the blob store."""

    def __init__(
        self, task: str, arguments: msgspec.Struct, answers: type[T] | object, *, limits: Limits, settings: Settings | None = None
    ) -> None:
        self._decoder = msgspec.msgpack.Decoder(answers)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "karat.server.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            bufsize=0,
        )
        try:
            self.send(Order(task, limits, settings, msgspec.Raw(msgspec.msgpack.encode(arguments))))
        except BaseException:
            self.close()
            raise

    def send(self, message: msgspec.Struct) -> None:
        """Tell the process something."""
        try:
            _write(self._pipe(self._process.stdin), packed(message))
        except BrokenPipeError:
            raise WorkerDiedError(self._story()) from None

    def receive(self, *, timeout_s: float) -> T | None:
        """The next answer; None at the end. `WorkerDiedError` where the process died or is silent for so long."""
        head = self._read(LENGTH, timeout_s)
        if not head:
            if self._process.wait(10) != 0:
                raise WorkerDiedError(self._story())
            return None
        data = self._read(int.from_bytes(head, "big"), timeout_s)
        return self._decoder.decode(data)  # type: ignore[no-any-return]

    def answers(self, *, timeout_s: float) -> Iterator[T]:
        """Every answer until the end."""
        while (answer := self.receive(timeout_s=timeout_s)) is not None:
            yield answer

    def memory_mb(self) -> float:
        """How much memory the process has now; 0 where the system does not say."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
            return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
        except OSError:
            return 0.0

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()

    def __enter__(self) -> "Worker[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, size: int, timeout_s: float) -> bytes:
        """Exactly so many bytes; fewer only at the end of the stream, and then none."""
        pipe = self._pipe(self._process.stdout)
        until = time.monotonic() + timeout_s
        data = bytearray()
        while len(data) < size:
            ready, _, _ = select.select([pipe], [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise WorkerDiedError(f"it did nothing for {timeout_s:g} s")
            piece = os.read(pipe.fileno(), min(size - len(data), 1 << 20))
            if not piece:
                if data:
                    raise WorkerDiedError(self._story())
                return b""
            data += piece
        return bytes(data)

    def _story(self) -> str:
        """What is known of the end of the process."""
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            return "it closed its output and went on"
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(self._errors.tell() - 2000, 0))
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"it ended with code {code}" + (f": {said[-1]}" if said else "")

    def _pipe(self, stream: IO[bytes] | None) -> IO[bytes]:
        if stream is None:
            raise WorkerDiedError("it was never started")
        return stream


def _write(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe.fileno(), view) :]


def _environment() -> dict[str, str]:
    """Ours, with libraries told to start no threads and reserve no memory that the limits would count."""
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}


def _as_text(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{value!r} cannot be sent to a process")


def _as_path(type_: type, value: object) -> object:
    return type_(value)
