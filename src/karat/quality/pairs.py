"""How near each two authors of an item are, field by field and label by label."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import Response
from karat.model.schema import Field, Schema
from karat.quality.differences import answer_distance
from karat.quality.pairing import match
from karat.quality.references import bound_together
from karat.quality.responses import Said, answer_of, common_labels, is_instances, units_on, within

WHOLE = ""
"""Stands for a field as a whole, beside its labels."""


class Near(msgspec.Struct, frozen=True):
    """Two authors on one field, as a whole or looking at one label: 1 is the same, 0 wholly different."""

    field: str
    label: str
    a: str
    b: str
    near: float


def pairs_of(
    responses: Mapping[str, Response], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS
) -> Iterator[Near]:
    """Each two of the authors, by their key in `responses`, on each field that both answered: 1 - its distance.

    Looking at one label, regions are those of the label in the matching of all; of an answer it is 1 where both gave the
    label, 0 where one did. A label that neither gave says nothing. Parts of an item are averaged. The first author of a
    pair is the one that comes first in `responses`.
    """
    bound = bound_together(responses, schema, kinds=kinds)
    for field in schema.fields.values():
        found: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
        for unit in units_on(field, bound, schema):
            for a, b in combinations(unit.said, 2):
                for label, near in _near(a, b, field, kinds[field.kind]):
                    found[label, a.author, b.author].append(near)
        for (label, first, second), values in found.items():
            yield Near(field.key, label, first, second, sum(values) / len(values))


def _near(a: Said, b: Said, field: Field, kind: AnyKind) -> Iterator[tuple[str, float]]:
    if not is_instances(field):
        left, right = answer_of(a), answer_of(b)
        yield WHOLE, 1 - answer_distance(left, right, field, kind)
        terms = [set() if value is None else set(kind.terms(value)) for value in (left, right)]
        for term in sorted(terms[0] | terms[1]):
            yield term, float(term in terms[0] and term in terms[1])
        return
    labels = common_labels((a, b))
    if labels is not None and not labels:
        return
    ones, others = within(a.annotations, labels), within(b.annotations, labels)
    matched = match(ones, others, field, kind)
    yield WHOLE, 1 - matched.distance
    apart: defaultdict[str, list[float]] = defaultdict(list)
    for i, _, distance in matched.pairs:
        apart[ones[i].label or WHOLE].append(distance)
    for one in [*(ones[i] for i in matched.only_a), *(others[j] for j in matched.only_b)]:
        apart[one.label or WHOLE].append(1.0)
    for label, distances in sorted(apart.items()):
        if label != WHOLE:
            yield label, 1 - sum(distances) / len(distances)
