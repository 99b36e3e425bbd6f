"""The streams of an item as people see them."""

import msgspec

from karat.model.item import Stream
from karat.server.items.schemas import StreamRow

_streams = msgspec.json.Decoder(dict[str, Stream])


def streams_of(item: str, streams: str, *, cut: int) -> dict[str, StreamRow]:
    """The streams of an item, each text `cut` to so many characters."""
    return {name: _stream(item, name, stream, cut) for name, stream in _streams.decode(streams).items()}


def _stream(item: str, name: str, stream: Stream, cut: int) -> StreamRow:
    text = stream.ref.inline
    return StreamRow(
        kind=stream.kind,
        name=stream.name,
        facts=stream.facts,
        url=f"items/{item}/streams/{name}",
        text=None if text is None else text[:cut],
        is_cut=text is not None and len(text) > cut,
        uri=stream.ref.uri,
    )
