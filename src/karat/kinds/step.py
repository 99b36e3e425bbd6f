"""A step: one part of a stream, such as the first step of a trace that is wrong; or none of them."""

from collections.abc import Sequence
from typing import Literal, cast

import msgspec

from karat.kinds.averages import weighted_medoid
from karat.model.kind import Facts, Kind
from karat.model.loosening import allowed, freely
from karat.model.parts import Parts
from karat.model.problem import Problem, shown
from karat.model.schema import Field

FEW = 12


class Pick(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The key of a part, such as "3"; None where it is none of them."""

    part: str | None = None


class StepOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whether `none` is an answer; the roles of parts that can be picked (`among`, empty for all); and whether answers are
    compared as such (`exact`) or by how much comes `before` them."""

    none: bool = True
    among: tuple[str, ...] = ()
    measure: Literal["exact", "before"] = "exact"


def check(value: Pick, field: Field, facts: Facts) -> list[Problem]:
    """The part is one of the stream's, of a role that can be picked; none is an answer where the field says so."""
    options = _options(field)
    if value.part is None:
        expected = "a part"
        do = "Pick one; only a field with `none: true` takes none."
        return [] if options.none else [Problem("part", "nothing", expected, do)]
    parts = next(iter(facts.each.values()), None)
    known = parts.of(options.among) if parts is not None else None
    if known is None or value.part in known:
        return []
    return [Problem("part", shown(value.part), _expected(parts, known), "Pick a part of this item.")]


def distance(a: Pick, b: Pick, field: Field) -> float:
    """0 for the same part and 1 for another; or by `measure: before`, how unlike what comes before them is.

    Exact match is how the first error is scored by Zheng and others, "ProcessBench", ACL 2025. With `before`, what precedes
    the first wrong step is right: it is the share of the steps that either leaves right which only one does, the Jaccard
    distance of the two sets, 1 - min(i, j) / max(i, j) for parts with i and j before them; a metric (Levandowsky and Winter,
    Nature 234, 1971). None leaves all right, and as nobody knows here how many that are, it is 1 apart from every part.
    Parts that are not numbered, such as the messages of a tree, are compared as such.
    """
    if a.part == b.part:
        return 0.0
    if _options(field).measure == "exact" or not _is_number(a.part) or not _is_number(b.part):
        return 1.0
    i, j = sorted((int(cast(str, a.part)), int(cast(str, b.part))))  # both are numbers, just tested
    return 1 - i / j


def merge(values: Sequence[Pick], weights: Sequence[float], field: Field) -> Pick:
    """The part that is nearest to all (the weighted medoid): by exact match the one that most weight is for."""
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def scale(field: Field) -> Literal["nominal"] | None:
    """Compared as such there is no order among parts."""
    return "nominal" if _options(field).measure == "exact" else None


def _is_number(part: str | None) -> bool:
    return part is not None and part.isascii() and part.isdigit() and len(part) <= 9


def _expected(parts: Parts | None, known: Sequence[str]) -> str:
    if parts is not None and parts.keys is None and len(known) == parts.count > 0:
        return f'"0" to "{parts.count - 1}"'
    named = ", ".join(known[:FEW]) + (f" … ({len(known)})" if len(known) > FEW else "")
    return f"one of {named}" if known else "none, as there are no such parts"


def _options(field: Field) -> StepOptions:
    return cast(StepOptions, field.options)  # read_schema converts a field's options to its kind's type


STEP = Kind(
    name="step",
    version=1,
    role="what",
    value=Pick,
    options=StepOptions,
    looser={"measure": freely, "none": allowed},
    streams=("dialogue", "trace", "tree"),
    check=check,
    distance=distance,
    merge=merge,
    scale=scale,
    names_parts=True,
)
