"""Sending stored content over HTTP, whole or in part (RFC 9110, section 14), in constant memory."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Literal
from urllib.parse import quote

import anyio.to_thread
from litestar.response import Response, Stream

from karat.ports.blobs import Blobs
from karat.server.state import Asked

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

# Content is never a page of ours: nothing in it may run, be guessed to be something else, or be framed.
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def send_blob(
    request: Asked,
    blobs: Blobs,
    key: str,
    *,
    size: int,
    etag: str,
    media_type: str,
    filename: str | None = None,
    inline: bool = False,
    cache: str = "private, max-age=0, must-revalidate",
) -> Response[bytes]:
    """An object of the store, or the part of it that the request asks for. `filename` without `inline` is a download."""
    headers = {**HARMLESS, "Accept-Ranges": "bytes", "ETag": f'"{etag}"', "Cache-Control": cache}
    if filename:
        kind = "inline" if inline else "attachment"
        headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(filename.rsplit('/', 1)[-1], safe='')}"
    if request.headers.get("if-none-match") in (f'"{etag}"', "*"):
        return Response(b"", status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if request.headers.get("if-range") not in (None, f'"{etag}"'):
        wanted = None
    part = range_of(wanted, size)
    if isinstance(part, str):
        return Response(b"", status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, end = (0, size) if part is None else part
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    content = _pieces(blobs.read(key, start=start, end=end)) if end > start else _nothing()
    return Stream(content, status_code=206 if part else 200, headers=headers, media_type=media_type)  # type: ignore[return-value]


def range_of(header: str | None, size: int) -> tuple[int, int] | Literal["unsatisfiable"] | None:
    """What a `Range` header asks for as (start, end), end exclusive; None for everything.

    >>> range_of("bytes=10-19", 100), range_of("bytes=-5", 100), range_of("bytes=90-", 100), range_of("bytes=100-", 100)
    ((10, 20), (95, 100), (90, 100), 'unsatisfiable')
    """
    found = RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.groups() == ("", ""):
        return None  # several ranges and unknown units may be answered with the whole
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size or end <= start:
        return "unsatisfiable"
    return start, end


async def _pieces(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read in a thread, piece by piece, so that a slow disk or store stops nobody else."""
    while (data := await anyio.to_thread.run_sync(next, blocks, b"")) != b"":
        yield data


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for data in nothing:
        yield data
