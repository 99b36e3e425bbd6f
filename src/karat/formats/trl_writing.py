"""Answers that people judged as rows to train on, of the types and columns that TRL names."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.losing import LEFT_OUT, REMEDY, Losing, field_loss, static_losses
from karat.formats.trl_messages import (
    TOOLS,
    Exchange,
    asked,
    edits_of,
    exchanges_of,
    is_plain,
    messages,
    tools_of,
    with_edits,
)
from karat.formats.trl_plan import Plan, plan_of
from karat.formats.trl_verdicts import Verdict, verdict_of
from karat.model.candidates import candidates_of
from karat.model.dialogue import Turn
from karat.model.item import Item
from karat.model.problem import Problem, Refused
from karat.model.response import Response
from karat.model.schema import Field, Schema
from karat.model.tree import Message

TIES = "pairs that are tied"
NO_ANSWERS = "edited turns that are no answers"
ALL_TIED = "answers all of which are tied"
NONE_GOOD = "answers none of which is good"
MIDDLING = "answers in the middle of their scale"
NOT_GOOD = "conversations that are not good"
SEVERAL = "answers of several turns or with calls of tools"
UNANSWERED = "items without an answer"
EXCLUDED = "excluded responses"
KEYS = "keys of items"
SOURCES = "sources of answers"
ASIDE = "times and other facts of turns"
CHAT = "Make the prompt a conversation (`kind: dialogue`): rows of messages hold it."

Row = dict[str, object]
Part = tuple[Turn, ...]
ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One answered item: what was asked and answered, who judged it and how."""

    item: Item
    plan: Plan
    exchange: Exchange
    response: Response
    verdict: Verdict | None
    losing: Losing


@dataclass(frozen=True, kw_only=True)
class Task:
    """A type of file: its name, the rows that an answered item gives, what it lacks, and the fields that it is made of."""

    file: str
    rows: Callable[[Case], Iterator[Row]]
    lacks: Callable[[Schema], list[Problem]]
    used: Callable[[Plan], Sequence[Field]]
    lost: tuple[str, ...]
    """What it may leave out beside what all such files do."""


def write_task(sink: Sink, records: Iterable[Record], context: WriteContext, task: Task) -> None:
    """One file with the rows of all responses, in the order of items; `Refused` where the schema has nothing to make it of."""
    problems = task.lacks(context.schema)
    if problems:
        raise Refused(problems)
    plan = plan_of(context.schema)
    losing = Losing(context.losses)
    used = {field.key for field in task.used(plan)}
    with sink.open(task.file) as file:
        for record in records:
            for row in _rows(record, plan, task, losing, used):
                file.write(ENCODER.encode(row) + b"\n")


def task_losses(schema: Schema, task: Task) -> list[Loss]:
    """What such a file leaves out of a project of this schema."""
    plan = plan_of(schema)
    used = {field.key for field in task.used(plan)}
    unused = [field_loss(key) for key in schema.fields if key not in used]
    named = [*unused, *task.lost, UNANSWERED, EXCLUDED, KEYS, *([SOURCES] if plan.answers else []), ASIDE]
    several = [Loss(SEVERAL, 0, LEFT_OUT, CHAT)] if plan.is_plain else []
    return [*static_losses(schema, ()), *(Loss(name, 0, LEFT_OUT, REMEDY) for name in named), *several]


def _rows(record: Record, plan: Plan, task: Task, losing: Losing, used: set[str]) -> Iterator[Row]:
    item = record.item
    exchanges = list(exchanges_of(item, plan))
    _item_losses(item, exchanges, plan, losing)
    found = 0
    for response in record.responses:
        losing.response(response)
        for annotation in response.annotations:
            if annotation.field in used:
                losing.annotation(annotation)
            else:
                losing.add(field_loss(annotation.field))
        if response.state != "submitted" or response.excluded is not None:
            losing.add(EXCLUDED, int(response.excluded is not None))
            continue
        found += 1
        for exchange in exchanges:
            verdict = verdict_of(response, plan, list(exchange.answers))
            case = Case(item=item, plan=plan, exchange=exchange, response=response, verdict=verdict, losing=losing)
            for row in task.rows(case):
                yield row | tools_of(item)
    losing.add(UNANSWERED, int(not found))


def _item_losses(item: Item, exchanges: Sequence[Exchange], plan: Plan, losing: Losing) -> None:
    losing.item(item, own=(TOOLS,))
    losing.add(KEYS)
    losing.add(ASIDE, len({id(turn) for exchange in exchanges for turn in _turns(exchange) if turn.at or turn.extra}))
    given = item.streams.get(plan.answers.key) if plan.answers else None
    if given is not None and given.ref.inline is not None:
        losing.add(SOURCES, sum(bool(c.source) for c in candidates_of(given.ref.inline)))


def _turns(exchange: Exchange) -> Iterator[Turn]:
    yield from exchange.prompt
    for answer in exchange.answers.values():
        yield from answer


def preference_rows(case: Case) -> Iterator[Row]:
    """`{prompt, chosen, rejected}` for each pair of which one is better; without `prompt` where items have none."""
    prompt = _prompt(case)
    for better, worse, _margin in _pairs(case):
        chosen, rejected = (_completion(case, case.exchange.answers[key]) for key in (better, worse))
        if chosen is not None and rejected is not None:
            yield prompt | {"chosen": chosen, "rejected": rejected}


def reward_rows(case: Case) -> Iterator[Row]:
    """`{chosen, rejected}` with the prompt at the beginning of both, and `margin` where one is given."""
    for better, worse, margin in _pairs(case):
        chosen, rejected = (_whole(case, case.exchange.answers[key]) for key in (better, worse))
        if chosen is not None and rejected is not None:
            yield {"chosen": chosen, "rejected": rejected} | ({} if margin is None else {"margin": round(margin, 6)})


def unpaired_rows(case: Case) -> Iterator[Row]:
    """`{prompt, completion, label}` for each answer that is good or bad."""
    if case.verdict is None:
        return
    case.losing.add(TIES, case.verdict.ties if not case.verdict.is_good else 0)
    case.losing.add(MIDDLING, case.verdict.middling)
    for key, is_good in case.verdict.is_good.items():
        completion = _completion(case, case.exchange.answers[key])
        if completion is not None:
            yield _prompt(case) | {"completion": completion, "label": is_good}


def completion_rows(case: Case) -> Iterator[Row]:
    """`{prompt, completion}` with the answer that was written, or the best one."""
    for prompt, answer in _demonstrations(case):
        completion = _completion(case, answer)
        if completion is not None:
            yield _prompt(case, prompt) | {"completion": completion}


def chat_rows(case: Case) -> Iterator[Row]:
    """`{messages}`: the prompt and the answer that was written, or the best one."""
    for prompt, answer in _demonstrations(case):
        yield {"messages": messages([*prompt, *answer])}


def _pairs(case: Case) -> tuple[tuple[str, str, float | None], ...]:
    if case.verdict is None:
        return ()
    case.losing.add(TIES, case.verdict.ties)
    case.losing.add(NONE_GOOD, int(case.verdict.none_good and not case.verdict.pairs))
    return case.verdict.pairs


def _demonstrations(case: Case) -> Iterator[tuple[Part, Part]]:
    """Prompts with the answers that are to be learned."""
    prompt, answers = case.exchange
    field = case.plan.written
    if field is not None and case.plan.tree is not None:
        changed = edits_of(case.response, field)
        prompt = with_edits(prompt, changed)
        case.losing.add(NO_ANSWERS, int(isinstance(prompt[-1], Message) and prompt[-1].key in changed))
        rewritten = [key for key in answers if key in changed]
        yield from ((prompt, (Turn("assistant", changed[key]),)) for key in rewritten)
        if rewritten:
            return
        answers = {key: with_edits(turns, changed) for key, turns in answers.items()}
    elif field is not None:
        said = [a for a in case.response.annotations if a.field == field.key and a.value]
        changed = {a.on.part: str(a.value) for a in said if a.on is not None and a.on.part is not None}
        for written in said:
            before = asked(case.item, case.plan, written.on, changed if field.each else None)
            case.losing.add(NO_ANSWERS, int(before is None))
            if before is not None:
                yield before, (Turn("assistant", str(written.value)),)
        return
    verdict = case.verdict
    if verdict is None:
        return
    if not verdict.best:
        alone = NONE_GOOD if case.plan.answers or case.plan.tree else NOT_GOOD
        case.losing.add(ALL_TIED if verdict.ties and not verdict.is_good else alone)
    for key in verdict.best:
        yield prompt, answers[key]


def _prompt(case: Case, turns: Part | None = None) -> Row:
    if case.plan.prompt is None:
        return {}
    turns = case.exchange.prompt if turns is None else turns
    return {"prompt": "\n\n".join(turn.content for turn in turns) if case.plan.is_plain else messages(turns)}


def _completion(case: Case, turns: Part) -> object:
    """A text or messages; None, counted, where a file of texts cannot hold the turns."""
    if not case.plan.is_plain:
        return messages(turns)
    if is_plain(turns):
        return turns[0].content
    case.losing.counter.add(SEVERAL, becomes=LEFT_OUT, remedy=CHAT)
    return None


def _whole(case: Case, turns: Part) -> object:
    """Prompt and answer as one, with an empty line between texts."""
    if not case.plan.is_plain:
        return messages([*case.exchange.prompt, *turns])
    completion = _completion(case, turns)
    return None if completion is None else "\n\n".join([*(t.content for t in case.exchange.prompt), str(completion)])
