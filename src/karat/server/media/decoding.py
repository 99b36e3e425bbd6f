"""The work of a media process: the facts of a picture, and small versions of it. Runs with limits on memory and time."""

import io
import struct
import warnings
from pathlib import Path

import msgspec
from PIL import Image, ImageOps, UnidentifiedImageError

from karat.model.kind import Facts
from karat.server.media.sniff import IMAGES, media_type
from karat.server.processes.channel import Channel

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
ORIENTATION = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})


class Limit(msgspec.Struct, frozen=True):
    """What the process is started with."""

    max_pixels: int


class LookAt(msgspec.Struct, frozen=True, tag="look"):
    """Find out what a file is."""

    path: str


class Shrink(msgspec.Struct, frozen=True, tag="shrink"):
    """Make a small version of a picture, or (without an edge) one of its full size that every browser can show."""

    path: str
    edge: int | None


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """What a file is."""

    media_type: str
    facts: Facts


class Small(msgspec.Struct, frozen=True, tag="small"):
    """A small version."""

    media_type: str
    data: bytes


class Bad(msgspec.Struct, frozen=True, tag="bad"):
    """It cannot be read, and why."""

    got: str
    expected: str


Ask = LookAt | Shrink
Answer = Looked | Small | Bad

# What Pillow raises for broken files, by reading its plug-ins: it has no common class.
BROKEN = (UnidentifiedImageError, OSError, ValueError, TypeError, SyntaxError, EOFError, KeyError, IndexError, struct.error, MemoryError, OverflowError, ZeroDivisionError)  # fmt: skip


def work(channel: Channel) -> None:
    """Answer one question after another."""
    limit = channel.arguments(Limit)
    Image.MAX_IMAGE_PIXELS = None  # the size is checked here, before a byte is unpacked
    warnings.simplefilter("ignore")  # Pillow's remarks on odd files; the answer says what matters
    while (ask := channel.receive(Ask)) is not None:  # type: ignore[arg-type]
        channel.send(answer(ask, limit.max_pixels))


def answer(ask: Ask, max_pixels: int) -> Answer:
    """What was asked for, or why it cannot be."""
    try:
        if isinstance(ask, LookAt):
            return look_at(Path(ask.path), max_pixels)
        return shrink(Path(ask.path), ask.edge, max_pixels)
    except BROKEN as error:
        return Bad(f"{type(error).__name__}: {error}"[:300], "a picture that can be read to its end")


def look_at(path: Path, max_pixels: int) -> Looked | Bad:
    """The type of a file, and the size of a picture after its EXIF orientation. Nothing is unpacked but headers."""
    with path.open("rb") as file:
        found = media_type(file.read(4096))
    size = path.stat().st_size
    if found not in IMAGES:
        return Looked(found, Facts(media_type=found, bytes=size))
    with Image.open(path, formats=FORMATS) as image:
        if problem := _too_large(image, max_pixels):
            return problem
        orientation = image.getexif().get(ORIENTATION, 1)
        orientation = orientation if orientation in range(1, 9) else 1
        # Pillow turns TIFFs by itself and says their size as they are seen.
        turns = orientation in SIDEWAYS and image.format != "TIFF"
        width, height = image.size[::-1] if turns else image.size
    facts = Facts(width=width, height=height, orientation=orientation, media_type=found, bytes=size)
    return Looked(found, facts)


def shrink(path: Path, edge: int | None, max_pixels: int) -> Small | Bad:
    """A WebP whose longer side is at most `edge` pixels, upright; a PNG of the full size where there is no edge."""
    with Image.open(path, formats=FORMATS) as image:
        if problem := _too_large(image, max_pixels):
            return problem
        if edge is not None:
            image.draft("RGB", (edge, edge))  # lets JPEG decode at an eighth of its size
        upright = _in_eight_bits(ImageOps.exif_transpose(image))
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        shown = upright.convert("RGBA" if has_alpha else "RGB")
        data = io.BytesIO()
        if edge is None:
            shown.save(data, "PNG", compress_level=1)
            return Small("image/png", data.getvalue())
        shown.thumbnail((edge, edge))
        shown.save(data, "WEBP", quality=80, method=2)
    return Small("image/webp", data.getvalue())


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Greys of more than 8 bits, or in floating point, spread from the darkest to the brightest: cut off, they would be white."""
    if image.mode not in {"I", "F"} and not image.mode.startswith("I;"):
        return image
    import numpy as np  # most pictures need none of it

    values = np.asarray(image, dtype=np.float32)
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    spread = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * (255 / (high - low) if high > low else 0)
    return Image.fromarray(spread.astype(np.uint8))


def _too_large(image: Image.Image, max_pixels: int) -> Bad | None:
    width, height = image.size
    if width < 1 or height < 1:
        return Bad(f"{width} × {height} pixels", "a picture with at least one pixel")
    if width * height > max_pixels:
        return Bad(f"{width} × {height} pixels", f"at most {max_pixels} pixels")
    return None
