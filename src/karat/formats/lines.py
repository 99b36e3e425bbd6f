"""Text files as lines of bytes, with a bound on each, in whatever encoding they are."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from karat.formats.sources import READ_ERRORS
from karat.model.problem import Problem, Refused, shown

MAX_LINE = 64 << 20
"""Bytes of one line; a longer one is rejected without being held in memory."""
SAMPLE = 1 << 20
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class BrokenLine:
    """A line that cannot be handed on."""

    problem: Problem
    raw: bytes = b""


def lines(file: BinaryIO, *, limit: int = MAX_LINE) -> Iterator[bytes | BrokenLine]:
    """Each line with its end; one that is too long, or where the file cannot be read further, as a `BrokenLine`."""
    read = file.readline
    while True:
        try:
            line = read(limit)
            if len(line) < limit or line.endswith(b"\n"):
                if not line:
                    return
                yield line
                continue
            head, rest = line[: 1 << 16], len(line)
            while line and not line.endswith(b"\n"):
                line = read(limit)
                rest += len(line)
        except READ_ERRORS as error:
            yield BrokenLine(unreadable(error))
            return
        yield BrokenLine(Problem("", f"a line of {rest} bytes", f"at most {limit}", "Split it."), head)


def unreadable(error: BaseException) -> Problem:
    """The problem of a file that breaks off while it is read."""
    return Problem(
        "",
        shown(str(error) or type(error).__name__),
        "a file that can be read to its end",
        "Copy or pack the file again.",
    )


def encoding_of(head: bytes) -> str:
    """The encoding of a text file by its mark or its first bytes: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be or cp1252.

    >>> encoding_of("naïve".encode("cp1252")), encoding_of("a,b".encode("utf-16-le"))
    ('cp1252', 'utf-16-le')
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:4000:2], head[1:4000:2]
    if odd and odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.3 * len(even):
        return "utf-16-le"
    if even and even.count(0) > 0.7 * len(even) and odd.count(0) < 0.3 * len(odd):
        return "utf-16-be"
    return "utf-8" if is_utf8(head) else "cp1252"


def known_encoding(name: str) -> str:
    """The encoding by its usual name; `Refused` if Python knows no text encoding of this name."""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except (LookupError, ValueError) as error:
        raise Refused(
            [
                Problem(
                    "mapping.encoding",
                    shown(name),
                    "an encoding such as utf-8, utf-16 or cp1252",
                    "Name the file's encoding.",
                )
            ]
        ) from error
    return found.name


def is_utf8(head: bytes) -> bool:
    """Whether bytes are UTF-8, the last character possibly cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def text_lines(file: BinaryIO, encoding: str, *, limit: int = MAX_LINE) -> Iterator[str | BrokenLine]:
    """Each line as text with its end. A line that is not of the encoding is a `BrokenLine`; the next one is read."""
    if encoding.startswith("utf-16"):
        yield from _wide_lines(file, encoding, limit)
        return
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    first = True
    for line in lines(file, limit=limit):
        if isinstance(line, BrokenLine):
            yield line
            continue
        if first:
            first = False
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            yield line.decode(plain)
        except UnicodeDecodeError as error:
            got = f"byte 0x{line[error.start]:02x} at {error.start}"
            yield BrokenLine(
                Problem("", got, f"text in {plain}", "Save the file as UTF-8, or name its encoding."), line
            )


def _wide_lines(file: BinaryIO, encoding: str, limit: int) -> Iterator[str | BrokenLine]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    rest = ""
    while True:
        try:
            data = file.read(1 << 18)
        except READ_ERRORS as error:
            yield BrokenLine(unreadable(error), rest.encode())
            return
        *whole, rest = (rest + decoder.decode(data, final=not data)).split("\n")
        if len(rest) > limit:
            yield BrokenLine(
                Problem("", f"a line of more than {limit} characters", f"at most {limit}", "Split the file."),
                rest[:1000].encode(),
            )
            return
        yield from (_checked(f"{line}\n", encoding) for line in whole)
        if not data:
            if rest:
                yield _checked(rest, encoding)
            return


def _checked(line: str, encoding: str) -> str | BrokenLine:
    if "�" not in line:
        return line
    return BrokenLine(Problem("", shown(line), f"text in {encoding}", "Save the file as UTF-8."), line.encode())


def holds_nul(raw: bytes) -> bool:
    """Whether JSON holds U+0000; a backslash that is itself escaped before `u0000` is none."""
    return b"\\u0000" in raw and NUL.search(raw) is not None


def head_of(file: BinaryIO, size: int = SAMPLE) -> bytes:
    """The first bytes of a file, fewer where it cannot be read."""
    try:
        return file.read(size)
    except READ_ERRORS:
        return b""
