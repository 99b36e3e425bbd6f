"""Pictures read piece by piece with libvips: those too large for memory, and TIFFs of kinds that Pillow does not know."""

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from karat.server.media.geotiff import NO_DATA, last_is_opacity, tags_of

if TYPE_CHECKING:
    import pyvips

LOADERS = {
    "image/jpeg": "jpegload",
    "image/png": "pngload",
    "image/gif": "gifload",
    "image/webp": "webpload",
    "image/tiff": "tiffload",
    "image/avif": "heifload",
}
"""By what the bytes say; a loader that libvips chose by itself would also read options out of a file's name."""
SAMPLE = 4_000_000
"""So many pixels say how dark and how bright a picture is."""
CLIPPED = (0.5, 99.5)
"""Percentiles that become black and white in pictures of more than eight bits: single pixels are often much brighter."""
COLOURS = {"cmyk", "lab", "labs", "xyz", "scrgb", "hsv"}


def _library() -> "type[pyvips.Image]":
    """The library, held to two threads and no cache, as its memory grows with both."""
    os.environ.setdefault("VIPS_CONCURRENCY", "2")
    import pyvips

    pyvips.cache_set_max(0)
    image: type[pyvips.Image] = pyvips.Image
    return image


def opened(path: Path, media_type: str) -> "pyvips.Image":
    """A picture upright, its rows read as they are asked for. `ValueError` for a type that libvips does not read."""
    loader = LOADERS.get(media_type)
    if loader is None:
        raise ValueError(f"{media_type} is read whole only; save it as TIFF, JPEG or PNG")
    load = getattr(_library(), loader)
    image = load(str(path), access="sequential", fail_on="truncated")
    if image.get_typeof("orientation") and image.get("orientation") != 1:
        # Turning needs rows in another order: libvips unpacks the picture into a temporary file.
        image = load(str(path), access="random", fail_on="truncated").autorot()
    return image


def shown(path: Path, media_type: str) -> "pyvips.Image":
    """The picture in eight bits, grey or red, green and blue: of several bands the first three. Transparency of eight bits is kept."""
    image = opened(path, media_type)
    if image.interpretation in COLOURS:
        image = image.colourspace("srgb")
    if image.bands in (2, 4) and image.format == "uchar" and _is_see_through(path, media_type):
        return image.copy(interpretation="srgb" if image.bands == 4 else "b-w")
    some = image.extract_band(0, n=3) if image.bands >= 3 else image.extract_band(0)
    if some.format == "uchar":
        return some.copy(interpretation="srgb" if some.bands == 3 else "b-w")
    lows, highs = _range(path, media_type, some.bands)
    factors = [255 / (high - low) if high > low else 0.0 for low, high in zip(lows, highs, strict=True)]
    offsets = [-low * factor for low, factor in zip(lows, factors, strict=True)]
    return some.linear(factors, offsets).cast("uchar").copy(interpretation="srgb" if some.bands == 3 else "b-w")


def _is_see_through(path: Path, media_type: str) -> bool:
    """Whether the last band is opacity: a TIFF says so, as its fourth band may as well be infrared."""
    return media_type != "image/tiff" or last_is_opacity(tags_of(path))


def _range(path: Path, media_type: str, bands: int) -> tuple[list[float], list[float]]:
    """What becomes black and what white, for each band, by a sample; pixels that are said to hold nothing do not count."""
    image = opened(path, media_type).extract_band(0, n=bands)
    step = max(1, int((image.width * image.height / SAMPLE) ** 0.5))
    sample = np.asarray(image.subsample(step, step).numpy(), dtype=np.float64).reshape(-1, bands)
    nothing = no_data(path) if media_type == "image/tiff" else None
    lows, highs = [], []
    for values in sample.T:
        known = (
            values[np.isfinite(values) & (values != nothing)] if nothing is not None else values[np.isfinite(values)]
        )
        low, high = np.percentile(known, CLIPPED) if known.size else (0.0, 0.0)
        lows.append(float(low))
        highs.append(float(high))
    return lows, highs


def no_data(path: Path) -> float | None:
    """The value that a GeoTIFF has where it has nothing."""
    try:
        return float(str(tags_of(path).get(NO_DATA, "")).strip("\x00 "))
    except (ValueError, OSError, struct.error):
        return None
