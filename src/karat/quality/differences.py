"""What two responses to one item say differently, field by field."""

from collections.abc import Iterable, Mapping
from itertools import combinations

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import Response
from karat.model.schema import Field, Schema
from karat.quality.pairing import match
from karat.quality.references import bound_together
from karat.quality.responses import Said, answer_of, common_labels, counted, is_instances, units_on, within


class Pair(msgspec.Struct, frozen=True):
    """Two annotations, by id, that stand for the same thing."""

    a: str
    b: str
    distance: float


class Difference(msgspec.Struct, frozen=True):
    """How far apart two responses are on one field; `only_a` and `only_b` are the ids that found no partner."""

    field: str
    distance: float
    pairs: tuple[Pair, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def differences(a: Response, b: Response, schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS) -> list[Difference]:
    """One entry for each field that both spoke about."""
    found: list[Difference] = []
    bound = bound_together({"a": a, "b": b}, schema, kinds=kinds)
    for field in schema.fields.values():
        kind = kinds[field.kind]
        both = [unit.said for unit in units_on(field, bound, schema) if len(unit.said) == 2]
        if both:
            found.append(_joined([_difference(said[0], said[1], field, kind) for said in both]))
    return found


def disagreement(
    responses: Iterable[Response], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS
) -> float | None:
    """How far apart the people who answered an item are, in [0, 1]: the mean over fields of the mean over pairs of people.

    None where no field was answered by two.
    """
    by_author = bound_together(counted(responses), schema, kinds=kinds)
    means: list[float] = []
    for field in schema.fields.values():
        apart = apart_on(field, by_author, schema, kinds=kinds)
        if apart is not None:
            means.append(apart[0])
    return sum(means) / len(means) if means else None


def apart_on(
    field: Field, responses: Mapping[str, Response], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS
) -> tuple[float, int] | None:
    """The mean distance on a field over pairs of authors, and over parts where it is asked of each; and of how many authors.

    None where no two of them answered the same.
    """
    units = [unit.said for unit in units_on(field, responses, schema)]
    pairs = [
        d
        for said in units
        for a, b in combinations(said, 2)
        if (d := field_distance(a, b, field, kinds[field.kind])) is not None
    ]
    authors = {one.author for said in units if len(said) > 1 for one in said}
    return (sum(pairs) / len(pairs), len(authors)) if pairs else None


def agreement_with(
    author: str, responses: Mapping[str, Response], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS
) -> float | None:
    """How far one author agrees with the others on an item, in [0, 1], 1 where all say the same: the observed agreement.

    1 - the mean distance from each of the others, averaged over fields; not corrected for chance, as it is held against
    that of the same item. `responses` are by author. None where no other answered the same field.
    """
    others = [other for other in responses if other != author]
    means: list[float] = []
    for field in schema.fields.values():
        apart = [
            found[0]
            for other in others
            if (found := apart_on(field, {"a": responses[author], "b": responses[other]}, schema, kinds=kinds))
            is not None
        ]
        if apart:
            means.append(1 - sum(apart) / len(apart))
    return sum(means) / len(means) if means else None


def field_distance(a: Said, b: Said, field: Field, kind: AnyKind) -> float | None:
    """How far apart two authors are on a field; None where they looked for different labels."""
    if not is_instances(field):
        return answer_distance(answer_of(a), answer_of(b), field, kind)
    labels = common_labels((a, b))
    if labels is not None and not labels:
        return None
    return match(within(a.annotations, labels), within(b.annotations, labels), field, kind).distance


def answer_distance(a: object | None, b: object | None, field: Field, kind: AnyKind) -> float:
    """The kind's distance; an answer and none are 1 apart, none and none are equal."""
    if a is None or b is None:
        return 0.0 if a is b else 1.0
    return kind.distance(a, b, field)


def _joined(found: list[Difference]) -> Difference:
    """The differences on all parts as one: the mean distance, and every annotation's partner."""
    if len(found) == 1:
        return found[0]
    return Difference(
        field=found[0].field,
        distance=sum(one.distance for one in found) / len(found),
        pairs=tuple(pair for one in found for pair in one.pairs),
        only_a=tuple(ident for one in found for ident in one.only_a),
        only_b=tuple(ident for one in found for ident in one.only_b),
    )


def _difference(a: Said, b: Said, field: Field, kind: AnyKind) -> Difference:
    labels = common_labels((a, b))
    left, right = within(a.annotations, labels), within(b.annotations, labels)
    if not is_instances(field) and left and right:
        d = answer_distance(answer_of(a), answer_of(b), field, kind)
        return Difference(field.key, d, (Pair(left[0].id, right[0].id, d),), (), ())
    found = match(left, right, field, kind)
    return Difference(
        field=field.key,
        distance=found.distance,
        pairs=tuple(Pair(left[i].id, right[j].id, d) for i, j, d in found.pairs),
        only_a=tuple(left[i].id for i in found.only_a),
        only_b=tuple(right[j].id for j in found.only_b),
    )
