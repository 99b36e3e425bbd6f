"""Rows of a chosen and a rejected answer as two candidates and a ranking of them."""

from typing import cast

import msgspec

from karat.formats.base import Mapping as ColumnMapping
from karat.formats.base import ReadContext
from karat.formats.propose_talk import PAIRWISE
from karat.formats.trl_plan import Plan, lacks_comparison
from karat.formats.trl_reading import Cells, Reading, prompt_cell, turns_given
from karat.kinds.ranking import RankingOptions
from karat.model.candidates import candidates_in
from karat.model.dialogue import Unreadable, canonical
from karat.model.problem import Problem

CHOSEN, REJECTED, PROMPT, MARGIN = "chosen", "rejected", "prompt", "margin"
STRENGTHS = 3


def pair_cells(cells: Cells, plan: Plan, context: ReadContext) -> Cells:
    """The two answers in the column `chosen`, the ranking in `rejected`."""
    prompt = prompt_cell(cells.get(PROMPT), plan)
    return _paired(cells, [cells[CHOSEN], cells[REJECTED]], plan, context) | (
        {} if prompt is None else {PROMPT: prompt}
    )


def whole_cells(cells: Cells, plan: Plan, context: ReadContext) -> Cells:
    """The same of conversations that begin with their prompt: what both have before they part is the prompt."""
    chosen, rejected = cells[CHOSEN], cells[REJECTED]
    if isinstance(chosen, str) or isinstance(rejected, str) or plan.prompt is None:
        return _paired(cells, [chosen, rejected], plan, context)
    both = [turns_given(said, "assistant", column) for said, column in ((chosen, CHOSEN), (rejected, REJECTED))]
    n = _alike(*both)
    prompt = prompt_cell(both[0][:n], plan) if n else None
    found = _paired(cells, [said[n:] for said in both], plan, context)
    return found | ({} if prompt is None else {PROMPT: prompt})


def _paired(cells: Cells, answers: list[object], plan: Plan, context: ReadContext) -> dict[str, object]:
    try:
        found = candidates_in([{"turns": turns_given(said, "assistant", "")} for said in answers])
    except Unreadable as error:
        raise _in_columns(error) from error
    chosen, rejected = (candidate.key for candidate in found)
    ranking: dict[str, object] = {"order": [[chosen], [rejected]]}
    made: dict[str, object] = {CHOSEN: canonical(found), REJECTED: ranking}
    if plan.ranking is None:
        context.losses.add("which answer is better", becomes="not kept", remedy="Add a field of kind ranking.")
        return made
    options = cast(RankingOptions, plan.ranking.options)  # the plan takes fields of kind ranking only
    strength = _strength(cells.get(MARGIN), options.strengths)
    return made if strength is None else {**made, REJECTED: ranking | {"strength": strength}, MARGIN: None}


def _strength(margin: object, steps: int) -> int | None:
    """The step that a margin is a share of all steps of; None where it is no such share."""
    if isinstance(margin, bool) or not isinstance(margin, int | float) or steps < 2:
        return None
    step = margin * steps
    return round(step) if abs(step - round(step)) < 1e-3 and 1 <= round(step) <= steps else None


def _alike(a: list[object], b: list[object]) -> int:
    """How many messages two conversations have in common before they part; each keeps at least one of its own."""
    most = min(len(a), len(b)) - 1
    return next((n for n in range(most) if a[n] != b[n]), max(most, 0))


def _in_columns(error: Unreadable) -> Unreadable:
    """The problems by the columns of the file rather than by the candidates made of them."""
    found: list[Problem] = []
    for problem in error.problems:
        column, rest = (REJECTED if problem.path.startswith("[1]") else CHOSEN), problem.path[3:].removeprefix(".turns")
        found.append(msgspec.structs.replace(problem, path=column + rest))
    return Unreadable(found)


def _mapping(plan: Plan) -> ColumnMapping:
    answers = {plan.answers.key: CHOSEN} if plan.answers else {}
    prompt = {plan.prompt.key: PROMPT} if plan.prompt else {}
    return ColumnMapping(streams={**prompt, **answers}, fields={plan.ranking.key: REJECTED} if plan.ranking else {})


def _suggest_pair(first: Cells) -> tuple[dict[str, object], dict[str, object]]:
    kind = "text" if isinstance(first.get(PROMPT), str) else "dialogue"
    return {"prompt": {"kind": kind}, "answers": {"kind": "candidates"}}, {"better": PAIRWISE}


def _suggest_whole(first: Cells) -> tuple[dict[str, object], dict[str, object]]:
    chosen, rejected = first[CHOSEN], first[REJECTED]
    shared = isinstance(chosen, list) and isinstance(rejected, list) and _alike(chosen, rejected) > 0
    prompt: dict[str, object] = {"prompt": {"kind": "dialogue"}} if shared else {}
    stepped = _strength(first.get(MARGIN), STRENGTHS) is not None
    better = {**PAIRWISE, **({"strengths": STRENGTHS} if stepped else {})}
    return {**prompt, "answers": {"kind": "candidates"}}, {"better": better}


PREFERENCE = Reading(
    title="TRL preference",
    columns=(PROMPT, CHOSEN, REJECTED),
    named="",
    suggest=_suggest_pair,
    lacks=lacks_comparison,
    mapping=_mapping,
    cells=pair_cells,
)
REWARD = Reading(
    title="TRL reward",
    columns=(CHOSEN, REJECTED),
    named="",
    suggest=_suggest_whole,
    lacks=lacks_comparison,
    mapping=_mapping,
    cells=whole_cells,
)
