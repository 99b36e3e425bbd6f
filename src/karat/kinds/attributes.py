"""Whether the attributes of an annotation are answers that its label asks for."""

from collections.abc import Mapping

import msgspec

from karat.kinds.plan import AnswerPlan
from karat.model.kind import NO_FACTS
from karat.model.parsing import convert_problem, join
from karat.model.problem import Problem, shown


def check_attributes(
    given: Mapping[str, object], asked: Mapping[str, AnswerPlan], *, complete: bool
) -> tuple[dict[str, object], list[Problem]]:
    """The attributes as values of their kinds, and what is wrong with them; paths start at the attribute's name.

    An attribute with a condition is asked where the condition holds, with defaults standing in for answers not given.
    `complete` refuses answers that are not asked, asks for the required ones, and fills in defaults.
    """
    found: list[Problem] = []
    answers: dict[str, object] = {}
    kept: dict[str, object] = {}
    for name, plan in asked.items():
        field = plan.field
        applies = not field.when or all(holds(answers.get(other), wanted) for other, wanted in field.when.items())
        if name in given:
            value, problems = _read(given[name], plan)
            if complete and not applies:
                problems = [_not_asked(given[name], plan)]
            if problems:
                found += [msgspec.structs.replace(p, path=join(name, p.path)) for p in problems]
            else:
                answers[name] = kept[name] = value
        elif applies and plan.default is not msgspec.UNSET:
            answers[name] = plan.default
            if complete:
                kept[name] = plan.default
        if complete and applies and field.required and is_empty(answers.get(name)):
            found += _missing(name, given)
    if not given.keys() <= asked.keys():
        found += [_unknown(name, given[name], asked) for name in given if name not in asked]
    return kept, found


def holds(answer: object, wanted: str) -> bool:
    """Whether an answer is the wanted one or has it among several."""
    return wanted in answer if isinstance(answer, tuple) else answer is not None and str(answer) == wanted


def is_empty(value: object) -> bool:
    """Whether a value says nothing: no option chosen, no text written."""
    return value is None or value in ((), "")


def _read(given: object, plan: AnswerPlan) -> tuple[object, list[Problem]]:
    try:
        value = plan.convert(given)
    except msgspec.ValidationError as error:
        do = f"Give the attribute the shape of a {plan.kind.name}."
        problem = convert_problem(error, {"value": given}, plan.convert, do=do)
        return None, [msgspec.structs.replace(problem, path=problem.path.removeprefix("value").removeprefix("."))]
    return value, plan.kind.check(value, plan.field, NO_FACTS)


def _missing(name: str, given: Mapping[str, object]) -> list[Problem]:
    if name in given and not is_empty(given[name]) and given[name] != []:
        return []  # it was given and is wrong, which has been said
    return [Problem(name, shown(given.get(name)), "an answer", f"`{name}` is required for this label.")]


def _not_asked(given: object, plan: AnswerPlan) -> Problem:
    when = " and ".join(f"`{other}` is `{wanted}`" for other, wanted in plan.field.when.items())
    return Problem("", shown(given), "no value here", f"Remove it: `{plan.field.key}` is asked only where {when}.")


def _unknown(name: str, given: object, asked: Mapping[str, AnswerPlan]) -> Problem:
    expected = f"one of {', '.join(asked)}" if asked else "no attributes"
    return Problem(name, shown(given), expected, "Remove the attribute, or add it to the label in the schema.")
