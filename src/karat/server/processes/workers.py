"""Processes beside the server that read what people uploaded: with limits, so that no file can stop the server.

They also keep long parsing away from the server's interpreter, where it would stand in the way of those who label.
A task is a module named in `processes.child.TASKS`, with a function `work(channel)`. It and the server send each other
msgspec structs as length-prefixed MessagePack over the process's standard streams. A process whose server is gone ends
with its next message.
"""

import fcntl
import os
import select
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from karat.server.processes.nursery import NURSERY
from karat.server.settings import Settings

T = TypeVar("T")
LENGTH = 4
PIPE = 1 << 20


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
        self,
        task: str,
        arguments: msgspec.Struct,
        answers: type[T] | object,
        *,
        limits: Limits,
        settings: Settings | None = None,
    ) -> None:
        self._decoder = msgspec.msgpack.Decoder(answers)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        theirs_in, self._in = os.pipe()
        self._out, theirs_out = os.pipe()
        _widen(self._out)
        try:
            self._process = NURSERY.process(theirs_in, theirs_out, self._errors.fileno())
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self._closed = False
        try:
            self.send(Order(task, limits, settings, msgspec.Raw(msgspec.msgpack.encode(arguments))))
        except BaseException:
            self.close()
            raise

    def send(self, message: msgspec.Struct) -> None:
        """Tell the process something."""
        try:
            _write(self._in, packed(message))
        except BrokenPipeError:
            raise WorkerDiedError(self._story()) from None

    def receive(self, *, timeout_s: float) -> T | None:
        """The next answer; None at the end. `WorkerDiedError` where the process died or is silent for so long."""
        size = int.from_bytes(self._read(LENGTH, timeout_s), "big")
        # A process says that it is done; one that only stops talking has died.
        return self._decoder.decode(self._read(size, timeout_s)) if size else None

    def answers(self, *, timeout_s: float) -> Iterator[T]:
        """Every answer until the end."""
        while (answer := self.receive(timeout_s=timeout_s)) is not None:
            yield answer

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._closed:
            return
        self._closed = True
        self._process.kill()
        self._process.ended(timeout_s=10)
        self._process.close()
        os.close(self._in)
        os.close(self._out)
        self._errors.close()

    def kill(self) -> None:
        """End the process as the kernel would, and find out with the next question."""
        self._process.kill()

    def __enter__(self) -> "Worker[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, size: int, timeout_s: float) -> bytes:
        """Exactly so many bytes."""
        until = time.monotonic() + timeout_s
        data = bytearray()
        while len(data) < size:
            ready, _, _ = select.select([self._out], [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise WorkerDiedError(f"it did nothing for {timeout_s:g} s")
            piece = os.read(self._out, min(size - len(data), 1 << 20))
            if not piece:
                raise WorkerDiedError(self._story())
            data += piece
        return bytes(data)

    def _story(self) -> str:
        """What is known of the end of the process."""
        self._process.ended(timeout_s=5)
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(self._errors.tell() - 2000, 0))
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"it ended: {said[-1]}" if said else "it was ended, perhaps for its memory or time"


def _widen(pipe: int) -> None:
    """Let a pipe hold a whole chunk: each piece costs a wait for the interpreter's lock, up to 5 ms under load."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        try:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)
        except OSError:
            return  # the operator allows less; it is only slower


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _as_text(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{value!r} cannot be sent to a process")


def _as_path(type_: type, value: object) -> object:
    return type_(value)
