"""The connection to a server: one httpx client, problems as exceptions, repeats where a repeat is harmless."""

import random
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from karat.sdk.errors import KaratError, ProblemBody

T = TypeVar("T")

ATTEMPTS = 5
# The server was away or overloaded; the write did not happen or carries a key that makes a repeat harmless.
RETRIED = {429, 502, 503, 504}
CHUNK_BYTES = 8 << 20


class Connection:
    """Speaks to `/api/v1` of one server as one person."""

    def __init__(
        self, url: str, *, token: str | None = None, timeout_s: float = 60, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise KaratError(f"{url!r} is no address of a server; write it whole, e.g. http://127.0.0.1:8080")
        # With a session instead of a token the server wants to know that no other site's page asks.
        headers = {"Authorization": f"Bearer {token}"} if token else {"Origin": f"{parts.scheme}://{parts.netloc}"}
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1/", headers=headers, timeout=timeout_s, trust_env=False, transport=transport
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def get(self, path: str, type_: type[T], **query: object) -> T:
        """Read one thing."""
        return msgspec.json.decode(self._send("GET", path, query=query).content, type=type_)

    def read(self, path: str, type_: type[T]) -> tuple[T, str]:
        """Read one thing with its ETag, for an edit that follows."""
        response = self._send("GET", path)
        return msgspec.json.decode(response.content, type=type_), response.headers.get("ETag", "")

    def post(self, path: str, body: object = None, type_: type[T] | None = None, **query: object) -> T:
        """Create something, or start something; safe to repeat by the key it carries."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        response = self._send("POST", path, body=body, headers=headers, query=query)
        return _decoded(response, type_)

    def post_text(self, path: str, text: str, type_: type[T], *, media: str, **query: object) -> T:
        """Send a text such as a CSV table; safe to repeat by the key it carries."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": media}
        return _decoded(self._send("POST", path, content=text.encode(), headers=headers, query=query), type_)

    def put(self, path: str, body: object = None, type_: type[T] | None = None, *, etag: str | None = None) -> T:
        """Put something in its place."""
        return _decoded(self._send("PUT", path, body=body, headers=_match(etag)), type_)

    def put_text(self, path: str, text: str, type_: type[T]) -> T:
        """Put a text such as a table in its place."""
        return _decoded(self._send("PUT", path, content=text.encode(), headers={"Content-Type": "text/plain"}), type_)

    def patch(self, path: str, body: object, type_: type[T] | None = None, *, etag: str | None = None) -> T:
        """Change something; the ETag says which version."""
        return _decoded(self._send("PATCH", path, body=body, headers=_match(etag)), type_)

    def delete(self, path: str, type_: type[T] | None = None, *, etag: str | None = None) -> T:
        """Take something away."""
        return _decoded(self._send("DELETE", path, headers=_match(etag)), type_)

    def pages(self, path: str, type_: type[T], *, limit: int = 500, **query: object) -> Iterator[T]:
        """Every row of a list, page after page."""
        cursor: str | None = None
        while True:
            page = self.get(path, _Page, limit=limit, cursor=cursor, **query)
            yield from (msgspec.json.decode(row, type=type_) for row in page.items)
            cursor = page.next
            if cursor is None:
                return

    def upload(self, path: str, content: BinaryIO, size: int, type_: type[T]) -> T:
        """Send a file in parts; a part that was lost on the way is sent again."""
        start = 0
        while True:
            part = content.read(CHUNK_BYTES)
            headers = {"Content-Type": "application/octet-stream"}
            if size:
                headers["Content-Range"] = f"bytes {start}-{start + len(part) - 1}/{size}"
            response = self._send("PUT", path, content=part, headers=headers)
            start += len(part)
            if start >= size or not part:
                return msgspec.json.decode(response.content, type=type_)

    def download(self, path: str, to: BinaryIO) -> int:
        """Write a file's content to `to`; the number of bytes."""
        size = 0
        try:
            with self._http.stream("GET", path) as response:
                if response.is_error:
                    response.read()
                    raise _error(response)
                for chunk in response.iter_bytes(CHUNK_BYTES):
                    to.write(chunk)
                    size += len(chunk)
        except httpx.TransportError as error:
            raise KaratError(f"{path} broke off after {size} bytes ({error}). Fetch it again.") from error
        return size

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        if body is not None:
            content = msgspec.json.encode(body)
            headers = {"Content-Type": "application/json", **(headers or {})}
        params = {k: _param(v) for k, v in (query or {}).items() if v is not None}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._http.request(method, path, content=content, headers=dict(headers or {}), params=params)
            except httpx.TransportError as error:
                if attempt == ATTEMPTS:
                    raise KaratError(f"{self.url} cannot be reached ({error}). Is the server running?") from error
            else:
                if response.status_code not in RETRIED or attempt == ATTEMPTS:
                    if response.is_error:
                        raise _error(response)
                    return response
            time.sleep(random.uniform(0.5, 1) * 0.2 * 2**attempt)  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable: the last attempt returns or raises")


class _Page(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw]
    next: str | None = None


def _decoded(response: httpx.Response, type_: type[T] | None) -> T:
    if type_ is None:
        return None  # type: ignore[return-value]  # who gives no type reads no answer
    return msgspec.json.decode(response.content, type=type_)


def _match(etag: str | None) -> dict[str, str]:
    return {} if etag is None else {"If-Match": etag}


def _param(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _error(response: httpx.Response) -> KaratError:
    try:
        body = msgspec.json.decode(response.content, type=ProblemBody)
    except msgspec.MsgspecError:
        return KaratError(
            f"{response.status_code} {response.reason_phrase} from {response.url}", status=response.status_code
        )
    return KaratError(
        body.title, status=body.status, type_=body.type, problems=body.problems, request_id=body.request_id
    )
