"""A conversation that branches: messages with the message that each answers, as one canonical JSON text."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from karat.model.dialogue import Turn, Unreadable, canonical, turns_in
from karat.model.field import CONTROL
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.parts import keyed
from karat.model.problem import Problem, shown

MOST = 2_000
LONGEST_KEY = 100
KEYS = ("key", "message_id", "id", "uuid")
PARENTS = ("parent", "parent_id", "parent_message_id", "reply_to")
REPLIES = ("replies", "children")
LISTS = ("messages", "tree", "thread", "nodes", "conversation", "conversations", "turns")
"""Keys under which a flat list of messages stands."""
ROOTS = ("prompt", "root", "tree", "thread")
"""Keys under which the first message stands with its replies in it."""
LIST = "a message with its `replies`, or a list of messages that name their `parent_id`"


class Message(Turn, frozen=True, omit_defaults=True, kw_only=True):
    """What somebody said in answer to the message with the key `parent`; the first message answers none."""

    key: str
    parent: str = ""


_MESSAGES = msgspec.json.Decoder(tuple[Message, ...])
_ENCODER = msgspec.json.Encoder()
_Given = tuple[object, str, str | None]
"""An entry, the path to it, and the key of the message that it stands in, if it stands in one."""


def read(given: object) -> str:
    """The canonical text of a tree; raises `Unreadable`.

    Takes a message with its `replies` (or `children`) in it, as Open Assistant has them, a mapping with such a message under
    `prompt` or `root`, a list of messages that name the one they answer as `parent_id`, a mapping with such a list, or JSON
    text of any of these. A list in which nobody names a parent is one path. What a message says is read in the ways that
    `dialogue.read` takes. A message without a key gets the beginning of the SHA-256 of what it says and answers.

    >>> read({"id": "a", "role": "prompter", "text": "Hi", "replies": [{"id": "b", "role": "assistant", "text": "Hello!"}]})
    '[{"role":"user","content":"Hi","key":"a"},{"role":"assistant","content":"Hello!","key":"b","parent":"a"}]'
    """
    return canonical(messages_in(given))


def facts(text: str) -> Facts:
    """The keys of the messages in their order, and whose they are."""
    found = messages_of(text)
    return Facts(each={"message": keyed([m.key for m in found], [m.role for m in found])})


def words(text: str) -> str:
    """What was said and by whom, a paragraph for each message."""
    return "\n\n".join(f"{message.name or message.role}: {message.content}" for message in messages_of(text))


def shown_to(text: str, seed: str) -> str:
    """The replies to each message in an order that depends on the seed and on nothing that can be seen of them, and only what
    they say: files have the best first, and say what others thought of each.

    The order is that of SHA-256 over seed and key: even over all orders, equal whenever it is asked for.
    """
    blind = [
        Message(m.role, m.content, tool_calls=m.tool_calls, tool_call_id=m.tool_call_id, key=m.key, parent=m.parent)
        for m in messages_of(text)
    ]
    drawn = sorted(blind, key=lambda m: hashlib.sha256(f"{seed}\n{m.key}".encode()).digest())
    return _ENCODER.encode(_in_order(drawn)).decode()


def messages_of(text: str) -> tuple[Message, ...]:
    """The messages of a canonical text: all replies to one message together, so that they are judged one after another, then
    what follows on the first of them, then what follows on the second."""
    return _MESSAGES.decode(text)


def replies_in(messages: Sequence[Message]) -> dict[str, list[Message]]:
    """The replies to each message by its key, in their order; under "" the first message."""
    found: dict[str, list[Message]] = {}
    for message in messages:
        found.setdefault(message.parent, []).append(message)
    return found


def path_to(messages: Mapping[str, Message], key: str) -> tuple[Message, ...]:
    """The messages from the first to the one with this key, by their keys."""
    found: list[Message] = []
    while key:
        found.append(messages[key])
        key = messages[key].parent
    return tuple(reversed(found))


def messages_in(given: object) -> tuple[Message, ...]:
    """The messages in any of the ways that `read` takes; raises `Unreadable` with the place of each mistake."""
    problems: list[Problem] = []
    found: list[Message] = []
    paths: dict[str, str] = {}
    waiting = _entries(given)[::-1]
    is_path = _names_nobody([entry for entry, _, _ in waiting])
    while waiting:
        entry, path, parent = waiting.pop()
        if len(found) + len(problems) >= MOST:
            raise Unreadable([Problem("", f"more than {MOST} messages", f"1 to {MOST} messages", "Split the tree.")])
        if is_path and found and parent is None:
            parent = found[-1].key
        message = _message(entry, path, parent, paths, problems)
        if message is None:
            continue
        found.append(message)
        paths[message.key] = path
        name, replies = _replies(entry)
        waiting += [(reply, f"{join(path, name)}[{n}]", message.key) for n, reply in enumerate(replies)][::-1]
    problems += _of_tree(found, paths) if not problems else []
    if problems:
        raise Unreadable(problems)
    return _in_order(found)


def _entries(given: object) -> list[_Given]:
    """The first message, or all of a flat list."""
    if isinstance(given, str):
        try:
            given = msgspec.json.decode(given)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise _no_tree(given, f"{LIST}, as JSON") from error
    if isinstance(given, Mapping) and not _replies(given)[1]:
        root = next((given[name] for name in ROOTS if isinstance(given.get(name), Mapping)), None)
        listed = next((given[name] for name in LISTS if isinstance(given.get(name), list | tuple)), None)
        given = root if root is not None else listed if listed is not None else given
    if isinstance(given, Mapping):
        return [(given, "", "")]
    if not isinstance(given, list | tuple) or not given:
        raise _no_tree(given, LIST)
    return [(entry, f"[{number}]", None) for number, entry in enumerate(given)]


def _no_tree(given: object, expected: str) -> Unreadable:
    return Unreadable([Problem("", shown(given), expected, f"Write {LIST}.")])


def _names_nobody(entries: Sequence[object]) -> bool:
    return not any(isinstance(entry, Mapping) and (_parent(entry) or _replies(entry)[1]) for entry in entries)


def _message(
    entry: object, path: str, parent: str | None, paths: Mapping[str, str], problems: list[Problem]
) -> Message | None:
    """One message without its replies; `parent` is None where the entry itself says what it answers."""
    own = (*KEYS, *PARENTS, *REPLIES)
    said = {k: v for k, v in entry.items() if k not in own} if isinstance(entry, Mapping) else entry
    try:
        [turn] = turns_in([said])
    except Unreadable as error:
        for problem in error.problems:
            inner = problem.path.removeprefix("[0]").removeprefix(".")
            problems.append(msgspec.structs.replace(problem, path=join(path, inner) if inner else path))
        return None
    given = entry if isinstance(entry, Mapping) else {}
    parent = _parent(given) if parent is None else parent
    key = next((str(given[name]) for name in KEYS if isinstance(given.get(name), str | int) and given[name] != ""), "")
    key = key or _hashed(turn, parent, paths)
    if key in paths or len(key) > LONGEST_KEY or CONTROL.search(key):
        expected = f"a key of its own, of 1 to {LONGEST_KEY} characters"
        problems.append(Problem(join(path, "key"), shown(key), expected, "Give each message another key, or none."))
        return None
    return Message(**{f: getattr(turn, f) for f in turn.__struct_fields__}, key=key, parent=parent)


def _parent(entry: Mapping[object, object]) -> str:
    found = (entry[name] for name in PARENTS if isinstance(entry.get(name), str | int))
    return next((str(parent) for parent in found if parent != ""), "")


def _replies(entry: object) -> tuple[str, Sequence[object]]:
    """The name of the replies and the replies, where an entry has some."""
    if not isinstance(entry, Mapping):
        return "", ()
    return next(((n, entry[n]) for n in REPLIES if isinstance(entry.get(n), list | tuple) and entry[n]), ("", ()))


def _hashed(turn: Turn, parent: str, taken: Mapping[str, str]) -> str:
    """Eight digits of the hash of what is said in answer to what; the next free one where two say the same."""
    nth, key = 1, ""
    while not key or key in taken:
        key = hashlib.sha256(_ENCODER.encode([turn.role, turn.content, parent, nth])).hexdigest()[:8]
        nth += 1
    return key


def _of_tree(found: Sequence[Message], paths: Mapping[str, str]) -> list[Problem]:
    """What is wrong with who answers whom: there is one first message, and all the others come after it."""
    place = {key: join(path, "parent_id") for key, path in paths.items()}
    lost = [m for m in found if m.parent and m.parent not in paths]
    if lost:
        do = "Give the message that it answers as well, or leave it out."
        return [Problem(place[m.key], shown(m.parent), "the key of a message of this tree", do) for m in lost]
    first = [m for m in found if not m.parent]
    if len(first) > 1:
        do = "Say which message it answers, or make it an item of its own."
        return [Problem(place[m.key], "nothing", "one first message", do) for m in first[1:]]
    reached = {m.key for m in _in_order(found)}
    do = "Let the first message answer none, and each other one that comes before it."
    return [
        Problem(place[m.key], shown(m.parent), "a message that does not come after it", do)
        for m in found
        if m.key not in reached
    ]


def _in_order(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Each message before its replies, and these together, in the order given; what no path leads to is left out."""
    replies = replies_in(messages)
    found: list[Message] = []
    waiting = [""]
    while waiting:
        together = replies.get(waiting.pop(), [])
        found += together
        waiting += [message.key for message in reversed(together)]
    return tuple(found)
