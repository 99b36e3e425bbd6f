"""What one item gives to the sums of the people who worked on it. Nothing is read or written here.

Each sum is of an author, of something (`what`) and of a day:

- `answers`: answers handed in, x their active time in milliseconds; `skipped`; `time:<bin>` how many took so long;
- `right:<field>`: how near an answer is to the consensus of at least two others, in [0, 1], the own vote left out;
- `agree:<field>`: how near it is to each of the others, in the mean;
- `review`: verdicts on the author's answers that count, 1 where accepted, weighted by 1 / the probability of the draw;
- `verdict:<verdict>` and `defect:<code>`: how many of each;
- `judged`: answers that the author judged, x the time that took; `judged:<verdict>`; `checked`: how many of these were
  judged again by another, x how many of them differently.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

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


class Merging(msgspec.Struct, frozen=True):
    """By what the answers of others are merged."""

    schema: Schema
    method: str
    weights: Mapping[str, float]
    settlers: Mapping[str, Settle] | None


def given_by(answers: Sequence[Answer], verdicts: Sequence[Verdict], merging: Merging) -> dict[Key, Sums]:
    """What an item gives to the sums: its answers, and the verdicts on them in the order in which they were given."""
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    for answer in answers:
        if answer.state == "submitted":
            found[answer.author, "answers", answer.day] += Sums.of(float(answer.active_ms))
            if answer.active_ms > 0:
                found[answer.author, f"time:{time_bin(answer.active_ms)}", ALWAYS] += Sums.of(1.0)
        elif answer.state == "skipped":
            found[answer.author, "skipped", answer.day] += Sums.of(1.0)
    standing = [(a.author, a.day, a.response) for a in answers if a.response is not None]
    for author, what, day, value in _compared(standing, merging):
        found[author, what, day] += Sums.of(value)
    for key, sums in _judged(verdicts):
        found[key] += sums
    return dict(found)


def _compared(standing: Sequence[tuple[int, str, Response]], merging: Merging) -> Iterator[tuple[int, str, str, float]]:
    """For each author and field how near the answer is to the consensus of the others, and to each of them."""
    for author, day, own in standing:
        others = [other for n, _, other in standing if n != author and other.author.type in PEOPLE]
        if len(others) >= OTHERS:
            yield from ((author, f"right:{field}", day, value) for field, value in _against(own, others, merging))
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


def _against(own: Response, others: Sequence[Response], merging: Merging) -> Iterator[tuple[str, float]]:
    merged = consensus_of(
        others, merging.schema, method=merging.method, weights=merging.weights, settlers=merging.settlers
    )
    for one in merged:
        if one.tie or one.n < OTHERS:
            continue
        key = author_key(own.author)
        together = msgspec.structs.replace(others[0], annotations=one.annotations, covers={one.field: None})
        apart = apart_on(merging.schema.fields[one.field], {key: own, f"not {key}": together}, merging.schema)
        if apart is not None:
            yield one.field, 1 - apart[0]


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
