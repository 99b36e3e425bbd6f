"""Identifiers made by whoever creates a thing, and the clock that stamps it."""

import datetime as dt
import os
import time
import uuid
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


def new_id() -> str:
    """A UUID version 7: sortable by the time it was made (RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    number = milliseconds << 80 | tail
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=number))


def new_item_id() -> str:
    """A UUID version 4: an item's id must not tell when it was made, since that would show which items are gold."""
    return str(uuid.uuid4())


def stamp(at: dt.datetime) -> str:
    """A time as it is stored and sent: RFC 3339 in UTC with milliseconds.

    >>> stamp(dt.datetime(2026, 11, 22, 4, 48, tzinfo=dt.UTC))
    '2026-11-22T04:48:00.000Z'
    """
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def unstamp(text: str) -> dt.datetime:
    """The inverse of `stamp`."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
