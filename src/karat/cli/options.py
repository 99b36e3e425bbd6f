"""Options and arguments that several commands have, each said once."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Limit = Annotated[int, typer.Option(help="How many.")]
Name = Annotated[str, typer.Argument(help="The project's title or id.")]
Url = Annotated[
    str | None, typer.Option("--url", envvar="KARAT_URL", help="The server; else the one of `karat login`.")
]
Workspace = Annotated[
    str | None,
    typer.Option("--workspace", "-w", envvar="KARAT_WORKSPACE", help="The workspace, where you belong to several."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
