"""A text: what somebody wrote as an answer."""

from collections.abc import Sequence
from typing import cast

import msgspec
from rapidfuzz.distance import Levenshtein

from karat.kinds.averages import weighted_medoid
from karat.kinds.pattern import fault, matches
from karat.model.kind import ANY_STREAM, Facts, Kind, StreamKind
from karat.model.loosening import allowed, freely, no_longer_asked, upwards
from karat.model.problem import Problem, shown
from karat.model.schema import Field

MAX_LENGTH = 1_000_000


class TextOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How long a text may be, in code points, and the pattern that the whole of it must match.

    `edits` lets it begin from what the stream `on` says: from a text, from the last answer of a conversation, or from the
    candidate that the annotator chooses, which `on.part` of the annotation names; answered for each part, from what that part
    says.
    """

    max_length: int | None = None
    pattern: str | None = None
    multiline: bool = False
    edits: bool = False


def check(value: str, field: Field, _facts: Facts) -> list[Problem]:
    """The text is not too long, has no line break where one line is asked, and it matches the pattern if it is not empty."""
    options = _options(field)
    found: list[Problem] = []
    most = options.max_length or MAX_LENGTH
    if len(value) > most:
        found.append(Problem("", f"{len(value)} characters", f"at most {most} characters", "Shorten the text."))
    if not options.multiline and not options.edits and ("\n" in value or "\r" in value):
        found.append(
            Problem("", shown(value), "one line", "Remove the line breaks, or set `multiline: true` in the schema.")
        )
    if not found and value and options.pattern is not None and not matches(options.pattern, value):
        found.append(
            Problem(
                "",
                shown(value),
                f"text that matches {options.pattern}",
                "Write the text in the form that the field asks for.",
            )
        )
    return found


def distance(a: str, b: str, _field: Field) -> float:
    """Levenshtein distance in code points over the length of the longer text; 0 for equal texts."""
    return Levenshtein.normalized_distance(a, b)


def merge(values: Sequence[str], weights: Sequence[float], field: Field) -> str:
    """The weighted medoid: the given text nearest to all. A mixture of texts would be one that nobody wrote."""
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def check_options(given: msgspec.Struct) -> list[Problem]:
    """The longest length is positive and the pattern is in the subset of RE2 that browsers read alike."""
    options = cast(TextOptions, given)  # the kind's own options type, by the contract of Kind
    found: list[Problem] = []
    if options.max_length is not None and not 1 <= options.max_length <= MAX_LENGTH:
        found.append(
            Problem(
                "max_length",
                shown(options.max_length),
                f"1 to {MAX_LENGTH}",
                "Say how many characters a text may have.",
            )
        )
    wrong = fault(options.pattern) if options.pattern is not None else None
    if wrong:
        found.append(Problem("pattern", shown(options.pattern), "a pattern of RE2's common subset", f"Remove {wrong}."))
    return found


def source(given: msgspec.Struct) -> tuple[StreamKind, ...]:
    """What may be edited; nothing where the text is written from an empty page."""
    options = cast(TextOptions, given)  # the kind's own options type, by the contract of Kind
    return ("candidates", "dialogue", "text", "tree") if options.edits else ()


def _options(field: Field) -> TextOptions:
    return cast(TextOptions, field.options)  # read_schema converts a field's options to its kind's type


TEXT = Kind(
    name="text",
    version=1,
    role="what",
    value=str,
    options=TextOptions,
    looser={"edits": freely, "max_length": upwards, "multiline": allowed, "pattern": no_longer_asked},
    streams=ANY_STREAM,
    check=check,
    distance=distance,
    merge=merge,
    check_options=check_options,
    source=source,
)
