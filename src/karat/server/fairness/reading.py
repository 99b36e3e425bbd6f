# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""A project as columns of numbers: its items with their metadata, and every answer with what is known of it.

Everything is kept in arrays of numbers, 8 bytes each: about 32 bytes for an answer, 16 for each label of it, 32 for each
measure of how good it is, and for each item one number a slice.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.model.item import Scalar
from karat.server.database import Database, Tx
from karat.server.fairness.schemas import SliceRule
from karat.server.fairness.slicing import Raw, raw_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.team.counting import Body

CHUNK = 1_000
LEAST_CHANCE = 1e-6
AUTHORS = 1 << 20
"""More than a project has authors: an answer is one number, its item's place times this and the place of its author."""
VERDICTS = ("accepted", "fixed", "rejected")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_metadata = msgspec.json.Decoder(dict[str, Scalar])
_bodies = msgspec.json.Decoder(Body)


class Near(msgspec.Struct):
    """The values of one measure, how much each counts, and of which answer it is."""

    y: "array[float]" = msgspec.field(default_factory=lambda: array("d"))
    w: "array[float]" = msgspec.field(default_factory=lambda: array("d"))
    answer: "array[int]" = msgspec.field(default_factory=lambda: array("q"))


class Values(msgspec.Struct):
    """The values that items have of one metadata key: each different one once, and which of them each item has."""

    known: dict[Raw, int] = {}
    place: "array[int]" = msgspec.field(default_factory=lambda: array("i"))

    def add(self, raw: Raw) -> None:
        """The next item has this one."""
        self.place.append(self.known.setdefault(raw, len(self.known)))

    def counts(self) -> dict[Raw, int]:
        """How many items have each."""
        n = np.bincount(np.array(self.place, np.int64), minlength=len(self.known))
        return dict(zip(self.known, n.tolist(), strict=True))


class Gathered(msgspec.Struct):
    """What was read of a project, grown chunk by chunk."""

    values: list[Values]
    """For each slice rule."""
    items: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    """The key of each item; its place here is its place everywhere else."""
    answered: "array[int]" = msgspec.field(default_factory=lambda: array("b"))
    accepted: "array[int]" = msgspec.field(default_factory=lambda: array("b"))
    authors: dict[int, int] = {}
    """The place of each author by their key."""
    people: set[int] = set()
    """Those who are people of the workspace, by key."""
    answers: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    heads: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    """The revision of each answer."""
    marks: dict[tuple[int, int], "array[int]"] = msgspec.field(default_factory=lambda: defaultdict(lambda: array("q")))
    """By field and label which answers give it."""
    near: dict[str, Near] = msgspec.field(default_factory=lambda: defaultdict(Near))
    """By measure."""
    verdicts: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    """For each value of `accepted` which verdict it was."""

    def answer(self, author: int, place: int) -> int:
        """The number of an answer, or of what is said of one."""
        return place * AUTHORS + self.authors.setdefault(author, len(self.authors))


def gather(db: Database, project: int, rules: Sequence[SliceRule]) -> Iterator[int | Gathered]:
    """Read every item and answer of a project: how many items so far, again and again, and at the end what was read."""
    found = Gathered([Values() for _ in rules])
    after = 0
    while rows := db.read_now(_items, project, after):
        last = rows[-1][0]
        first = len(found.items)
        _put_items(found, rows, rules)
        places = {n: first + index for index, (n, *_) in enumerate(rows)}
        db.read_now(_read_answers, project, after, last, places, found)
        after = last
        yield len(found.items)
    yield found


def _items(tx: Tx, project: int, after: int) -> list[tuple[int, str, str, int]]:
    rows = tx.run(
        "SELECT n, metadata, state, responses FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL"
        " ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=CHUNK,
    )
    return [(n, metadata, state, responses) for n, metadata, state, responses in rows]


def _put_items(found: Gathered, rows: Sequence[tuple[int, str, str, int]], rules: Sequence[SliceRule]) -> None:
    for n, metadata, state, responses in rows:
        found.items.append(n)
        found.answered.append(responses > 0)
        found.accepted.append(state == "done")
        known: Mapping[str, Scalar] = _metadata.decode(metadata)
        for values, rule in zip(found.values, rules, strict=True):
            values.add(raw_of(known.get(rule.key), rule))


def _read_answers(tx: Tx, project: int, after: int, last: int, places: Mapping[int, int], found: Gathered) -> None:
    of = {"project": project, "after": after, "last": last}
    between = "item > :after AND item <= :last AND +project = :project"
    for item, author, type_, head in tx.run(
        "SELECT r.item, r.author, a.type, r.head FROM responses r JOIN authors a ON a.n = r.author"
        " WHERE r.item > :after AND r.item <= :last AND +r.project = :project AND r.state = 'submitted'"
        " AND r.excluded IS NULL AND NOT r.apart AND a.type IN ('person', 'import')",
        **of,
    ):
        if item in places:
            found.answers.append(found.answer(author, places[item]))
            found.heads.append(head)
            if type_ == "person":
                found.people.add(author)
    for item, author, field, label in tx.run(
        f"SELECT item, author, field, label FROM marks WHERE {between} AND author > 0", **of
    ):
        if item in places:
            found.marks[field, label].append(found.answer(author, places[item]))
    _read_near(tx, project, of, between, places, found)


def _read_near(
    tx: Tx, project: int, of: Mapping[str, int], between: str, places: Mapping[int, int], found: Gathered
) -> None:
    """What the items gave of each answer: to the consensus of the others, to each of them, to reviewers, to gold."""
    chances = _chances(tx, project, of, between)
    for item, body in tx.run(f"SELECT item, body FROM given WHERE {between}", **of):
        if item not in places:
            continue
        near: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
        for author, what, _, _, x, w, _ in _bodies.decode(body).rows:
            name = what.partition(":")[0]
            if name in ("right", "agree") and w > 0:
                near[name, author].append(x / w)
        people = Counter(name for name, _ in near)
        for (name, author), values in near.items():
            # Each item counts once, however many it was given to, and for those like it that were not drawn.
            weight = 1 / people[name] / chances.get(item, 1.0)
            _put(found, name, sum(values) / len(values), weight, found.answer(author, places[item]))
    seen: set[tuple[int, int]] = set()
    for item, author, verdict, defects, probability in tx.run(
        f"SELECT item, author, verdict, defects, probability FROM reviews WHERE {between} AND counts ORDER BY n", **of
    ):
        if item in places and (item, author) not in seen:
            seen.add((item, author))
            weight = 1 / max(probability, LEAST_CHANCE)
            for name, value in (("accepted", verdict == "accepted"), ("defect", defects != "[]")):
                _put(found, name, float(value), weight, found.answer(author, places[item]))
            found.verdicts.append(VERDICTS.index(verdict) if verdict in VERDICTS else len(VERDICTS))
    for item, author, score in tx.run(
        f"SELECT item, author, score FROM gold_answers WHERE {between} AND use IN ('hidden', 'work')", **of
    ):
        if item in places:
            _put(found, "gold", min(max(score, 0.0), 1.0), 1.0, found.answer(author, places[item]))


def _put(found: Gathered, name: str, y: float, w: float, answer: int) -> None:
    near = found.near[name]
    near.y.append(y)
    near.w.append(w)
    near.answer.append(answer)


def _chances(tx: Tx, project: int, of: Mapping[str, int], between: str) -> dict[int, float]:
    """By item the chance of the draws that gave it to more people: an item that two answered stands for those that one did."""
    more = {name for name, stage in rules_of(tx, project).policy.stages.items() if stage.do == "label"}
    found: dict[int, float] = {}
    for item, way, probability in tx.run(f"SELECT item, way, probability FROM routes WHERE {between}", **of):
        if way in more:
            found[item] = max(found.get(item, 1.0) * probability, LEAST_CHANCE)
    return found
