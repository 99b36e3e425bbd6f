"""Whether the conditions of a schema (`when`) name something that was asked before, and an answer that it can have."""

from collections.abc import Mapping

import msgspec

from karat.model.field import Field
from karat.model.kind import NO_FACTS, AnyKind
from karat.model.problem import Problem, shown

FIELD = "a field with one answer, listed before this one"
ATTRIBUTE = "an attribute of the same label, listed before this one"


def problems_of_conditions(fields: Mapping[str, Field], kinds: Mapping[str, AnyKind]) -> list[Problem]:
    """The problems of every condition, of fields and of their attributes."""
    found = _among(fields, "fields", FIELD, kinds)
    for key, field in fields.items():
        found += _among(field.attributes, f"fields.{key}.attributes", ATTRIBUTE, kinds)
        for label in field.labels:
            attributes = field.attributes_of(label)
            path = f"fields.{key}.labels.{label}.attributes"
            found += [p for p in _among(attributes, path, ATTRIBUTE, kinds) if _is_own(p, path, field)]
    return found


def _among(fields: Mapping[str, Field], path: str, expected: str, kinds: Mapping[str, AnyKind]) -> list[Problem]:
    found: list[Problem] = []
    before: dict[str, Field] = {}
    for key, field in fields.items():
        for other, answer in field.when.items():
            here = f"{path}.{key}.when"
            if other not in before:
                do = "Name one that is asked before, or change the order."
                found.append(Problem(here, shown(other), expected, do))
            elif not _can_answer(before[other], answer, kinds[before[other].kind]):
                do = "Mend the answer, or add it as an option."
                found.append(Problem(f"{here}.{other}", shown(answer), f"an answer that `{other}` accepts", do))
        if not field.many and not field.labels:
            before[key] = field
    return found


def _is_own(problem: Problem, path: str, field: Field) -> bool:
    """Whether a problem is of the label's own attribute: those of the field were told once already."""
    return problem.path.removeprefix(f"{path}.").split(".")[0] not in field.attributes


def _can_answer(field: Field, answer: str, kind: AnyKind) -> bool:
    for value in (answer, [answer]):
        try:
            parsed = msgspec.convert(value, kind.value, strict=False)
        except msgspec.ValidationError:
            continue
        if not kind.check(parsed, field, NO_FACTS):
            return True
    return False
