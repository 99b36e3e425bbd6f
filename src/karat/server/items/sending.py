"""Sending a stream's content: under the rights of its item, never by a hash, and so that nothing in it can run."""

import hashlib
from functools import partial
from typing import NamedTuple

import anyio.to_thread
import msgspec
from litestar import Response

from karat.model.item import Stream
from karat.model.kind import Facts
from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, enter_item, missing
from karat.server.blinding import author_id, blinded
from karat.server.database import Tx
from karat.server.items import tiles
from karat.server.items.seeing import require_given
from karat.server.media import tiling
from karat.server.media.remote import Copy, copy_of
from karat.server.media.sniff import DOCUMENTS, IMAGES, INLINE
from karat.server.media.storing import SIZES, TYPES, key_of, layer_of, small_of
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
    request: Asked,
    app: App,
    actor: Actor,
    *,
    item: str,
    name: str,
    size: str | None,
    page: int | None,
    of: str | None,
    tile: str | None = None,
) -> Response[bytes]:
    """The content of a stream, or a small version of a picture or page, a tile of a large one, or the words of a document."""
    content = await app.db.read(content_of, actor, item=item, name=name)
    if content.stream.ref.inline is not None:
        _check_size(size, page, "text/plain")
        return _text(request, content.stream.ref.inline)
    held = await anyio.to_thread.run_sync(_held, app, content)
    if of is not None:
        _check_words(of, held.media_type)
        return await _words(request, app, content, held)
    _check_size(size, page, held.media_type)
    if tile is not None:
        return await tiles.send_tile(request, app, held, workspace=content.workspace, tile=tile)
    if size is None and tiles.DESCRIPTION in request.headers.get("accept", ""):
        facts = await anyio.to_thread.run_sync(_facts, app, content, held)
        if tiling.is_large(facts, app.settings):
            return await tiles.send_description(app, actor, held, item=item, workspace=content.workspace)
    if size is not None:
        small = partial(
            small_of, app.studio, app.blobs, held.key, content.workspace, held.sha256, size, page=_page(page, held)
        )
        key = await anyio.to_thread.run_sync(small)
        stored = await anyio.to_thread.run_sync(app.blobs.size, key) or 0
        etag = f"{held.sha256}-{size}" if page is None else f"{held.sha256}-{page}-{size}"
        return await send_blob(
            request, app.blobs, key, size=stored, etag=etag, media_type=_type_of(size, held), inline=True, cache=_CACHE
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


def _facts(app: App, content: Content, held: Copy) -> Facts:
    """The size of a picture, looked up where the item does not say it."""
    path = app.blobs.local(held.key)
    if held.media_type not in IMAGES or content.stream.facts.width is not None or path is None:
        return content.stream.facts
    found = app.studio.look_at(path)
    return content.stream.facts if isinstance(found, Problem) else found.facts


async def _words(request: Asked, app: App, content: Content, held: Copy) -> Response[bytes]:
    """The text of a document with the place of each word, made at its import, or now where it lies elsewhere."""
    layer = content.stream.facts.layer
    if layer is not None:
        key = key_of(content.workspace, layer)
    else:
        key = await anyio.to_thread.run_sync(layer_of, app.studio, app.blobs, held.key, content.workspace, held.sha256)
    size = await anyio.to_thread.run_sync(app.blobs.size, key)
    if size is None:
        raise missing("words", content.stream.name or "")
    etag = layer or f"{held.sha256}-words"
    return await send_blob(
        request, app.blobs, key, size=size, etag=etag, media_type="application/json", inline=True, cache=_CACHE
    )


def _check_words(of: str, media_type: str) -> None:
    if of != "words" or media_type not in DOCUMENTS:
        raise Refused([Problem("of", shown(of), "`words`, of a document", "Leave it out for the content itself.")])


def _check_size(size: str | None, page: int | None, media_type: str) -> None:
    sized = media_type in IMAGES or media_type in DOCUMENTS
    if size is not None and (size not in SIZES or not sized):
        expected = f"{' or '.join(SIZES)}, of a picture" if sized else "nothing: this is no picture"
        raise Refused([Problem("size", shown(size), expected, "Leave it out for the content itself.")])
    if page is not None and (size is None or media_type not in DOCUMENTS):
        raise Refused(
            [Problem("page", shown(page), "a page of a document, with a size", "Ask for `?page=1&size=screen`.")]
        )


def _page(page: int | None, held: Copy) -> int | None:
    """Of a document without a page, the first."""
    return (page or 1) if held.media_type in DOCUMENTS else None


def _type_of(size: str, held: Copy) -> str:
    return "image/webp" if held.media_type in DOCUMENTS else TYPES[size]


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
