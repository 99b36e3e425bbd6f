"""Which requests are let in: known hosts, encrypted unless on loopback, from our own pages, of a size we can take."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from karat.model.problem import Problem
from karat.server.session import COOKIE_START
from karat.server.settings import Settings

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UPLOADS = "/api/v1/uploads/"
PROBES = frozenset({"/healthz", "/readyz"})
MAX_PATH = 4096
MAX_QUERY = 65536
KNOWN_HOSTS = 1000

Headers = Mapping[bytes, bytes]

EVERYWHERE: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# Neither scripts nor styles stand in the page: what the browser part sets on an element goes through the object model.
PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self';"
    b" connect-src 'self'; frame-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'self';"
    b" form-action 'self'; frame-ancestors 'none'"
)
API_POLICY = b"default-src 'none'; frame-ancestors 'none'; sandbox"
ENCRYPTED = (b"strict-transport-security", b"max-age=31536000")


class Turned(NamedTuple):
    """A request that is turned away, and why."""

    status: int
    title: str
    problem: Problem


class Edge:
    """The rules of one process, from its settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        public = urlsplit(settings.public_url)
        names = {settings.host, public.hostname or "", *settings.hosts}
        self._names = LOOPBACK_NAMES | {name.lower() for name in names if name}
        self._origins = {f"{public.scheme}://{public.netloc}".lower()} if public.netloc else set()
        self._prefix = settings.prefix.rstrip("/")
        self._trusted = [ipaddress.ip_network(given, strict=False) for given in settings.trusted_proxies]
        self._hosts: dict[bytes, str] = {}
        self._max_body = settings.max_body_mb * 1_000_000
        self._max_upload = settings.max_upload_mb * 1_000_000

    def check(self, scope: HTTPScope, headers: Headers) -> Turned | None:
        """Bring the scope into the form that routes rely on, or say why it is turned away."""
        host_header = headers.get(b"host", b"")
        client = scope.get("client")
        if self._trusted and client and self._is_trusted(client[0]):
            host_header = self._forwarded(scope, headers, host_header)
        path = scope["path"]
        if (
            self._prefix
            and path.startswith(self._prefix)
            and path[len(self._prefix) : len(self._prefix) + 1] in ("", "/")
        ):
            path = scope["path"] = path[len(self._prefix) :] or "/"
        if path in PROBES:
            # An orchestrator asks by address; the answer tells nothing.
            return None
        host = self._hosts.get(host_header) or self._known(host_header)
        if host is None:
            return unknown_host(host_header)
        if scope["scheme"] != "https" and host not in LOOPBACK_NAMES and not self._settings.insecure_http:
            return not_encrypted(host)
        if (
            "\x00" in path
            or b"%00" in scope["query_string"]
            or len(path) > MAX_PATH
            or len(scope["query_string"]) > MAX_QUERY
        ):
            return bad_address()
        if scope["method"] not in SAFE:
            return self._check_write(scope, headers, host_header)
        return None

    def headers(self, scope: HTTPScope) -> tuple[tuple[bytes, bytes], ...]:
        """What every answer to this request carries unless the route says otherwise."""
        return (*EVERYWHERE, ENCRYPTED) if scope["scheme"] == "https" else EVERYWHERE

    def _check_write(self, scope: HTTPScope, headers: Headers, host: bytes) -> Turned | None:
        length = headers.get(b"content-length", b"0")
        limit = self._max_upload if scope["path"].startswith(UPLOADS) else self._max_body
        if not length.isdigit() or int(length) > limit:
            return too_large(length, limit)
        if headers.get(b"authorization", b"").startswith(b"Bearer "):
            return None
        return self._check_origin(scope, headers, host)

    def _check_origin(self, scope: HTTPScope, headers: Headers, host: bytes) -> Turned | None:
        """Another site's page must not act with the cookie of somebody who is signed in here, nor sign them in."""
        site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
        if site is not None:
            return None if site == b"same-origin" else foreign(site.decode("latin-1"))
        if origin is not None:
            own = f"{scope['scheme']}://{host.decode('latin-1')}".lower()
            given = origin.decode("latin-1").lower()
            return None if given == own or given in self._origins else foreign(given)
        return foreign("no Origin header") if COOKIE_START in headers.get(b"cookie", b"") else None

    def _known(self, header: bytes) -> str | None:
        """The host's name if it is one of ours. Any other may be a page that made its name point here (DNS rebinding)."""
        try:
            name = urlsplit(f"//{header.decode('ascii')}").hostname or ""
        except (ValueError, UnicodeDecodeError):
            return None
        name = name.rstrip(".")
        if name not in self._names and f"[{name}]" not in self._names:
            return None
        if len(self._hosts) < KNOWN_HOSTS:
            self._hosts[header] = name
        return name

    def _is_trusted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._trusted)

    def _forwarded(self, scope: HTTPScope, headers: Headers, host: bytes) -> bytes:
        """Take client, scheme and host from a proxy that we trust; returns the host."""
        hops = [hop.strip() for hop in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",") if hop.strip()]
        # From the right: what trusted proxies added; the first one that is not ours is who asked.
        for hop in reversed(hops):
            address = hop.strip("[]")
            scope["client"] = (address, 0)
            if not self._is_trusted(address):
                break
        scheme = headers.get(b"x-forwarded-proto", b"").decode("latin-1").rpartition(",")[2].strip()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        return headers.get(b"x-forwarded-host", host).rpartition(b",")[2].strip() or host


def headers_for(given: Iterable[tuple[bytes, bytes]], ours: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The route's own headers and ours; where both say something, the route knows better."""
    own = list(given)
    names = {name for name, _ in own}
    own += [header for header in ours if header[0] not in names]
    if b"content-security-policy" not in names:
        own.append((b"content-security-policy", API_POLICY))
    if b"cache-control" not in names:
        own.append((b"cache-control", b"no-store"))
    return own


def unknown_host(header: bytes) -> Turned:
    """421: a name that is not ours."""
    shown = header.decode("latin-1")[:100]
    problem = Problem(
        "Host", shown, "the server's own name", "Start Karat with --public-url https://… or --host-name NAME."
    )
    return Turned(421, "This server does not answer to that name", problem)


def not_encrypted(host: str) -> Turned:
    """400: a password would travel in the clear."""
    problem = Problem(
        "scheme",
        f"http://{host}",
        f"https://{host}",
        "Put a TLS proxy in front and name it with --trusted-proxy, or accept the risk with --insecure-http.",
    )
    return Turned(400, "Plain HTTP is served on loopback only", problem)


def bad_address() -> Turned:
    """400: U+0000 or an endless address."""
    problem = Problem("path", "U+0000 or more than 4096 characters", "an address of the API", "Check the address.")
    return Turned(400, "The address cannot be read", problem)


def too_large(length: bytes, limit: int) -> Turned:
    """413."""
    problem = Problem(
        "Content-Length",
        length.decode("latin-1")[:30],
        f"at most {limit}",
        "Send less at once; uploads can go in parts.",
    )
    return Turned(413, "The body is too large", problem)


def foreign(given: str) -> Turned:
    """403: the request was made by a page that is not ours."""
    problem = Problem(
        "Origin",
        given[:200],
        "this server's own pages, or an API token",
        "Programs send `Authorization: Bearer krt_…`.",
    )
    return Turned(403, "The request comes from another site", problem)
