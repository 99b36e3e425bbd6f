"""Plain text and where its styles lie: the one thing that comes out of markup, whatever went in."""

from itertools import islice
from typing import Literal, get_args

import msgspec

Style = Literal[
    "heading", "item", "quote", "pre", "cell", "header",
    "strong", "emphasis", "code", "strike", "underline", "mark", "sub", "sup", "link", "image",
]  # fmt: skip
"""The first six are of whole lines; `header` is a cell that heads its row or column. The others are of words."""
STYLES: tuple[Style, ...] = get_args(Style)


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A style from `start` to before `end`, in Unicode code points of the plain text."""

    start: int
    end: int
    style: Style
    level: int = 0
    """Of a heading 1 to 6, of an item how deep its list lies, of a quote how often it is quoted, of a cell its column."""
    number: int | None = None
    """Of the first line of an item: its number, 0 in a list that does not count. Further lines of the item have none."""


class Styled(msgspec.Struct, frozen=True):
    """Plain text, one block a line, and its marks by where they begin; never more than `MOST_MARKS`."""

    text: str
    marks: tuple[Mark, ...] = ()

    def within(self) -> "Styled":
        """Without marks that lie outside the text, nor more than there may be."""
        held = (mark for mark in self.marks if 0 <= mark.start < mark.end <= len(self.text))
        return Styled(self.text, tuple(sorted(islice(held, MOST_MARKS), key=lambda mark: (mark.start, -mark.end))))


MOST_MARKS = 100_000
"""Beyond these the text goes on without styles: nobody could tell more apart, and they all go to the screen."""
LONGEST = 5 << 20
"""Characters of markup that are read; more of it is no page that anybody reads to label it."""
