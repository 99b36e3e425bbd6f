"""Times as periods have them."""

import datetime as dt
from math import ceil

from karat.model.ids import stamp, unstamp
from karat.model.problem import Problem, Refused, shown

SETTLED_S = 60
"""What was done so long ago can no longer be taken back without a trace: an undone review leaves none."""


def days_before(at: str, days: int) -> str:
    """So many days before a time."""
    return stamp(unstamp(at) - dt.timedelta(days=days))


def later(at: str) -> str:
    """A moment after a time: what was written at that time comes before it."""
    return stamp(unstamp(at) + dt.timedelta(milliseconds=1))


def end_of(given: str | None, *, begin: str, now: str) -> str:
    """The end of a period that began at a time; refused where it is not after that, or not yet settled."""
    latest = stamp(unstamp(now) - dt.timedelta(seconds=SETTLED_S))
    if latest <= begin:
        raise _too_early(begin, now)
    if given is None:
        end = latest
    else:
        try:
            end = stamp(_utc(given))
        except (ValueError, OverflowError):
            do = "Write a time with its zone, e.g. 2026-12-01T00:00:00Z."
            raise Refused([Problem("end_at", shown(given), "a time of RFC 3339", do)]) from None
    if not begin < end <= latest:
        do = f"End it after it began, and at least {SETTLED_S} seconds ago."
        raise Refused([Problem("end_at", end, f"after {begin}, up to {latest}", do)])
    return end


def _too_early(begin: str, now: str) -> Refused:
    """Nothing of the running period is settled yet: why, and when it will be."""
    first = unstamp(begin) + dt.timedelta(seconds=SETTLED_S + 1)
    wait = max(1, ceil((first - unstamp(now)).total_seconds()))
    do = (
        f"Compute it in {wait} second{'' if wait == 1 else 's'}: what was handed in within the last minute may still be taken"
        " back and belongs to no period yet."
    )
    problem = Problem("end_at", now, f"{stamp(first)} or later", do)
    return Refused([problem], status=409, title="This period began less than a minute ago")


def _utc(text: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at.astimezone(dt.UTC)
