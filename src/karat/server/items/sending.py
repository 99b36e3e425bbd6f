"""Sending a stream's content: under the rights of its item, never by a hash, and so that nothing in it can run."""

import hashlib
from typing import NamedTuple

import anyio.to_thread
import msgspec
from litestar import Response

from karat.model.item import Stream
from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, enter_item, missing
from karat.server.blinding import author_id, blinded
from karat.server.database import Tx
from karat.server.items.seeing import require_given
from karat.server.media.remote import Copy, copy_of
from karat.server.media.sniff import IMAGES, INLINE
from karat.server.media.storing import SIZES, TYPES, key_of, small_of
from karat.server.ranges import HARMLESS, send_blob
from karat.server.state import App, Asked

_CACHE = "private, max-age=3600"
_streams = msgspec.json.Decoder(dict[str, Stream])


class Content(NamedTuple):
    """Where a stream's content is."""

    stream: Stream
    workspace: int
    size: int
    media_type: str


async def send_stream(
    request: Asked, app: App, actor: Actor, *, item: str, name: str, size: str | None
) -> Response[bytes]:
    """The content of a stream, or a small version of a picture."""
    content = await app.db.read(content_of, actor, item=item, name=name)
    if content.stream.ref.inline is not None:
        _check_size(size, "text/plain")
        return _text(request, content.stream.ref.inline)
    held = await anyio.to_thread.run_sync(_held, app, content)
    _check_size(size, held.media_type)
    if size is not None:
        key = await anyio.to_thread.run_sync(
            small_of, app.studio, app.blobs, held.key, content.workspace, held.sha256, size
        )
        stored = await anyio.to_thread.run_sync(app.blobs.size, key) or 0
        etag = f"{held.sha256}-{size}"
        return await send_blob(
            request, app.blobs, key, size=stored, etag=etag, media_type=TYPES[size], inline=True, cache=_CACHE
        )
    return await send_blob(
        request,
        app.blobs,
        held.key,
        size=held.size,
        etag=held.sha256,
        media_type=held.media_type if held.media_type in INLINE else "application/octet-stream",
        filename=content.stream.name or name,
        inline=held.media_type in INLINE,
        cache=_CACHE,
    )


def _held(app: App, content: Content) -> Copy:
    """Where the content lies: in the workspace's own store, or as a copy of what an address names."""
    ref = content.stream.ref
    if ref.blob is not None:
        return Copy(key_of(content.workspace, ref.blob), ref.blob, content.size, content.media_type, "")
    now = app.db.read_now(lambda tx: tx.clock.now())
    return copy_of(app.settings, app.blobs, content.workspace, ref.uri or "", now=now)


def _check_size(size: str | None, media_type: str) -> None:
    if size is not None and (size not in SIZES or media_type not in IMAGES):
        expected = f"{' or '.join(SIZES)}, of a picture" if media_type in IMAGES else "nothing: this is no picture"
        raise Refused([Problem("size", shown(size), expected, "Leave it out for the content itself.")])


def content_of(tx: Tx, actor: Actor, *, item: str, name: str) -> Content:
    """A stream of an item that the actor may see: an annotator only of those they were given."""
    scope, n = enter_item(tx, actor, "work.see", item=item)
    is_open = scope.has("items.see")
    if not is_open:
        require_given(tx, scope, n, shown=item)
    streams = _streams.decode(
        tx.run("SELECT streams FROM items WHERE n = :n AND project = :p", n=n, p=scope.project)[0][0]
    )
    stream = streams.get(name)
    if stream is None:
        raise missing("stream", name)
    if not is_open:
        stream = blinded(stream, item=item, author=author_id(tx, scope))
    if stream.ref.blob is None:
        return Content(stream, scope.workspace, 0, "text/plain")
    rows = tx.run(
        "SELECT size, media_type FROM blobs WHERE workspace = :workspace AND sha256 = :sha256",
        workspace=scope.workspace,
        sha256=stream.ref.blob,
    )
    if not rows:
        raise missing("stream", name)
    return Content(stream, scope.workspace, rows[0][0], rows[0][1])


def _text(request: Asked, text: str) -> Response[bytes]:
    data = text.encode()
    etag = f'"{hashlib.sha256(data).hexdigest()}"'
    headers = {**HARMLESS, "ETag": etag, "Cache-Control": _CACHE}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(data, headers=headers, media_type="text/plain")
