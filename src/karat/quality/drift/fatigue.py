"""Does quality depend on the hour of the day, and does it fall as a session goes on?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from karat.quality.bias.rates import false_discoveries, group_difference
from karat.quality.drift.sessions import PAUSE_S, sessions_of, times_of
from karat.quality.estimate import Estimate, check_level, estimate, exact_interval
from karat.quality.tallies import tallied
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

DAY_S = 86_400
EDGES_S = (0.0, 900.0, 1800.0, 3600.0, 7200.0)
"""Where the parts of a session begin; the last has no end."""
FEW_SESSIONS = 10


@dataclass(frozen=True, slots=True)
class Hour:
    """How often votes of one hour of the day are right."""

    hour: int
    right: Estimate
    odds_ratio: Estimate
    """Odds of being right at this hour over those at others, of the same annotators; 1 is no difference."""
    adjusted: float
    """How likely so large a difference is by chance, after control of false discoveries; nan where nobody worked at this
    hour and at others."""


@dataclass(frozen=True, slots=True)
class Part:
    """How often votes of one part of the sessions are right."""

    from_s: float
    to_s: float
    right: Estimate


@dataclass(frozen=True, slots=True)
class Fatigue:
    """What happens as sessions go on."""

    per_hour: Estimate
    """By how much the share of right votes changes for each hour into the session, in [-1, 1] near 0; below 0 it falls."""
    parts: list[Part]
    sessions: int


def accuracy_by_hour(
    votes: Votes, known: Mapping[object, object], *, zone_h: float = 0.0, level: float = 0.95
) -> list[Hour]:
    """The share of right votes by hour of the day, 0 to 23, of times in seconds since 1970; hours with votes only.

    `known` is the label of items: gold, or a consensus of others. `zone_h` is what the clock on the wall is ahead of UTC.
    Each hour is tested against all others within annotators (Mantel and Haenszel 1959), so that somebody good who works at
    night does not make the night good.
    """
    times_of(votes)
    once, right = on_known(votes, known)
    hour = ((times_of(once) + zone_h * 3600) % DAY_S // 3600).astype(np.int64)
    found, p = [], []
    for one in np.unique(hour).tolist():
        there = hour == one
        n, hits = int(there.sum()), int(right[there].sum())
        low, high = exact_interval(hits, n, level=level)
        method = "exact interval of Clopper and Pearson"
        share = estimate(hits / n, float(low), float(high), n=n, of="votes", method=method, level=level)
        apart = group_difference(right, there, once.annotator_codes, level=level)
        found.append(Hour(one, share, apart.odds_ratio, float("nan")))
        p.append(apart.p)
    adjusted = false_discoveries(p).tolist()
    return [Hour(h.hour, h.right, h.odds_ratio, q) for h, q in zip(found, adjusted, strict=True)]


def fatigue(votes: Votes, known: Mapping[object, object], *, pause_s: float = PAUSE_S, level: float = 0.95) -> Fatigue:
    """How the share of right votes changes as sessions go on, where a pause of `pause_s` ends one.

    A line within each annotator, of whom only what differs from the own mean counts, so that those who are good and work
    long do not hide it. The interval takes sessions, not votes, as independent (Liang and Zeger, Biometrika 73 (1986); t with
    as many degrees of freedom as sessions less one) and speaks of other sessions of the same people.
    """
    when = sessions_of(votes, pause_s=pause_s)
    codes = votes.gold_codes(known)
    there = codes[votes.item_codes] >= 0
    chosen = votes.rows(there)
    right = (codes[chosen.item_codes] == chosen.label_codes).astype(np.float64)
    into, session, who = when.into_s[there], when.session[there], chosen.annotator_codes
    parts = []
    for begin, end in zip(EDGES_S, (*EDGES_S[1:], np.inf), strict=True):
        own = right[(into >= begin) & (into < end)]
        if len(own):
            low, high = exact_interval(own.sum(), len(own), level=level)
            method = "exact interval of Clopper and Pearson"
            share = estimate(own.mean(), float(low), float(high), n=len(own), of="votes", method=method, level=level)
            parts.append(Part(begin, float(end), share))
    sessions = np.unique(session)
    return Fatigue(_slope(into / 3600, right, who, session, level), parts, len(sessions))


def on_known(votes: Votes, known: Mapping[object, object]) -> tuple[Votes, NDArray[np.bool_]]:
    """The last votes on items whose label is known, and whether each is right."""
    codes = votes.gold_codes(known)
    once = votes.rows(codes[votes.item_codes] >= 0).once()
    return once, np.asarray(codes[once.item_codes] == once.label_codes)


def _slope(x: Floats, y: Floats, who: Ints, session: Ints, level: float) -> Estimate:
    method = "line within annotators, sessions independent"
    place = np.unique(who, return_inverse=True)[1]
    group = np.unique(session, return_inverse=True)[1]
    clusters = int(group.max(initial=-1)) + 1
    x, y = _centred(x, place), _centred(y, place)
    spread = float((x**2).sum())
    if clusters < 2 or spread <= 1e-12:
        why = "no annotator has votes at different times of two sessions"
        return Estimate(None, None, None, len(y), "votes", method, level, why)
    slope = float((x * y).sum()) / spread
    scores = tallied(group, x * (y - slope * x), clusters)
    error = float(np.sqrt((scores**2).sum() * clusters / (clusters - 1))) / spread
    reach = float(stdtrit(clusters - 1, (1 + check_level(level)) / 2)) * error
    few = (
        f"only {clusters} sessions; below {FEW_SESSIONS} the interval is too narrow"
        if clusters < FEW_SESSIONS
        else None
    )
    ends = slope - reach, slope + reach
    return estimate(slope, *ends, n=len(y), of="votes", method=method, level=level, warning=few)


def _centred(values: Floats, place: Ints) -> Floats:
    """Values less the mean of their group."""
    n = np.bincount(place)
    return np.asarray(values - (tallied(place, values, len(n)) / np.maximum(n, 1))[place])
