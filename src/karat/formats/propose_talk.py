"""What a table of conversations, or of several answers to one prompt, suggests to be labeled."""

from collections.abc import Mapping
from typing import NamedTuple

from karat.formats.columns import Profile
from karat.formats.mapping import ANSWER_NAMES, DIALOGUE_NAMES, gathered, named

PROMPTS = (
    "prompt",
    "instruction",
    "question",
    "query",
    "input",
    "messages",
    "conversation",
    "context",
    "text",
    "turns",
)
SHORT = 60
"""Lists whose cells are shorter are of tags rather than of answers."""
PAIRWISE: dict[str, object] = {
    "kind": "ranking",
    "title": "Which is better?",
    "on": "answers",
    "pairwise": True,
    "none_good": True,
    "required": True,
}
RANKED: dict[str, object] = {
    "kind": "ranking",
    "title": "From best to worst",
    "on": "answers",
    "none_good": True,
    "required": True,
}
TRACED: dict[str, object] = {
    "kind": "step",
    "title": "First wrong step",
    "on": "trace",
    "required": True,
}
JUDGED: dict[str, object] = {
    "kind": "rating",
    "title": "Quality",
    "on": "tree",
    "each": "message",
    "of": ["assistant"],
    "required": True,
}
TRACES = ("trace", "trajectory", "intermediate_steps", "steps", "actions")
"""Columns of an agent's steps; messages are a conversation, whether tools are called in them or not."""


class Talk(NamedTuple):
    """Streams of a table and the columns they come from."""

    streams: dict[str, object]
    fields: dict[str, object]
    """The question that several answers or steps ask; none for a conversation alone."""
    columns: dict[str, str]
    gathered: dict[str, tuple[str, ...]]

    @property
    def only(self) -> tuple[str, str, str]:
        """The name, kind and column of the one stream of a table of conversations."""
        ((name, column),) = self.columns.items()
        return name, "dialogue", column


def conversations_in(seen: Mapping[str, Profile]) -> Talk | None:
    """The steps of an agent, a conversation that branches, the answers to compare and their prompt, else the column of conversations; None for a table of
    something else."""
    trace = named((n for n, column in seen.items() if column.type in ("turns", "object")), TRACES)
    if trace is not None:
        return Talk({"trace": {"kind": "trace"}}, {"first_wrong": TRACED}, {"trace": trace}, {})
    tree = next((name for name, column in seen.items() if column.type == "tree"), None)
    if tree is not None:
        return Talk({"tree": {"kind": "tree"}}, {"quality": JUDGED}, {"tree": tree}, {})
    talks = {name: column for name, column in seen.items() if column.type == "turns" or _is_said(name, column)}
    together = gathered(name for name, column in seen.items() if column.type in ("text", "turns", "object", "list"))
    listed = None if together else _listed(seen)
    if together or listed:
        rest = {n: c for n, c in seen.items() if n not in (*together, listed) and c.type in ("text", "turns")}
        prompt = named(rest, PROMPTS)
        if prompt is None and listed is not None and listed not in talks:
            return None
        kind = "dialogue" if prompt in talks else "text"
        streams: dict[str, object] = {
            **({"prompt": {"kind": kind}} if prompt else {}),
            "answers": {"kind": "candidates"},
        }
        columns = {**({"prompt": prompt} if prompt else {}), **({"answers": listed} if listed else {})}
        return Talk(
            streams,
            {"better": PAIRWISE if len(together) == 2 else RANKED},
            columns,
            {"answers": together} if together else {},
        )
    talk = named(talks, DIALOGUE_NAMES) or next(iter(talks), None)
    return None if talk is None else Talk({}, {}, {"conversation": talk}, {})


def _is_said(name: str, column: Profile) -> bool:
    """Whether lists of texts are what users say turn by turn, as benchmarks of several turns have it."""
    return column.type == "list" and column.mean_length > SHORT and named([name], DIALOGUE_NAMES) is not None


def _listed(seen: Mapping[str, Profile]) -> str | None:
    """A column that holds all answers as a list."""
    name = named((n for n, column in seen.items() if column.type in ("list", "object")), ANSWER_NAMES)
    return name if name is not None and seen[name].mean_length > SHORT else None
