"""A conversation: turns with a role and what was said, as one canonical JSON text, read from the ways that chat files have."""

from collections.abc import Mapping, Sequence

import msgspec

from karat.model import strings
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.parts import numbered
from karat.model.problem import Problem, shown

MOST_TURNS = 10_000
LONGEST_ROLE = 100
LISTS = ("messages", "conversations", "conversation", "turns", "dialogue", "dialog", "chat", "utterances", "history")
"""Keys under which a whole conversation stands, where it is not the list itself."""
ROLES = ("role", "from", "speaker", "author", "sender")
SAID = ("content", "value", "text", "utterance", "message")
NAMES = ("name",)
TIMES = ("at", "time", "timestamp")
USUAL = {
    "human": "user", "prompter": "user", "customer": "user",
    "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant", "model": "assistant", "ai": "assistant",
    "function": "tool", "observation": "tool", "ipython": "tool",
}  # fmt: skip
"""Roles by other names."""
TURN = "a turn such as `{role: user, content: …}`"
LIST = "a list of turns, each with a role and a content"


class Turn(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody said: `role` is user, assistant, system, tool, or any other name of a part in the conversation."""

    role: str
    content: str
    name: str = ""
    at: str = ""
    """When it was said, as the file has it."""
    tool_calls: tuple[object, ...] = ()
    tool_call_id: str = ""
    extra: dict[str, object] = {}
    """What else the file says of the turn."""


class Unreadable(ValueError):  # noqa: N818 - it reads as what it is
    """Content that its kind of stream does not take."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.expected for problem in problems))
        self.problems = list(problems)


_TURNS = msgspec.json.Decoder(tuple[Turn, ...])
_ENCODER = msgspec.json.Encoder()


def read(given: object) -> str:
    """The canonical text of a conversation; raises `Unreadable`.

    Takes a list of `{role, content}` (OpenAI, Hugging Face), of `{from, value}` (ShareGPT), of `{speaker, utterance}`, of
    plain texts (all of them the user's), a mapping with such a list, or JSON text of any of these; and the `choices` of a
    model that gave one, `[{turns: […]}]`, whose texts are the assistant's (MT-bench).

    >>> read([{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}])
    '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]'
    """
    return canonical(turns_in(given))


def canonical(parts: Sequence[msgspec.Struct]) -> str:
    """Turns or answers as one JSON text; raises `Unreadable` where one holds a character that no text may hold."""
    problems = list(strings.problems_of(msgspec.to_builtins(parts), ""))
    if problems:
        raise Unreadable(problems)
    return _ENCODER.encode(parts).decode()


def facts(text: str) -> Facts:
    """How many turns a conversation has, and whose they are."""
    turns = turns_of(text)
    return Facts(
        turns=len(turns), each={"turn": numbered([turn.role for turn in turns], [len(turn.content) for turn in turns])}
    )


def words(text: str) -> str:
    """What was said and by whom, a paragraph for each turn."""
    return "\n\n".join(f"{turn.name or turn.role}: {turn.content}" for turn in turns_of(text))


def turns_of(text: str) -> tuple[Turn, ...]:
    """The turns of a canonical text."""
    return _TURNS.decode(text)


def turns_in(given: object) -> tuple[Turn, ...]:
    """The turns of a conversation in any of the ways that `read` takes; raises `Unreadable` with the place of each mistake."""
    listed = listed_in(given, LISTS, LIST)
    if not 0 < len(listed) <= MOST_TURNS:
        problem = Problem(
            "", f"{len(listed)} turns", f"1 to {MOST_TURNS} turns", "Split the conversation, or leave it out."
        )
        raise Unreadable([problem])
    answers = only_choice(listed)
    if answers is not None:
        return turns_in([{"role": "assistant", "content": said} if isinstance(said, str) else said for said in answers])
    problems: list[Problem] = []
    found = [_turn(entry, f"[{index}]", problems) for index, entry in enumerate(listed)]
    if problems:
        raise Unreadable(problems)
    return tuple(turn for turn in found if turn is not None)


def listed_in(given: object, names: Sequence[str], expected: str) -> Sequence[object]:
    """The list that something is, holds under one of the names, or writes as JSON; raises `Unreadable`."""
    if isinstance(given, str):
        try:
            given = msgspec.json.decode(given)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise Unreadable(
                [Problem("", shown(given), f"{expected}, as JSON", "Mend the JSON of this cell.")]
            ) from error
    if isinstance(given, Mapping):
        given = next((given[name] for name in names if isinstance(given.get(name), list | tuple)), given)
    if not isinstance(given, list | tuple):
        raise Unreadable([Problem("", shown(given), expected, f"Write {expected}.")])
    return given


def only_choice(listed: Sequence[object]) -> Sequence[object] | None:
    """What a model said where it was asked for one choice only; None for any other list.

    >>> only_choice([{"index": 0, "turns": ["Paris.", "In France."]}])
    ['Paris.', 'In France.']
    """
    only = listed[0] if len(listed) == 1 else None
    if not isinstance(only, Mapping) or any(name in only for name in ROLES):
        return None
    said = only.get("turns")
    return said if isinstance(said, list | tuple) and said else None


def _turn(given: object, path: str, problems: list[Problem]) -> Turn | None:
    if isinstance(given, str):
        return Turn("user", given)
    if not isinstance(given, Mapping):
        problems.append(Problem(path, shown(given), TURN, "Write each turn in this way."))
        return None
    role_key = next((key for key in ROLES if isinstance(given.get(key), str) and given[key]), None)
    said_key = next((key for key in SAID if given.get(key) is not None), None)
    calls = given.get("tool_calls") or ()
    if role_key is None:
        problems.append(
            Problem(join(path, "role"), shown(given.get("role")), "text, such as user or assistant", "Say who speaks.")
        )
    if said_key is None and not calls:
        problems.append(Problem(join(path, "content"), shown(given.get("content")), "text", "Write what was said."))
    if role_key is None or (said_key is None and not calls):
        return None
    role = str(given[role_key])
    if len(role) > LONGEST_ROLE:
        problems.append(
            Problem(join(path, role_key), shown(role), f"at most {LONGEST_ROLE} characters", "Name the role shorter.")
        )
    content = "" if said_key is None else _said(given[said_key], join(path, said_key), problems)
    name, at = (next((key for key in keys if isinstance(given.get(key), str)), None) for keys in (NAMES, TIMES))
    call = given.get("tool_call_id")
    taken = {role_key, said_key, name, at, "tool_calls", *(["tool_call_id"] if isinstance(call, str) else [])}
    inner = given.get("extra") if isinstance(given.get("extra"), Mapping) else {}
    extra = {str(k): v for k, v in given.items() if k not in taken and k != "extra" and v not in (None, "", [], {})}
    return Turn(
        role=role_named(role, spoken=role_key == "speaker"),
        content=content,
        name=str(given[name]) if name else "",
        at=str(given[at]) if at else "",
        tool_calls=tuple(calls) if isinstance(calls, list | tuple) else (calls,),
        tool_call_id=call if isinstance(call, str) else "",
        extra={**extra, **(inner if isinstance(inner, Mapping) else {})},
    )


def role_named(role: str, *, spoken: bool = False) -> str:
    """A role by its usual name; where speakers are listed, the system is the one that answers.

    >>> role_named("human"), role_named("GPT"), role_named("SYSTEM", spoken=True), role_named("Ann")
    ('user', 'assistant', 'assistant', 'Ann')
    """
    plain = role.strip().casefold()
    if spoken and plain == "system":
        return "assistant"
    if plain in ("user", "assistant", "system", "tool", "developer"):
        return plain
    return USUAL.get(plain, role)


def _said(given: object, path: str, problems: list[Problem]) -> str:
    """A text, or the texts of a list of parts as OpenAI has them."""
    if isinstance(given, str):
        return given
    if isinstance(given, list | tuple):
        texts = [part.get("text") if isinstance(part, Mapping) else part for part in given]
        wrong = next((index for index, text in enumerate(texts) if not isinstance(text, str)), None)
        if wrong is None:
            return "\n\n".join(str(text) for text in texts)
        path, given = f"{path}[{wrong}]", given[wrong]
    problems.append(
        Problem(
            path,
            shown(given),
            "text, or parts of text",
            "Leave pictures and files out, or give them a stream of their own.",
        )
    )
    return ""
