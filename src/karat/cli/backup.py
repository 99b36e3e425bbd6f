"""`karat backup` and `karat restore`: everything in one file, while people work."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.output import fail, installed, say

Data = Annotated[Path, typer.Option(envvar="KARAT_DATA", help="The server's data folder.")]
DatabaseUrl = Annotated[
    str, typer.Option(envvar="KARAT_DATABASE", help="postgresql://…; else SQLite in the data folder.")
]
BlobsUrl = Annotated[
    str, typer.Option(envvar="KARAT_BLOBS", help="s3://bucket/prefix, gs://… or az://…; else the data folder.")
]


def backup(
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    data: Data,
    database: DatabaseUrl = "",
    blobs: BlobsUrl = "",
) -> None:
    """Write everything to one file, consistent while people work."""
    from karat.server.backup import backup as write
    from karat.server.settings import Settings

    if to.exists():
        fail(f"{to} exists; give a new file's name.")
    write(installed(Settings(data=data, database=database, blobs=blobs)), to)
    say(f"Wrote {to}, {to.stat().st_size / 1e6:.1f} MB.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `karat backup` wrote.")],
    data: Data,
    database: DatabaseUrl = "",
    blobs: BlobsUrl = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite what is there.")] = False,
) -> None:
    """Check a backup, then put it in place of an empty installation; stop the server first."""
    from karat.server.backup import restore as read
    from karat.server.settings import Settings

    read(Settings(data=data, database=database, blobs=blobs), file, replace=replace)
    say(f"Restored {file} to {database or data}.")
