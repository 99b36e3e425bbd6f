"""Label Studio's brush regions as masks, and back.

They are pictures of the size of the item's, 4 bytes a pixel row by row, packed by rle-pack (thi.ng/rle-pack) in bits: 32 for
how many bytes there are, 5 for a word's size, 4 times 4 for the sizes of counts, then blocks: one bit for "the same word
again", two for which size the count has, the count less one, and the word, or the words.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from karat.geometry import masks

HALF = 128
"""A pixel is on from this opacity on: the edge of a brush is painted in part."""
LARGEST = 1 << 28
"""Pixels of a picture, beyond which a size is a slip."""
LONGEST = 1 << 20
"""Pixels of a side: work and memory grow with the columns of a mask, however few runs it has."""
SIZES = (3, 4, 8, 16)
"""Bits of counts that Label Studio itself writes."""
HEAD = 32 + 5 + 16
FULL = 255
Bits = NDArray[np.uint8]


def unpacked(rle: object, *, width: int, height: int) -> masks.Crop | None:
    """The mask of a brush region; None where nothing is painted. `ValueError` where it is none of this size."""
    size = 4 * width * height
    if not 0 < size <= 4 * LARGEST or max(width, height) > LONGEST:
        raise ValueError(f"a picture of {width} x {height}")
    if not isinstance(rle, list) or not all(
        isinstance(b, int) and not isinstance(b, bool) and 0 <= b < 256 for b in rle
    ):
        raise ValueError("bytes from 0 to 255")
    bits = np.unpackbits(np.array(rle, np.uint8))
    if bits.size < HEAD or _number(bits, 0, 32) != size:
        raise ValueError(f"a head that tells of {size} bytes, 4 a pixel")
    if _number(bits, 32, 5) + 1 != 8:
        raise ValueError("words of 8 bits")
    return masks.of_pixels(_words(bits, size)[3::4].reshape(height, width) >= HALF)


def packed(crop: masks.Crop, *, width: int, height: int) -> list[int]:
    """A mask as bytes of a brush region: all four bytes of a pixel are 255 or 0."""
    left, top = crop[0][:2]
    rows = masks.pixels(crop)
    edges = np.diff(np.pad(rows, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    base = (starts[:, 0] + top) * width + left
    on = np.stack([base + starts[:, 1], base + ends[:, 1]], axis=1).ravel()
    counts = 4 * np.diff(np.concatenate([[0], on, [width * height]]))
    blocks = "".join(_block(int(count), FULL * (index % 2)) for index, count in enumerate(counts))
    text = f"{4 * width * height:032b}" + f"{8 - 1:05b}" + "".join(f"{size - 1:04b}" for size in SIZES) + blocks
    text += "0" * (-len(text) % 8)
    return list(int(text, 2).to_bytes(len(text) // 8, "big"))


def size_of(result: Mapping[str, object]) -> tuple[int, int] | None:
    """Width and height that a result gives for its picture, if it does."""
    width, height = result.get("original_width"), result.get("original_height")
    if isinstance(width, int | float) and isinstance(height, int | float) and width > 0 and height > 0:
        return round(width), round(height)
    return None


def _words(bits: Bits, size: int) -> Bits:
    sizes = [_number(bits, 37 + 4 * place, 4) + 1 for place in range(4)]
    found = np.zeros(size, np.uint8)
    at, done = HEAD, 0
    while done < size:
        if at + 3 > bits.size:
            raise ValueError(f"{size} bytes, of which {done} are there")
        is_run, wide = bits[at], sizes[_number(bits, at + 1, 2)]
        count = min(_number(bits, at + 3, wide) + 1, size - done)
        at += 3 + wide
        used = 8 if is_run else 8 * count
        words = np.packbits(bits[at : at + used])
        if at + used > bits.size:
            raise ValueError(f"{size} bytes, of which {done} are there")
        found[done : done + count] = words
        at, done = at + used, done + count
    return found


def _block(count: int, word: int) -> str:
    """So many equal words, as Label Studio's own converter writes them."""
    if count == 0:
        return ""
    whole, rest = divmod(count, 1 << SIZES[-1])
    full = f"111{(1 << SIZES[-1]) - 1:016b}{word:08b}" * whole
    if rest == 0:
        return full
    if rest == 1:
        return f"{full}000000{word:08b}"
    place = next(index for index, bits in enumerate(SIZES) if rest <= 1 << bits)
    return f"{full}1{place:02b}{rest - 1:0{SIZES[place]}b}{word:08b}"


def _number(bits: Bits, at: int, wide: int) -> int:
    return int("".join(map(str, bits[at : at + wide])) or "0", 2)
