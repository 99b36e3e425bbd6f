"""The browser part: every address that is not the API's gives the page, and the files that it asks for."""

import gzip
import hashlib
import html
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from litestar.types import HTTPScope, Send

from karat.server.edge import PAGE_POLICY

FOLDER = Path(__file__).parent / "static"
BASE = b'<base href="/"'
PACKED = ("text/", "application/javascript", "application/json", "image/svg+xml")
IMMUTABLE = b"public, max-age=31536000, immutable"
MIN_PACKED = 1024

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Karat</title>
<body style="font-family: system-ui; max-width: 36rem; margin: 4rem auto; line-height: 1.5">
<h1>Karat is running, its pages are not built</h1>
<p>The API answers below <code>api/v1</code>. To build the pages, run <code>make run</code> in the source tree,
or install a released package, which has them.</p></body></html>"""


class File(NamedTuple):
    """One file as it is sent."""

    body: bytes
    media_type: bytes
    etag: bytes
    cache: bytes


class Pages:
    """Serves the built front end from memory."""

    def __init__(self, *, prefix: str = "", folder: Path = FOLDER) -> None:
        self._folder = folder
        self._prefix = prefix.rstrip("/")
        self._names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        self._page = self._index()

    async def serve(self, scope: HTTPScope, headers: Mapping[bytes, bytes], send: Send) -> None:
        """Answer a GET with a file, or with the page that finds its own way."""
        name = scope["path"].lstrip("/")
        if scope["method"] not in ("GET", "HEAD"):
            await _send(scope, send, 405, File(b"Only GET here.", b"text/plain; charset=utf-8", b"", b"no-store"))
        elif name in self._names and name != "index.html" and (self._folder / name).is_file():
            await self._send_file(
                scope, headers, send, _load(self._folder / name, is_hashed=name.startswith("assets/"))
            )
        elif name.startswith("assets/"):
            await _send(
                scope, send, 404, File(b"There is no such file.", b"text/plain; charset=utf-8", b"", b"no-store")
            )
        else:
            await self._send_file(scope, headers, send, self._page)

    async def _send_file(self, scope: HTTPScope, headers: Mapping[bytes, bytes], send: Send, file: File) -> None:
        if headers.get(b"if-none-match") == file.etag:
            await _send(scope, send, 304, file._replace(body=b""))
            return
        packed = b"gzip" in headers.get(b"accept-encoding", b"") and _is_packed(file)
        await _send(scope, send, 200, file._replace(body=_gzip(file.body)) if packed else file, packed=packed)

    def _index(self) -> File:
        if "index.html" not in self._names:
            return File(NOT_BUILT.encode(), b"text/html; charset=utf-8", b'"not-built"', b"no-store")
        base = f'<base href="{html.escape(self._prefix)}/"'.encode()
        body = (self._folder / "index.html").read_bytes().replace(BASE, base, 1)
        return File(body, b"text/html; charset=utf-8", _etag(body), b"no-cache")


async def _send(scope: HTTPScope, send: Send, status: int, file: File, *, packed: bool = False) -> None:
    headers = [
        (b"content-type", file.media_type),
        (b"content-length", str(len(file.body)).encode()),
        (b"cache-control", file.cache),
        (b"content-security-policy", PAGE_POLICY),
        (b"vary", b"Accept-Encoding"),
    ]
    if file.etag:
        headers.append((b"etag", file.etag))
    if packed:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else file.body
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _is_packed(file: File) -> bool:
    return len(file.body) >= MIN_PACKED and file.media_type.decode().startswith(PACKED)


def _etag(body: bytes) -> bytes:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'.encode()


@lru_cache(maxsize=512)
def _load(path: Path, *, is_hashed: bool) -> File:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind == "text/javascript" or kind.startswith("text/"):
        kind += "; charset=utf-8"
    return File(body, kind.encode(), _etag(body), IMMUTABLE if is_hashed else b"no-cache")


@lru_cache(maxsize=512)
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
