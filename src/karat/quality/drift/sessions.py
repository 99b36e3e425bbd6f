"""When people worked: sessions between pauses, how far into one a vote came, and how long it took."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

PAUSE_S = 1800.0
"""Whoever gives no vote for so long has paused."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Of each vote, shape (votes,), in the order of the rows."""

    session: Ints
    """Numbered from 0; of one annotator each."""
    into_s: Floats
    """Seconds since the session's first vote."""
    seconds: Floats
    """Seconds since the annotator's vote before, which is what this one took; nan for the first of a session."""


def sessions_of(votes: Votes, *, pause_s: float = PAUSE_S) -> Sessions:
    """The sessions of each annotator: votes no more than `pause_s` seconds after one another.

    >>> table = {"i": [1, 2, 3], "a": ["Ada"] * 3, "l": ["x"] * 3, "at": [0, 20, 9000]}
    >>> found = sessions_of(Votes.from_table(table, item="i", annotator="a", label="l", time="at"))
    >>> found.session.tolist(), found.seconds.tolist()
    ([0, 0, 1], [nan, 20.0, nan])
    """
    times = times_of(votes)
    if not pause_s > 0:
        raise ValueError(f"pause_s={pause_s}: a pause must be longer than 0 seconds; 1800 is half an hour")
    order = np.lexsort((times, votes.annotator_codes))
    at, who = times[order], votes.annotator_codes[order]
    gap = np.diff(at, prepend=at[:1])
    begins = np.diff(who, prepend=-1) != 0
    begins |= gap > pause_s
    number = np.cumsum(begins) - 1
    start = at[np.flatnonzero(begins)][number] if len(at) else at
    session, into, seconds = np.empty(len(at), np.int64), np.empty(len(at)), np.empty(len(at))
    session[order], into[order] = number, at - start
    seconds[order] = np.where(begins, np.nan, gap)
    return Sessions(session, into, seconds)


def times_of(votes: Votes) -> Floats:
    """The times of the votes, which must be known."""
    if votes.times is None:
        raise ValueError("these votes have no times: name the column by time= of Votes.from_table")
    return votes.times


def checked_seconds(votes: Votes, seconds: ArrayLike) -> Floats:
    """Seconds of each vote (votes,), all above 0, or nan: 0, of a clock that tells whole seconds, counts as half of the
    shortest time above it."""
    took = np.asarray(seconds, np.float64)
    if took.shape != (len(votes),):
        raise ValueError(f"seconds have the shape {took.shape}; one is needed for each of the {len(votes)} votes")
    wrong = np.flatnonzero((took < 0) | np.isinf(took))
    if len(wrong):
        raise ValueError(
            f"vote {wrong[0]} took {took[wrong[0]]} seconds: times must be 0 or more, nan where they are unknown"
        )
    shortest = float(np.min(took[took > 0], initial=np.inf))
    return np.where(took == 0, shortest / 2 if np.isfinite(shortest) else np.nan, took)
