"""Counting what people did in a period: from revisions to sums that do not depend on the order in which items are counted.

Everything is taken as it stood at the period's ends, so that counting again later gives the same. An answer counts from
the moment it is first handed in until it is taken back; each revision's time counts where it was handed in.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from karat.quality.annotators.effort import time_intensity

SAMPLE = 100
"""Items of a person on which consistency is measured, drawn evenly."""
UNKNOWN = -1
"""The bin of an item whose usual time is not known."""


class Window(msgspec.Struct, frozen=True):
    """A period: from this time on, up to and without that one; as times are stored."""

    begin: str
    end: str


class Work(NamedTuple):
    """One revision that somebody handed in themselves."""

    item: int
    author: int
    response: int
    revision: int
    replaces: int
    state: str
    use: str
    """work, or practice and test of the course; hidden gold is work like any other."""
    apart: bool
    active_ms: int
    at: str


class Back(NamedTuple):
    """A revision that was taken back, and when."""

    revision: int
    at: str


class Own(msgspec.Struct, array_like=True):
    """What one person did: times in milliseconds, answers by the bin of their item's time, and the drawn items."""

    label_ms: int = 0
    raw_ms: int = 0
    """Before the time of each answer is cut at the longest that counts."""
    course_ms: int = 0
    bins: dict[int, int] = {}
    sample: list[tuple[int, int]] = []
    """(place in the draw, item): the lowest places."""


class Counted(NamedTuple):
    """What one answer comes to in a period: its time as it was and as far as it counts, and 1, 0 or -1 answers."""

    raw_ms: int
    counted_ms: int
    answers: int


class Tallies(msgspec.Struct, array_like=True):
    """Everybody's counts, and how many items take how long."""

    people: dict[int, Own] = {}
    times: dict[int, int] = {}


def add_item(
    tallies: Tallies, work: Sequence[Work], back: Mapping[int, Sequence[Back]], window: Window, *, longest_ms: int
) -> None:
    """Count one item into the sums; `work` is everything handed in on it before the window's end, `back` by response."""
    answers: defaultdict[tuple[int, int], list[Work]] = defaultdict(list)
    for one in work:
        answers[one.author, one.response].append(one)
    place = _bin_of(answers.values(), longest_ms)
    if place != UNKNOWN:
        tallies.times[place] = tallies.times.get(place, 0) + 1
    stand = {key: stands(said, back.get(key[1], ()), before=window.end) for key, said in answers.items()}
    is_shared = sum(1 for revision in stand.values() if revision) > 1
    for (author, response), said in answers.items():
        own = tallies.people.setdefault(author, Own(bins={}, sample=[]))
        counted = count_answer(said, back.get(response, ()), window, longest_ms=longest_ms)
        own.raw_ms += counted.raw_ms
        if said[0].use != "work":
            own.course_ms += counted.counted_ms
            continue
        own.label_ms += counted.counted_ms
        if counted.answers:
            of = UNKNOWN if said[0].apart else place
            own.bins[of] = own.bins.get(of, 0) + counted.answers
        if counted.answers > 0 and is_shared and not said[0].apart:
            _draw(own.sample, said[0].item, author)


def count_answer(said: Sequence[Work], back: Sequence[Back], window: Window, *, longest_ms: int) -> Counted:
    """What one person's answer comes to: of its time as much as counts over all its revisions and periods together."""
    before = sum(one.active_ms for one in said if one.at < window.begin)
    within = sum(one.active_ms for one in said if window.begin <= one.at < window.end)
    counted = min(before + within, longest_ms) - min(before, longest_ms)
    if said[0].use != "work":
        return Counted(within, counted, 0)
    now, earlier = (stands(said, back, before=at) for at in (window.end, window.begin))
    return Counted(within, counted, int(now != 0) - int(earlier != 0))


def stands(said: Sequence[Work], back: Sequence[Back], *, before: str) -> int:
    """Which revision of an answer stood at a time; 0 where none did, it was a skip, or no time was spent on it."""
    head, active = 0, 0
    by_revision = {one.revision: one for one in said}
    happened = [(one.at, one.revision, True) for one in said] + [(one.at, one.revision, False) for one in back]
    # Of one moment: handed in first, then taken back; a later revision after that.
    for at, revision, is_in in sorted(happened, key=lambda one: (one[0], one[1], not one[2])):
        if at >= before or revision not in by_revision:
            continue
        if is_in:
            head, active = revision, active + by_revision[revision].active_ms
        elif head == revision:
            head = by_revision[revision].replaces
    return head if head in by_revision and by_revision[head].state == "submitted" and active > 0 else 0


def _bin_of(answers: Iterable[Sequence[Work]], longest_ms: int) -> int:
    times = (min(sum(one.active_ms for one in said), longest_ms) for said in answers if not said[0].apart)
    place = time_intensity(times)
    return UNKNOWN if place is None else place


def _draw(sample: list[tuple[int, int]], item: int, author: int) -> None:
    """Keep the lowest places of a draw that nobody chose: the same whenever it is drawn."""
    place = int.from_bytes(blake2b(f"{item}.{author}".encode(), digest_size=6).digest(), "big")
    if len(sample) < SAMPLE or (place, item) < sample[-1]:
        insort(sample, (place, item))
        del sample[SAMPLE:]
