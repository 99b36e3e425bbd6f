"""The consensus of a field of marked things, such as boxes and spans: what is there, what it is called, and where it is."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log1p

import msgspec
import numpy as np

from karat.kinds import KINDS
from karat.kinds.averages import ALIKE
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.clusters import Member, grouped
from karat.quality.columns import Floats
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.existence import Existence
from karat.quality.consensus.instance_model import InstanceModel, Judged, learn_instances, quality_of
from karat.quality.consensus.learning import AuthorSkill, FieldConsensus, FieldModel, Knowledge, Settle
from karat.quality.consensus.marks import MarkGatherer
from karat.quality.consensus.merging import merged_attributes
from karat.quality.consensus.methods import Method
from karat.quality.consensus.packing import PackedRule, pack_rule, packed, unpack_rule, unpacked
from karat.quality.consensus.shares import MajorityVote, WeightedVote
from karat.quality.consensus.together import Votes, kept_together
from karat.quality.responses import Said, is_instances, within

LEAST_VOICE = 0.05
"""Nobody weighs less in a weighted vote: an author who always stands alone may still be right."""
NAMES = uuid.UUID("6f3c4f0e-6a53-5c39-9d6b-0f1f5a3f7e11")
"""The namespace of the ids of merged annotations: the same votes give the same ids."""
NEAR = 0.02
"""Things whose probability is less away from one half, and labels that are less apart, hang in the balance."""
LEAST = 0.001
"""Less probable labels are left out of a soft label."""
SOMEBODY = -1


class _Body(msgspec.Struct, frozen=True):
    """An `InstanceModel` as it is stored."""

    authors: tuple[str, ...]
    labels: tuple[str | None, ...]
    seeing: bytes
    extras: bytes
    sorts: bytes
    harder: bytes
    things: float
    places: float
    spread: bytes
    noise: bytes
    rule: PackedRule | None
    voices: bytes | None


class InstanceLearner:
    """Gathers a field's marks while items come in: some 16 bytes for each annotation, 8 for each author of an item."""

    def __init__(self, field: Field, kind: AnyKind, method: Method) -> None:
        self.field = field
        self.method = method
        self.gathered = MarkGatherer(field, kind)
        self.items = 0
        self.votes = 0

    def add(self, said: Sequence[Said], gold: Said | None) -> None:
        """One item."""
        self.items += 1
        self.votes += len(said)
        self.gathered.add(said, gold)

    def learn(self) -> Knowledge | None:
        """Who sees what, who marks what is not there, who calls it what, and how exactly; None where nobody looked.
        Skills are those of Karat's own model where the method is a vote."""
        if not self.votes:
            return None
        votes = self.method.model in (MajorityVote, WeightedVote)
        judged = learn_instances(self.gathered, Consensus if votes else self.method.model)
        skills = _skills(judged, self.gathered)
        model = replace(judged.model, voices=self._voices(skills)) if votes else judged.model
        return Knowledge(
            field=self.field.key,
            method=self.method.name,
            skills=skills,
            accuracy=None,
            items=self.items,
            votes=self.votes,
            body=msgspec.Raw(msgspec.json.encode(_body(model))),
        )

    def _voices(self, skills: Sequence[AuthorSkill]) -> Floats:
        """One for everybody, or how much of what each author says is right; the last is that of a stranger."""
        voices = np.ones(len(self.gathered.authors) + 1)
        if self.method.is_weighted:
            for skill in skills:
                voices[self.gathered.authors[skill.author]] = max(skill.value, LEAST_VOICE)
            voices[-1] = voices[:-1].mean()
        return voices


def settler(field: Field, kind: AnyKind, knowledge: Knowledge) -> Settle:
    """Settle an item's field by what was learned; where what is there is known, that is the result."""
    model = _model(knowledge.of(_Body))
    authors = {author: place for place, author in enumerate(model.authors)}
    labels = {label: place for place, label in enumerate(model.labels)}

    def settle(said: Sequence[Said], gold: Said | None) -> FieldConsensus | None:
        if gold is not None:
            return _known(field, knowledge.method, gold, len(said))
        given = [annotation for one in said for annotation in one.annotations]
        if any(annotation.label not in labels for annotation in given):
            return None
        item = _Item(said, [authors.get(one.author, SOMEBODY) for one in said], field, kind, model, labels)
        return item.settled(knowledge.method)

    return settle


@dataclass(frozen=True, slots=True)
class _Item:
    """What was said on one item, and by what it is judged."""

    said: Sequence[Said]
    codes: list[int]
    field: Field
    kind: AnyKind
    model: InstanceModel
    labels: Mapping[str | None, int]

    def settled(self, method: str) -> FieldConsensus:
        found: list[tuple[Annotation, Votes]] = []
        tie = False
        missed = self.model.existence.missed(np.array(self.codes, np.int32))
        nothing = -missed
        for members in grouped([one.annotations for one in self.said], self.field, self.kind).members:
            there, of_labels = self._judged(members)
            tie = tie or abs(there - 0.5) < self._near
            if there > 0.5 + ALIKE:
                merged, is_tie = self._merged(members, there, of_labels)
                given = [self.said[author].annotations[index].value for author, index in members]
                weights = self.model.weights([self.codes[author] for author, _ in members])
                found.append((merged, list(zip(given, weights, strict=True))))
                tie = tie or is_tie
            else:
                missed += there
                nothing += log1p(-there)
        kept = kept_together(found, self.field, self.kind)
        if not self.field.many:
            kept = [msgspec.structs.replace(max(kept, key=_confidence), id=self.field.key)] if kept else []
        right = sum(_confidence(annotation) for annotation in kept)
        score = right / (len(kept) + missed) if kept else exp(nothing)
        return FieldConsensus(self.field.key, method, tuple(kept), round(score, 6), tie, len(self.said))

    @property
    def _near(self) -> float:
        """Shares of a vote are level or not; probabilities are only so exact."""
        return NEAR if self.model.voices is None else ALIKE

    def _judged(self, members: Sequence[Member]) -> tuple[float, Floats]:
        given = [self.said[author].annotations[index].label for author, index in members]
        named = max(given, key=given.count)
        who = {author for author, _ in members}
        absent = [
            code
            for place, (one, code) in enumerate(zip(self.said, self.codes, strict=True))
            if place not in who and (one.labels is None or named in one.labels)
        ]
        present = [self.codes[author] for author, _ in members]
        return self.model.judge(present, absent, [self.labels[label] for label in given])

    def _merged(self, members: Sequence[Member], there: float, of_labels: Floats) -> tuple[Annotation, bool]:
        given = [self.said[author].annotations[index] for author, index in members]
        codes = [self.labels[annotation.label] for annotation in given]
        best = max(codes, key=lambda code: of_labels[code])  # somebody's word; of level ones the first
        others = np.delete(of_labels, best)
        is_tie = bool(len(others)) and float(of_labels[best] - others.max()) < self._near
        weights = self.model.weights([self.codes[author] for author, _ in members])
        agreeing = [(a, w) for a, w, code in zip(given, weights, codes, strict=True) if code == best]
        attributes, of_attributes = merged_attributes(
            [a for a, _ in agreeing], [w for _, w in agreeing], self.field, KINDS
        )
        first = agreeing[0][0]
        soft = {
            label: round(float(of_labels[code]), 6)
            for label, code in self.labels.items()
            if label is not None and of_labels[code] >= LEAST
        }
        merged = Annotation(
            id=_name([(self.said[a].author, self.said[a].annotations[i].id) for a, i in members]),
            field=self.field.key,
            kind=self.kind.name,
            version=self.kind.version,
            on=first.on,
            label=first.label,
            value=self.kind.merge([a.value for a in given], weights, self.field),
            attributes=attributes,
            confidence=round(there * float(of_labels[best]), 6),
            probabilities=soft or None,
            z=first.z,
        )
        return merged, is_tie or of_attributes


def _known(field: Field, method: str, gold: Said, n: int) -> FieldConsensus:
    sure = tuple(
        msgspec.structs.replace(annotation, confidence=1.0) for annotation in within(gold.annotations, gold.labels)
    )
    return FieldConsensus(field.key, method, sure, 1.0, tie=False, n=n)


def _confidence(annotation: Annotation) -> float:
    return annotation.confidence or 0.0


def _name(members: Sequence[tuple[str, str]]) -> str:
    return str(uuid.uuid5(NAMES, "\n".join(f"{author} {annotation}" for author, annotation in members)))


def _skills(judged: Judged, gathered: MarkGatherer) -> tuple[AuthorSkill, ...]:
    columns = (part.tolist() for part in quality_of(judged, gathered))
    rows = zip(gathered.authors, *columns, strict=True)
    return tuple(AuthorSkill(author, *(round(x, 6) for x in row)) for author, *row in rows if row[3] > 0)


def _body(model: InstanceModel) -> _Body:
    e = model.existence
    return _Body(
        model.authors, model.labels, packed(e.seeing), packed(e.extras), packed(e.sorts), packed(e.harder), e.things,
        e.places, packed(model.spread), packed(model.noise), None if model.rule is None else pack_rule(model.rule),
        None if model.voices is None else packed(model.voices),
    )  # fmt: skip


def _model(body: _Body) -> InstanceModel:
    nothing: Floats = np.zeros(0)
    existence = Existence(
        unpacked(body.seeing), unpacked(body.extras), unpacked(body.sorts), unpacked(body.harder), body.things,
        body.places, 0.0, nothing, nothing, nothing, nothing,
    )  # fmt: skip
    rule = None if body.rule is None else unpack_rule(body.rule)
    voices = None if body.voices is None else unpacked(body.voices)
    return InstanceModel(
        existence, unpacked(body.spread), rule, unpacked(body.noise), body.authors, body.labels, voices
    )  # fmt: skip


INSTANCES = FieldModel(fits=is_instances, learner=InstanceLearner, settler=settler)
