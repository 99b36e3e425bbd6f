"""Turns as the messages that training reads, and what of an item is prompt and what is answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from karat.formats.trl_plan import Plan
from karat.model.candidates import candidates_of
from karat.model.dialogue import Turn, turns_of
from karat.model.item import Item, Stream
from karat.model.response import On, Response
from karat.model.schema import Field
from karat.model.tree import Message, messages_of, path_to, replies_in

KEPT = ("thinking", "reasoning_content")
"""What else of a turn chat templates know."""
TOOLS = "tools"
"""Where an item's extra has the tools that a model may call, as JSON schemas."""

Row = dict[str, object]


class Exchange(NamedTuple):
    """A prompt and its answers by key; "" where there is one answer only."""

    prompt: tuple[Turn, ...]
    answers: dict[str, tuple[Turn, ...]]


def exchanges_of(item: Item, plan: Plan) -> Iterator[Exchange]:
    """What was asked and answered: once an item, in a tree once for each message that the assistant replied to."""
    if plan.tree is None:
        yield exchange_of(item, plan)
        return
    given = item.streams.get(plan.tree.key)
    messages = messages_of(given.ref.inline) if given is not None and given.ref.inline is not None else ()
    known = {message.key: message for message in messages}
    for asked, replies in replies_in(messages).items():
        answers: dict[str, tuple[Turn, ...]] = {reply.key: (reply,) for reply in replies if is_reply(reply)}
        if asked and answers:
            yield Exchange(path_to(known, asked), answers)


def exchange_of(item: Item, plan: Plan) -> Exchange:
    """What was asked and answered. Of a conversation alone, what follows the user's last turn is the answer."""
    prompt = _turns(item.streams.get(plan.prompt.key), "user") if plan.prompt else ()
    if plan.answers is not None:
        given = item.streams.get(plan.answers.key)
        text = given.ref.inline if given is not None else None
        return Exchange(prompt, {c.key: c.turns for c in candidates_of(text)} if text else {})
    if plan.reply is not None:
        reply = _turns(item.streams.get(plan.reply.key), "assistant")
        return Exchange(prompt, {"": reply} if reply else {})
    end = max((index for index, turn in enumerate(prompt, 1) if turn.role == "user"), default=len(prompt))
    return Exchange(prompt[:end], {"": prompt[end:]} if prompt[end:] else {})


def asked(item: Item, plan: Plan, on: On | None, edits: Mapping[str, str] | None = None) -> tuple[Turn, ...] | None:
    """What a written answer answers: what was said before the turn that it changes; else the prompt, without the
    assistant's last turn where a conversation ends with one.

    Where each turn may be changed, `edits` are the new texts of turns by their number; None where it changes no answer.
    """
    turns = _turns(item.streams.get(plan.prompt.key), "user") if plan.prompt else ()
    part = on.part if on is not None and plan.prompt is not None and on.stream == plan.prompt.key else None
    at = int(part) if part is not None and part.isascii() and part.isdigit() and int(part) < len(turns) else None
    if at is not None and edits is not None:
        changed = (replace(turn, content=edits.get(str(n), turn.content)) for n, turn in enumerate(turns[:at]))
        return tuple(changed) if at and is_reply(turns[at]) else None
    if at:
        return turns[:at]
    return turns[:-1] if len(turns) > 1 and is_reply(turns[-1]) else turns


def edits_of(response: Response, field: Field) -> dict[str, str]:
    """What a response writes in the place of messages of a tree, by their keys."""
    return {
        a.on.part: str(a.value)
        for a in response.annotations
        if a.field == field.key and a.value and a.on is not None and a.on.part is not None
    }


def with_edits(turns: Sequence[Turn], edits: Mapping[str, str]) -> tuple[Turn, ...]:
    """Messages of a tree as they were rewritten; those that were not stay."""
    return tuple(
        replace(turn, content=edits.get(turn.key, turn.content)) if isinstance(turn, Message) else turn
        for turn in turns
    )


def is_reply(turn: Turn) -> bool:
    """Whether somebody could have written a turn as a text: it is the assistant's and calls no tool."""
    return turn.role == "assistant" and not turn.tool_calls


def messages(turns: Sequence[Turn]) -> list[Row]:
    """Turns as `{role, content}`, with name, tool calls and the call that a result belongs to, where there are such.

    >>> messages([Turn("user", "Hi"), Turn("tool", "3", name="add", tool_call_id="c1")])[1]
    {'role': 'tool', 'content': '3', 'name': 'add', 'tool_call_id': 'c1'}
    """
    return [_message(turn) for turn in turns]


def is_plain(turns: Sequence[Turn]) -> bool:
    """Whether turns can stand as one text: one turn that calls no tool."""
    return len(turns) == 1 and not turns[0].tool_calls


def tools_of(item: Item) -> dict[str, object]:
    """The column of the tools, where the item has such."""
    tools = item.extra.get(TOOLS)
    return {TOOLS: tools} if isinstance(tools, list) and tools else {}


def _message(turn: Turn) -> Row:
    found: Row = {"role": turn.role, "content": turn.content}
    more = {"name": turn.name, "tool_calls": [*turn.tool_calls], "tool_call_id": turn.tool_call_id}
    found |= {key: value for key, value in more.items() if value}
    return found | {key: turn.extra[key] for key in KEPT if isinstance(turn.extra.get(key), str)}


def _turns(stream: Stream | None, role: str) -> tuple[Turn, ...]:
    if stream is None or stream.ref.inline is None:
        return ()
    return (Turn(role, stream.ref.inline),) if stream.kind == "text" else turns_of(stream.ref.inline)
