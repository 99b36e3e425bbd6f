"""Streams as somebody sees them who labels: candidates in an order of this person's own, without their sources."""

from collections.abc import Mapping

from msgspec.structs import replace

from karat.model.contents import content_of
from karat.model.item import Ref, Stream
from karat.server.access import Scope
from karat.server.database import Tx


def author_id(tx: Tx, scope: Scope) -> str:
    """The id of the person as an author, which no annotator is told: who knew another's could compute their orders."""
    return str(tx.run("SELECT id FROM authors WHERE n = :n", n=scope.author)[0][0])


def blinded(stream: Stream, *, item: str, author: str) -> Stream:
    """The stream as this author sees it: always the same for one item and author."""
    content, text = content_of(stream.kind), stream.ref.inline
    seen = None if text is None else content.shown(text, f"{item}\n{author}")
    if seen is None or seen == text:
        return stream
    known = content.facts(seen)
    return Stream(stream.kind, Ref(inline=seen), replace(stream.facts, parts=known.parts, each=known.each), stream.name)


def orders_shown(streams: Mapping[str, Stream], *, item: str, author: str) -> dict[str, list[str]]:
    """For each stream whose parts are put in an order, the keys of its parts as this author saw them."""
    shuffled = {name: stream for name, stream in streams.items() if content_of(stream.kind).is_shuffled}
    seen = {name: blinded(stream, item=item, author=author).facts.parts for name, stream in shuffled.items()}
    return {name: list(parts) for name, parts in seen.items() if parts is not None}
