"""The work of a media process: the facts of a picture or document, and small versions of it. Runs with limits on memory and time."""

import hashlib
import io
import struct
import warnings
from pathlib import Path

import msgspec
from PIL import Image, UnidentifiedImageError

from karat.model import pages
from karat.model.kind import Facts
from karat.server.media import bundles, by_rows, pdf
from karat.server.media.answers import Answer, Ask, Bad, BadError, LookAt, Looked, Small
from karat.server.media.pictures import FORMATS, in_eight_bits, orientation_of, too_large, upright_of, upright_size
from karat.server.media.sniff import DOCUMENTS, IMAGES, PDF, media_type
from karat.server.processes.channel import Channel

PAGE_EDGE = 2400
"""Pixels of the longer side of a page that is shown to be read: sharp at twice the width of a usual screen area."""


class Limit(msgspec.Struct, frozen=True):
    """What the process is started with."""

    max_pixels: int
    """Of a picture that is unpacked as a whole."""
    largest: int
    """Of one that is looked at, or read by rows."""


# What Pillow raises for broken files, by reading its plug-ins: it has no common class.
BROKEN = (UnidentifiedImageError, OSError, ValueError, TypeError, SyntaxError, EOFError, KeyError, IndexError, struct.error, MemoryError, OverflowError, ZeroDivisionError)  # fmt: skip


def work(channel: Channel) -> None:
    """Answer one question after another."""
    limit = channel.arguments(Limit)
    Image.MAX_IMAGE_PIXELS = None  # the size is checked here, before a byte is unpacked
    warnings.simplefilter("ignore")  # Pillow's remarks on odd files; the answer says what matters
    while (ask := channel.receive(Ask)) is not None:  # type: ignore[arg-type]
        channel.send(answer(ask, limit))


def answer(ask: Ask, limit: Limit) -> Answer:
    """What was asked for, or why it cannot be."""
    try:
        if isinstance(ask, LookAt):
            return look_at(Path(ask.path), limit.max_pixels, largest=limit.largest)
        if ask.page is not None:
            return show_page(Path(ask.path), ask.page, ask.edge or PAGE_EDGE, limit.max_pixels)
        return shrink(Path(ask.path), ask.edge, limit)
    except BadError as error:
        return error.bad
    except BROKEN as error:
        return Bad(f"{type(error).__name__}: {error}"[:300], "a picture that can be read to its end")


def look_at(path: Path, max_pixels: int, *, largest: int | None = None) -> Looked | Bad:
    """The type of a file, and the size of a picture after its EXIF orientation, of which nothing is unpacked but headers.

    A picture has at most `largest` pixels, those in a document `max_pixels`. A document is read whole: its pages, its text and its words; raises `BadError`.
    """
    with path.open("rb") as file:
        found = media_type(file.read(4096))
    size = path.stat().st_size
    if found in DOCUMENTS:
        return _look_into(path, found, size, max_pixels)
    if found not in IMAGES:
        return Looked(found, Facts(media_type=found, bytes=size))
    if found == "image/tiff":
        return by_rows.look_at_tiff(path, largest or max_pixels)
    with Image.open(path, formats=FORMATS) as image:
        if problem := too_large(image, largest or max_pixels):
            return problem
        orientation = orientation_of(image)
        width, height = upright_size(image)
    facts = Facts(width=width, height=height, orientation=orientation, media_type=found, bytes=size)
    return Looked(found, facts)


def shrink(path: Path, edge: int | None, limit: Limit) -> Small | Bad:
    """A WebP whose longer side is at most `edge` pixels, upright; a PNG of the full size where there is no edge."""
    with path.open("rb") as file:
        found = media_type(file.read(4096))
    most = limit.max_pixels if edge is None else limit.largest
    if by_rows.is_read_by_rows(path, found):
        looked = look_at(path, most)
        return looked if isinstance(looked, Bad) else by_rows.shrink(path, found, edge)
    with Image.open(path, formats=FORMATS) as image:
        if problem := too_large(image, limit.max_pixels):
            return problem
        if edge is not None:
            image.draft("RGB", (edge, edge))  # lets JPEG decode at an eighth of its size
        upright = in_eight_bits(upright_of(image))
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        shown = upright.convert("RGBA" if has_alpha else "RGB")
        data = io.BytesIO()
        if edge is None:
            shown.save(data, "PNG", compress_level=1)
            return Small("image/png", data.getvalue())
        shown.thumbnail((edge, edge))
        shown.save(data, "WEBP", quality=80, method=2)
    return Small("image/webp", data.getvalue())


def show_page(path: Path, page: int, edge: int, max_pixels: int) -> Small:
    """A page of a document, from 1, as a WebP whose longer side is at most `edge` pixels; raises `BadError`."""
    with path.open("rb") as file:
        found = media_type(file.read(4096))
    if found == PDF:
        with pdf.opened(path) as document:
            _check_page(page, len(document))
            shown = pdf.picture(document, page - 1, edge)
    else:
        with bundles.opened(path) as (archive, listed):
            _check_page(page, len(listed))
            shown = bundles.picture(archive, page - 1, edge, max_pixels)
    data = io.BytesIO()
    shown.save(data, "WEBP", quality=85, method=2)
    return Small("image/webp", data.getvalue())


def _check_page(page: int, count: int) -> None:
    if not 1 <= page <= count:
        raise BadError(Bad(f"page {page}", f"1 to {count}", "Ask for a page that the document has."))


def _look_into(path: Path, found: str, size: int, max_pixels: int) -> Looked:
    if found == PDF:
        with pdf.opened(path) as document:
            made = pages.layer(pdf.extractor(), pdf.sheets(document))
    else:
        with bundles.opened(path) as (archive, listed):
            made = pages.layer(bundles.EXTRACTOR, bundles.sheets(archive, listed, max_pixels))
    layer = pages.encode(made)
    known = pages.facts_of(made, hashlib.sha256(layer).hexdigest())
    return Looked(found, msgspec.structs.replace(known, media_type=found, bytes=size), layer)
