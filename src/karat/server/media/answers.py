"""What a media process is asked, and what it answers."""

import msgspec

from karat.model.kind import Facts


class LookAt(msgspec.Struct, frozen=True, tag="look"):
    """Find out what a file is."""

    path: str


class Shrink(msgspec.Struct, frozen=True, tag="shrink"):
    """Make a small version of a picture, or (without an edge) one of its full size that every browser can show.

    `page` is the page of a document, from 1, whose picture is wanted.
    """

    path: str
    edge: int | None
    page: int | None = None


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """What a file is. `layer` is the text and the words of a document, as `model.pages.encode` writes them."""

    media_type: str
    facts: Facts
    layer: bytes = b""


class Small(msgspec.Struct, frozen=True, tag="small"):
    """A small version."""

    media_type: str
    data: bytes


class Bad(msgspec.Struct, frozen=True, tag="bad"):
    """It cannot be read, why, and what to do."""

    got: str
    expected: str
    do: str = "Save the picture again with another program, or leave it out."


Ask = LookAt | Shrink
Answer = Looked | Small | Bad


class BadError(Exception):
    """A file is at fault."""

    def __init__(self, bad: Bad) -> None:
        super().__init__(bad.got)
        self.bad = bad
