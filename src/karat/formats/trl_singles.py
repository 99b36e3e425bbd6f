"""Rows of one answer: judged as good or bad, or to be learned as it stands."""

from karat.formats.base import Mapping as ColumnMapping
from karat.formats.base import ReadContext
from karat.formats.losing import REMEDY
from karat.formats.trl_plan import Plan, lacks_judgement, plan_of, value_for
from karat.formats.trl_reading import Cells, Reading, prompt_cell, turns_given
from karat.model.dialogue import Unreadable, role_named
from karat.model.problem import Problem, shown
from karat.model.schema import Schema

PROMPT, COMPLETION, LABEL, MESSAGES = "prompt", "completion", "label", "messages"
UNSPLIT = "answers of several turns or with calls of tools"
ANSWER: dict[str, object] = {
    "kind": "text",
    "title": "Your answer",
    "on": "prompt",
    "multiline": True,
    "required": True,
}
GOOD: dict[str, object] = {
    "kind": "choice",
    "title": "Is it good?",
    "options": {"yes": {"title": "Yes", "key": "1", "good": True}, "no": {"title": "No", "key": "2", "good": False}},
    "required": True,
}


def judged_cells(cells: Cells, plan: Plan, _context: ReadContext) -> Cells:
    """Prompt and completion as one conversation, or as the two streams that a project has for them; the label as an answer."""
    label = cells[LABEL]
    if not isinstance(label, bool):
        raise Unreadable([Problem(LABEL, shown(label), "true or false", "Say whether the completion is good.")])
    said = value_for(plan.scores[0], is_good=label)
    if plan.reply is None:
        turns = [*turns_given(cells[PROMPT], "user", PROMPT), *turns_given(cells[COMPLETION], "assistant", COMPLETION)]
        return {PROMPT: turns, COMPLETION: None, LABEL: said}
    alone = turns_given(cells[COMPLETION], "assistant", COMPLETION)
    if plan.reply.kind == "text":
        return {PROMPT: prompt_cell(cells[PROMPT], plan), COMPLETION: _text_of(alone), LABEL: said}
    return {PROMPT: prompt_cell(cells[PROMPT], plan), COMPLETION: alone, LABEL: said}


def completion_cells(cells: Cells, plan: Plan, context: ReadContext) -> Cells:
    """The completion as the text that somebody wrote for the prompt."""
    completion = turns_given(cells[COMPLETION], "assistant", COMPLETION)
    if isinstance(cells[PROMPT], str) and len(completion) == 1:
        return {PROMPT: prompt_cell(cells[PROMPT], plan), COMPLETION: _text_of(completion)}
    prompt, answer = _split([*turns_given(cells[PROMPT], "user", PROMPT), *completion], context)
    return {PROMPT: prompt_cell(prompt, plan), COMPLETION: answer}


def chat_cells(cells: Cells, plan: Plan, context: ReadContext) -> Cells:
    """A conversation up to the assistant's last turn in the column `messages`, that turn in `completion`."""
    given = cells[MESSAGES]
    if isinstance(given, str):
        raise Unreadable([Problem(MESSAGES, shown(given), "a list of messages", "Write `[{role, content}]`.")])
    prompt, answer = _split(turns_given(given, "user", MESSAGES), context)
    return {MESSAGES: prompt_cell(prompt, plan), COMPLETION: answer}


def _split(turns: list[object], context: ReadContext) -> tuple[list[object], str | None]:
    """All but the last turn, and what the assistant says in it; all turns where it is no text that answers another."""
    last = turns[-1]
    if len(turns) > 1 and _role(last) == "assistant" != _role(turns[-2]) and isinstance(last, dict):
        said = last.get("content", last.get("value"))
        if (
            isinstance(said, str)
            and not last.get("tool_calls")
            and last.keys() <= {"role", "from", "content", "value", "tool_calls"}
        ):
            return turns[:-1], said
    context.losses.add(UNSPLIT, becomes="a part of the conversation", remedy=REMEDY)
    return turns, None


def _role(turn: object) -> str:
    return role_named(str(turn.get("role", turn.get("from", "")))) if isinstance(turn, dict) else ""


def _text_of(turns: list[object]) -> str:
    said = turns[0].get("content") if len(turns) == 1 and isinstance(turns[0], dict) else None
    if not isinstance(said, str):
        do = "Import it into a project whose prompt is a conversation (`kind: dialogue`)."
        raise Unreadable([Problem(COMPLETION, shown(turns), "one text", do)])
    return said


def _judged(plan: Plan) -> ColumnMapping:
    prompt = {plan.prompt.key: PROMPT} if plan.prompt else {}
    reply = {plan.reply.key: COMPLETION} if plan.reply else {}
    return ColumnMapping(streams={**prompt, **reply}, fields={plan.scores[0].key: LABEL})


def _written(plan: Plan, column: str) -> ColumnMapping:
    return ColumnMapping(
        streams={plan.prompt.key: column} if plan.prompt else {},
        fields={plan.written.key: COMPLETION} if plan.written else {},
    )


def _lacks_label(schema: Schema) -> list[Problem]:
    problems = lacks_judgement(schema)
    several = [s.key for s in schema.streams.values() if s.kind == "candidates"]
    expected = "a conversation, or a prompt and one answer"
    do = "Import it into a project without answers to compare."
    return problems or [Problem(f"streams.{key}", "candidates", expected, do) for key in several]


def _lacks_text(schema: Schema) -> list[Problem]:
    written = plan_of(schema).written
    if written is not None and written.each is None:
        return []
    got = ", ".join(f"{f.key}: {f.kind}" for f in schema.fields.values())
    do = "Add a field such as `answer: {kind: text, on: prompt, multiline: true}`."
    return [Problem("fields", got, "a text field that answers a prompt", do)]


def _suggest_judged(first: Cells) -> tuple[dict[str, object], dict[str, object]]:
    if isinstance(first[PROMPT], str) and isinstance(first[COMPLETION], str):
        return {"prompt": {"kind": "text"}, "answer": {"kind": "text"}}, {"good": GOOD}
    return {"conversation": {"kind": "dialogue"}}, {"good": GOOD}


def _suggest_written(first: Cells) -> tuple[dict[str, object], dict[str, object]]:
    return {"prompt": {"kind": "text" if isinstance(first.get(PROMPT), str) else "dialogue"}}, {"answer": ANSWER}


UNPAIRED = Reading(
    title="TRL unpaired preference",
    columns=(PROMPT, COMPLETION, LABEL),
    named="",
    suggest=_suggest_judged,
    lacks=_lacks_label,
    mapping=_judged,
    cells=judged_cells,
)
COMPLETION_ONLY = Reading(
    title="TRL prompt and completion",
    columns=(PROMPT, COMPLETION),
    named="",
    suggest=_suggest_written,
    lacks=_lacks_text,
    mapping=lambda plan: _written(plan, PROMPT),
    cells=completion_cells,
)
CHAT = Reading(
    title="TRL chat",
    columns=(MESSAGES,),
    named="sft",
    suggest=_suggest_written,
    lacks=_lacks_text,
    mapping=lambda plan: _written(plan, MESSAGES),
    cells=chat_cells,
)
