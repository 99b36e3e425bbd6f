"""An entity: the entry of a vocabulary that something is, or that it is in none."""

from collections.abc import Sequence
from typing import cast

import msgspec

from karat.kinds.averages import ALIKE, shares
from karat.kinds.resources import is_name
from karat.model.kind import ANY_STREAM, Facts, Kind
from karat.model.loosening import allowed
from karat.model.problem import Problem, shown
from karat.model.schema import CONTROL, MAX_KEY, Field

LONGEST_TITLE = 500


class Entity(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The id of an entry, null where the vocabulary has none (NIL), and the entry's title when it was chosen."""

    id: str | None
    title: str = ""


class EntityOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The vocabulary of the project by name, and whether an answer may be that it has no such entry."""

    vocabulary: str
    nil: bool = True


def check(value: Entity, field: Field, _facts: Facts) -> list[Problem]:
    """The id can be one, NIL is allowed where it is said, and a title stands only beside an id.

    Whether the vocabulary has the entry is asked by the server, which holds it.
    """
    if value.id is None:
        if not _options(field).nil:
            return [
                Problem("id", "null", "the id of an entry", "Choose an entry; this field has no `not in the list`.")
            ]
        if value.title:
            return [Problem("title", shown(value.title), "nothing", "Leave the title out where there is no entry.")]
        return []
    if not value.id or len(value.id) > MAX_KEY or CONTROL.search(value.id):
        expected = f"1 to {MAX_KEY} characters, none of them a control character"
        return [Problem("id", shown(value.id), expected, "Give the id that the entry has in its vocabulary.")]
    if len(value.title) > LONGEST_TITLE:
        expected = f"at most {LONGEST_TITLE} characters"
        return [Problem("title", f"{len(value.title)} characters", expected, "Shorten the title.")]
    return []


def distance(a: Entity, b: Entity, _field: Field) -> float:
    """0 for the same entry, or where both say that there is none; else 1. Titles do not count."""
    return float(a.id != b.id)


def merge(values: Sequence[Entity], weights: Sequence[float], _field: Field) -> Entity:
    """The entry with the most weight, as the first who chose it wrote it; where several are level, the first."""
    votes: dict[str | None, float] = {}
    for value, share in zip(values, shares(weights), strict=True):
        votes[value.id] = votes.get(value.id, 0.0) + share
    most = max(votes.values())
    return next(value for value in values if votes[value.id] >= most - ALIKE)


def terms(value: Entity) -> tuple[str, ...]:
    """The id of the entry, by which answers are found; none for NIL."""
    return () if value.id is None else (value.id,)


def check_options(given: msgspec.Struct) -> list[Problem]:
    """The vocabulary has a name that can stand in an address."""
    options = cast(EntityOptions, given)  # the kind's own options type, by the contract of Kind
    if is_name(options.vocabulary):
        return []
    do = "Name the vocabulary as it is uploaded, e.g. `vocabulary: places`."
    return [Problem("vocabulary", shown(options.vocabulary), "1 to 64 of a-z, 0-9, `_` and `-`", do)]


def _options(field: Field) -> EntityOptions:
    return cast(EntityOptions, field.options)  # read_schema converts a field's options to its kind's type


ENTITY = Kind(
    name="entity",
    version=1,
    role="what",
    value=Entity,
    options=EntityOptions,
    looser={"nil": allowed},
    streams=ANY_STREAM,
    check=check,
    distance=distance,
    merge=merge,
    terms=terms,
    check_options=check_options,
)
