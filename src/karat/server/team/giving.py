"""What one item gives to the sums of the people who worked on it. Nothing is read or written here.

Each sum is of an author, of something (`what`) and of a day:

- `answers`: answers handed in, x their active time in milliseconds; `skipped`; `time:<bin>` how many took so long;
- `right:<field>`: how near an answer is to the consensus of at least two others, in [0, 1], the own vote left out;
- `agree:<field>`: how near it is to each of the others, in the mean;
- `review`: verdicts on the author's answers that count, 1 where accepted, weighted by 1 / the probability of the draw;
- `verdict:<verdict>` and `defect:<code>`: how many of each;
- `pace`: answers that others gave too, weighted with the logarithm of their time over what the others took;
- `fresh:<sitting>`, `tired:<sitting>`: how right an answer is, and the same weighted with its hours into the sitting;
- `repeated`, `repeatable`: wrong answers, x how many equal the author's answer just before, and how many of five far before;
- `judged`: answers that the author judged, x the time that took; `judged:<verdict>`; `checked`: how many of these were
  judged again by another, x how many of them differently.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import log

import msgspec

from karat.model.response import Response
from karat.model.schema import Schema
from karat.quality.annotators.bins import time_bin
from karat.quality.consensus import consensus_of
from karat.quality.consensus.learning import Settle
from karat.quality.differences import apart_on
from karat.quality.responses import PEOPLE, author_key
from karat.quality.sums import Sums

Key = tuple[int, str, str]
"""Author, what, day."""
ALWAYS = ""
"""The day of what is not told apart by days."""
OTHERS = 2
"""Of so many others the consensus is, at least, against which an answer is held: one other is no authority."""
SURE_OF_ONE = 0.75
"""So sure of a single answer one must be to hold the next against it: below, what it tells is little and hangs on the model."""
MOST = 8
"""With at most so many others each answer is compared one by one."""


class Answer(msgspec.Struct, frozen=True):
    """An answer as it stands: whose, when, and how long it took."""

    author: int
    state: str
    day: str
    active_ms: int
    response: Response | None
    """What was said; None where it does not count."""
    sitting: str = ""
    """When the sitting began in which it was given."""
    hours: float = 0.0
    """Into that sitting."""
    at: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What a reviewer said of an answer."""

    response: int
    revision: int
    author: int
    reviewer: int
    verdict: str
    codes: tuple[str, ...]
    probability: float
    counts: bool
    active_ms: int
    day: str


class Compared(msgspec.Struct, frozen=True):
    """How an author's answer to a field of an item compares with the consensus of the others."""

    author: int
    day: str
    field: str
    right: float
    """In [0, 1]."""
    sure: float
    """How likely the consensus of the others is right."""


class Merging(msgspec.Struct, frozen=True):
    """By what the answers of others are merged."""

    schema: Schema
    method: str
    weights: Mapping[str, float]
    settlers: Mapping[str, Settle] | None


class Gave(msgspec.Struct, frozen=True):
    """What an item gives to the sums, and the comparisons behind that."""

    sums: dict[Key, Sums]
    compared: list[Compared]


def given_by(
    answers: Sequence[Answer], verdicts: Sequence[Verdict], merging: Merging, *, asked: int | None = None
) -> Gave:
    """What an item gives to the sums: its answers, and the verdicts on them, both in the order in which they were given.

    `asked` says how many of the answers of people were asked for whatever they said; None: all.
    """
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    for answer in answers:
        if answer.state == "submitted":
            found[answer.author, "answers", answer.day] += Sums.of(float(answer.active_ms))
            if answer.active_ms > 0:
                found[answer.author, f"time:{time_bin(answer.active_ms)}", ALWAYS] += Sums.of(1.0)
        elif answer.state == "skipped":
            found[answer.author, "skipped", answer.day] += Sums.of(1.0)
    in_order = sorted(answers, key=lambda one: one.at)
    standing = [(a.author, a.day, a.response) for a in in_order if a.response is not None]
    compared = list(against_others(standing, merging, asked))
    for one in compared:
        found[one.author, f"right:{one.field}", one.day] += Sums.of(one.right)
    for author, what, day, value in _near(standing if asked is None else standing[: max(asked, 2)], merging):
        found[author, what, day] += Sums.of(value)
    for key, sums in (*_paced(answers), *_tired(answers, compared), *_judged(verdicts)):
        found[key] += sums
    return Gave(dict(found), compared)


def against_others(
    standing: Sequence[tuple[int, str, Response]], merging: Merging, asked: int | None = None
) -> Iterator[Compared]:
    """How near each answer is to the consensus of at least two others, field by field; (author, day, answer) are given.

    Where no more than `asked` answers were asked for whatever they said, the later ones are there because the earlier ones
    left a doubt: held against one another, wrong answers and hard items would be met more often than they are. Of so few that
    nobody has two others the second is held against the first, where what was learned is sure enough of that one.
    """
    people = [one for one in standing if one[2].author.type in PEOPLE]
    if asked is not None and asked <= OTHERS and len(people) >= OTHERS:
        yield from _against_one(people[:OTHERS], merging, both=asked == OTHERS)
        return
    met = people[:asked]
    left_out = {author for author, _, _ in people[len(met) :]}
    for author, day, own in standing:
        others = [other for n, _, other in met if n != author]
        if author not in left_out and len(others) >= OTHERS:
            yield from (Compared(author, day, *told) for told in _against(own, others, merging))


def _against_one(two: Sequence[tuple[int, str, Response]], merging: Merging, *, both: bool) -> Iterator[Compared]:
    """The second answer held against the first; and the other way round where the second came whatever the first said."""
    (first, day, said), (second, later, own) = two
    pairs = [(second, later, own, said), *([(first, day, said, own)] if both else ())]
    for author, at, answer, other in pairs:
        told = _against(answer, [other], merging, others=1)
        yield from (Compared(author, at, *one) for one in told if one[2] >= SURE_OF_ONE)


def _near(standing: Sequence[tuple[int, str, Response]], merging: Merging) -> Iterator[tuple[int, str, str, float]]:
    """For each author and field how near the answer is to each of the others."""
    days = {author_key(response.author): (author, day) for author, day, response in standing}
    said = {author_key(response.author): response for _, _, response in standing}
    if 2 <= len(said) <= MOST + 1:
        near: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for a, b in combinations(said, 2):
            for key, field in merging.schema.fields.items():
                apart = apart_on(field, {a: said[a], b: said[b]}, merging.schema)
                if apart is not None:
                    near[a, key].append(1 - apart[0])
                    near[b, key].append(1 - apart[0])
        for (who, key), values in near.items():
            author, day = days[who]
            yield author, f"agree:{key}", day, sum(values) / len(values)


def _against(
    own: Response, answers: Sequence[Response], merging: Merging, *, others: int = OTHERS
) -> Iterator[tuple[str, float, float]]:
    merged = consensus_of(
        answers, merging.schema, method=merging.method, weights=merging.weights, settlers=merging.settlers
    )
    for one in merged:
        if one.tie or one.n < others or (one.n == 1 and not one.learned):
            continue
        key = author_key(own.author)
        together = msgspec.structs.replace(answers[0], annotations=one.annotations, covers={one.field: None})
        apart = apart_on(merging.schema.fields[one.field], {key: own, f"not {key}": together}, merging.schema)
        if apart is not None:
            # Before anything was learned a few who agree are not certain: as if one more vote had been split.
            sure = one.score if one.learned else (one.n * one.score + 0.5) / (one.n + 1)
            yield one.field, 1 - apart[0], min(max(sure, 0.0), 1.0)


def _paced(answers: Sequence[Answer]) -> Iterator[tuple[Key, Sums]]:
    timed = [(one.author, log(one.active_ms)) for one in answers if one.state == "submitted" and one.active_ms > 0]
    for author, own in timed:
        others = [took for who, took in timed if who != author]
        if others:
            apart = own - sum(others) / len(others)
            yield (author, "pace", ALWAYS), Sums.of(1.0, weight=apart)


def _tired(answers: Sequence[Answer], compared: Sequence[Compared]) -> Iterator[tuple[Key, Sums]]:
    right: defaultdict[int, list[float]] = defaultdict(list)
    for one in compared:
        right[one.author].append(one.right)
    for answer in answers:
        if answer.sitting and answer.author in right:
            value = sum(right[answer.author]) / len(right[answer.author])
            yield (answer.author, f"fresh:{answer.sitting}", ALWAYS), Sums.of(value)
            yield (answer.author, f"tired:{answer.sitting}", ALWAYS), Sums.of(value, weight=answer.hours)


def _judged(verdicts: Sequence[Verdict]) -> Iterator[tuple[Key, Sums]]:
    for place, one in enumerate(verdicts):
        yield (one.reviewer, "judged", one.day), Sums.of(float(one.active_ms))
        yield (one.reviewer, f"judged:{one.verdict}", one.day), Sums.of(1.0)
        if not one.counts:
            continue
        weight = 1 / max(one.probability, 1e-6)
        yield (one.author, "review", one.day), Sums.of(float(one.verdict == "accepted"), weight=weight)
        yield (one.author, f"verdict:{one.verdict}", one.day), Sums.of(1.0, weight=weight)
        for code in one.codes:
            yield (one.author, f"defect:{code}", one.day), Sums.of(1.0, weight=weight)
        again = [
            later
            for later in verdicts[place + 1 :]
            if (later.response, later.revision) == (one.response, one.revision) and later.reviewer != one.reviewer
        ]
        if again:
            differs = (again[-1].verdict == "accepted") != (one.verdict == "accepted")
            yield (one.reviewer, "checked", one.day), Sums.of(float(differs))
