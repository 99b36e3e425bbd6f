"""JSON of any size as a stream of its elements, with constant memory and the place of each.

The elements are cut out by their brackets and handed on as bytes, so that each is decoded on its own: a broken one costs
itself and not the file, and a file that breaks off gives all that came before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from karat.formats.lines import unreadable
from karat.formats.sources import READ_ERRORS
from karat.model.problem import Problem, shown

STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
INSIDE = re.compile(STRING + rb'|[\[\]{}"]', re.DOTALL)
"""Inside an element only brackets and strings matter; a lone quotation mark is a string that goes on past the buffer."""
BETWEEN = re.compile(STRING + rb'|[\[\]{}",:]', re.DOTALL)
CHUNK = 1 << 18
MAX_ELEMENT = 64 << 20
OPEN, CLOSE = b"[{", b"]}"


@dataclass(frozen=True)
class Part:
    """One element of the file."""

    path: str
    """"" for an element of the outermost list or a value of its own, else the key of the member."""
    raw: bytes
    line: int
    listed: bool
    """An element of the list under `path`, not the whole value of it."""


@dataclass(frozen=True)
class BrokenJson:
    """Where the file stops being JSON; nothing comes after it."""

    problem: Problem
    line: int
    raw: bytes


def parts(file: BinaryIO, *, split: bool = True) -> Iterator[Part | BrokenJson]:
    """The elements of a JSON file.

    Of an outermost list: its elements. Of an outermost object, with `split`: each element of each member that is a list,
    and each other member's value; without `split`: the object itself. Values may follow one another without a comma.
    """
    yield from _Reader(file, split=split).run()


class _Stop(Exception):  # noqa: N818 - it ends the walk and is not an error of the program
    def __init__(self, expected: str, do: str) -> None:
        super().__init__(expected)
        self.expected = expected
        self.do = do


class _Reader:
    """A cursor over a growing buffer; `start` is where the present element began."""

    def __init__(self, file: BinaryIO, *, split: bool) -> None:
        self.file = file
        self.split = split
        self.data = b""
        self.at = 0
        self.start = 0
        self.line = 1
        self.counted = 0
        self.ended = False

    def run(self) -> Iterator[Part | BrokenJson]:
        try:
            if self.peek() == 0xEF and self.data[self.at : self.at + 3] == b"\xef\xbb\xbf":
                self.at += 3
            while (first := self.peek()) is not None:
                if first == 0x5B:
                    yield from self.members("", OPEN[0])
                elif first == 0x7B and self.split:
                    yield from self.members("", OPEN[1])
                elif first == 0x7B:
                    yield self.value("", listed=True)
                else:
                    self.start = self.at
                    raise _Stop("a JSON list or object", "Remove what is no JSON from here on.")
        except _Stop as stop:
            raw = self.data[self.start : self.start + 4096]
            got = shown(raw[:80].decode("utf-8", "replace")) if raw else "the end of the file"
            yield BrokenJson(Problem("", got, stop.expected, stop.do), self.line_of(self.start), raw)
        except READ_ERRORS as error:
            yield BrokenJson(unreadable(error), self.line_of(self.start), self.data[self.start : self.start + 4096])

    def members(self, path: str, opened: int) -> Iterator[Part]:
        """The elements of a list, or the members of the outermost object."""
        closing = 0x5D if opened == 0x5B else 0x7D
        self.at += 1
        while True:
            mark = self.need()
            self.start = self.at
            if mark == closing:
                self.at += 1
                return
            if mark == 0x2C:
                self.at += 1
                continue
            if closing == 0x5D:
                yield self.value(path, listed=True)
                continue
            name = self.name()
            if self.need() == 0x5B:
                yield from self.members(name, OPEN[0])
            else:
                yield self.value(name, listed=False)

    def name(self) -> str:
        """The key of a member and its colon."""
        if self.need() != 0x22:
            raise _Stop("a key in quotation marks", "Mend the JSON at this place.")
        found = self.match(BETWEEN)
        try:
            key = msgspec.json.decode(found[0], type=str)
        except (msgspec.MsgspecError, ValueError):
            raise _Stop("a key that is a text in JSON", "Mend the JSON at this place.") from None
        if "\x00" in key:
            raise _Stop("a key without U+0000", "Remove the NUL characters.")
        self.at = found.end()
        if self.need() != 0x3A:
            raise _Stop("a colon after the key", "Mend the JSON at this place.")
        self.at += 1
        return key

    def value(self, path: str, *, listed: bool) -> Part:
        """One whole value, as its bytes."""
        self.need()
        self.start = self.at
        depth = 0
        while True:
            found = self.match(INSIDE if depth else BETWEEN)
            mark = found[0][0]
            if depth == 0 and (mark in b",:" or mark in CLOSE):
                self.at = found.start()
                break
            self.at = found.end()
            if mark in OPEN:
                depth += 1
            elif mark in CLOSE:
                depth -= 1
            if depth == 0:
                break
        raw = self.data[self.start : self.at]
        if not raw.strip():
            raise _Stop("a value", "Mend the JSON at this place.")
        part = Part(path, raw.rstrip(), self.line_of(self.start), listed)
        self.start = self.at
        return part

    def match(self, pattern: "re.Pattern[bytes]") -> "re.Match[bytes]":
        """The next mark, read further as needed."""
        while True:
            found = pattern.search(self.data, self.at)
            if found and (found[0] != b'"'):
                return found
            if not found:
                self.at = len(self.data)  # nothing of what was looked at needs to be looked at again
            if not self.more():
                raise _Stop(
                    "JSON that goes on to its end",
                    "The file breaks off or a quotation mark is missing; mend it from here on.",
                )

    def need(self) -> int:
        """The next byte that is not white space; the file must go on."""
        found = self.peek()
        if found is None:
            raise _Stop("JSON that goes on to its end", "The file breaks off; copy or export it again.")
        return found

    def peek(self) -> int | None:
        while True:
            data, at = self.data, self.at
            while at < len(data) and data[at] in b" \t\r\n":
                at += 1
            self.at = at
            if at < len(data):
                return data[at]
            self.start = at
            if not self.more():
                return None

    def more(self) -> bool:
        """Read on; what lies before the present element is let go."""
        if self.ended:
            return False
        held = len(self.data) - self.start
        if held > MAX_ELEMENT:
            raise _Stop(f"at most {MAX_ELEMENT} bytes in one element", "Split it.")
        self.line_of(self.start)
        # Grown in proportion, so that a long string is searched a few times only.
        data = self.file.read(max(CHUNK, held))
        self.ended = not data
        self.data = self.data[self.start :] + data
        self.at -= self.start
        self.counted -= self.start
        self.start = 0
        return bool(data)

    def line_of(self, place: int) -> int:
        """The line of a place in the buffer, never before the last one asked for."""
        if place > self.counted:
            self.line += self.data.count(b"\n", self.counted, place)
            self.counted = place
        return self.line
