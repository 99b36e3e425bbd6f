"""What reading any bytes must keep, whatever they are: checked for one file at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from karat.formats import FORMATS, detect
from karat.formats.base import Format, ReadContext, Record, Reject, WriteContext
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.model.problem import Refused
from karat.model.schema import Schema


class MemorySource:
    """Files in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> Iterator[str]:
        """In the order of their parts."""
        yield from sorted(self.files, key=lambda name: name.split("/"))

    def open(self, name: str) -> BinaryIO:
        """The file."""
        if name not in self.files:
            raise FileNotFoundError(name)
        return BytesIO(self.files[name])

    def size(self, name: str) -> int | None:
        """Bytes."""
        return len(self.files[name]) if name in self.files else None

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self.files


class TooManySteps(AssertionError):  # noqa: N818 - it is what happened
    """Reading took more work than a file of this size may."""


@contextmanager
def bounded(limit: int) -> Iterator[None]:
    """Raise `TooManySteps` after so many calls, Python's or C's: a bound on work that no slow machine can break."""
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal steps
        steps += 1
        if steps > limit:
            sys.setprofile(None)
            raise TooManySteps(f"more than {limit} calls")

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)


def steps_for(data: bytes) -> int:
    """How many calls reading so many bytes may take."""
    return 400_000 + 150 * len(data)


def check(format: Format, name: str, data: bytes, schema: Schema, folder: Path) -> None:
    """Read the bytes as a file of this format; every broken promise is an assertion."""
    source = MemorySource({name: data})
    with bounded(steps_for(data)):
        with suppress(
            Refused
        ):  # a file may be too broken to be known; it still has to be read where the format is named
            detect(source)
        assert format.propose is not None and format.read is not None
        proposal = format.propose(source, ReadContext().kinds)
        found = list(format.read(source, ReadContext(schema=schema)))
    assert proposal is None or isinstance(msgspec.to_builtins(proposal), dict)
    assert all(isinstance(result, Record | Reject) for result in found)
    assert all(reject.problems for reject in found if isinstance(reject, Reject))
    assert not (
        data.strip(b" \t\r\n\xef\xbb\xbf")
        and format.reads(name, data[: 1 << 16])
        and not found
        and format.name not in QUIET
    ), "silent loss"
    again = list(format.read(source, ReadContext(schema=schema, skip=len(found) // 2)))
    assert again == found[len(found) // 2 :], "skipping gives something else"
    if (
        format.name == "jsonl"
        and name.endswith(".jsonl")
        and b'"item"' not in data[:2000]
        and not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    ):
        assert len(found) == sum(
            1 for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip(b" \t\r\x0b\x0c")
        ), "lines and results differ"
    records = [result for result in found if isinstance(result, Record)]
    sink = FolderSink(folder)
    FORMATS["jsonl"].write(sink, records, WriteContext(schema=schema))  # type: ignore[misc]  # it has a writer
    back = list(FORMATS["jsonl"].read(FolderSource(folder), ReadContext(schema=schema)))  # type: ignore[misc]  # and a reader
    assert [(r.item, r.responses) for r in back if isinstance(r, Record)] == [(r.item, r.responses) for r in records], (
        "JSON lines lost something"
    )


QUIET = ("coco", "csv", "conll")
"""A COCO file without images, a table of a header alone and a file of blank lines have no rows, so nothing is lost."""
