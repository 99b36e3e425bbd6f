"""Several answers to one prompt, to be compared: each a key and its turns, as one canonical JSON text."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from karat.model.dialogue import LISTS, Turn, Unreadable, canonical, listed_in, turns_in
from karat.model.field import CONTROL
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.parts import Parts
from karat.model.problem import Problem, shown

LEAST, MOST = 2, 26
"""As many as letters to name them by."""
LONGEST_KEY = 100
KEYS = ("key", "id")
SOURCES = ("source", "model", "model_id", "model_name", "generator")
SAID = ("content", "text", "response", "answer", "output", "completion", "value")
ALL = ("candidates", "responses", "answers", "outputs", "completions", "choices", "replies")
LIST = f"a list of {LEAST} to {MOST} answers"


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer. `source` is who or what gave it; it never reaches those who compare."""

    key: str
    turns: tuple[Turn, ...]
    source: str = ""


_CANDIDATES = msgspec.json.Decoder(tuple[Candidate, ...])
_ENCODER = msgspec.json.Encoder()


def read(given: object) -> str:
    """The canonical text of several answers; raises `Unreadable`.

    Takes a list of texts, of `{content, key?, source?}` or `{turns, key?, source?}` in any of the ways that `dialogue.read`
    takes, of conversations, a mapping of sources to texts, or JSON text of any of these. An answer without a key gets the
    beginning of the SHA-256 of what it says, so that keys tell nothing of the order in the file.

    >>> read(["Paris.", {"content": "Lyon?", "key": "b", "source": "small-2"}])[:70]
    '[{"key":"08751087","turns":[{"role":"assistant","content":"Paris."}]},'
    """
    return canonical(candidates_in(given))


def gather(cells: Mapping[str, object]) -> object | None:
    """The answers of several columns; None where one of them is missing."""
    said = list(cells.values())
    return None if any(cell is None or cell == "" for cell in said) else said


def facts(text: str) -> Facts:
    """The keys of the answers, in their order."""
    keys = tuple(candidate.key for candidate in candidates_of(text))
    lengths = tuple(len(said(candidate)) for candidate in candidates_of(text))
    return Facts(parts=keys, each={"answer": Parts(keys=keys, lengths=lengths)})


def said(candidate: Candidate) -> str:
    """The text of an answer, in which spans lie: what its turns say, with an empty line between."""
    return "\n\n".join(turn.content for turn in candidate.turns)


def words(text: str) -> str:
    """What the answers say, a paragraph for each turn."""
    return "\n\n".join(turn.content for candidate in candidates_of(text) for turn in candidate.turns)


def shown_to(text: str, seed: str) -> str:
    """The answers in an order that depends on the seed and on nothing that can be seen of them, and only what they say:
    without their sources, names and whatever else a file knows of a turn.

    The order is that of SHA-256 over seed and key: even over all orders, equal whenever it is asked for.
    """
    drawn = sorted(candidates_of(text), key=lambda c: hashlib.sha256(f"{seed}\n{c.key}".encode()).digest())
    blind = [Candidate(candidate.key, tuple(_blind(turn) for turn in candidate.turns)) for candidate in drawn]
    return _ENCODER.encode(blind).decode()


def candidates_of(text: str) -> tuple[Candidate, ...]:
    """The answers of a canonical text."""
    return _CANDIDATES.decode(text)


def candidates_in(given: object) -> tuple[Candidate, ...]:
    """The answers in any of the ways that `read` takes; raises `Unreadable` with the place of each mistake."""
    if isinstance(given, Mapping) and given and not any(name in given for name in ALL):
        given = [{"source": str(source), "content": said} for source, said in given.items()]
    listed = listed_in(given, ALL, LIST)
    if not LEAST <= len(listed) <= MOST:
        raise Unreadable(
            [Problem("", f"{len(listed)} answers", LIST, "Give at least two answers to compare, and not too many.")]
        )
    problems: list[Problem] = []
    found: list[Candidate] = []
    for index, entry in enumerate(listed):
        candidate = _candidate(entry, f"[{index}]", {c.key for c in found}, problems)
        if candidate is not None:
            found.append(candidate)
    if problems:
        raise Unreadable(problems)
    return tuple(found)


def _candidate(given: object, path: str, taken: set[str], problems: list[Problem]) -> Candidate | None:
    key, source, said = None, "", given
    if isinstance(given, Mapping) and not _is_turn(given):
        key = next((given[name] for name in KEYS if isinstance(given.get(name), str | int) and given[name] != ""), None)
        source = next((str(given[name]) for name in SOURCES if isinstance(given.get(name), str)), "")
        name = next((name for name in (*LISTS, *SAID) if given.get(name) is not None), None)
        if name is None:
            expected = "an answer such as `{content: …}` or `{turns: […]}`"
            problems.append(Problem(path, shown(given), expected, "Write each answer in this way."))
            return None
        said, path = given[name], join(path, name)
    try:
        turns = _turns(said)
    except Unreadable as error:
        problems += [msgspec.structs.replace(problem, path=join(path, problem.path)) for problem in error.problems]
        return None
    key = _hashed(turns, taken) if key is None else str(key)
    if key in taken or len(key) > LONGEST_KEY or CONTROL.search(key):
        expected = f"a key of its own, of 1 to {LONGEST_KEY} characters"
        problems.append(Problem(join(path, "key"), shown(key), expected, "Give each answer another key, or none."))
        return None
    return Candidate(key, turns, source)


def _blind(turn: Turn) -> Turn:
    return Turn(turn.role, turn.content, tool_calls=turn.tool_calls, tool_call_id=turn.tool_call_id)


def _turns(said: object) -> tuple[Turn, ...]:
    """A plain text is what an assistant says."""
    if isinstance(said, str):
        return (Turn("assistant", said),)
    if isinstance(said, list | tuple) and said and all(isinstance(entry, str) for entry in said):
        return tuple(Turn("assistant", str(entry)) for entry in said)
    return turns_in([said] if isinstance(said, Mapping) and _is_turn(said) else said)


def _is_turn(given: Mapping[object, object]) -> bool:
    return "role" in given or "from" in given


def _hashed(turns: Sequence[Turn], taken: set[str]) -> str:
    """Eight digits of the hash of what is said; the next free one where two say the same."""
    nth, key = 1, ""
    while not key or key in taken:
        key = hashlib.sha256(_ENCODER.encode([turns, nth])).hexdigest()[:8]
        nth += 1
    return key
