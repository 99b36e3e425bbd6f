"""The work of a tiles process: cuts a picture into tiles of several sizes, in one pass and bounded memory."""

import os
import re
import struct
import zipfile
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from karat.server.media.answers import Bad
from karat.server.media.decoding import BROKEN
from karat.server.media.sniff import media_type
from karat.server.processes.channel import Channel

if TYPE_CHECKING:
    import pyvips

TILE = 512
SUFFIX = ".jpg[Q=90]"
SEE_THROUGH = ".webp[Q=90,effort=1]"
"""Of a picture with transparency, so that it looks as one that is not cut."""
TILE_NAME = re.compile(r"/(\d+)/(\d+)_(\d+)\.(?:jpg|webp)$")
LOCAL_HEADER = 30
"""Bytes of the header before a name in a ZIP archive; two lengths stand at its end."""


class Cut(msgspec.Struct, frozen=True):
    """What the process is started with: which file, and where the archive of its tiles goes."""

    path: str
    target: str


class Pyramid(msgspec.Struct, frozen=True):
    """Tiles of a picture. Level 0 fits into one tile, each further one has twice the pixels a side, the last one all."""

    width: int
    height: int
    tile: int
    levels: int
    spans: bytes
    """Where each tile lies in the archive: start and length, 64 bits each, little-endian, by level, row and column."""

    def grid(self, level: int) -> tuple[int, int]:
        """Columns and rows of a level.

        >>> Pyramid(1300, 900, 512, 3, b"").grid(2), Pyramid(1300, 900, 512, 3, b"").grid(1)
        ((3, 2), (2, 1))
        """
        shrink = 1 << (self.levels - 1 - level)
        sides = (-(-self.width // shrink), -(-self.height // shrink))
        return -(-sides[0] // self.tile), -(-sides[1] // self.tile)

    def place(self, level: int, x: int, y: int) -> int | None:
        """The number of a tile among all; None where there is none."""
        if not 0 <= level < self.levels:
            return None
        columns, rows = self.grid(level)
        if not (0 <= x < columns and 0 <= y < rows):
            return None
        before = sum(across * down for across, down in map(self.grid, range(level)))
        return before + y * columns + x

    def span(self, level: int, x: int, y: int) -> tuple[int, int] | None:
        """Where a tile begins and ends in the archive; None where there is none."""
        place = self.place(level, x, y)
        if place is None:
            return None
        start, length = struct.unpack_from("<QQ", self.spans, 16 * place)
        return start, start + length


class Going(msgspec.Struct, frozen=True, tag="going"):
    """How far it is."""

    percent: int


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The tiles lie in the archive."""

    pyramid: Pyramid


Answer = Going | Made | Bad


def work(channel: Channel) -> None:
    """Cut one picture, and say how far it is on the way."""
    order = channel.arguments(Cut)
    try:
        made = cut(Path(order.path), Path(order.target), lambda percent: channel.send(Going(percent)))
    except (*BROKEN, RuntimeError) as error:
        channel.send(Bad(f"{type(error).__name__}: {error}"[:300], "a picture that can be read to its end"))
    except Exception as error:
        if type(error).__module__.split(".")[0] != "pyvips":
            raise
        channel.send(Bad(str(error).strip()[:300], "a picture that can be read to its end in the memory of a worker"))
    else:
        channel.send(Made(made))


def cut(path: Path, target: Path, tell: Callable[[int], None]) -> Pyramid:
    """Write an archive of tiles (`.zip`); `tell(percent)` is called along the way."""
    # What libvips unpacks on the way lies beside the archive: the job's folder is removed with it, however this ends.
    os.environ["TMPDIR"] = str(target.parent)
    from karat.server.media.vips import shown

    with path.open("rb") as file:
        found = media_type(file.read(4096))
    image = shown(path, found)
    _follow(image, tell)
    suffix = SEE_THROUGH if image.bands in (2, 4) else SUFFIX
    image.dzsave(str(target), container="zip", compression=0, suffix=suffix, tile_size=TILE, overlap=0, depth="onetile")
    return _indexed(target, image.width, image.height)


def _follow(image: "pyvips.Image", tell: Callable[[int], None]) -> None:
    last = -1

    def evaluated(_image: "pyvips.Image", progress: object) -> None:
        nonlocal last
        percent = int(getattr(progress, "percent", 0))
        if percent > last:
            last = percent
            tell(percent)

    image.set_progress(True)
    image.signal_connect("eval", evaluated)


def _indexed(archive: Path, width: int, height: int) -> Pyramid:
    with zipfile.ZipFile(archive) as file:
        found = ((TILE_NAME.search(entry.filename), entry) for entry in file.infolist())
        entries = {tuple(map(int, named.groups())): entry for named, entry in found if named}
    levels = 1 + max(level for level, _, _ in entries)
    pyramid = Pyramid(width, height, TILE, levels, b"")
    spans = array("Q")
    with archive.open("rb") as raw:
        for level in range(levels):
            columns, rows = pyramid.grid(level)
            for y in range(rows):
                for x in range(columns):
                    entry = entries[level, x, y]
                    raw.seek(entry.header_offset)
                    name, extra = struct.unpack("<HH", raw.read(LOCAL_HEADER)[-4:])
                    spans.extend((entry.header_offset + LOCAL_HEADER + name + extra, entry.file_size))
    return msgspec.structs.replace(pyramid, spans=struct.pack(f"<{len(spans)}Q", *spans))
