"""`karat tokens`: the API tokens of this account, and of everybody for owners."""

from typing import Annotated

import typer

from karat.cli import config
from karat.cli.account import signed_in
from karat.cli.options import AsJson, Url, Workspace
from karat.cli.output import say, show_json, table

app = typer.Typer(no_args_is_help=True, help="List, make and revoke API tokens.")


@app.command("list")
def list_(json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """List your API tokens; owners see everybody's."""
    with config.client(url, workspace) as client:
        rows = client.tokens()
        if json:
            show_json(rows)
        else:
            table(
                ["name", "person", "scopes", "until", "used", "id"],
                [(t.name, t.person, " ".join(t.scopes), t.expires_at, t.seen_at, t.id) for t in rows],
            )


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[str, typer.Option(help="What it may do: read, write or admin.")] = "write",
    days: Annotated[int, typer.Option(help="For how long, in days.")] = 90,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Make an API token and print it once; asks for your password, since no token makes tokens."""
    with config.client(url, workspace) as client, signed_in(client) as mine:
        say(mine.create_token(name, scopes=(scope,), expires_days=days).token)


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="The token's id; `karat tokens list` shows them.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Revoke an API token. Open invites that were made with it end too."""
    with config.client(url, workspace) as client:
        client.revoke_token(token)
        say("Revoked.")
