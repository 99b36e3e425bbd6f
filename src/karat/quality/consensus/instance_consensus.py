"""The consensus of tables of boxes, spans and intervals: what is there, what it is called, where it is, who sees how well."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats, some
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.instance_model import InstanceModel, Judged, learn_instances, quality_of
from karat.quality.consensus.marks import MarkGatherer
from karat.quality.consensus.model import Model, beta_interval
from karat.quality.responses import Said
from karat.quality.structured import NONE, Responses

NEAR = 1e-9
"""Probabilities that differ by less are level."""


@dataclass(frozen=True, slots=True)
class Instances:
    """Things, aligned: thing i is on `responses.items[item_codes[i]]`, is called `responses.labels[label_codes[i]]` (-1:
    has no label) and lies at `values[i]`."""

    item_codes: Codes
    label_codes: Codes
    values: list[object]
    existence: Floats
    """How probable it is that the thing is there."""
    label_probability: Floats
    """How probable it is that it is called so, if it is there."""
    marked: Codes
    """How many marked it."""
    looked: Codes
    """How many looked at the item."""
    ties: NDArray[np.bool_]
    """Whether another label is as probable, or that it is there and that it is not."""

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class InstanceSkill:
    """How well each annotator marks, aligned with `responses.annotators`; intervals are equal-tailed, 95 %."""

    right: Floats
    """Of what the annotator marked and what the annotator missed, the share that is there and rightly called."""
    right_low: Floats
    right_high: Floats
    seen: Floats
    """Of the things on the items looked at, the share that the annotator marked."""
    seen_low: Floats
    seen_high: Floats
    extras: Floats
    """Things marked on an item, on average, that are not there."""
    spread: Floats
    """How far places are from the true ones: the root of the mean squared distance, in the kind's distance."""
    n: Floats
    """Things marked and things missed."""


@dataclass(kw_only=True)
class InstanceConsensus:
    """Annotations that stand for the same thing are grouped by distance, one of each annotator at most; whether a group is a
    thing is judged by who marked it and who looked and did not, what it is called by who calls things what
    (`karat.quality.Consensus`), and its place is the kind's `merge`, weighted by how exactly each annotator marks. All of
    this is learned from the annotations themselves, and from known items if there are any (`gold`).

    `instances_` are the things with a probability above `least`; `candidates_` are all groups. What nobody else was asked
    to look at rests on what is known of the annotator.

    >>> boxes = {
    ...     "photo": [1, 1, 1, 1, 2, 2, 2], "who": ["Ada", "Ben", "Cem", "Cem", "Ada", "Ben", "Cem"], "what": ["cat"] * 7,
    ...     "left": [0, 1, 0, 70, 5, 5, 6], "top": [0, 0, 1, 70, 5, 6, 5], "right": [50, 51, 50, 90, 60, 60, 61],
    ...     "bottom": [50, 50, 51, 90, 60, 61, 60],
    ... }
    >>> responses = Responses.from_table(
    ...     boxes, item="photo", annotator="who", label="what", kind="box", value=["left", "top", "right", "bottom"]
    ... )
    >>> model = InstanceConsensus().fit(responses)
    >>> model.instances_.item_codes.tolist(), model.instances_.marked.tolist(), len(model.candidates_)
    ([0, 1], [3, 3], 3)
    """

    least: float = 0.5
    labels: Callable[[], Model] = Consensus
    """Makes the model of votes by which labels are judged."""
    seed: int = 0

    def fit(self, responses: Responses, gold: Responses | None = None) -> Self:
        """Learn from annotations, and from items on which all things are known: `gold` has these, of whatever annotator."""
        gathered = MarkGatherer(responses.field, responses.kind, seed=self.seed)
        for name in responses.annotators.tolist():
            gathered.authors[str(name)] = len(gathered.authors)
        known = {} if gold is None else _known(gold, responses)
        members = array("i")
        sizes, item_of, looked = array("i"), array("i"), array("i")
        for item, said, rows in responses.by_item():
            if not said:
                continue
            for cluster in gathered.add(said, known.get(item)):
                members.extend([rows[author][index] for author, index in cluster])
                sizes.append(len(cluster))
                item_of.append(item)
                looked.append(len(said))
        judged = learn_instances(gathered, self.labels, seed=self.seed)
        self.responses_ = responses
        self.model_: InstanceModel = judged.model
        self.skill_ = _skill(judged, gathered)
        self.places_ = judged.model.existence.places
        self.things_ = judged.model.existence.things
        self._judged = judged
        self._groups = _Groups(*(_codes(part) for part in (members, sizes, item_of, looked)))
        self._label_codes = _label_codes(responses, gathered)
        self.instances_ = self._instances(judged.existence > self.least)
        return self

    @property
    def candidates_(self) -> Instances:
        """All groups, however improbable."""
        return self._instances(np.ones(len(self._groups.sizes), dtype=bool))

    @property
    def posterior_(self) -> Floats:
        """How probable each label of `responses.labels` is for each of `instances_`, shape (instances, labels)."""
        chosen = self._judged.existence > self.least
        found = np.zeros((int(chosen.sum()), len(self.responses_.labels)))
        named = self._label_codes >= 0
        found[:, self._label_codes[named]] = self._judged.labels[chosen][:, named]
        return found

    def _instances(self, chosen: NDArray[np.bool_]) -> Instances:
        groups, judged, responses = self._groups, self._judged, self.responses_
        places = np.flatnonzero(chosen)
        labels = judged.labels[places]
        best = labels.argmax(axis=1) if labels.size else np.zeros(len(places), np.int64)
        probability = labels[np.arange(len(places)), best] if labels.size else np.ones(len(places))
        level = (labels >= probability[:, None] - NEAR).sum(axis=1) > 1
        existence = judged.existence[places]
        starts = np.cumsum(groups.sizes) - groups.sizes
        weights = 1.0 / judged.model.spread
        values: list[object] = []
        for place in places.tolist():
            rows = groups.rows[starts[place] : starts[place] + groups.sizes[place]]
            voices = weights[responses.annotator_codes[rows]]
            if responses.weights is not None:
                voices = voices * responses.weights[rows]
            values.append(responses.kind.merge(responses.values.of(rows), voices.tolist(), responses.field))
        return Instances(
            groups.item[places],
            self._label_codes[best] if len(self._label_codes) else np.full(len(places), NONE, np.int32),
            values,
            existence,
            np.asarray(probability, np.float64),
            groups.sizes[places],
            groups.looked[places],
            level | (np.abs(existence - 0.5) <= NEAR),
        )


@dataclass(frozen=True, slots=True)
class _Groups:
    rows: Codes
    """The rows of all members, group by group."""
    sizes: Codes
    item: Codes
    looked: Codes


def instances_table(model: InstanceConsensus) -> dict[str, list[object]]:
    """`instances_` as columns: item, label, the parts of each value (or `value`, as JSON has it), existence, label_probability."""
    responses, found = model.responses_, model.instances_
    names = [*responses.labels, None]
    table: dict[str, list[object]] = {
        "item": responses.items[found.item_codes].tolist(),
        "label": [names[code] for code in found.label_codes.tolist()],
    }
    parts: tuple[str, ...] = getattr(responses.kind.value, "__struct_fields__", ())
    for part in parts:
        table[part] = [getattr(value, part) for value in found.values]
    if not parts:
        table["value"] = [msgspec.to_builtins(value) for value in found.values]
    table["existence"] = found.existence.tolist()
    table["label_probability"] = found.label_probability.tolist()
    return table


def _known(gold: Responses, responses: Responses) -> dict[int, Said]:
    """By item code, all that is there."""
    place = {name: code for code, name in enumerate(responses.items.tolist())}
    names = gold.items.tolist()
    other = [label for label in gold.labels if label not in responses.labels]
    if other:
        raise ValueError(
            f"gold has the label {other[0]!r}, which nobody gave: {some(responses.labels)}; write it as the responses do, or"
            " name all labels by field= of Responses.from_table"
        )
    found: dict[int, Said] = {}
    for item, said, _ in gold.by_item():
        if names[item] in place and said:
            found[place[names[item]]] = Said("gold", tuple(a for one in said for a in one.annotations), None)
    return found


def _label_codes(responses: Responses, gathered: MarkGatherer) -> Codes:
    """For each label of the model its code among those of the responses."""
    code = {label: place for place, label in enumerate(responses.labels)}
    return np.array([NONE if label is None else code.get(label, NONE) for label in gathered.labels], np.int32)


def _skill(judged: Judged, gathered: MarkGatherer) -> InstanceSkill:
    right, low, high, n, _ = quality_of(judged, gathered)
    existence = judged.model.existence
    hits, chances = existence.hits, np.maximum(existence.chances, existence.hits)
    doubt = np.zeros(len(hits))
    if len(judged.existence):
        marks = gathered.marks()
        there = judged.existence[marks.member_cluster]
        doubt = np.asarray(np.bincount(marks.member_author, there * (1 - there), minlength=len(hits)), np.float64)
    seen, seen_low, seen_high = beta_interval(hits + 0.5, chances - hits + 0.5, doubt)
    return InstanceSkill(
        right, low, high, seen, seen_low, seen_high, existence.extras[:-1], np.sqrt(judged.model.spread[:-1]), n
    )


def _codes(numbers: "array[int]") -> Codes:
    return np.frombuffer(numbers, np.int32) if numbers else np.zeros(0, np.int32)
