"""One thing to label: its streams, its metadata and the caller's key."""

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from karat.markup.styled import Mark
from karat.model.kind import NO_FACTS, Facts

Scalar = str | int | float | bool | list[str]


class Ref(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a stream's content is; exactly one of the three is set."""

    blob: str | None = None
    """SHA-256 of content in the workspace's blob store."""
    uri: str | None = None
    inline: str | None = None


class Markup(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text as it was written in Markdown or HTML; the stream's own text is the plain text that was made of it once."""

    format: Literal["markdown", "html"]
    source: str | None = None
    """None in a file where the stream's text is the source still."""
    marks: tuple[Mark, ...] = ()


class Stream(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part of an item: a picture, a text."""

    kind: str
    ref: Ref
    facts: Facts = NO_FACTS
    name: str | None = None
    """The file's name as it was given."""
    markup: Markup | None = None
    """Of texts that were written in markup."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing to label, as formats read and write it."""

    key: str
    streams: dict[str, Stream]
    metadata: dict[str, Scalar] = {}
    tags: tuple[str, ...] = ()
    split_group: str | None = None
    extra: dict[str, object] = {}
    id: str | None = None
    revision: int = 1


def content_key(streams: Mapping[str, Stream], metadata: Mapping[str, object], *, nth: int = 1) -> str:
    """The key of an item that came without one: SHA-256 of its content, `#n` added for the nth equal row of a file.

    >>> content_key({"text": Stream("text", Ref(inline="hi"))}, {})[:12]
    'b7f5408e070b'
    """
    content = {
        "streams": {name: stream_content(stream) for name, stream in streams.items()},
        "metadata": metadata,
    }
    digest = hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
    return digest if nth == 1 else f"{digest}#{nth}"


def content_hash(item: Item) -> str:
    """SHA-256 of what makes two items with one key the same or different."""
    content = {
        "streams": {name: stream_content(stream) for name, stream in item.streams.items()},
        "metadata": item.metadata,
        "split_group": item.split_group,
        "extra": item.extra,
    }
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def stream_content(stream: Stream) -> list[str | None]:
    """What of a stream makes it the same content; its facts and its file's name do not."""
    if stream.markup is not None:
        source = stream.ref.inline if stream.markup.source is None else stream.markup.source
        return [stream.kind, None, None, source, stream.markup.format]
    return [stream.kind, stream.ref.blob, stream.ref.uri, stream.ref.inline]
