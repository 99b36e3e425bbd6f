"""The size of a picture of a source as it is seen, of which nothing is unpacked but its headers."""

from karat.formats.base import Source
from karat.formats.sources import READ_ERRORS

ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)


def size_in(source: Source, name: str) -> tuple[int, int] | None:
    """Width and height in pixels after EXIF orientation; None where the file is missing or no picture that can be opened."""
    from PIL import Image, UnidentifiedImageError

    try:
        with source.open(name) as file, Image.open(file) as image:
            turns = image.format != "TIFF" and image.getexif().get(ORIENTATION, 1) in SIDEWAYS
            width, height = image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, *READ_ERRORS):
        return None
    return (height, width) if turns else (width, height)
