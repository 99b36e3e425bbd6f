"""The measures of a report as columns of numbers, and which items are in which slice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.model.schema import Schema
from karat.server.database import Database, Tx
from karat.server.fairness.figures import MeasureKind
from karat.server.fairness.reading import AUTHORS, Floats, Gathered, Ints
from karat.server.fairness.schemas import SliceRule
from karat.server.fairness.slicing import Cut, cuts_of
from karat.server.projects.queries import schema_of
from karat.server.search.words import all_words

MOST_LABELS = 12
"""Of each field so many labels are measured, the most frequent."""
NEAR: dict[str, tuple[MeasureKind, str]] = {
    "right": ("right", "As the others say"),
    "agree": ("agreement", "Agreement"),
    "gold": ("gold", "Right on gold"),
    "accepted": ("accepted", "Accepted at once"),
    "defect": ("defect", "With a defect"),
}
"""What the measures of how good answers are begin with, and what they are called."""

Bools = NDArray[np.bool_]


class Column(msgspec.Struct, frozen=True):
    """One measure: values in [0, 1], their weights, whose they are and of which item (their places), each (n,)."""

    key: str
    title: str
    kind: MeasureKind
    y: Floats
    w: Floats
    who: Ints
    what: Ints


class Slicing(msgspec.Struct, frozen=True):
    """A metadata key with its slices, and which items are in each."""

    rule: SliceRule
    cuts: list[Cut]
    inside: list[Bools]
    """For each slice: of each item whether it is in it."""

    @property
    def is_partition(self) -> bool:
        """Whether each item is in one slice, so that no two have the same items."""
        return not self.inside or bool((np.sum(self.inside, axis=0) == 1).all())


def slicings(found: Gathered, rules: Sequence[SliceRule]) -> list[Slicing]:
    """The slices of each rule."""
    made = []
    for values, rule in zip(found.values, rules, strict=True):
        cuts, places = cuts_of(values.counts(), rule)
        table = np.zeros((len(values.known), len(cuts)), bool)
        for raw, at in values.known.items():
            table[at, list(places[raw])] = True
        place = np.array(values.place, np.int64)
        made.append(Slicing(rule, cuts, [table[place, code] for code in range(len(cuts))]))
    return made


def columns_of(db: Database, project: int, found: Gathered) -> list[Column]:
    """The measures: how often each label is given, then how good the answers are."""
    schema, fields, labels = db.read_now(_names, project)
    return [*_labels(found, schema, fields, labels), *_near(found)]


def _names(tx: Tx, project: int) -> tuple[Schema, dict[int, str], dict[int, str]]:
    _, schema = schema_of(tx, project)
    return schema, all_words(tx, project, "field"), all_words(tx, project, "label")


def _labels(found: Gathered, schema: Schema, fields: Mapping[int, str], labels: Mapping[int, str]) -> Iterator[Column]:
    answers = np.unique(np.array(found.answers, np.int64))
    what, who = answers // AUTHORS, answers % AUTHORS
    w = 1 / np.bincount(what)[what] if len(what) else np.zeros(0)
    given = {name: _within(answers, np.array(said, np.int64)) for name, said in found.marks.items()}
    shown: Counter[str] = Counter()
    for (field, label), rows in sorted(given.items(), key=lambda one: (-len(one[1]), one[0])):
        key = fields.get(field, "")
        if key not in schema.fields or shown[key] >= MOST_LABELS:
            continue
        if 0 < len(rows) < len(answers):
            shown[key] += 1
            y = np.zeros(len(answers))
            y[rows] = 1.0
            name = f"{schema.fields[key].title or key}: {labels.get(label, '')}"
            yield Column(f"label:{key}:{labels.get(label, '')}", name, "label", y, w, who, what)


def _within(answers: Ints, said: Ints) -> Ints:
    """The places of some of the answers, which are sorted; what is said of others is left out."""
    if not len(answers):
        return np.zeros(0, np.int64)
    said = np.unique(said)
    at: Ints = np.minimum(np.searchsorted(answers, said), len(answers) - 1)
    of_answers: Ints = at[answers[at] == said]
    return of_answers


def _near(found: Gathered) -> Iterator[Column]:
    for name, (kind, title) in NEAR.items():
        if name in found.near:
            near = found.near[name]
            answer = np.array(near.answer, np.int64)
            y, w = np.array(near.y, np.float64), np.array(near.w, np.float64)
            yield Column(name, title, kind, y, w, answer % AUTHORS, answer // AUTHORS)
