"""A rating: a whole number on a scale with two ends."""

from collections.abc import Sequence
from math import floor
from typing import Annotated, Literal, cast

import msgspec

from karat.kinds.averages import weighted_median
from karat.model.kind import ANY_STREAM, Facts, Kind
from karat.model.loosening import downwards, freely, upwards
from karat.model.problem import Problem, shown
from karat.model.schema import Field

LEVELS = 101
"""More steps than 0 to 100 are a number and no rating; ordinal agreement compares every two steps."""


class RatingOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The two ends, and whether its steps are only in order (ordinal) or equally far apart (interval)."""

    min: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 1
    max: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 5
    scale: Literal["ordinal", "interval"] = "ordinal"


def check(value: int, field: Field, _facts: Facts) -> list[Problem]:
    """The number lies between the two ends."""
    options = _options(field)
    if options.min <= value <= options.max:
        return []
    return [Problem("", shown(value), f"{options.min} to {options.max}", "Choose a step of the scale.")]


def distance(a: int, b: int, field: Field) -> float:
    """How far apart two ratings are, as a share of the whole scale."""
    options = _options(field)
    return abs(a - b) / (options.max - options.min)


def merge(values: Sequence[int], weights: Sequence[float], _field: Field) -> int:
    """The weighted median; where it falls between two ratings, the one of them nearer to the first value."""
    middle = weighted_median(values, weights)
    below, above = max(v for v in values if v <= middle), min(v for v in values if v >= middle)
    if below == above:
        return below
    return below if values[0] <= floor(middle) else above


def number(value: int) -> float:
    """The rating itself."""
    return float(value)


def scale(field: Field) -> Literal["ordinal", "interval"]:
    """As the field says."""
    return _options(field).scale


def check_options(given: msgspec.Struct) -> list[Problem]:
    """The scale has at least two steps and not too many."""
    options = cast(RatingOptions, given)  # the kind's own options type, by the contract of Kind
    least, most = options.min + 1, options.min + LEVELS - 1
    if least <= options.max <= most:
        return []
    return [
        Problem("max", shown(options.max), f"{least} to {most}", "Give the scale at least two steps and at most 101.")
    ]


def _options(field: Field) -> RatingOptions:
    return cast(RatingOptions, field.options)  # read_schema converts a field's options to its kind's type


RATING = Kind(
    name="rating",
    version=1,
    role="what",
    value=int,
    options=RatingOptions,
    looser={"max": upwards, "min": downwards, "scale": freely},
    streams=ANY_STREAM,
    check=check,
    distance=distance,
    merge=merge,
    number=number,
    scale=scale,
    check_options=check_options,
)
