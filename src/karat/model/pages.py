"""Documents of pages: the one plain text of a document, and where each of its words stands on which page."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from karat.model.kind import Facts

WORD = re.compile(r"\S+")
BETWEEN_PAGES = "\n\n"
DIGITS = 2
"""Places are kept to a hundredth of the page's unit."""


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A word: the code points [start, end) of the document's text, and its upright box on the page."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


class Page(msgspec.Struct, frozen=True):
    """A page of whole units, and its words in the order of the text.

    The unit is a point (1/72 inch) where the file says how large its pages are, else a pixel of the page's picture; the
    origin is the upper left corner of the page as it is read, x to the right, y down.
    """

    width: int
    height: int
    words: tuple[Word, ...] = ()


class Layer(msgspec.Struct, frozen=True):
    """What a file says as text: made once by `extractor`, a name and a version, and never made anew."""

    extractor: str
    text: str
    pages: tuple[Page, ...]


class Placed(msgspec.Struct, frozen=True, array_like=True):
    """A text and where it stands, as a file or a reader of scans gives it: a word, or several words of one line."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    breaks: bool = False
    """A line ends behind it, wherever the next one stands."""


Sheet = tuple[int, int, Sequence[Placed]]
"""Width and height of a page, and its texts in reading order."""

_DECODER = msgspec.json.Decoder(Layer)


def layer(extractor: str, sheets: Iterable[Sheet]) -> Layer:
    """The text of pages: words with a space between them, a new line where one begins, an empty line between pages.

    A text of several words is cut into these, each with its share of the box by its code points.

    >>> made = layer("test", [(100, 50, [Placed("Total due", 0, 0, 90, 10), Placed("9.00", 92, 1, 99, 9), Placed("RM", 0, 20, 9, 30)])])
    >>> made.text, made.pages[0].words[1]
    ('Total due 9.00\\nRM', Word(start=6, end=9, left=60.0, top=0, right=90, bottom=10))
    """
    parts: list[str] = []
    pages: list[Page] = []
    at = 0
    for number, (width, height, given) in enumerate(sheets):
        if number:
            parts.append(BETWEEN_PAGES)
            at += len(BETWEEN_PAGES)
        words: list[Word] = []
        before: Placed | None = None
        for placed in given:
            found = list(WORD.finditer(placed.text))
            if not found:
                continue
            if before is not None:
                parts.append("\n" if _is_new_line(before, placed) else " ")
                at += 1
            for nth, match in enumerate(found):
                if nth:
                    parts.append(" ")
                    at += 1
                words.append(_word(placed, match.start(), match.end(), at, width, height))
                parts.append(match.group())
                at += match.end() - match.start()
            before = placed
        pages.append(Page(width, height, tuple(words)))
    return Layer(extractor, "".join(parts), tuple(pages))


def decode(data: bytes) -> Layer:
    """The inverse of `encode`; raises `msgspec.MsgspecError`."""
    return _DECODER.decode(data)


def encode(made: Layer) -> bytes:
    """A layer as JSON."""
    return msgspec.json.encode(made)


def facts_of(made: Layer, sha256: str) -> Facts:
    """What is known of a document by its layer, whose hash is given."""
    sizes = tuple((page.width, page.height) for page in made.pages)
    return Facts(length=len(made.text), pages=sizes, layer=sha256, extractor=made.extractor)


def _is_new_line(before: Placed, after: Placed) -> bool:
    """Whether the middle of a text lies below or above the one before it, or it stands left of it."""
    middle = (after.top + after.bottom) / 2
    return before.breaks or not before.top <= middle <= before.bottom or after.right <= before.left


def _word(placed: Placed, first: int, last: int, at: int, width: int, height: int) -> Word:
    length = len(placed.text)
    share = (placed.right - placed.left) / length
    left = placed.left + share * first if first else placed.left
    right = placed.left + share * last if last < length else placed.right
    return Word(
        at,
        at + last - first,
        _within(left, width),
        _within(placed.top, height),
        _within(right, width),
        _within(placed.bottom, height),
    )


def _within(value: float, most: float) -> float:
    return round(min(max(value, 0), most), DIGITS)
