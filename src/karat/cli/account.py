"""Signing in from the command line: a token is made and kept, the password is not."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.options import Url, Workspace
from karat.cli.output import say
from karat.sdk import Client, KaratError
from karat.sdk.values import Me


def login(
    url: Annotated[str, typer.Argument(help="The server's address.")] = "http://127.0.0.1:8080",
    email: Annotated[str | None, typer.Option(help="Your e-mail address; asked for where it is missing.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="KARAT_TOKEN", help="Use this API token instead of a password.")
    ] = None,
    scope: Annotated[
        str, typer.Option(help="What the token may do: read, write, or admin for people and settings too.")
    ] = "admin",
    days: Annotated[int, typer.Option(help="For how long, in days.")] = 90,
    workspace: Workspace = None,
) -> None:
    """Sign in to a server and keep a token for the commands that follow."""
    if token:
        with Client(url, token=token, workspace=workspace) as client:
            me = client.me()
            config.save(config.Saved(url, token, workspace=client.workspace.id))
    else:
        me = _with_password(url, email, scope=scope, days=days, workspace=workspace)
    say(f"Signed in to {url} as {me.name} <{me.email}>.")


def logout() -> None:
    """Revoke the token of this machine and forget it."""
    saved = config.load()
    if saved is None:
        say("Nobody is signed in on this machine.")
        return
    if saved.token_id:
        with Client(saved.url, token=saved.token, workspace=saved.workspace) as client:
            try:
                client.revoke_token(saved.token_id)
            except KaratError as error:
                say(f"The token could not be revoked on the server ({error.title}); revoke it in your profile.")
    config.path().unlink()
    say("Signed out.")


def whoami(url: Url = None, workspace: Workspace = None) -> None:
    """Show who is signed in, and where."""
    with config.client(url, workspace) as client:
        me = client.me()
        say(f"{me.name} <{me.email}> on {client.connection.url}")
        for found in me.workspaces:
            say(f"  {found.name}: {found.role}")


@contextmanager
def signed_in(client: Client, email: str | None = None) -> Iterator[Client]:
    """The same server and workspace with a session instead of a token, for what no token may; it ends at the end."""
    with Client(client.connection.url, token="", workspace=client.workspace.id) as mine:
        _sign_in(mine, email or client.me().email)
        try:
            yield mine
        finally:
            mine.sign_out()


def _with_password(url: str, email: str | None, *, scope: str, days: int, workspace: str | None) -> Me:
    with Client(url, token="", workspace=workspace) as client:
        me = _sign_in(client, email or typer.prompt("E-mail"))
        try:
            made = client.create_token(f"karat on {platform.node()}", scopes=(scope,), expires_days=days)
            config.save(
                config.Saved(client.connection.url, made.token, token_id=made.id, workspace=client.workspace.id)
            )
        finally:
            client.sign_out()
        return me


def _sign_in(client: Client, email: str) -> Me:
    """Ask for the password, and for a code where a second factor is set up."""
    password = typer.prompt(f"Password of {email}", hide_input=True, err=True)
    try:
        return client.sign_in(email, password)
    except KaratError as error:
        if error.type != "totp-required":
            raise
        return client.sign_in(email, password, code=typer.prompt("Code of your second factor", err=True))
