"""PDF: the sizes of its pages, their words with their places, and pictures of them. Only for a media process."""

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from karat.model.pages import Placed, Sheet
from karat.server.media.answers import Bad, BadError

if TYPE_CHECKING:
    import pypdfium2

Box = tuple[float, float, float, float]

MOST_PAGES = 500
MOST_CHARACTERS = 2_000_000
LARGEST_SIDE = 14_400
"""Points: 200 inches, the largest page of the standard without user units."""
BREAKS = frozenset("\r\n")
HYPHENS = frozenset({0x02, 0xFFFE})
"""What PDFium gives for a hyphen at which a word was broken."""
PASSWORD = "password"  # noqa: S105 - a word in a message of PDFium
EXTRA = "Install Karat with PDF support on the server: pip install 'karat[documents]'."


@contextmanager
def opened(path: Path) -> "Iterator[pypdfium2.PdfDocument]":
    """A PDF; raises `BadError` for one that cannot be read, or is encrypted, or has too many pages."""
    try:
        import pypdfium2  # an extra, and most files are pictures
    except ImportError:
        raise BadError(Bad("a PDF, which this server has no reader for", "a server that reads PDF", EXTRA)) from None
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if PASSWORD in str(error):
            do = "Save it without a password, or leave it out."
            raise BadError(Bad("an encrypted PDF", "a PDF that opens without a password", do)) from None
        raise BadError(Bad(f"a PDF that cannot be read ({error})"[:300], "a whole PDF", MEND)) from None
    try:
        if not 0 < len(document) <= MOST_PAGES:
            expected = f"1 to {MOST_PAGES} pages"
            raise BadError(Bad(f"{len(document)} pages", expected, "Split the PDF into smaller ones."))
        document.init_forms()
        yield document
    except pypdfium2.PdfiumError as error:
        raise BadError(Bad(f"a PDF that cannot be read ({error})"[:300], "a whole PDF", MEND)) from None
    finally:
        document.close()


MEND = "Save the PDF again with another program, or leave it out."


def extractor() -> str:
    """The reader of texts and its version."""
    from pypdfium2 import PDFIUM_INFO, PYPDFIUM_INFO

    return f"pypdfium2 {PYPDFIUM_INFO.version} pdfium {PDFIUM_INFO.version.split('@')[0]}"


def sheets(document: "pypdfium2.PdfDocument") -> Iterator[Sheet]:
    """The pages in points, as they are read (cropped and turned), and their words; raises `BadError` for too long a text."""
    characters = 0
    for number in range(len(document)):
        page = document[number]
        width, height = size_of(page)
        text = page.get_textpage()
        characters += text.count_chars()
        if characters > MOST_CHARACTERS:
            raise BadError(
                Bad(f"more than {MOST_CHARACTERS} characters", "a shorter text", "Split the PDF into smaller ones.")
            )
        yield width, height, list(_words(page, text))
        text.close()
        page.close()


def size_of(page: "pypdfium2.PdfPage") -> tuple[int, int]:
    """Whole points, as many as the page needs; raises `BadError` for one without size."""
    width, height = (math.ceil(side - 0.01) for side in page.get_size())
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise BadError(Bad(f"a page of {width} × {height} points", f"1 to {LARGEST_SIDE} points a side", MEND))
    return width, height


def picture(document: "pypdfium2.PdfDocument", number: int, edge: int) -> Image.Image:
    """A page, from 0, whose longer side is `edge` pixels; it is white where a page of whole points is larger than its own."""
    page = document[number]
    width, height = size_of(page)
    scale = edge / max(width, height)
    drawn = page.render(scale=scale).to_pil().convert("RGB")
    whole = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    whole.paste(drawn)
    page.close()
    return whole


def _words(page: "pypdfium2.PdfPage", text: "pypdfium2.PdfTextPage") -> Iterator[Placed]:
    """Runs of characters without white space, each with the box around its characters' own, in the order of the file."""
    import pypdfium2.raw as raw

    upright = _turned(page)
    word: list[str] = []
    box: Box | None = None
    rect = raw.FS_RECTF()
    pending: Placed | None = None
    ends_line = False
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        character = "-" if code in HYPHENS else chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if not character.strip() or code < 0x20:
            ends_line = ends_line or character in BREAKS
            if word and box is not None:
                if pending is not None:
                    yield pending
                pending = Placed("".join(word), *box)
            word, box = [], None
            if pending is not None and ends_line:
                yield Placed(pending.text, pending.left, pending.top, pending.right, pending.bottom, breaks=True)
                pending = None
            ends_line = False
            continue
        word.append(character)
        if raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect)):
            box = _around(box, upright(rect.left, rect.top, rect.right, rect.bottom))
    if pending is not None:
        yield pending
    if word and box is not None:
        yield Placed("".join(word), *box)


def _around(box: Box | None, other: Box) -> Box:
    if box is None:
        return other
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def _turned(page: "pypdfium2.PdfPage") -> Callable[[float, float, float, float], Box]:
    """A function from a rectangle in the page's own space, y up, to one on the page as it is read, y down."""
    low_x, low_y, high_x, high_y = page.get_bbox()
    rotation = page.get_rotation()

    def upright(left: float, top: float, right: float, bottom: float) -> Box:
        if rotation == 90:
            return bottom - low_y, left - low_x, top - low_y, right - low_x
        if rotation == 180:
            return high_x - right, bottom - low_y, high_x - left, top - low_y
        if rotation == 270:
            return high_y - top, high_x - right, high_y - bottom, high_x - left
        return left - low_x, high_y - top, right - low_x, high_y - bottom

    return upright
