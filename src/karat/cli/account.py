"""Signing in from the command line: a token is made and kept, the password is not."""

import platform
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.output import say
from karat.sdk import Client, KaratError
from karat.sdk.values import Me


def login(
    url: Annotated[str, typer.Argument(help="The server's address.")] = "http://127.0.0.1:8080",
    email: Annotated[str | None, typer.Option(help="Your e-mail address; asked for where it is missing.")] = None,
    token: Annotated[str | None, typer.Option(envvar="KARAT_TOKEN", help="Use this API token instead of a password.")] = None,
    scope: Annotated[str, typer.Option(help="What the token may do: read, write or admin.")] = "write",
    days: Annotated[int, typer.Option(help="For how long, in days.")] = 90,
    workspace: config.Workspace = None,
) -> None:
    """Sign in to a server and keep a token for the commands that follow."""
    if token:
        with Client(url, token=token, workspace=workspace) as client:
            me = client.me()
            config.save(config.Saved(url, token, workspace=client.workspace.id))
    else:
        me = _with_password(url, email, scope=scope, days=days, workspace=workspace)
    say(f"Signed in to {url} as {me.name} <{me.email}>.")


def logout(url: config.Url = None) -> None:
    """Revoke the token of this machine and forget it."""
    saved = config.load()
    if saved is None:
        say("Nobody is signed in on this machine.")
        return
    if saved.token_id:
        with Client(saved.url, token=saved.token, workspace=saved.workspace) as client:
            try:
                client.connection.delete(f"workspaces/{client.workspace.id}/tokens/{saved.token_id}")
            except KaratError as error:
                say(f"The token could not be revoked on the server ({error.title}); revoke it in your profile.")
    config.path().unlink()
    say("Signed out.")


def whoami(url: config.Url = None, workspace: config.Workspace = None) -> None:
    """Show who is signed in, and where."""
    with config.client(url, workspace) as client:
        me = client.me()
        say(f"{me.name} <{me.email}> on {client.connection.url}")
        for found in me.workspaces:
            say(f"  {found.name}: {found.role}")


def _with_password(url: str, email: str | None, *, scope: str, days: int, workspace: str | None) -> Me:
    with Client(url, token="", workspace=workspace) as client:
        body = {"email": email or typer.prompt("E-mail"), "password": typer.prompt("Password", hide_input=True)}
        try:
            me = client.connection.post("session", body, Me)
        except KaratError as error:
            if "totp" not in error.type:
                raise
            me = client.connection.post("session", {**body, "code": typer.prompt("Code of your second factor")}, Me)
        made = client.create_token(f"karat on {platform.node()}", scopes=(scope,), expires_days=days)
        config.save(config.Saved(url, made.token, token_id=made.id, workspace=client.workspace.id))
        client.connection.delete("session")
        return me
