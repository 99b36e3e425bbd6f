"""Plain text and marks, made from the tags and words of markup in one pass: linear in time, with a bounded depth."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from karat.markup.elements import CELLS, HEADINGS, INLINE, KEPT, LINES, LISTS, TABLES, VOID, ended_by
from karat.markup.styled import MOST_MARKS, Mark, Style, Styled

DEEPEST = 512
"""Elements within more others are read without a style of their own; browsers stop there too."""
SEEN = 64
"""So many open elements are looked through for the one that ends."""

_SPACES = re.compile(r"[ \t\n\f\r]+")
_ENDS = re.compile(r"\r\n?|\f")


@dataclass
class _Count:
    """What the items of a list, or the cells of a row, are counted by."""

    next: int
    step: int = 1


class _Open(NamedTuple):
    """An open element, with all that it has from those around it."""

    name: str
    styles: Mapping[Style, int]
    keeps: bool = False
    list: _Count | None = None
    row: _Count | None = None


class Builder:
    """Takes tags and words in their order. They may come in any order and number: what fits nowhere is let be."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._marks: list[list[int | None]] = []
        self._names: list[Style] = []
        self._last: dict[Style, int] = {}
        self._stack = [_Open("", {})]
        self._beyond = 0
        self._is_fresh = True
        self._space = False
        self._number: int | None = None

    def open(self, name: str, *, first: int | None = None) -> None:
        """An element begins; `first` is where a list that counts begins."""
        if name in VOID:
            return self._void(name)
        if name in LINES:
            self.line()
            self._end(*ended_by(name))
        if len(self._stack) > DEEPEST:
            self._beyond += 1
            return None
        around = self._stack[-1]
        counts, row = around.list, around.row
        styles = _styles(name, around)
        if name in LISTS:
            counts = _Count(0, 0) if first is None else _Count(first)
        elif name == "tr":
            row = _Count(1)
        elif name == "li" and counts is not None:
            self._number = counts.next
            counts.next += counts.step
        elif name in CELLS and row is not None:
            row.next += 1
        self._stack.append(_Open(name, styles, around.keeps or name in KEPT, counts, row))
        return None

    def close(self, name: str) -> None:
        """An element ends, and with it all that was opened within it."""
        if name == "br":
            return self._void(name)
        if name in LINES:
            self.line()
        if self._beyond:
            self._beyond -= 1
        elif name not in VOID:
            # What is left open in a cell does not close what lies around its table.
            self._end(frozenset((name,)), frozenset() if name in TABLES else CELLS)
        if name == "li":
            self._number = None
        return None

    def words(self, text: str) -> None:
        """Words within whatever is open; runs of spaces are one, unless an element keeps them."""
        if self._stack[-1].keeps:
            return self._kept(_ENDS.sub("\n", text))
        plain = _SPACES.sub(" ", text)
        core = plain.strip(" ")
        self._space = not self._is_fresh and (self._space or plain.startswith(" "))
        if core:
            self._put(f" {core}" if self._space else core, spaces=int(self._space))
            self._space = False
        self._space = not self._is_fresh and (self._space or plain.endswith(" "))
        return None

    def image(self, alt: str) -> None:
        """A picture stands as the words for it: it is never fetched."""
        around = self._stack[-1]
        self._stack.append(around._replace(styles={**around.styles, "image": 0}, keeps=False))
        self.words(alt)
        self._stack.pop()

    def line(self) -> None:
        """The line ends, unless nothing stands on it."""
        if not self._is_fresh:
            self._break()

    def styled(self) -> Styled:
        """What was taken, without the line ends behind it."""
        text = "".join(self._parts).rstrip("\n")
        made = (
            Mark(start or 0, end or 0, style, level or 0, number)
            for style, (start, end, level, number) in zip(self._names, self._marks, strict=True)
        )
        return Styled(text, tuple(sorted(made, key=lambda mark: (mark.start, -mark.end))))

    def _void(self, name: str) -> None:
        if name == "br":
            self._break()
        elif name == "hr":
            self.line()
        elif name == "wbr":
            self._put("\u200b", spaces=0)

    def _break(self) -> None:
        self._parts.append("\n")
        self._length += 1
        self._is_fresh, self._space = True, False

    def _end(self, names: frozenset[str], wall: frozenset[str]) -> None:
        for back in range(1, min(SEEN, len(self._stack) - 1) + 1):
            found = self._stack[-back].name
            if found in names:
                del self._stack[-back:]
                return
            if found in wall:
                return

    def _kept(self, text: str) -> None:
        for index, line in enumerate(text.split("\n")):
            if index:
                self._break()
            if line:
                self._put(line, spaces=0)

    def _put(self, text: str, *, spaces: int) -> None:
        before = self._length
        self._parts.append(text)
        self._length += len(text)
        begins, self._is_fresh = self._is_fresh, False
        for style, level in self._stack[-1].styles.items():
            number, start = None, before if self._last_end(style) == before else before + spaces
            if style == "item" and begins:
                number, self._number = self._number, None
            self._mark(start, style, level, number)

    def _last_end(self, style: Style) -> int | None:
        last = self._last.get(style)
        return None if last is None else self._marks[last][1]

    def _mark(self, start: int, style: Style, level: int, number: int | None) -> None:
        last = self._last.get(style)
        if last is not None and self._marks[last][1] == start and self._marks[last][2] == level:
            self._marks[last][1] = self._length
        elif len(self._marks) < MOST_MARKS:
            self._last[style] = len(self._marks)
            self._names.append(style)
            self._marks.append([start, self._length, level, number])


def _styles(name: str, around: _Open) -> Mapping[Style, int]:
    inline = INLINE.get(name)
    if inline is not None:
        return around.styles if inline in around.styles else {**around.styles, inline: 0}
    if name in HEADINGS:
        return {**around.styles, "heading": HEADINGS[name]}
    if name == "blockquote":
        return {**around.styles, "quote": around.styles.get("quote", 0) + 1}
    if name in LISTS:
        return {**around.styles, "item": around.styles.get("item", 0) + 1}
    if name in KEPT:
        return {**around.styles, "pre": 0}
    if name in CELLS and around.row is not None:
        kept: dict[Style, int] = {
            style: level for style, level in around.styles.items() if style not in ("cell", "header")
        }
        return {**kept, "header" if name == "th" else "cell": around.row.next}
    return around.styles
