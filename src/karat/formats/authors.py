"""One output file for each author, in formats that hold one answer for an item."""

from contextlib import ExitStack
from types import TracebackType
from typing import BinaryIO

from karat.formats.base import Sink, Which
from karat.formats.rows import name_of
from karat.model.response import Author


class PerAuthor:
    """Opens `name` for all answers, or `<author>.name` for each author where all authors' answers are exported."""

    def __init__(self, sink: Sink, name: str, which: Which) -> None:
        self.sink = sink
        self.name = name
        self.which = which
        self.stack = ExitStack()
        self.files: dict[str, BinaryIO] = {}

    def of(self, author: Author) -> BinaryIO:
        """The file of this author's answers."""
        key = name_of(author) if self.which == "all" else ""
        if key not in self.files:
            taken = set(self.files)
            name = f"{file_name(key, len(taken))}.{self.name}" if key else self.name
            self.files[key] = self.stack.enter_context(self.sink.open(name))
        return self.files[key]

    def __enter__(self) -> "PerAuthor":
        self.stack.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self.files:
            self.stack.enter_context(self.sink.open(self.name))
        self.stack.__exit__(kind, error, trace)


def file_name(author: str, number: int) -> str:
    """An author as a part of a file name, with a number so that no two are the same.

    >>> file_name("Ann Lee <ann@x.org>", 0)
    '1-ann_lee_ann_x_org'
    """
    plain = "".join(c if c.isalnum() and c.isascii() else "_" for c in author.lower())
    return f"{number + 1}-" + "_".join(part for part in plain.split("_") if part)[:60]
