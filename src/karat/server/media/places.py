"""Which addresses outside Karat may be read: an allow-list of folders, hosts and buckets, checked after everything is resolved."""

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from karat.model.problem import Problem, shown

WEB = ("http", "https")
STORES = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl")
LOCAL = "file"
LONGEST = 8000


@dataclass(frozen=True)
class Places:
    """What the operator allows. `hosts` are `https://host[:port]` or `s3://bucket[/prefix]`; a bare host means https."""

    roots: tuple[Path, ...] = ()
    hosts: tuple[str, ...] = ()

    def problem_of(self, uri: str) -> Problem | None:
        """What forbids an address, before anything is asked of the network; None where it is allowed."""
        if len(uri) > LONGEST:
            return Problem("", f"{len(uri)} characters", f"an address of at most {LONGEST}", "Shorten the address.")
        scheme = scheme_of(uri)
        if scheme in (LOCAL, ""):
            return None if self.local_path(uri) else _forbidden(uri, "a path below one of the server's import roots")
        if scheme not in WEB + STORES:
            return _forbidden(uri, f"an address that starts with {', '.join(f'{s}://' for s in (*WEB, *STORES[:3]))}")
        return None if self.lists(uri) else _forbidden(uri, "a host or bucket on the server's allow-list")

    def lists(self, uri: str) -> bool:
        """Whether an address lies at or below an entry of the allow-list. User names and passwords in it are refused."""
        try:
            asked = urlsplit(uri)
            if asked.username is not None or asked.password is not None or not asked.hostname:
                return False
            return any(_covers(entry, uri) for entry in self.hosts)
        except ValueError:
            return False

    def local_path(self, uri: str) -> Path | None:
        """The file or folder of a local address, links resolved, if it lies below an import root."""
        try:
            path = Path(unquote(urlsplit(uri).path) if uri.startswith("file:") else uri)
            if not path.is_absolute():
                return None
            real = path.resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            return None
        return real if any(real.is_relative_to(root.resolve()) for root in self.roots) else None


def scheme_of(uri: str) -> str:
    """The scheme of an address in lower case, empty for a plain path.

    >>> scheme_of("S3://bucket/a"), scheme_of("/data/a.csv"), scheme_of("images/a.jpg")
    ('s3', '', '')
    """
    head, found, _ = uri.partition(":")
    return (
        head.lower()
        if found and head.isascii() and head.replace("+", "").replace("-", "").isalnum() and len(head) > 1
        else ""
    )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not loopback, private, link-local, multicast or reserved.

    >>> is_public("93.184.216.34"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1"), is_public("64:ff9b::a00:1")
    (True, False, False, False)
    """
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if found.is_reserved or found.is_site_local:
            return False  # such as ::127.0.0.1, which some systems still take for the address inside
    return found.is_global and not found.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host; empty where it has none."""
    try:
        return list(
            dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        )
    except (OSError, UnicodeError):
        return []


def _covers(entry: str, uri: str) -> bool:
    allowed = urlsplit(entry if "://" in entry else f"https://{entry}")
    asked = urlsplit(uri)
    if allowed.scheme.lower() != asked.scheme.lower() or (allowed.hostname or "") != (asked.hostname or ""):
        return False
    if _port(allowed.scheme, allowed.port) != _port(asked.scheme, asked.port):
        return False
    base = allowed.path.rstrip("/")
    path = unquote(asked.path)
    if ".." in path.split("/"):
        return False
    return not base or path == base or path.startswith(base + "/")


def _port(scheme: str, port: int | None) -> int | None:
    return port or {"http": 80, "https": 443}.get(scheme.lower())


def _forbidden(uri: str, expected: str) -> Problem:
    return Problem(
        "",
        shown(uri),
        expected,
        "Upload the files instead, or ask the operator to add the place to import_hosts or import_roots.",
    )
