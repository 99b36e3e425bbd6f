"""Bringing the file or folder behind an address to this machine, without letting the address lead anywhere else."""

import hashlib
import ipaddress
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
import httpx

from karat.formats.sources import is_safe
from karat.model.problem import Problem, Refused, shown
from karat.server.media.places import WEB, Places, is_public, resolve, scheme_of

REDIRECTS = 5
TIMEOUT_S = 30.0
SLOWEST = 100_000
"""Bytes a second: whoever sends less for long only holds a connection open."""
PATIENCE_S = 120.0
"""What a fetch may take beyond that."""
PIECE = 1 << 20


class Fetched:
    """Where it is now, and a fingerprint that tells whether it changed when a job goes on after a crash."""

    def __init__(self, path: Path, fingerprint: str | None) -> None:
        self.path = path
        self.fingerprint = fingerprint


def fetch(
    uri: str, places: Places, folder: Path, *, limit: int, watch: Callable[[int], None] = lambda _bytes: None
) -> Fetched:
    """What the address names, as a path of this machine; `Refused` where it is not allowed or cannot be read.

    `watch(bytes)` is called along the way and may raise to stop.
    """
    problem = places.problem_of(uri)
    if problem is not None:
        raise Refused([Problem("uri", problem.got, problem.expected, problem.do)])
    local = places.local_path(uri) if scheme_of(uri) in ("", "file") else None
    if local is not None:
        return Fetched(local, None)
    if scheme_of(uri) in WEB:
        return _from_web(uri, places, folder, limit, watch)
    return _from_store(uri, folder, limit, watch)


def _from_web(uri: str, places: Places, folder: Path, limit: int, watch: Callable[[int], None]) -> Fetched:
    for _ in range(REDIRECTS + 1):
        with _open(uri, places) as answer:
            if answer.is_redirect:
                uri = urljoin(uri, answer.headers.get("location", ""))
                problem = places.problem_of(uri)
                if problem is not None or scheme_of(uri) not in WEB:
                    raise Refused(
                        [
                            Problem(
                                "uri",
                                shown(uri),
                                "a redirect to an allowed place",
                                "Give the address that it leads to, once it is allowed.",
                            )
                        ]
                    )
                continue
            if answer.status_code != 200:
                raise Refused(
                    [
                        Problem(
                            "uri",
                            f"{answer.status_code} from {shown(uri)}",
                            "200",
                            "Open the address in a browser; mend it or its rights.",
                        )
                    ]
                )
            path = folder / _file_name(uri)
            return Fetched(path, _save(answer.iter_bytes(PIECE), path, limit, watch))
    raise Refused(
        [Problem("uri", f"{REDIRECTS + 1} redirects", f"at most {REDIRECTS}", "Give the address that they lead to.")]
    )


def web_client(places: Places) -> httpx.Client:
    """A client that connects only to addresses which are checked after resolving, whatever the name says a moment later."""
    transport = httpx.HTTPTransport(verify=ssl.create_default_context(), trust_env=False)
    transport._pool = httpcore.ConnectionPool(  # httpx has no public way to choose the address that it connects to
        ssl_context=ssl.create_default_context(), network_backend=_CheckedNetwork(places)
    )
    return httpx.Client(
        transport=transport,
        follow_redirects=False,
        timeout=TIMEOUT_S,
        headers={"accept-encoding": "identity", "user-agent": "karat"},
    )


class _CheckedNetwork(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to one that was checked."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        found = resolve(host, port)
        allowed = [address for address in found if is_public(address) or _listed(address, host, self._places)]
        if not found or len(allowed) < len(found):
            got = f"{host}, which is {', '.join(found)}" if found else f"{host}, which has no address"
            raise Refused(
                [
                    Problem(
                        "uri",
                        got,
                        "a host of the open internet",
                        "Name the host's address in import_hosts to allow a private one.",
                    )
                ]
            )
        return _Timed(self._real.connect_tcp(allowed[0], port, timeout, local_address, socket_options))


class _Timed(httpcore.NetworkStream):
    """A connection that is given up where it is too slow on the whole, however regularly a byte comes."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._began = time.monotonic()
        self._size = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, timeout)
        self._size += len(data)
        if (took := time.monotonic() - self._began) > PATIENCE_S + self._size / SLOWEST:
            got = f"{self._size} bytes in {took:.0f} s"
            raise Refused(
                [
                    Problem(
                        "uri",
                        got,
                        f"{SLOWEST} bytes a second",
                        "Try again when the host is faster, or upload the file.",
                    )
                ]
            )
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the library declares it
        return self._stream.get_extra_info(info)


def _listed(address: str, host: str, places: Places) -> bool:
    """Whether the operator allows this private address: as a network such as 10.0.0.0/8, or by naming it as the host."""
    for entry in places.hosts:
        try:
            if ipaddress.ip_address(address) in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            if host == address and urlsplit(entry).hostname == address:
                return True
    return False


class _open:  # noqa: N801 - reads as a function: with _open(uri) as answer
    def __init__(self, uri: str, places: Places) -> None:
        self._client = web_client(places)
        self._uri = uri

    def __enter__(self) -> httpx.Response:
        try:
            self._answer = self._client.send(self._client.build_request("GET", self._uri), stream=True)
        except httpx.HTTPError as error:
            self._client.close()
            raise Refused(
                [
                    Problem(
                        "uri",
                        f"{type(error).__name__}: {error}"[:300],
                        "an answer",
                        "See whether the host can be reached from the server.",
                    )
                ]
            ) from None
        except BaseException:
            self._client.close()
            raise
        return self._answer

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._client.close()


def _from_store(uri: str, folder: Path, limit: int, watch: Callable[[int], None]) -> Fetched:
    """One object, or everything below a prefix that ends in `/`."""
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    parts = urlsplit(uri)
    key = unquote(parts.path).lstrip("/")
    try:
        store = from_url(f"{parts.scheme}://{parts.netloc}")
        if key and not key.endswith("/"):
            path = folder / (key.rsplit("/", 1)[-1] or "file")
            return Fetched(path, _save(obstore.get(store, key).stream(min_chunk_size=PIECE), path, limit, watch))
        found = sorted(
            (meta["path"], meta["size"], meta.get("e_tag"))
            for batch in obstore.list(store, key or None)
            for meta in batch
        )
        total = 0
        for name, _, _ in found:
            relative = name.removeprefix(key)
            if is_safe(relative):
                path = folder / "store" / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                _save(obstore.get(store, name).stream(min_chunk_size=PIECE), path, limit - total, watch)
                total += path.stat().st_size
    except (BaseError, FileNotFoundError, ValueError) as error:
        raise Refused(
            [
                Problem(
                    "uri",
                    f"{type(error).__name__}: {error}"[:300],
                    "an object that can be read",
                    "Mend the address, or the server's rights to the bucket.",
                )
            ]
        ) from None
    if not found:
        raise Refused([Problem("uri", shown(uri), "at least one object", "Mend the prefix; it ends in `/`.")])
    return Fetched(folder / "store", hashlib.sha256(repr(found).encode()).hexdigest())


def _save(pieces: Iterator[bytes], path: Path, limit: int, watch: Callable[[int], None]) -> str:
    """Write to a file, hashed, and no more than `limit` bytes."""
    digest = hashlib.sha256()
    size = 0
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise Refused(
                    [
                        Problem(
                            "uri",
                            f"more than {limit} bytes",
                            f"at most {limit}",
                            "Split the file, or raise max_upload_mb.",
                        )
                    ]
                )
            digest.update(piece)
            file.write(piece)
            watch(size)
    return digest.hexdigest()


def _file_name(uri: str) -> str:
    name = unquote(urlsplit(uri).path).rsplit("/", 1)[-1]
    return name if is_safe(name) and not name.startswith(".") else "file"
