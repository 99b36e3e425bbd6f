"""What a change does to an item's parts; what is wrong with a change before it touches anything."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from math import isfinite

import msgspec

from karat.model import strings
from karat.model.item import Scalar
from karat.model.problem import Problem, shown
from karat.server.items.revisions import Current, Parts

MAX_KEY = 200
MAX_METADATA_BYTES = 64 * 1024
MAX_TAG = 100
MAX_TAGS = 100
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def tagged(item: Current, tag: str) -> Parts:
    """The item with a tag; nothing changes where it has it."""
    tags = _tags(item)
    return {} if tag in tags else {"tags": encoded([*tags, tag])}


def untagged(item: Current, tag: str) -> Parts:
    """The item without a tag."""
    tags = _tags(item)
    return {"tags": encoded([t for t in tags if t != tag])} if tag in tags else {}


def described(item: Current, values: Mapping[str, Scalar | None]) -> Parts:
    """The item with these metadata values; null removes one."""
    before = msgspec.json.decode(item.parts["metadata"] or "{}", type=dict[str, Scalar])
    after = {key: value for key, value in {**before, **values}.items() if value is not None}
    return (
        {}
        if after == before and list(map(type, after.values())) == list(map(type, before.values()))
        else {"metadata": encoded(after)}
    )


def deleted(item: Current, now: str) -> Parts:
    """The item in the bin."""
    return {"deleted_at": now} if item.parts["deleted_at"] is None else {}


def metadata_problems(values: Mapping[str, Scalar | None], path: str) -> list[Problem]:
    """What is wrong with metadata that somebody gives."""
    found = list(strings.problems_of(values, path))
    for key, value in values.items():
        here = f"{path}.{key}"
        if not key or len(key) > MAX_KEY or CONTROL.search(key) or unicodedata.normalize("NFC", key) != key:
            found.append(
                Problem(
                    here,
                    shown(key),
                    f"a key of 1 to {MAX_KEY} characters in NFC, none a control character",
                    "Rename the key.",
                )
            )
        if isinstance(value, float) and not isfinite(value):
            found.append(Problem(here, str(value), "a finite number", "Leave the value out."))
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
            found.append(Problem(here, shown(value), "a number up to 2^53", "Write a longer number as text."))
    size = len(msgspec.json.encode(values))
    if size > MAX_METADATA_BYTES:
        found.append(Problem(path, f"{size} bytes", f"at most {MAX_METADATA_BYTES}", "Keep long content in a stream."))
    return found


def tag_problems(tags: Sequence[str], path: str) -> list[Problem]:
    """What is wrong with tags that somebody gives."""
    found = list(strings.problems_of(list(tags), path))
    if len(tags) > MAX_TAGS:
        found.append(Problem(path, f"{len(tags)} tags", f"at most {MAX_TAGS}", "Use metadata for so many."))
    for index, tag in enumerate(tags):
        if not tag.strip() or len(tag) > MAX_TAG or CONTROL.search(tag):
            expected = f"1 to {MAX_TAG} characters, none of them a control character"
            found.append(Problem(f"{path}[{index}]", shown(tag), expected, "Rename the tag."))
    return found


def encoded(value: object) -> str:
    """A value as it is stored."""
    return msgspec.json.encode(value).decode()


def _tags(item: Current) -> list[str]:
    return msgspec.json.decode(item.parts["tags"] or "[]", type=list[str])
