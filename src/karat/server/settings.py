"""What an operator can set, read once from the command line and the environment."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
import msgspec.structs


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one server process. Every one can be given as `KARAT_…` in the environment."""

    data: Path
    """Folder for the embedded database, blobs, uploads and job files."""
    database: str = ""
    """`postgresql://…`, or empty for the SQLite file in `data`."""
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    """The address people open, e.g. `https://label.example.org/karat`; empty: derived from host and port."""
    prefix: str = ""
    """Path under which a reverse proxy serves Karat, e.g. `/karat`."""
    hosts: tuple[str, ...] = ()
    """Host names that requests may carry, beside the loopback ones and that of `public_url`."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-* headers are believed."""
    insecure_http: bool = False
    """Serve plain HTTP on an address other than loopback."""
    import_roots: tuple[Path, ...] = ()
    """Local folders that imports by URI may read."""
    import_hosts: tuple[str, ...] = ()
    """Hosts and buckets that imports by URI may read, e.g. `https://data.example.org`, `s3://bucket`."""
    max_upload_mb: int = 5_000
    max_body_mb: int = 64
    session_days: int = 14
    blobs: str = ""
    """Where media and the files of jobs lie: `s3://bucket/prefix`, `gs://…`, `az://…`, or empty for a folder in `data`."""
    max_pixels: int = 250_000_000
    """The largest picture that is decoded as a whole."""
    tile_pixels: int = 40_000_000
    """A picture of more pixels is shown in tiles."""
    tile_side: int = 12_000
    """So is one of more pixels a side."""
    max_tiled_pixels: int = 4_000_000_000
    """The largest picture that is taken at all; a larger one is refused before a byte of it is unpacked."""
    worker_memory_mb: int = 2_000
    """How much memory a process may take that reads what people uploaded."""
    upload_hours: int = 72
    """How long an upload that nothing was imported from is kept."""
    job_threads: int = 2
    """How many jobs this process runs at once."""
    job_library: Literal["dbos", "threads"] = "dbos"
    """`threads` is for tests and tools that end with their work: nothing takes over from it."""
    smtp: str = ""
    """The mail server: `smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, `smtp+plain://…`; empty: no e-mail."""
    smtp_from: str = "karat@localhost"
    """From whom e-mail comes."""
    read_threads: int = 4

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return not self.database

    @property
    def base_url(self) -> str:
        """Where people open Karat, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}{self.prefix}").rstrip("/")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Settings from `KARAT_…` variables; lists are separated by spaces or commas.

    >>> from_environment({"KARAT_DATA": "/srv/karat", "KARAT_PORT": "80", "KARAT_HOSTS": "a.example, b.example"}).hosts
    ('a.example', 'b.example')
    """
    given: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        value = environment.get(f"KARAT_{field.name.upper()}")
        if value is not None:
            is_list = isinstance(field.default, tuple)
            given[field.name] = [part for part in re.split(r"[,\s]+", value) if part] if is_list else value
    try:
        return msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise SystemExit(f"A KARAT_… variable cannot be read: {error}") from None
