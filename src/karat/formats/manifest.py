"""What an export holds: its files with their hashes, its counts, and what it was made from."""

from collections.abc import Mapping, Sequence

import msgspec

import karat
from karat.formats.base import Loss, Sink, Which
from karat.formats.sinks import Written

FILE = "manifest.json"
LOSSES_FILE = "losses.json"


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The contents of `manifest.json`."""

    format: str
    which: Which
    karat_version: str
    schema_version: int
    project: str | None = None
    created_at: str
    counts: dict[str, int]
    """items, responses, annotations …"""
    filter: object = None
    since: str | None = None
    author: str | None = None
    files: tuple[Written, ...]
    losses: tuple[Loss, ...] = ()
    karat_manifest: int = 1


def manifest(
    *, format: str, which: Which, schema_version: int, created_at: str, counts: Mapping[str, int], files: Sequence[Written],
    losses: Sequence[Loss] = (), project: str | None = None, filter: object = None, since: str | None = None, author: str | None = None,
) -> Manifest:  # fmt: skip
    """A manifest by this version of Karat."""
    return Manifest(
        format=format,
        which=which,
        karat_version=karat.__version__,
        schema_version=schema_version,
        project=project,
        created_at=created_at,
        counts=dict(counts),
        filter=filter,
        since=since,
        author=author,
        files=tuple(sorted(files, key=lambda file: file.name)),
        losses=tuple(losses),
    )


def write_manifest(sink: Sink, given: Manifest) -> None:
    """`manifest.json`, and the losses alone in `losses.json`."""
    with sink.open(LOSSES_FILE) as file:
        file.write(_pretty(given.losses))
    with sink.open(FILE) as file:
        file.write(_pretty(given))


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
