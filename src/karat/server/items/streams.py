"""The streams of an item as people see them."""

import msgspec

from karat.model.contents import CONTENTS
from karat.model.item import Stream
from karat.server.blinding import blinded
from karat.server.items.schemas import StreamRow

_streams = msgspec.json.Decoder(dict[str, Stream])


def streams_of(item: str, streams: str, *, cut: int, author: str | None = None) -> dict[str, StreamRow]:
    """The streams of an item, each text `cut` to so many characters; as this author saw them where one is named."""
    found = _streams.decode(streams)
    if author is not None:
        found = {name: blinded(stream, item=item, author=author) for name, stream in found.items()}
    return {name: _stream(item, name, stream, cut) for name, stream in found.items()}


def _stream(item: str, name: str, stream: Stream, cut: int) -> StreamRow:
    text = stream.ref.inline
    if text is not None and stream.kind in CONTENTS:
        words = CONTENTS[stream.kind].words(text)
        # What people read of a conversation is not its content, which is to be fetched.
        text, is_cut = words[:cut], len(words) > cut or words != text
    else:
        is_cut = False
    return StreamRow(
        kind=stream.kind,
        name=stream.name,
        facts=stream.facts,
        url=f"items/{item}/streams/{name}",
        text=text,
        is_cut=is_cut,
        uri=stream.ref.uri,
    )
