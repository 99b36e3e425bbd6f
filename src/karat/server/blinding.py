"""Streams as somebody sees them who labels: candidates in an order of this person's own, without their sources."""

from collections.abc import Mapping

from msgspec.structs import replace

from karat.model.contents import content_of
from karat.model.item import Ref, Stream
from karat.model.kind import Facts
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
    seen = {name: _keys(blinded(stream, item=item, author=author).facts) for name, stream in shuffled.items()}
    return {name: list(keys) for name, keys in seen.items() if keys is not None}


def _keys(facts: Facts) -> tuple[str, ...] | None:
    """The keys of what is compared, else of the parts that fields can be answered for each of."""
    return facts.parts or next((parts.all() for parts in facts.each.values()), None)
