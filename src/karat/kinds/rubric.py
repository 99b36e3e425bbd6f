"""A rubric: a score on one scale for each of several criteria, which weigh differently, and why."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Annotated, Literal, cast

import msgspec

from karat.kinds.averages import ALIKE, weighted_median
from karat.model.field import KEY, Field
from karat.model.kind import ANY_STREAM, Aspects, Facts, Kind
from karat.model.loosening import downwards, upwards
from karat.model.problem import Problem, shown
from karat.model.schema import titled

LEVELS = 101
"""Steps of the scale, as a rating has at most."""
MOST = 50
LONGEST = 10_000
OVERALL = "overall"
"""The key under which the rationale of the whole stands; no criterion has it."""

Asked = Literal["none", "allowed", "required"]


class Criterion(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one score is about, how much it weighs among the others, and what steps of the scale mean."""

    title: str = ""
    definition: str = ""
    weight: Annotated[float, msgspec.Meta(gt=0, le=1000)] = 1.0
    anchors: dict[str, str] = {}
    """Step, as text, to what it means."""


class RubricOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """The criteria in their order, the two ends of the scale, and whether to say why: of the whole, of each criterion."""

    criteria: dict[str, Criterion]
    min: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 1
    max: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 5
    rationale: Asked = "none"
    rationale_each: Asked = "none"


class Rubric(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The score of each criterion; `rationale` has the reasons, of a criterion by its key, of the whole under `overall`."""

    scores: dict[str, int]
    rationale: dict[str, str] = {}

    def __hash__(self) -> int:
        """Of what it holds, whose order does not matter."""
        return hash((frozenset(self.scores.items()), frozenset(self.rationale.items())))


def check(value: Rubric, field: Field, _facts: Facts) -> list[Problem]:
    """Every criterion has a score on the scale, and there are reasons where they are asked for."""
    options = _options(field)
    criteria = options.criteria
    found = [
        Problem(f"scores.{key}", shown(key), f"one of {', '.join(criteria)}", "Score criteria of this rubric.")
        for key in value.scores
        if key not in criteria
    ]
    for key in criteria:
        score = value.scores.get(key)
        if score is None or not options.min <= score <= options.max:
            got = "nothing" if score is None else shown(score)
            expected = f"{options.min} to {options.max}"
            found.append(Problem(f"scores.{key}", got, expected, f"Score `{key}` on the scale."))
    return found + _check_rationale(value.rationale, options)


def _check_rationale(given: Mapping[str, str], options: RubricOptions) -> list[Problem]:
    asked = {OVERALL: options.rationale, **dict.fromkeys(options.criteria, options.rationale_each)}
    open_to = [key for key, how in asked.items() if how != "none"]
    expected = f"one of {', '.join(open_to)}" if open_to else "no rationale"
    found = [
        Problem(f"rationale.{key}", shown(key), expected, "Say why only where the rubric asks for it.")
        for key in given
        if key not in open_to
    ]
    for key, how in asked.items():
        said = given.get(key, "")
        if how == "required" and not said.strip():
            found.append(Problem(f"rationale.{key}", shown(said), "a text", "Say why."))
        if len(said) > LONGEST:
            got = f"{len(said)} characters"
            found.append(Problem(f"rationale.{key}", got, f"at most {LONGEST} characters", "Shorten the text."))
    return found


def score(value: Rubric, field: Field) -> float:
    """The weighted mean of the scores as a share of the scale: 0 where all are the least, 1 where all are the most.

    It is computed whenever it is wanted and stored nowhere, so that other weights need no new answers.
    """
    options = _options(field)
    weighed = [(c.weight, value.scores.get(key, options.min) - options.min) for key, c in options.criteria.items()]
    return sum(w * s for w, s in weighed) / (sum(w for w, _ in weighed) * (options.max - options.min))


def distance(a: Rubric, b: Rubric, field: Field) -> float:
    """The mean absolute difference of the scores as a share of the scale, each criterion by its weight.

    Gower's distance of quantitative variables (Gower, Biometrics 27, 1971) with the weights of the criteria; a metric. A
    criterion that only one has scored counts 1. Reasons do not count.
    """
    options = _options(field)
    total = sum(criterion.weight for criterion in options.criteria.values())
    apart = (c.weight * _apart(a.scores.get(key), b.scores.get(key), options) for key, c in options.criteria.items())
    return min(1.0, sum(apart) / total)


def _apart(a: int | None, b: int | None, options: RubricOptions) -> float:
    if a is None or b is None:
        return 0.0 if a is b else 1.0
    return abs(a - b) / (options.max - options.min)


def merge(values: Sequence[Rubric], weights: Sequence[float], field: Field) -> Rubric:
    """The weighted median of each criterion; where it falls between two scores, the one nearer to the first value's.

    The reasons are those of the answer that is nearest to these scores: mixed ones would say what nobody said, and reasons
    explain the scores they were given with. Of answers that are equally near the one that says most, whatever their order.
    """
    scores: dict[str, int] = {}
    for key in _options(field).criteria:
        given = [
            (value.scores[key], weight) for value, weight in zip(values, weights, strict=True) if key in value.scores
        ]
        if given:
            scores[key] = _middle([score for score, _ in given], [weight for _, weight in given])
    merged = Rubric(scores)
    near = min(distance(value, merged, field) for value in values)
    nearest = [value.rationale for value in values if distance(value, merged, field) <= near + ALIKE]
    said = max(nearest, key=lambda why: (sum(map(len, why.values())), sorted(why.items())))
    return Rubric(scores, said)


def _middle(scores: Sequence[int], weights: Sequence[float]) -> int:
    middle = weighted_median(scores, weights)
    below, above = max(s for s in scores if s <= middle), min(s for s in scores if s >= middle)
    return below if below == above or scores[0] <= floor(middle) else above


def check_options(given: msgspec.Struct) -> list[Problem]:
    """There are criteria, the scale has steps, and anchors stand at steps of it."""
    options = cast(RubricOptions, given)  # the kind's own options type, by the contract of Kind
    found: list[Problem] = []
    least, most = options.min + 1, options.min + LEVELS - 1
    if not least <= options.max <= most:
        do = "Give the scale at least two steps and at most 101."
        return [Problem("max", shown(options.max), f"{least} to {most}", do)]
    if not 0 < len(options.criteria) <= MOST:
        do = "List what is scored, e.g. `criteria: {clear: {weight: 2}}`."
        found.append(Problem("criteria", f"{len(options.criteria)} criteria", f"1 to {MOST} criteria", do))
    for key, criterion in options.criteria.items():
        if not KEY.fullmatch(key) or key == OVERALL:
            expected = f"a key of a-z, 0-9 and _, starting with a letter, other than {OVERALL}"
            found.append(Problem(f"criteria.{key}", shown(key), expected, "Rename it; people see `title`."))
        steps = {str(step) for step in range(options.min, options.max + 1)}
        found += [
            Problem(
                f"criteria.{key}.anchors.{step}",
                shown(step),
                f"{options.min} to {options.max}",
                "Say what a step of the scale means.",
            )
            for step in criterion.anchors
            if step not in steps
        ]
    return found


def same_criteria(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Titles, definitions, weights, anchors and the order may change; what is scored may not."""
    return old.keys() == new.keys()


def allowed(_old: Asked, new: Asked) -> bool:
    """Reasons that may be given, and may be missing."""
    return new == "allowed"


def _criteria(field: Field) -> dict[str, Field]:
    options = _options(field)
    return {
        key: msgspec.structs.replace(
            field,
            title=criterion.title or titled(key),
            options=RubricOptions(criteria={key: criterion}, min=options.min, max=options.max),
        )
        for key, criterion in options.criteria.items()
    }


def _of_criterion(value: Rubric, key: str) -> Rubric | None:
    return Rubric({key: value.scores[key]}) if key in value.scores else None


def _options(field: Field) -> RubricOptions:
    return cast(RubricOptions, field.options)  # read_schema converts a field's options to its kind's type


RUBRIC = Kind(
    name="rubric",
    version=1,
    role="what",
    value=Rubric,
    options=RubricOptions,
    looser={
        "criteria": same_criteria,
        "max": upwards,
        "min": downwards,
        "rationale": allowed,
        "rationale_each": allowed,
    },
    streams=ANY_STREAM,
    check=check,
    distance=distance,
    merge=merge,
    check_options=check_options,
    aspects=Aspects(of=_criteria, narrow=_of_criterion),
)

__all__ = ["RUBRIC", "Criterion", "Rubric", "RubricOptions", "score"]
