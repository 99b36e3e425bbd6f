"""TIFFs by their tags, and small versions of pictures that Pillow cannot hold or does not know."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from karat.model.kind import Facts
from karat.server.media.answers import Bad, Looked, Small
from karat.server.media.geotiff import BANDS, HEIGHT, ORIENTATION, WIDTH, geo_of, tags_of
from karat.server.media.pictures import FORMATS, SIDEWAYS, SMALLER

MANY_PIXELS = 60_000_000
"""From here on a picture is read row by row when a small version of it is made."""

WHOLE = "Copy or upload the file again: it is not whole."


def look_at_tiff(path: Path, max_pixels: int) -> Looked | Bad:
    """The facts of a TIFF by its tags alone: Pillow opens only those whose pixels it can unpack."""
    tags = tags_of(path)
    width, height, orientation = (tags.get(tag) for tag in (WIDTH, HEIGHT, ORIENTATION))
    if not isinstance(width, int) or not isinstance(height, int):
        return Bad("a TIFF that breaks off before it says its size", "a whole file", WHOLE)
    if width < 1 or height < 1:
        return Bad(f"{width} × {height} pixels", "a picture with at least one pixel")
    if width * height > max_pixels:
        return Bad(f"{width} × {height} pixels", f"at most {max_pixels} pixels", SMALLER)
    turned = orientation if isinstance(orientation, int) and orientation in range(1, 9) else 1
    if turned in SIDEWAYS:
        width, height = height, width
    size = path.stat().st_size
    geo, bands = geo_of(tags), _bands(tags)
    facts = Facts(
        width=width, height=height, orientation=turned, media_type="image/tiff", bytes=size, geo=geo, bands=bands
    )
    return Looked("image/tiff", facts)


def _bands(tags: Mapping[int, object]) -> int | None:
    """How many bands a TIFF has, where they are more than colours and transparency."""
    bands = tags.get(BANDS)
    return bands if isinstance(bands, int) and (bands > 4 or geo_of(tags) is not None) else None


def is_read_by_rows(path: Path, found: str) -> bool:
    """Whether Pillow would have to hold too much of a picture, or does not know its kind of TIFF."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            return image.size[0] * image.size[1] > MANY_PIXELS
    except UnidentifiedImageError:
        if found == "image/tiff":
            return True
        raise


def shrink(path: Path, found: str, edge: int | None) -> Small | Bad:
    """A WebP whose longer side is at most `edge` pixels; a PNG of the full size where there is no edge."""
    from karat.server.media import vips  # only where it is needed: most pictures are small

    try:
        image = vips.shown(path, found)
        if edge is None:
            return Small("image/png", bytes(image.pngsave_buffer(compression=1)))
        share = min(1.0, edge / max(image.width, image.height))
        return Small("image/webp", bytes(image.resize(share).webpsave_buffer(Q=80)))
    except Exception as error:
        if type(error).__module__.split(".")[0] != "pyvips":
            raise
        return Bad(str(error).strip()[:300], "a picture that can be read to its end")
