"""`karat items`: look at the items of a project, and keep them in order."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.options import AsJson, Limit, Name, Url, Workspace, Yes
from karat.cli.output import changed, fail, json_option, say, show_json, table

app = typer.Typer(no_args_is_help=True, help="Look at the items of a project, and keep them in order.")
Ids = Annotated[list[str] | None, typer.Option("--id", help="Only the item with this id; may be given several times.")]
Filter = Annotated[str | None, typer.Option("--filter", help='As JSON: {"all": [{"state": ["open"]}]}.')]


@app.command("list")
def list_(
    project: Name,
    filter: Filter = None,
    sort: Annotated[
        str | None, typer.Option(help="changed, key, responses, disagreement, created or meta:KEY.")
    ] = None,
    limit: Limit = 20,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """List items."""
    with config.client(url, workspace) as client:
        wanted = json_option(filter, "--filter")
        rows = list(islice(client.project(project).items(wanted, sort=sort), limit))
        if json:
            show_json(rows)
        else:
            table(
                ["key", "state", "responses", "changed", "id"],
                [(r["key"], r["state"], r["responses"], r["changed_at"], r["id"]) for r in rows],
            )


@app.command()
def count(project: Name, filter: Filter = None, url: Url = None, workspace: Workspace = None) -> None:
    """Count items; exact up to 10,000."""
    with config.client(url, workspace) as client:
        wanted = json_option(filter, "--filter")
        found = client.project(project).count(wanted)
        say(f"{found['count']}" if found["exact"] else f"more than {found['count']}")


@app.command()
def show(
    item: Annotated[str, typer.Argument(help="The item's id.")], url: Url = None, workspace: Workspace = None
) -> None:
    """Show one item with its responses."""
    with config.client(url, workspace) as client:
        show_json(client.connection.get(f"items/{item}", dict[str, object]))


@app.command()
def facets(project: Name, url: Url = None, workspace: Workspace = None) -> None:
    """Show what a filter can name: metadata with some values, fields with their labels, authors, tags."""
    with config.client(url, workspace) as client:
        show_json(client.project(project).facets())


@app.command()
def tag(
    project: Name,
    tag: Annotated[str, typer.Argument(help="The tag.")],
    filter: Filter = None,
    id: Ids = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Give items a tag."""
    _change(project, "tag", tag, filter, id, url, workspace)


@app.command()
def untag(
    project: Name,
    tag: Annotated[str, typer.Argument(help="The tag.")],
    filter: Filter = None,
    id: Ids = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Take a tag away from items."""
    _change(project, "untag", tag, filter, id, url, workspace)


@app.command()
def requeue(
    project: Name,
    answers: Annotated[int, typer.Option(help="How many more answers each item wants.")] = 1,
    filter: Filter = None,
    id: Ids = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Ask for more answers to items."""
    _change(project, "requeue", answers, filter, id, url, workspace)


@app.command()
def delete(
    project: Name,
    filter: Filter = None,
    id: Ids = None,
    yes: Yes = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Delete items. Their answers are kept for as long as it can be undone."""
    if not yes and (filter or id):
        typer.confirm("Delete these items?", abort=True)
    _change(project, "delete", None, filter, id, url, workspace)


@app.command()
def metadata(
    project: Name,
    table: Annotated[
        Path, typer.Argument(help="CSV in UTF-8: the first column is the item's key, each other one a value.")
    ],
    remove_empty: Annotated[bool, typer.Option("--remove-empty", help="An empty cell removes the value.")] = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Set the metadata of items from a table."""
    with config.client(url, workspace) as client:
        changed(client.project(project).set_metadata(table, removes_empty=remove_empty))


def _change(
    project: str,
    action: str,
    value: object,
    filter: str | None,
    ids: list[str] | None,
    url: str | None,
    workspace: str | None,
) -> None:
    if (filter is None) == (not ids):
        fail("Say which items: --filter '{…}' (all of them: '{}') or --id ID, one of the two.")
    wanted = json_option(filter, "--filter")
    with config.client(url, workspace) as client:
        changed(client.project(project).change_items(action, value, filter=wanted, ids=ids))
