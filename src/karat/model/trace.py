"""What an agent did, step by step: thoughts, calls of tools with what they gave, messages; as one canonical JSON text."""

from collections.abc import Mapping, Sequence

import msgspec

from karat.model.dialogue import Turn, Unreadable, canonical, listed_in, role_named, turns_in
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.parts import numbered
from karat.model.problem import Problem, shown

MOST_STEPS = 10_000
LISTS = (
    "steps", "trace", "trajectory", "intermediate_steps", "messages", "conversations", "conversation", "turns", "actions",
    "events", "log", "history",
)  # fmt: skip
"""Keys under which all steps stand, where they are not the list itself."""
KINDS = ("message", "thought", "call", "observation")
THOUGHTS = ("thought", "thoughts", "reasoning", "reasoning_content", "thinking", "log", "rationale")
ACTIONS = ("action", "tool", "tool_name", "function", "command")
INPUTS = ("arguments", "args", "action_input", "tool_input", "input", "parameters", "action_args")
RESULTS = ("observation", "result", "output", "tool_output", "response", "return")
NAMES = ("name", "tool", "tool_name", "function", "action")
STEP = "a step such as `{thought: …}`, `{tool: …, input: …, output: …}` or `{role: assistant, content: …}`"
LIST = "a list of steps or of messages"


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step. A `message` has a role and a text, a `thought` a text, a `call` a tool, its arguments and what came back
    as the result; an `observation` is what came back from a call that the trace does not have."""

    kind: str
    text: str = ""
    role: str = ""
    tool: str = ""
    arguments: object = None
    """Plain JSON; text where it was text that is no JSON."""
    result: str = ""
    call: str = ""
    """The id under which the call and its result belong together."""
    at: str = ""
    extra: dict[str, object] = {}


_STEPS = msgspec.json.Decoder(tuple[Step, ...])


def read(given: object) -> str:
    """The canonical text of a trace; raises `Unreadable`.

    Takes a list of steps as Karat writes them, of messages in any of the ways that `dialogue.read` takes (calls of tools
    get the results that name them, text beside calls is a thought), of log entries such as `{thought, action, action_input,
    observation}` or `{tool, input, output}`, of pairs of an action and an observation, of texts (a thought each), a mapping
    with such a list, or JSON text of any of these.

    >>> read([{"tool": "add", "input": '{"a": 1}', "output": "2"}])
    '[{"kind":"call","tool":"add","arguments":{"a":1},"result":"2"}]'
    """
    return canonical(steps_in(given))


def facts(text: str) -> Facts:
    """The steps, each by its kind, a message by its role."""
    return Facts(each={"step": numbered([step.role or step.kind for step in steps_of(text)])})


def words(text: str) -> str:
    """What was said, done and seen, a paragraph for each step."""
    return "\n\n".join(text_of(step) for step in steps_of(text))


def text_of(step: Step) -> str:
    """A step as one text: what was said, and of a call the tool, its arguments and the result.

    >>> text_of(Step("call", tool="add", arguments={"a": 1}, result="2"))
    'add {"a":1}\\n2'
    """
    if step.kind != "call":
        return step.text
    given = step.arguments if isinstance(step.arguments, str) else msgspec.json.encode(step.arguments).decode()
    said = f"{step.tool} {given}" if step.arguments is not None else step.tool
    return "\n".join(part for part in (said.strip(), step.result) if part)


def steps_of(text: str) -> tuple[Step, ...]:
    """The steps of a canonical text."""
    return _STEPS.decode(text)


def steps_in(given: object) -> tuple[Step, ...]:
    """The steps in any of the ways that `read` takes; raises `Unreadable` with the place of each mistake."""
    listed = listed_in(given, LISTS, LIST)
    if not 0 < len(listed) <= MOST_STEPS:
        raise Unreadable(
            [Problem("", f"{len(listed)} steps", f"1 to {MOST_STEPS} steps", "Split it, or leave it out.")]
        )
    problems: list[Problem] = []
    found: list[Step] = []
    for index, entry in enumerate(listed):
        try:
            for step in _steps(entry):
                _add(found, step)
        except Unreadable as error:
            path = f"[{index}]"
            problems += [msgspec.structs.replace(p, path=join(path, p.path)) for p in error.problems]
    if problems:
        raise Unreadable(problems)
    if len(found) > MOST_STEPS:
        raise Unreadable([Problem("", f"{len(found)} steps", f"at most {MOST_STEPS} steps", "Split it.")])
    return tuple(found)


def _steps(entry: object) -> Sequence[Step]:
    if isinstance(entry, str):
        return [Step("thought", entry)]
    if isinstance(entry, list | tuple) and len(entry) == 2 and isinstance(entry[0], Mapping):
        return _logged({**entry[0], "observation": entry[1]})
    if not isinstance(entry, Mapping):
        raise Unreadable([Problem("", shown(entry), STEP, "Write each step in this way.")])
    if entry.get("kind") in KINDS:
        return [_own(entry)]
    if any(name in entry for name in ("role", "from", "speaker")):
        [turn] = _turn(entry)
        return _said(turn)
    return _logged(entry)


def _own(entry: Mapping[object, object]) -> Step:
    try:
        return msgspec.convert(entry, Step)
    except msgspec.ValidationError as error:
        raise Unreadable([Problem("", shown(entry), str(error), "Write the step as Karat does.")]) from error


def _turn(entry: Mapping[object, object]) -> tuple[Turn, ...]:
    try:
        return turns_in([entry])
    except Unreadable as error:
        cut = [msgspec.structs.replace(p, path=p.path.removeprefix("[0]").removeprefix(".")) for p in error.problems]
        raise Unreadable(cut) from error


def _said(turn: Turn) -> list[Step]:
    """A message; the thoughts before it and the calls in it are steps of their own."""
    if turn.role == "tool":
        return [Step("observation", turn.content, tool=turn.name, call=turn.tool_call_id, at=turn.at, extra=turn.extra)]
    extra = dict(turn.extra)
    thoughts = [str(extra.pop(name)) for name in THOUGHTS if isinstance(extra.get(name), str)]
    found = [Step("thought", thought, at=turn.at) for thought in thoughts]
    calls = [called(call, turn.at) for call in turn.tool_calls]
    if turn.content and calls:
        found.append(Step("thought", turn.content, at=turn.at, extra=extra))
    elif turn.content or not (found or calls):
        role = role_named(turn.role)
        found.append(Step("message", turn.content, role=role, at=turn.at, extra=extra))
    return [*found, *calls]


def called(call: object, at: str) -> Step:
    """One of a message's `tool_calls`, as OpenAI has them or flat."""
    if not isinstance(call, Mapping):
        return Step("call", arguments=call, at=at)
    inner = call.get("function")
    function = inner if isinstance(inner, Mapping) else call
    name = next((str(function[key]) for key in NAMES if isinstance(function.get(key), str)), "")
    given = next((function[key] for key in INPUTS if key in function), None)
    ident = call.get("id")
    return Step("call", tool=name, arguments=_json(given), call=ident if isinstance(ident, str) else "", at=at)


def _logged(entry: Mapping[object, object]) -> list[Step]:
    """An entry of an agent's log: a thought, an action with its input, what was observed."""
    thought, action, given, result = (
        next((key for key in keys if entry.get(key) not in (None, "")), None)
        for keys in (THOUGHTS, ACTIONS, INPUTS, RESULTS)
    )
    if thought is None and action is None and given is None and result is None:
        raise Unreadable([Problem("", shown(entry), STEP, "Write each step in this way.")])
    times = next((entry[key] for key in ("at", "time", "timestamp") if isinstance(entry.get(key), str)), "")
    taken = {thought, action, given, result, "at", "time", "timestamp"}
    extra = {str(key): value for key, value in entry.items() if key not in taken and value not in (None, "", [], {})}
    at = str(times)
    found = [Step("thought", _text(entry[thought]), at=at)] if thought is not None else []
    came = _text(entry[result]) if result is not None else ""
    if action is None and given is None:
        return [*found, Step("observation", came, at=at, extra=extra)] if came else _with_extra(found, extra)
    named = entry[action] if action is not None else None
    if isinstance(named, Mapping):
        call = called(named, at)
    elif given is None:  # a command line, or code: it is the whole of the action
        call = Step("call", arguments=_json(named), at=at)
    else:
        call = Step("call", tool=_text(named) if named is not None else "", arguments=_json(entry[given]), at=at)
    return [*found, msgspec.structs.replace(call, result=came, extra=extra)]


def _with_extra(found: list[Step], extra: dict[str, object]) -> list[Step]:
    return [msgspec.structs.replace(step, extra=extra) for step in found]


def _add(found: list[Step], step: Step) -> None:
    """Put a step at the end; what came back from a call goes to the call."""
    if step.kind == "observation":
        place = _asked(found, step)
        if place is not None:
            extra = {**found[place].extra, **step.extra}
            found[place] = msgspec.structs.replace(found[place], result=step.text, extra=extra)
            return
    found.append(step)


def _asked(found: Sequence[Step], result: Step) -> int | None:
    """The call without a result that a result belongs to: by id, else the first of the calls just before it."""
    last = len(found)
    while last and found[last - 1].kind == "call":
        last -= 1
    open_ = [n for n in range(last, len(found)) if not found[n].result]
    if result.call:
        return next(
            (n for n in reversed(range(len(found))) if found[n].call == result.call and not found[n].result), None
        )
    named = [n for n in open_ if not result.tool or found[n].tool == result.tool]
    return named[0] if named else None


def _json(given: object) -> object:
    """The JSON that a text holds, where that is a mapping or a list; else what was given."""
    if isinstance(given, str) and given.strip()[:1] in ("{", "["):
        try:
            return msgspec.json.decode(given)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return given
    return given


def _text(given: object) -> str:
    return given if isinstance(given, str) else shown(given, limit=1 << 30)
