"""Identifiers made by whoever creates a thing, and the clock that stamps it."""

import datetime as dt
import os
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """The time now, passed in and never imported, so that tests can fix it."""

    def now(self) -> dt.datetime:
        """The time in UTC."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """The time in UTC."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        """The time it was set to."""
        return self.at

    def move(self, **by: float) -> None:
        """Move on by a `timedelta`, e.g. `clock.move(minutes=21)`."""
        self.at += dt.timedelta(**by)


NewId = Callable[[], str]


class _Random:
    """Random bytes of the system, fetched a block at a time: a call for ten bytes each costs as much as for thousands."""

    BLOCK = 8192

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Start anew, e.g. in a process that was forked: it must not make the ids that its parent will make."""
        self._block = b""
        self._at = 0

    def number(self, size: int) -> int:
        """A random number of so many bytes; none is ever given twice."""
        with self._lock:
            if self._at + size > len(self._block):
                self._block, self._at = os.urandom(self.BLOCK), 0
            self._at += size
            return int.from_bytes(self._block[self._at - size : self._at], "big")


_random = _Random()


def _forked() -> None:
    """The lock may have been held by a thread that this process does not have."""
    global _random
    _random = _Random()


os.register_at_fork(after_in_child=_forked)


def new_id() -> str:
    """A UUID version 7: sortable by the time it was made (RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    return _text(milliseconds << 80 | _random.number(10), 7)


def new_item_id() -> str:
    """A UUID version 4: an item's id must not tell when it was made, since that would show which items are gold."""
    return _text(_random.number(16), 4)


def _text(number: int, version: int) -> str:
    number = number & ~(0xF << 76) | version << 76
    number = number & ~(0x3 << 62) | 2 << 62
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def stamp(at: dt.datetime) -> str:
    """A time as it is stored and sent: RFC 3339 in UTC with milliseconds.

    >>> stamp(dt.datetime(2026, 11, 22, 4, 48, tzinfo=dt.UTC))
    '2026-11-22T04:48:00.000Z'
    """
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def unstamp(text: str) -> dt.datetime:
    """The inverse of `stamp`."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
