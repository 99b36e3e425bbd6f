"""Texts that were written in markup: the plain text in which everything counts is made of it once, and kept beside it."""

import hashlib
import platform
from importlib.metadata import version

from msgspec.structs import replace

from karat.markup import LONGEST, Styled, read_html, read_markdown
from karat.model.dialogue import Unreadable
from karat.model.field import TextFormat
from karat.model.item import Markup, Ref, Stream
from karat.model.kind import Facts
from karat.model.problem import Problem

RULES = 1
"""Counts up when what is made of the same markup changes; texts that are there already stay as they are."""


def styled_stream(source: str, written: TextFormat, *, name: str | None = None) -> Stream:
    """A text with its styles; raises `Unreadable` where the source is too long.

    >>> made = styled_stream("A *small* dog", "markdown")
    >>> made.ref.inline, made.facts.length, made.markup.marks[0].style
    ('A small dog', 11, 'emphasis')
    """
    if written == "plain":
        return Stream("text", Ref(inline=source), Facts(length=len(source)), name)
    if len(source) > LONGEST:
        do = "Split the text, or import it as plain text."
        raise Unreadable([Problem("", f"{len(source)} characters of {written}", f"at most {LONGEST}", do)])
    made = read_markdown(source) if written == "markdown" else read_html(source)
    facts = Facts(
        length=len(made.text), extractor=extractor(written), media_type=f"text/{written}", sha256=_hash(source)
    )
    return Stream("text", Ref(inline=made.text), facts, name, Markup(written, source, made.marks))


def settled(given: Stream) -> Stream:
    """A stream with markup as a file has it: a plain text that was made of this source before stays that text.

    Spans count in it, so that another version that reads the source otherwise must not move them.
    """
    markup, text = given.markup, given.ref.inline or ""
    if markup is None or markup.source is None:
        return styled_stream(text, markup.format if markup else "plain", name=given.name)
    if given.facts.extractor is None or given.facts.sha256 != _hash(markup.source):
        return styled_stream(markup.source, markup.format, name=given.name)
    known = Styled(text, markup.marks).within()
    facts = Facts(
        length=len(text),
        extractor=given.facts.extractor,
        media_type=f"text/{markup.format}",
        sha256=given.facts.sha256,
    )
    return replace(given, facts=facts, markup=replace(markup, marks=known.marks))


def extractor(written: TextFormat) -> str:
    """What makes the plain text, and its version."""
    reader = (
        f"markdown-it-py {version('markdown-it-py')}"
        if written == "markdown"
        else f"Python {platform.python_version()}"
    )
    return f"karat {RULES} ({reader})"


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
