"""A condition on items in SQL, and what is needed to make one."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from karat.server.search.words import WordKind


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One condition in SQL; the names of its parameters are its own."""

    test: str
    values: dict[str, object]
    probe: str | None = None
    """Selects `item`, perhaps more than once."""
    verify: Callable[[str], bool] | None = None
    """Given the item's streams as JSON, whether it is so; for what SQL can only narrow down."""


class Compiling(Protocol):
    """What compiles one condition: it names parameters, and finds the numbers of authors and words."""

    values: dict[str, object]

    def value(self, value: object) -> str:
        """The name of a parameter that holds this value."""
        ...

    def author_key(self, author: str, path: str) -> int:
        """The key of the author of the workspace that has this id; a problem at `path` where there is none."""
        ...

    def word(self, kind: WordKind, text: str) -> str:
        """The name of a parameter that holds a word's number."""
        ...

    def has_field(self, name: str) -> bool:
        """Whether the schema has a field; a problem where it has not."""
        ...
