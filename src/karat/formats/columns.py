"""What the columns of a table hold: how long, how many different, of which type, with examples."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import msgspec

from karat.formats.repeats import Repeats
from karat.formats.turn_spans import spans_within
from karat.model.dialogue import ROLES, SAID, only_choice
from karat.model.problem import shown
from karat.model.tree import PARENTS, REPLIES

MAX_DISTINCT = 2000
EXAMPLES = 3
IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,14})?")
SPAN_STARTS = frozenset({"start", "start_offset", "begin"})


class Column(msgspec.Struct, frozen=True):
    """One column, as a preview shows it."""

    name: str
    type: str
    examples: tuple[str, ...]


class Profile:
    """What was seen in one column so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = 0
        self.characters = 0
        self.types: dict[str, int] = {}
        self.values: dict[str, int] | None = {}
        """Each value, or each entry of a list, and how often; None once there are too many."""
        self.labels: dict[str, int] = {}
        """Labels of spans, also of those within turns."""
        self.examples: list[str] = []
        self.repeats = Repeats()
        self.unique = True

    def see(self, cell: object) -> None:
        """Take note of one cell."""
        if cell is None or cell == "":
            return
        self.filled += 1
        found = type_of(cell)
        self.types[found] = self.types.get(found, 0) + 1
        text = cell if isinstance(cell, str) else shown(cell)
        self.characters += len(text)
        if len(self.examples) < EXAMPLES and text[:200] not in self.examples:
            self.examples.append(text[:200])
        if found == "spans":
            self._see_labels(cell)
        elif found == "turns":
            for one in spans_within(cell) or ():
                if len(self.labels) < MAX_DISTINCT:
                    self.labels[one.label] = self.labels.get(one.label, 0) + 1
        elif found == "list" and isinstance(cell, list):
            for entry in cell:
                self._count(str(entry))
        else:
            self._count(text)
        if self.unique and self.repeats.nth(text) > 1:
            self.unique = False

    @property
    def type(self) -> str:
        """The type of most cells; number and text together are text."""
        if not self.types:
            return "empty"
        if "text" in self.types and set(self.types) <= {"text", "number", "integer", "boolean"}:
            return "text"
        return max(self.types, key=lambda name: self.types[name])

    @property
    def mean_length(self) -> float:
        """Characters of a filled cell, on average."""
        return self.characters / self.filled if self.filled else 0.0

    def column(self) -> Column:
        """What a preview shows."""
        return Column(self.name, self.type, tuple(self.examples))

    def _count(self, text: str) -> None:
        if self.values is None:
            return
        if len(text) > 200 or (len(self.values) >= MAX_DISTINCT and text not in self.values):
            self.values = None
            return
        self.values[text] = self.values.get(text, 0) + 1

    def _see_labels(self, cell: object) -> None:
        for entry in as_list(cell):
            label = _label_of(entry)
            name = label[0] if isinstance(label, list) and len(label) == 1 else label
            if isinstance(name, str) and len(self.labels) < MAX_DISTINCT:
                self.labels[name] = self.labels.get(name, 0) + 1


def profile(rows: Iterable[Mapping[str, object]]) -> dict[str, Profile]:
    """The columns of these rows, in the order they were met."""
    found: dict[str, Profile] = {}
    for row in rows:
        for name, cell in row.items():
            if name not in found:
                found[name] = Profile(name)
            found[name].see(cell)
    return found


def type_of(cell: object) -> str:
    """text, integer, number, boolean, image, spans, turns, tree, list or object."""
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "integer"
    if isinstance(cell, float):
        return "number"
    if isinstance(cell, str):
        return _type_of_text(cell)
    if isinstance(cell, list):
        if _are_spans(cell):
            return "spans"
        return "list" if all(isinstance(e, str) for e in cell) else _type_of_turns(cell) or "object"
    return "tree" if _is_branching(cell) else "object"


def as_list(cell: object) -> list[object]:
    """A list, or the list that a text holds as JSON; [] where it is neither."""
    if isinstance(cell, str) and cell.lstrip()[:1] == "[":
        try:
            cell = msgspec.json.decode(cell)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return []
    return cell if isinstance(cell, list) else []


def is_image(name: str) -> bool:
    """Whether a file name or address ends like a picture's.

    >>> is_image("https://example.org/a.JPG?size=2"), is_image("a.txt")
    (True, False)
    """
    return PurePosixPath(name.split("?", 1)[0]).suffix.lower() in IMAGE_SUFFIXES


def _type_of_text(cell: str) -> str:
    if len(cell) <= 32 and NUMBER.fullmatch(cell):
        return "number" if "." in cell else "integer"
    if len(cell) <= 2048 and " " not in cell and is_image(cell):
        return "image"
    if cell[:1] == "[":
        listed = as_list(cell)
        return "spans" if _are_spans(listed) else _type_of_turns(listed) or "text"
    return "text"


def _label_of(span: object) -> object:
    if isinstance(span, list):
        return span[2]
    return (
        next((span[n] for n in ("label", "labels", "tag", "entity") if n in span), None)
        if isinstance(span, dict)
        else None
    )


def _are_spans(cell: list[object]) -> bool:
    return bool(cell) and all(_is_span(entry) for entry in cell)


def _type_of_turns(cell: list[object]) -> str | None:
    """turns, or tree where they name what they answer; None where a list is no conversation."""
    if only_choice(cell) is not None:
        return "turns"
    if not _are_turns(cell):
        return None
    names = (*PARENTS, *REPLIES)
    return "tree" if any(isinstance(e, dict) and any(e.get(name) for name in names) for e in cell) else "turns"


def _is_branching(cell: object) -> bool:
    """Whether a mapping is a message with its replies."""
    return isinstance(cell, dict) and any(isinstance(cell.get(name), list) for name in REPLIES) and _are_turns([cell])


def _are_turns(cell: list[object]) -> bool:
    """Whether a list is a conversation, as chat files write it."""
    return bool(cell) and all(
        isinstance(entry, dict) and any(r in entry for r in ROLES) and any(s in entry for s in SAID) for entry in cell
    )


def _is_span(entry: object) -> bool:
    if isinstance(entry, list):
        return len(entry) == 3 and isinstance(entry[0], int) and isinstance(entry[1], int) and isinstance(entry[2], str)
    return isinstance(entry, dict) and bool(SPAN_STARTS & entry.keys())
