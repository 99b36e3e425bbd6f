"""What a TIFF says of itself in its tags: size, bands, and where on the earth its pixels lie (OGC GeoTIFF 1.1)."""

from collections.abc import Mapping
from pathlib import Path

from PIL.TiffImagePlugin import ImageFileDirectory_v2

from karat.model.kind import Geo

WIDTH, HEIGHT, BANDS, ORIENTATION = 256, 257, 277, 274
EXTRA = 338
SCALE, TIE, TRANSFORM = 33550, 33922, 34264
KEYS, DOUBLES, TEXTS = 34735, 34736, 34737
NO_DATA = 42113
PROJECTED, GEOGRAPHIC, RASTER_TYPE = 3072, 2048, 1025
CITATIONS = (3073, 2049, 1026)
IS_POINT = 2
OPACITY = (1, 2)
"""What an extra band is said to hold: colours multiplied with it, or colours as they are."""
OWN = 32767
"""The code of what has none, and is told in words."""


def tags_of(path: Path) -> Mapping[int, object]:
    """The tags of the first picture of a TIFF or BigTIFF; nothing is unpacked."""
    with path.open("rb") as file:
        head = file.read(8)
        if head[2] == 43 or head[3] == 43:  # BigTIFF
            head += file.read(8)
        tags = ImageFileDirectory_v2(head)
        file.seek(tags.next)
        tags.load(file)
        return dict(tags)


def last_is_opacity(tags: Mapping[int, object]) -> bool:
    """Whether the last band says how opaque a pixel is.

    >>> last_is_opacity({EXTRA: (2,)}), last_is_opacity({EXTRA: (0,)}), last_is_opacity({})
    (True, False, False)
    """
    said = tags.get(EXTRA)
    extra = said if isinstance(said, tuple) else (said,)
    return bool(extra) and extra[-1] in OPACITY


def geo_of(tags: Mapping[int, object]) -> Geo | None:
    """Where the pixels lie; None where the file does not say, or where it is shown turned."""
    if tags.get(ORIENTATION, 1) != 1:
        return None
    keys = _keys(tags)
    transform = _transform(tags)
    if transform is None:
        return None
    if keys.get(RASTER_TYPE) == IS_POINT:
        # Coordinates are those of the pixel's middle; Karat's are those of its corner.
        a, b, c, d, e, f = transform
        transform = (a, b, c - (a + b) / 2, d, e, f - (d + e) / 2)
    return Geo(transform=transform, crs=_crs(keys))


def _transform(tags: Mapping[int, object]) -> tuple[float, float, float, float, float, float] | None:
    matrix = _floats(tags.get(TRANSFORM))
    if len(matrix) == 16:
        return (matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7])
    scale, tie = _floats(tags.get(SCALE)), _floats(tags.get(TIE))
    if len(scale) < 2 or len(tie) < 6:
        return None
    (across, down), (column, row, _, x, y) = scale[:2], tie[:5]
    return (across, 0.0, x - column * across, 0.0, -down, y + row * down)


def _keys(tags: Mapping[int, object]) -> dict[int, int | str]:
    """The GeoKeys: numbers as they stand, texts from where the directory says they are."""
    directory = [int(number) for number in _floats(tags.get(KEYS))]
    texts = str(tags.get(TEXTS, ""))
    found: dict[int, int | str] = {}
    for key, place, count, value in zip(*(directory[4 + i :: 4] for i in range(4)), strict=False):
        if place == 0:
            found[key] = value
        elif place == TEXTS:
            found[key] = texts[value : value + count].rstrip("|\x00 ")
    return found


def _crs(keys: Mapping[int, int | str]) -> str | None:
    for key in (PROJECTED, GEOGRAPHIC):
        code = keys.get(key)
        if isinstance(code, int) and 0 < code < OWN:
            return f"EPSG:{code}"
    return next((text for key in CITATIONS if isinstance(text := keys.get(key), str) and text), None)


def _floats(value: object) -> list[float]:
    return [float(number) for number in value] if isinstance(value, tuple) else []
