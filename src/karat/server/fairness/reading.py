# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""A project as columns of numbers: its items with their metadata, and every answer with what is known of it.

Memory: about 60 bytes for each answer and measure, and for each item one small number a slice.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.model.item import Scalar
from karat.model.schema import Schema
from karat.server.database import Database, Tx
from karat.server.fairness.schemas import MeasureKind, SliceRule
from karat.server.fairness.slicing import Raw, raw_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.projects.queries import schema_of
from karat.server.search.words import all_words
from karat.server.team.counting import Body

CHUNK = 1_000
MOST_LABELS = 12
"""Of each field so many labels are measured, the most frequent."""
LEAST_CHANCE = 1e-6

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_metadata = msgspec.json.Decoder(dict[str, Scalar])
_bodies = msgspec.json.Decoder(Body)


class Column(msgspec.Struct, frozen=True):
    """One measure: values in [0, 1], their weights, whose they are and of which item (its place), each (n,)."""

    key: str
    title: str
    kind: MeasureKind
    y: Floats
    w: Floats
    who: Ints
    what: Ints


class Gathered(msgspec.Struct):
    """What was read of a project, grown chunk by chunk."""

    raws: list[list[Raw]]
    """For each slice rule the value of each item."""
    states: list[tuple[bool, bool]] = []
    """For each item whether anybody answered it, and whether it is accepted."""
    answers: list[tuple[int, int, int]] = []
    """Author, place of the item, how many answered it."""
    people: set[int] = set()
    """Authors who are people of the workspace."""
    marks: defaultdict[tuple[int, int], set[tuple[int, int]]] = msgspec.field(default_factory=lambda: defaultdict(set))
    """By field and label who gave it on which item."""
    near: defaultdict[str, list[tuple[float, float, int, int]]] = msgspec.field(
        default_factory=lambda: defaultdict(list)
    )
    """By measure: value, weight, author, place of the item."""
    said: defaultdict[int, Counter[str]] = msgspec.field(default_factory=lambda: defaultdict(Counter))
    """By author what of theirs was counted, for the digest that tells whether anything has changed."""

    def digest(self, author: int) -> str:
        """The same while nothing of an author's has changed."""
        told = sorted(self.said[author].items())
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]


def gather(db: Database, project: int, rules: Sequence[SliceRule]) -> Iterator[int | Gathered]:
    """Read every item and answer of a project: how many items so far, again and again, and at the end what was read."""
    found = Gathered([[] for _ in rules])
    after = 0
    while rows := db.read_now(_items, project, after):
        last = rows[-1][0]
        _put_items(found, rows, rules)
        first = len(found.states) - len(rows)
        places = {n: first + index for index, (n, *_) in enumerate(rows)}
        db.read_now(_read_answers, project, after, last, places, found)
        after = last
        yield len(found.states)
    yield found


def columns_of(db: Database, project: int, found: Gathered) -> list[Column]:
    """The measures: how often each label is given, then how good the answers are."""
    schema, fields, labels = db.read_now(_names, project)
    return [*_labels(found, schema, fields, labels), *_near(found)]


def _names(tx: Tx, project: int) -> tuple[Schema, dict[int, str], dict[int, str]]:
    _, schema = schema_of(tx, project)
    return schema, all_words(tx, project, "field"), all_words(tx, project, "label")


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
    for _, metadata, state, responses in rows:
        found.states.append((responses > 0, state == "done"))
        known: Mapping[str, Scalar] = _metadata.decode(metadata)
        for raws, rule in zip(found.raws, rules, strict=True):
            raws.append(raw_of(known.get(rule.key), rule))


def _read_answers(tx: Tx, project: int, after: int, last: int, places: Mapping[int, int], found: Gathered) -> None:
    of = {"project": project, "after": after, "last": last}
    between = "item > :after AND item <= :last AND +project = :project"
    answers = [
        (author, places[item], type_, head)
        for item, author, type_, head in tx.run(
            "SELECT r.item, r.author, a.type, r.head FROM responses r JOIN authors a ON a.n = r.author"
            " WHERE r.item > :after AND r.item <= :last AND +r.project = :project AND r.state = 'submitted'"
            " AND r.excluded IS NULL AND NOT r.apart AND a.type IN ('person', 'import')",
            **of,
        )
        if item in places
    ]
    on_item = Counter(what for _, what, _, _ in answers)
    for author, what, type_, head in answers:
        found.answers.append((author, what, on_item[what]))
        if type_ == "person":
            found.people.add(author)
        found.said[author].update({"answers": 1, "revisions": head})
    for item, author, field, label in tx.run(
        f"SELECT item, author, field, label FROM marks WHERE {between} AND author > 0", **of
    ):
        if item in places:
            found.marks[field, label].add((author, places[item]))
            found.said[author][f"label {field} {label}"] += 1
    _read_near(tx, project, of, between, places, found)


def _read_near(
    tx: Tx, project: int, of: Mapping[str, int], between: str, places: Mapping[int, int], found: Gathered
) -> None:
    """What the items gave of each answer: to the consensus of the others, to each of them, to reviewers, to gold."""
    chances = _chances(tx, project, of, between)
    for item, body in tx.run(f"SELECT item, body FROM given WHERE {between}", **of):
        near: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
        for author, what, _, _, x, w, _ in _bodies.decode(body).rows:
            name = what.partition(":")[0]
            if name in ("right", "agree") and w > 0:
                near[name, author].append(x / w)
        for name in ("right", "agree"):
            of_item = [(author, values) for (kind, author), values in near.items() if kind == name]
            for author, values in of_item:
                # Each item counts once, however many it was given to, and for those like it that were not drawn.
                weight = 1 / len(of_item) / chances.get(item, 1.0)
                if item in places:
                    found.near[name].append((sum(values) / len(values), weight, author, places[item]))
    seen: set[tuple[int, int]] = set()
    for item, author, verdict, defects, probability in tx.run(
        f"SELECT item, author, verdict, defects, probability FROM reviews WHERE {between} AND counts ORDER BY n", **of
    ):
        if item in places and (item, author) not in seen:
            seen.add((item, author))
            weight = 1 / max(probability, LEAST_CHANCE)
            for name, value in (("accepted", verdict == "accepted"), ("defect", defects != "[]")):
                found.near[name].append((float(value), weight, author, places[item]))
            found.said[author].update({f"verdict {verdict}": 1})
    for item, author, score in tx.run(
        f"SELECT item, author, score FROM gold_answers WHERE {between} AND use IN ('hidden', 'work')", **of
    ):
        if item in places:
            found.near["gold"].append((min(max(score, 0.0), 1.0), 1.0, author, places[item]))
            found.said[author].update({"gold": 1})


def _chances(tx: Tx, project: int, of: Mapping[str, int], between: str) -> dict[int, float]:
    """By item the chance of the draws that gave it to more people: an item that two answered stands for those that one did."""
    more = {name for name, stage in rules_of(tx, project).policy.stages.items() if stage.do == "label"}
    found: dict[int, float] = {}
    for item, way, probability in tx.run(f"SELECT item, way, probability FROM routes WHERE {between}", **of):
        if way in more:
            found[item] = max(found.get(item, 1.0) * probability, LEAST_CHANCE)
    return found


def _labels(found: Gathered, schema: Schema, fields: Mapping[int, str], labels: Mapping[int, str]) -> Iterator[Column]:
    who = np.array([author for author, _, _ in found.answers], np.int64)
    what = np.array([place for _, place, _ in found.answers], np.int64)
    w = 1 / np.array([n for _, _, n in found.answers], np.float64)
    rows = {(author, place): index for index, (author, place, _) in enumerate(found.answers)}
    shown: Counter[str] = Counter()
    for (field, label), given in sorted(found.marks.items(), key=lambda one: (-len(one[1]), one[0])):
        key = fields.get(field, "")
        if key not in schema.fields or shown[key] >= MOST_LABELS:
            continue
        y = np.zeros(len(rows))
        y[[rows[one] for one in given if one in rows]] = 1.0
        if 0 < y.sum() < len(y):
            shown[key] += 1
            name = f"{schema.fields[key].title or key}: {labels.get(label, '')}"
            yield Column(f"label:{key}:{labels.get(label, '')}", name, "label", y, w, who, what)


NEAR: dict[str, tuple[MeasureKind, str]] = {
    "right": ("right", "As the others say"),
    "agree": ("agreement", "Agreement"),
    "gold": ("gold", "Right on gold"),
    "accepted": ("accepted", "Accepted at once"),
    "defect": ("defect", "With a defect"),
}
"""What the measures of how good answers are begin with, and what they are called."""


def _near(found: Gathered) -> Iterator[Column]:
    for name, (kind, title) in NEAR.items():
        rows = found.near.get(name, [])
        if rows:
            y, w, who, what = zip(*rows, strict=True)
            yield Column(
                name,
                title,
                kind,
                np.array(y, np.float64),
                np.array(w, np.float64),
                np.array(who, np.int64),
                np.array(what, np.int64),
            )
