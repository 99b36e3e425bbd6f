"""COCO's panoptic pictures: PNG files in which the colour of a pixel is the number of the segment that it belongs to.

Source: "Panoptic Segmentation" in cocodataset.org/#format-data: the number of a segment is red + 256 green + 65536 blue,
0 is nothing, and the files lie in a folder of the name of the JSON file.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from karat.formats.base import Source
from karat.formats.coco_numbers import whole
from karat.formats.finding import Finder
from karat.formats.sources import READ_ERRORS
from karat.geometry import masks

MOST_PIXELS = 1 << 28
"""Of a picture; more would take gigabytes of memory."""

Numbers = NDArray[np.int64]


def folder_of(name: str) -> str:
    """Where the pictures of a JSON file lie.

    >>> folder_of("annotations/panoptic_val2017.json")
    'panoptic_val2017'
    """
    return PurePosixPath(name).stem


def runs_of_segments(thing: Mapping[str, object], name: str, finder: Finder) -> dict[int, dict[str, object]]:
    """The run lengths of the segments of a panoptic annotation, by their numbers; none where its picture is not there."""
    given = thing.get("file_name")
    segments = thing.get("segments_info")
    found = finder.find(f"{folder_of(name)}/{given}", name) if isinstance(given, str) and given else None
    if found is None or not isinstance(segments, list):
        return {}
    pixels = _pixels(finder.source, found)
    if pixels is None:
        return {}
    wanted = [n for s in segments if isinstance(s, dict) and (n := whole(s.get("id"))) is not None and n > 0]
    return {number: runs for number in wanted if (runs := _runs(pixels, number)) is not None}


def write_picture(file: BinaryIO, size: tuple[int, int], segments: Sequence[tuple[int, str]]) -> None:
    """A picture of a height and width with the numbers of segments; each is given with its run lengths of the whole picture.

    A pixel of several belongs to the last.
    """
    from PIL import Image

    height, width = size
    numbers = np.zeros((height, width), np.int64)
    for number, counts in segments:
        runs = masks.decode(counts)
        if runs is None or int(runs.sum()) != height * width:
            raise ValueError(f"run lengths of {height * width} pixels were expected, got {counts[:40]!r}")
        on = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
        numbers[on.reshape(width, height).T] = number
    colours = np.stack([numbers & 255, numbers >> 8 & 255, numbers >> 16 & 255], axis=-1)
    Image.fromarray(colours.astype(np.uint8)).save(file, "PNG")


def _runs(pixels: Numbers, number: int) -> dict[str, object] | None:
    height, width = pixels.shape
    crop = masks.of_pixels(pixels == number)
    if crop is None:
        return None
    return {"size": [height, width], "counts": masks.encode(masks.whole(crop, width=width, height=height))}


def _pixels(source: Source, name: str) -> Numbers | None:
    """The number of each pixel, shape (height, width); None for a file that is no such picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with source.open(name) as file, Image.open(file) as image:
            if image.width * image.height > MOST_PIXELS or image.mode not in ("RGB", "RGBA", "P"):
                return None
            colours = np.asarray(image.convert("RGB"), np.int64)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, *READ_ERRORS):
        return None  # the segments are read by their boxes then, which is counted
    found: Numbers = colours @ np.array([1, 1 << 8, 1 << 16])
    return found
