"""What a stream holds that stands in the item itself: one record for each kind of stream, and one line in the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from karat.model import candidates, dialogue, page_images, tables, trace, tree
from karat.model.item import Stream
from karat.model.kind import Facts
from karat.model.problem import Problem, shown


@dataclass(frozen=True, kw_only=True)
class Content:
    """How content of one kind of stream is read, counted and searched; all of it is text.

    `read(given)` makes the one text that stands for what a file or a person gave, as plain JSON values or as text; it raises
    `Unreadable` with every reason. Reading its own text gives the same text.
    `facts(text)` is what is known of such a text.
    `words(text)` is what people read in it, for search and for lists.
    `shown(text, seed)` is the text as somebody labels it who must not learn where its parts come from; the same for one seed.
    `is_shuffled` says that `shown` puts its parts in an order of each person's own, which is then kept with the answer.
    `gather(cells)` is what `read` takes of several columns of one row, by their names, in their order; None where they hold
    nothing. None for streams that come from one column.
    `parts` are the names of what fields can be answered for each of, such as `turn`: `facts` has the keys of each name in
    `each`. `has_roles` says that these parts have roles, by which a field can be asked of some of them.
    """

    read: Callable[[object], str]
    facts: Callable[[str], Facts]
    words: Callable[[str], str] = lambda text: text
    shown: Callable[[str, str], str] = lambda text, _seed: text
    is_shuffled: bool = False
    gather: Callable[[Mapping[str, object]], object | None] | None = None
    parts: tuple[str, ...] = ()
    has_roles: bool = False


def content_of(kind: str) -> Content:
    """The record of a kind of stream; one whose content is no text in the item refuses all of it."""
    return CONTENTS.get(kind, _FILE)


def facts_of(stream: Stream) -> Facts:
    """The facts of a stream; its parts are counted anew where they were read before anybody could ask for each of them."""
    content, text = content_of(stream.kind), stream.ref.inline
    if not content.parts or stream.facts.each or text is None:
        return stream.facts
    return replace(stream.facts, each=content.facts(text).each)


def given_content(kind: str, given: object) -> Content | None:
    """How what a row of a file gives for a stream is read; None for a file's name or address."""
    if kind == "document" and not page_images.is_name(given):
        return PAGE_IMAGES
    return CONTENTS.get(kind)


def _text(given: object) -> str:
    return given if isinstance(given, str) else shown(given, limit=1 << 30)


def _no_text(given: object) -> str:
    problem = Problem("", shown(given), "a file or an address", "Give the file's name or its address.")
    raise dialogue.Unreadable([problem])


_FILE = Content(read=_no_text, facts=lambda _text: Facts())

PAGE_IMAGES = Content(read=page_images.read, facts=lambda _text: Facts())
"""Page images with their words, which an import makes one file of; a document is never text in the item itself."""

CONTENTS: dict[str, Content] = {
    "candidates": Content(
        read=candidates.read,
        facts=candidates.facts,
        words=candidates.words,
        shown=candidates.shown_to,
        is_shuffled=True,
        gather=candidates.gather,
        parts=("answer",),
    ),
    "dialogue": Content(
        read=dialogue.read, facts=dialogue.facts, words=dialogue.words, parts=("turn",), has_roles=True
    ),
    "table": Content(read=tables.read, facts=tables.facts, words=tables.words, gather=tables.gather, parts=("row",)),
    "text": Content(read=_text, facts=lambda text: Facts(length=len(text))),
    "trace": Content(read=trace.read, facts=trace.facts, words=trace.words, parts=("step",), has_roles=True),
    "tree": Content(
        read=tree.read,
        facts=tree.facts,
        words=tree.words,
        shown=tree.shown_to,
        is_shuffled=True,
        parts=("message",),
        has_roles=True,
    ),
}
"""Kinds of streams whose content is text, sorted by name; those of the others are files."""
