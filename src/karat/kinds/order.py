"""An order: annotations of a response one after another, such as the regions of a page as they are read."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from karat.kinds.averages import weighted_medoid
from karat.kinds.sequences import Sequenced, apart, settled
from karat.model.kind import Facts, Kind, Refs
from karat.model.problem import Problem, shown
from karat.model.response import Annotation
from karat.model.schema import Field

Order = Sequenced
"""Ids of annotations of the same response, from first to last."""
Among = dict[str, tuple[str, ...]]
"""Fields to the labels that are meant; no labels: all of the field."""


class OrderOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may be put in order; nothing named: anything that has a place."""

    among: Among = {}


def check(value: Order, _field: Field, _facts: Facts) -> list[Problem]:
    """At least two annotations, each named once."""
    do = "Name annotations by their ids."
    found = [Problem(f"[{i}]", "''", "the id of an annotation", do) for i, one in enumerate(value) if not one]
    if len(value) < 2:
        found.append(Problem("", shown(value), "at least two annotations", "Add one, or remove the order."))
    twice = [i for i, one in enumerate(value) if one and one in value[:i]]
    found += [Problem(f"[{i}]", shown(value[i]), "each annotation once", "Leave it in one place only.") for i in twice]
    return found


def check_among(
    annotations: Sequence[Annotation], field: Field, siblings: Mapping[str, Annotation]
) -> list[tuple[int, Problem]]:
    """All are there and may be meant, and none stands in two orders of the field."""
    found: list[tuple[int, Problem]] = []
    among = _options(field).among
    seen: Counter[str] = Counter()
    for index, annotation in enumerate(annotations):
        for at, one in enumerate(_order(annotation)):
            problem = _wrong(one, siblings, among) or (_twice(one) if seen[one] else None)
            seen[one] += 1
            if problem is not None:
                found.append((index, msgspec.structs.replace(problem, path=f"[{at}]")))
    return found


def distance(a: Order, b: Order, _field: Field) -> float:
    """The share of pairs that either puts in order and the two do not put in the same order: see `sequences.apart`.

    The ids must be those of matched annotations: see `karat.quality`. What was not matched is in one of the two only.
    """
    return apart(a, b)


def merge(values: Sequence[Order], weights: Sequence[float], field: Field) -> Order:
    """What at least half of the weight has, in the order that the weight prefers: see `sequences.settled`.

    Where fewer than two are left of that, the order with the most weight near it.
    """
    made = settled(values, weights)
    return made if len(made) > 1 else weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def ids(value: Order) -> tuple[str, ...]:
    """Everything that stands in the order."""
    return value


def rebind(value: Order, names: Mapping[str, str]) -> Order | None:
    """The order of the new names, without those that are gone; None where fewer than two are left.

    Of two that became one the first place counts.
    """
    left = tuple(dict.fromkeys(names[one] for one in value if one in names))
    return left if len(left) > 1 else None


def ends(field: Field) -> Mapping[str, Among]:
    """By the path of an option, what it allows."""
    return {"among": _options(field).among}


def _wrong(one: str, siblings: Mapping[str, Annotation], among: Among) -> Problem | None:
    there = siblings.get(one)
    if there is None:
        expected = "the id of an annotation of this response that has a place"
        return Problem("", shown(one), expected, "Add that annotation, or take it out of the order.")
    labels = among.get(there.field)
    if not among or (labels is not None and (not labels or there.label in labels)):
        return None
    meant = " or ".join(f"{name} ({', '.join(known)})" if known else name for name, known in among.items())
    got = there.field if there.label is None else f"{there.field} ({there.label})"
    return Problem("", got, f"an annotation of {meant}", "Take it out of the order.")


def _twice(one: str) -> Problem:
    return Problem("", shown(one), "an annotation that stands in no other order", "Leave it in one order only.")


def _options(field: Field) -> OrderOptions:
    return field.options if isinstance(field.options, OrderOptions) else OrderOptions()


def _order(annotation: Annotation) -> Order:
    assert isinstance(annotation.value, tuple), annotation.value
    return annotation.value


ORDER = Kind(
    name="order",
    version=1,
    role="link",
    value=tuple[str, ...],
    options=OrderOptions,
    streams=(),
    check=check,
    distance=distance,
    merge=merge,
    refs=Refs(ids=ids, rebind=rebind, ends=ends, check=check_among),
)
