"""`karat serve` and `karat demo`: the server on this machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.output import fail

if TYPE_CHECKING:
    from karat.server.settings import Settings

Host = Annotated[str, typer.Option(envvar="KARAT_HOST", help="The address to listen on.")]
Port = Annotated[int, typer.Option(envvar="KARAT_PORT", help="The port to listen on.")]


def demo(
    data: Annotated[Path, typer.Option(envvar="KARAT_DATA", help="Where to keep the demo.")] = Path("karat-demo"),
    port: Port = 8080,
) -> None:
    """Open Karat with a demo workspace of two projects that are labeled in part; on this machine only."""
    from karat.server.settings import Settings

    _run(Settings(data=data, port=port), workspace="Demo", fill=True)


def serve(
    data: Annotated[
        Path, typer.Option(envvar="KARAT_DATA", help="Folder for the embedded database, blobs and job files.")
    ],
    host: Host = "127.0.0.1",
    port: Port = 8080,
    database: Annotated[
        str, typer.Option(envvar="KARAT_DATABASE", help="postgresql://…; else SQLite in the data folder.")
    ] = "",
    blobs: Annotated[
        str, typer.Option(envvar="KARAT_BLOBS", help="s3://bucket/prefix, gs://… or az://…; else the data folder.")
    ] = "",
    public_url: Annotated[str, typer.Option(envvar="KARAT_PUBLIC_URL", help="The address that people open.")] = "",
    prefix: Annotated[
        str, typer.Option(envvar="KARAT_PREFIX", help="Path under which a reverse proxy serves Karat.")
    ] = "",
    allow_host: Annotated[
        list[str] | None, typer.Option(envvar="KARAT_HOSTS", help="A further host name that requests may carry.")
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(envvar="KARAT_TRUSTED_PROXIES", help="A proxy whose X-Forwarded-* headers are believed."),
    ] = None,
    import_root: Annotated[
        list[Path] | None,
        typer.Option(envvar="KARAT_IMPORT_ROOTS", help="A local folder that imports by URI may read."),
    ] = None,
    import_host: Annotated[
        list[str] | None,
        typer.Option(envvar="KARAT_IMPORT_HOSTS", help="A host or bucket that imports by URI may read."),
    ] = None,
    link_file: Annotated[
        Path | None,
        typer.Option(
            envvar="KARAT_LINK_FILE",
            help="Write the first sign-in link here instead of to the terminal: for services, whose output is a log.",
        ),
    ] = None,
    insecure_http: Annotated[
        bool, typer.Option("--insecure-http", help="Serve plain HTTP on an address other than loopback.")
    ] = False,
) -> None:
    """Run the server."""
    from karat.server.settings import Settings

    settings = Settings(
        data=data,
        host=host,
        port=port,
        database=database,
        blobs=blobs,
        public_url=public_url,
        prefix=prefix.rstrip("/"),
        hosts=tuple(allow_host or ()),
        trusted_proxies=tuple(trusted_proxy or ()),
        import_roots=tuple(import_root or ()),
        import_hosts=tuple(import_host or ()),
        insecure_http=insecure_http,
    )
    _run(settings, workspace="My workspace", fill=False, link_file=link_file or _unlogged(settings))


def _unlogged(settings: "Settings") -> Path | None:
    """Under systemd the output is the journal: the link goes to the data folder."""
    return settings.data / "first-sign-in" if "JOURNAL_STREAM" in os.environ else None


def _run(settings: "Settings", *, workspace: str, fill: bool, link_file: Path | None = None) -> None:
    from karat.cli.process import run

    try:
        run(settings, workspace=workspace, fill=fill, link_file=link_file)
    except OSError as error:
        fail(f"Karat cannot listen on {settings.host}:{settings.port} ({error.strerror}). Give another --port.")
