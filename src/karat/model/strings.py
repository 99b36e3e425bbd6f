"""Characters that no string of Karat may hold: U+0000, which PostgreSQL cannot store, and lone surrogates, which are no text."""

import json
import re
from collections.abc import Iterator, Mapping

from karat.model.parsing import join
from karat.model.problem import Problem

BAD = re.compile(r"[\x00\ud800-\udfff]")
DO = "Remove the character; it is no text that can be stored."


def has_nul(raw: bytes) -> bool:
    r"""Whether JSON may hold U+0000: it can only be written as `\u0000`, since JSON refuses the bare character."""
    return b"\\u0000" in raw


def problems_of(value: object, path: str) -> Iterator[Problem]:
    """A problem for each string in a value, keys included, that holds a character no string may hold."""
    if isinstance(value, str):
        found = BAD.search(value)
        if found:
            yield Problem(
                path, f"U+{ord(found[0]):04X} at {found.start()}", "text without U+0000 and lone surrogates", DO
            )
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if BAD.search(str(key)):
                yield Problem(path, ascii(key), "keys without U+0000 and lone surrogates", DO)
            else:
                yield from problems_of(inner, join(path, str(key)))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from problems_of(inner, f"{path}[{index}]")


def problems_in_json(raw: bytes, path: str) -> list[Problem]:
    """The same for JSON that msgspec refused."""
    try:
        return list(problems_of(plain_json(raw), path))
    except RecursionError:
        return []  # it is refused for another reason, which the caller tells


def plain_json(raw: bytes) -> object:
    """JSON as the standard library reads it, which takes lone surrogates and numbers beyond all range, so that their place
    can be told; None where it is no JSON at all.
    """
    try:
        return json.loads(raw)
    except ValueError:
        return None
