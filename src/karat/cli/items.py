"""`karat items`: look at the items of a project."""

from itertools import islice
from typing import Annotated

import msgspec
import typer

from karat.cli import config
from karat.cli.output import AsJson, say, show_json, table

app = typer.Typer(no_args_is_help=True, help="Look at the items of a project.")
Name = Annotated[str, typer.Argument(help="The project's title or id.")]
Filter = Annotated[str | None, typer.Option("--filter", help='As JSON: {"all": [{"state": ["open"]}]}.')]


@app.command("list")
def list_(
    project: Name,
    filter: Filter = None,
    sort: Annotated[str | None, typer.Option(help="changed, key, responses, disagreement, created or meta:KEY.")] = None,
    limit: Annotated[int, typer.Option(help="How many.")] = 20,
    json: AsJson = False,
    url: config.Url = None,
    workspace: config.Workspace = None,
) -> None:
    """List items."""
    with config.client(url, workspace) as client:
        wanted = msgspec.json.decode(filter, type=dict[str, object]) if filter else None
        rows = list(islice(client.project(project).items(wanted, sort=sort), limit))
        if json:
            show_json(rows)
        else:
            table(["key", "state", "responses", "changed", "id"], [(r["key"], r["state"], r["responses"], r["changed_at"], r["id"]) for r in rows])


@app.command()
def count(project: Name, filter: Filter = None, url: config.Url = None, workspace: config.Workspace = None) -> None:
    """Count items; exact up to 10,000."""
    with config.client(url, workspace) as client:
        wanted = msgspec.json.decode(filter, type=dict[str, object]) if filter else None
        found = client.project(project).count(wanted)
        say(f"{found['count']}" if found["exact"] else f"more than {found['count']}")


@app.command()
def show(item: Annotated[str, typer.Argument(help="The item's id.")], url: config.Url = None, workspace: config.Workspace = None) -> None:
    """Show one item with its responses."""
    with config.client(url, workspace) as client:
        show_json(client.connection.get(f"items/{item}", dict[str, object]))
