"""What several authors say together about an item: one answer for each field, a score, and whether it hangs in the balance."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from karat.kinds import KINDS
from karat.kinds.averages import ALIKE, shares
from karat.model.kind import AnyKind
from karat.model.response import Annotation, AuthorType, Response
from karat.model.schema import Field, Schema
from karat.quality.clusters import Member, clustered
from karat.quality.consensus.by_part import of_parts, on_part
from karat.quality.consensus.learning import FieldConsensus, Settle
from karat.quality.consensus.merging import Vote, merged_answer, merged_attributes
from karat.quality.consensus.methods import METHODS
from karat.quality.consensus.together import Votes, kept_together
from karat.quality.differences import answer_distance
from karat.quality.pairing import match
from karat.quality.references import bound_to, is_link
from karat.quality.responses import PEOPLE, Said, answer_of, counted, is_instances, units_on, within

GOLD: frozenset[AuthorType] = frozenset({"gold"})
NAMES = uuid.UUID("6f3c4f0e-6a53-5c39-9d6b-0f1f5a3f7e11")
"""The namespace of the ids of merged annotations: the same votes give the same ids."""


def consensus_of(
    responses: Sequence[Response],
    schema: Schema,
    *,
    method: str = "majority",
    weights: Mapping[str, float] | None = None,
    settlers: Mapping[str, Settle] | None = None,
    authors: Collection[AuthorType] = PEOPLE,
    kinds: Mapping[str, AnyKind] = KINDS,
) -> tuple[FieldConsensus, ...]:
    """One entry for each field that somebody spoke about.

    A field in `settlers` is settled by what was learned of it over the whole project (`ProjectLearner`, `settlers_of`).

    Otherwise `majority` gives every author one vote; `weighted`, and any other method where weights are given, gives the
    author with this key `weights[key]` votes (see `author_weights`), one where it has no entry. Answers merge by the kind's
    `merge`. Regions are first grouped over authors; a group stays if more than half of the weight of those who looked for
    its label has it; its place comes from the kind's `merge`, its label and attributes from its members' votes. Left open
    and nothing there are answers too. A field that is asked of each part of a stream is settled part by part. What is about others, such as relations, is merged last, between what was settled: a
    relation stays if more than half of the weight has it between things that stayed.
    """
    if method not in METHODS:
        raise ValueError(f"there is no method {method!r} of consensus; name one of {', '.join(METHODS)}")
    if method == "weighted" and weights is None and settlers is None:
        raise ValueError("a weighted consensus needs the weights of the authors, see karat.quality.author_weights")
    voting = dict(weights or {}) if METHODS[method].is_weighted else {}
    merging = "weighted" if voting else "majority"
    by_author = counted(responses, authors=authors)
    known = counted(responses, authors=GOLD) if settlers else {}
    found: dict[str, FieldConsensus] = {}
    bound = None
    for field in sorted(schema.fields.values(), key=lambda one: is_link(one, kinds)):
        if bound is None and is_link(field, kinds):  # what it is about is settled by now
            there = [annotation for one in found.values() for annotation in one.annotations]
            bound = bound_to(by_author, there, schema, kinds=kinds)
        gold = {unit.part: unit.said for unit in units_on(field, known, schema)}
        parts: list[FieldConsensus] = []
        for unit in units_on(field, by_author if bound is None else bound, schema):
            one = _settled(unit.said, gold.get(unit.part, []), (settlers or {}).get(field.key))
            if one is None:
                share = shares([voting.get(s.author, 1.0) for s in unit.said])
                of_field = _of_instances if is_instances(field) else _of_answers
                one = of_field(unit.said, share, _Rules(field, kinds, merging))
            parts.append(_placed(one, unit.said, field, kinds) if unit.part is None else on_part(one, field, unit.part))
        if parts:
            found[field.key] = parts[0] if field.each is None else of_parts(parts)
    return tuple(found[key] for key in schema.fields if key in found)


def _placed(one: FieldConsensus, said: Sequence[Said], field: Field, kinds: Mapping[str, AnyKind]) -> FieldConsensus:
    """An answer that is about something in the item, such as a text that was edited, says of what: as the nearest of those
    that were merged."""
    about = [] if is_instances(field) else [a for s in said for a in s.annotations if a.on is not None]
    if not about or not one.annotations:
        return one
    [merged] = one.annotations
    distance = kinds[field.kind].distance
    nearest = min(about, key=lambda a: distance(a.value, merged.value, field))
    return msgspec.structs.replace(one, annotations=(msgspec.structs.replace(merged, on=nearest.on),))


def _settled(said: Sequence[Said], gold: Sequence[Said], settle: Settle | None) -> FieldConsensus | None:
    found = settle(said, gold[-1] if gold else None) if said and settle is not None else None
    return None if found is None else msgspec.structs.replace(found, learned=True)


@dataclass(frozen=True, slots=True)
class _Rules:
    """By what a field is merged."""

    field: Field
    kinds: Mapping[str, AnyKind]
    method: str

    @property
    def kind(self) -> AnyKind:
        return self.kinds[self.field.kind]


def _of_answers(said: Sequence[Said], share: Sequence[float], rules: _Rules) -> FieldConsensus:
    field, kind = rules.field, rules.kind
    answers = [answer_of(s) for s in said]
    vote = merged_answer(answers, share, field, kind)
    apart = sum(s * answer_distance(a, vote.value, field, kind) for a, s in zip(answers, share, strict=True))
    annotations: tuple[Annotation, ...] = ()
    if vote.value is not None:
        odds = _odds([None if a is None else kind.terms(a) for a in answers], share)
        merged = Annotation(
            id=field.key, field=field.key, kind=kind.name, version=kind.version, value=vote.value,
            confidence=1 - apart, probabilities=odds or None,
        )  # fmt: skip
        annotations = (merged,)
    return FieldConsensus(field.key, rules.method, annotations, 1 - apart, vote.tie, len(said))


def _of_instances(said: Sequence[Said], share: Sequence[float], rules: _Rules) -> FieldConsensus:
    field, kind = rules.field, rules.kind
    groups = clustered([s.annotations for s in said], field, kind)
    found: list[tuple[Annotation, Votes]] = []
    tie = False
    for members in groups:
        members_share = [share[author] for author, _ in members]
        label = _vote_on_label(members, members_share, said)
        looked = sum(s for s, one in zip(share, said, strict=True) if one.labels is None or label.value in one.labels)
        seen = sum(members_share) / looked if looked > 0 else 0.0
        balanced = abs(seen - 0.5) <= ALIKE
        tie = tie or balanced
        if seen > 0.5 + ALIKE:
            merged, merged_tie = _merged_instance(members, members_share, said, (label.value, seen), rules)
            given = [said[author].annotations[index].value for author, index in members]
            found.append((merged, list(zip(given, members_share, strict=True))))
            tie = tie or merged_tie or label.tie
    kept = kept_together(found, field, kind)
    if not field.many:
        kept = [msgspec.structs.replace(max(kept, key=lambda a: a.confidence or 0.0), id=field.key)] if kept else []
    return FieldConsensus(field.key, rules.method, tuple(kept), _score(kept, said, share, rules), tie, len(said))


def _merged_instance(
    members: Sequence[Member],
    share: Sequence[float],
    said: Sequence[Said],
    decided: tuple[object, float],
    rules: _Rules,
) -> tuple[Annotation, bool]:
    label, seen = decided
    field, kind = rules.field, rules.kind
    given = [said[author].annotations[index] for author, index in members]
    agreeing = [(a, s) for a, s in zip(given, share, strict=True) if a.label == label]
    attributes, tie = merged_attributes([a for a, _ in agreeing], [s for _, s in agreeing], field, rules.kinds)
    first = agreeing[0][0]
    merged = Annotation(
        id=str(uuid.uuid5(NAMES, "\n".join(f"{said[a].author} {said[a].annotations[i].id}" for a, i in members))),
        field=field.key,
        kind=kind.name,
        version=kind.version,
        on=first.on,
        label=first.label,
        value=kind.merge([a.value for a in given], share, field),
        attributes=attributes,
        confidence=seen,
        probabilities=_odds([() if a.label is None else (a.label,) for a in given], share) or None,
        z=first.z,
    )
    return merged, tie


def _vote_on_label(members: Sequence[Member], share: Sequence[float], said: Sequence[Said]) -> Vote:
    """The label with the most weight; of level ones that of the first member."""
    votes: dict[str | None, float] = {}
    for (author, index), s in zip(members, share, strict=True):
        label = said[author].annotations[index].label
        votes[label] = votes.get(label, 0.0) + s
    most = max(votes.values())
    best = [label for label, vote in votes.items() if vote >= most - ALIKE]
    return Vote(best[0], len(best) > 1)


def _odds(terms: Sequence[tuple[str, ...] | None], share: Sequence[float]) -> dict[str, float]:
    """The share of the votes that each option has; options of a multiple choice need not sum to 1."""
    total = sum(share)
    odds: dict[str, float] = {}
    for chosen, s in zip(terms, share, strict=True):
        for term in chosen or ():
            odds[term] = odds.get(term, 0.0) + (s / total if total > 0 else 0.0)
    return odds


def _score(kept: Sequence[Annotation], said: Sequence[Said], share: Sequence[float], rules: _Rules) -> float:
    apart = (match(s.annotations, within(kept, s.labels), rules.field, rules.kind).distance for s in said)
    return 1 - sum(w * d for w, d in zip(share, apart, strict=True))
