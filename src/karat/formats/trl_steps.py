"""Steps that are right or wrong: a prompt with its steps and a label for each, for models of process rewards."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from karat.formats.base import Mapping as ColumnMapping
from karat.formats.base import ReadContext
from karat.formats.cells import plain
from karat.formats.losing import REMEDY
from karat.formats.trl_plan import Plan, lacks_steps, value_for
from karat.formats.trl_reading import Cells, Reading
from karat.formats.trl_verdicts import share_of
from karat.formats.trl_writing import MIDDLING, Case, Row
from karat.kinds.step import Pick
from karat.model.dialogue import Turn, Unreadable, turns_of
from karat.model.item import Item
from karat.model.problem import Problem, shown
from karat.model.trace import called, steps_of, text_of

AGENT = ("assistant", "thought", "call")
"""Roles of steps that a model takes; others are what it is told."""
AFTER = "steps after the first wrong one"
UNJUDGED = "steps from the first one on that nobody judged"
PROMPT, COMPLETIONS, LABELS = "prompt", "completions", "labels"
RIGHT: dict[str, object] = {
    "kind": "choice",
    "title": "Is it right?",
    "on": "trace",
    "each": "step",
    "of": [*AGENT],
    "options": {"yes": {"title": "Yes", "key": "1", "good": True}, "no": {"title": "No", "key": "2", "good": False}},
}


class Part(NamedTuple):
    """A step or turn by its key, with what was said to the model after it."""

    key: str
    text: str


def stepwise_rows(case: Case) -> Iterator[Row]:
    """`{prompt, completions, labels}`, one for each response. The steps before the first wrong one are right, those after
    it are left out; else each step has the label that was given to it, up to the first that has none."""
    prompt, parts = _parts(case.item, case.plan)
    labels = _by_first(case, parts) if case.plan.first is not None else _by_step(case, parts)
    if labels:
        yield {PROMPT: prompt, COMPLETIONS: [part.text for part in parts[: len(labels)]], LABELS: labels}


def _by_first(case: Case, parts: list[Part]) -> list[bool]:
    field = case.plan.first
    given = next((a for a in case.response.annotations if field is not None and a.field == field.key), None)
    if given is None:
        return []
    wrong = msgspec.convert(plain(given.value), Pick).part
    at = next((n for n, part in enumerate(parts) if part.key == wrong), None)
    if at is None and wrong is not None:  # what the model was told cannot be its mistake
        case.losing.add(UNJUDGED, len(parts))
        return []
    if at is None:
        return [True] * len(parts)
    case.losing.add(AFTER, len(parts) - at - 1)
    return [*[True] * at, False]


def _by_step(case: Case, parts: list[Part]) -> list[bool]:
    fields = {field.key: field for field in case.plan.judged}
    shares: dict[str, list[float]] = {}
    for annotation in case.response.annotations:
        key = annotation.on.part if annotation.on is not None else None
        share = share_of(annotation, fields[annotation.field]) if annotation.field in fields else None
        if key is not None and share is not None:
            shares.setdefault(key, []).append(share)
    labels: list[bool] = []
    for part in parts:
        said = shares.get(part.key)
        mean = round(sum(said) / len(said), 6) if said else 0.5
        if mean == 0.5:
            case.losing.add(MIDDLING, int(said is not None))
            case.losing.add(UNJUDGED, len(parts) - len(labels))
            break
        labels.append(mean > 0.5)
    return labels


def _parts(item: Item, plan: Plan) -> tuple[str, list[Part]]:
    """What was asked, and the model's steps; what it was told later stands at the end of the step before."""
    stream = item.streams.get(plan.steps.key) if plan.steps else None
    text = stream.ref.inline if stream is not None else None
    if stream is None or text is None:
        return "", []
    said = (
        [(turn.role, _words(turn)) for turn in turns_of(text)]
        if stream.kind == "dialogue"
        else [(step.role or step.kind, text_of(step)) for step in steps_of(text)]
    )
    prompt: list[str] = []
    parts: list[Part] = []
    for number, (role, words) in enumerate(said):
        if role in AGENT:
            parts.append(Part(str(number), words))
        elif parts:
            parts[-1] = Part(parts[-1].key, f"{parts[-1].text}\n{words}")
        else:
            prompt.append(words)
    return "\n\n".join(prompt), parts


def _words(turn: Turn) -> str:
    """What a turn says, and the calls of tools that it makes, a line each."""
    return "\n".join(
        words for words in (turn.content, *(text_of(called(call, "")) for call in turn.tool_calls)) if words
    )


def step_cells(cells: Cells, plan: Plan, context: ReadContext) -> Cells:
    """The prompt and its completions as a trace in the column `completions`, what the labels say in `labels`."""
    prompt, completions, labels = (cells[name] for name in (PROMPT, COMPLETIONS, LABELS))
    if not isinstance(prompt, str):
        raise Unreadable([Problem(PROMPT, shown(prompt), "text", "Write the prompt as text.")])
    if not isinstance(completions, list) or not completions or not all(isinstance(c, str) for c in completions):
        raise Unreadable([Problem(COMPLETIONS, shown(completions), "a list of texts", "Give each step as text.")])
    right = [given for given in labels if isinstance(given, bool)] if isinstance(labels, list) else []
    if not isinstance(labels, list) or not len(right) == len(labels) == len(completions):
        expected = f"a list of {len(completions)} times true or false"
        raise Unreadable([Problem(LABELS, shown(labels), expected, "Label each completion.")])
    kind = plan.steps.kind if plan.steps else "trace"
    return {PROMPT: None, COMPLETIONS: _as_stream(prompt, completions, kind), LABELS: _as_answer(right, plan, context)}


def _as_stream(prompt: str, completions: list[object], kind: str) -> list[object]:
    if kind == "dialogue":
        return [{"role": "user", "content": prompt}, *({"role": "assistant", "content": c} for c in completions)]
    return [{"role": "user", "content": prompt}, *({"kind": "thought", "text": c} for c in completions)]


def _as_answer(right: list[bool], plan: Plan, context: ReadContext) -> Mapping[str, object]:
    wrong = next((number for number, is_right in enumerate(right, 1) if not is_right), None)
    if plan.first is not None:
        after = 0 if wrong is None else len(right) - wrong
        context.losses.add(AFTER, after, becomes="steps without a label", remedy=REMEDY)
        return {} if wrong is None else {"part": str(wrong)}
    field = plan.judged[0]
    return {str(number): value_for(field, is_good=is_right) for number, is_right in enumerate(right, 1)}


def _mapping(plan: Plan) -> ColumnMapping:
    field = plan.first or next(iter(plan.judged), None)
    return ColumnMapping(
        streams={plan.steps.key: COMPLETIONS} if plan.steps else {}, fields={field.key: LABELS} if field else {}
    )


def _suggest(_first: Cells) -> tuple[dict[str, object], dict[str, object]]:
    return {"trace": {"kind": "trace"}}, {"right": RIGHT}


STEPWISE = Reading(
    title="TRL stepwise supervision",
    columns=(PROMPT, COMPLETIONS, LABELS),
    named="",
    suggest=_suggest,
    lacks=lacks_steps,
    mapping=_mapping,
    cells=step_cells,
)
