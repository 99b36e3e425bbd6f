"""`karat admin`: what an operator does at the machine itself, without signing in."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from karat.cli.options import AsJson
from karat.cli.output import fail, installed, say, show_json, table

app = typer.Typer(no_args_is_help=True, help="What an operator does at the machine itself, without signing in.")
Data = Annotated[Path, typer.Option(envvar="KARAT_DATA", help="The server's data folder.")]
DatabaseUrl = Annotated[
    str, typer.Option(envvar="KARAT_DATABASE", help="postgresql://…; else SQLite in the data folder.")
]
PublicUrl = Annotated[str, typer.Option(envvar="KARAT_PUBLIC_URL", help="The address that people open, for the link.")]
LinkPort = Annotated[int, typer.Option(envvar="KARAT_PORT", help="The server's port, for the link.")]
_NO_ACCOUNT = "There is no account {!r}; `karat admin people` lists them."


@app.command("reset-password")
def reset_password(
    email: Annotated[str, typer.Argument(help="Whose password.")],
    data: Data,
    database: DatabaseUrl = "",
    public_url: PublicUrl = "",
    port: LinkPort = 8080,
) -> None:
    """Make a one-time link by which a person sets a new password. Used, it ends their sessions, tokens and a lost second factor."""
    from karat.server.database import Tx, connect
    from karat.server.people import links, queries
    from karat.server.settings import Settings

    settings = Settings(data=data, database=database, public_url=public_url, port=port)

    def make(tx: Tx) -> str | None:
        account = queries.account(tx, email.lower())
        return (
            None if account is None else links.url(settings.base_url, links.make(tx, "reset", login=account.login)[1])
        )

    with closing(connect(installed(settings))) as db:
        url = db.write_now(make)
    if url is None:
        fail(_NO_ACCOUNT.format(email))
    say(f"{url}\nIt works once, for 24 hours.")


@app.command()
def people(data: Data, database: DatabaseUrl = "", json: AsJson = False) -> None:
    """List every account with its workspaces."""
    from karat.server.database import Tx, connect
    from karat.server.settings import Settings

    def rows(tx: Tx) -> list[tuple[object, ...]]:
        return [
            tuple(row)
            for row in tx.run(
                "SELECT l.name, l.email, w.name, m.role, m.active FROM logins l"
                " LEFT JOIN memberships m ON m.login = l.n LEFT JOIN workspaces w ON w.n = m.workspace ORDER BY l.email, w.n"
            )
        ]

    with closing(connect(installed(Settings(data=data, database=database)))) as db:
        found = db.read_now(rows)
    if json:
        show_json(found)
    else:
        table(
            ["name", "e-mail", "workspace", "role", "active"], [(*row[:4], "yes" if row[4] else "no") for row in found]
        )


@app.command("create-workspace")
def create_workspace(
    name: Annotated[str, typer.Argument(help="The new workspace's name.")],
    owner: Annotated[str, typer.Option(help="The e-mail address of its first owner, who has an account already.")],
    data: Data,
    database: DatabaseUrl = "",
) -> None:
    """Make a workspace, and an account its owner."""
    from karat.server.database import Tx, connect
    from karat.server.people import actions, queries
    from karat.server.settings import Settings
    from karat.server.tell import note

    def make(tx: Tx) -> str | None:
        account = queries.account(tx, owner)
        if account is None:
            return None
        made = actions.create_workspace(tx, name)
        note(
            tx,
            "workspace.created",
            actor=None,
            workspace=made.n,
            thing={"type": "workspace", "id": made.id},
            name_given=name,
        )
        actions.add_member(tx, made.id, account.login, "owner")
        return made.id

    with closing(connect(installed(Settings(data=data, database=database)))) as db:
        made = db.write_now(make)
    if made is None:
        fail(_NO_ACCOUNT.format(owner))
    say(f"Made {name!r}, id {made}, owned by {owner}.")


@app.command("sign-in-link")
def sign_in_link(
    data: Data,
    database: DatabaseUrl = "",
    public_url: PublicUrl = "",
    port: LinkPort = 8080,
    revoke_all: Annotated[
        bool, typer.Option("--revoke-all", help="End every session, token and open link first.")
    ] = False,
) -> None:
    """Make a one-time link for the first owner, e.g. where somebody else used the first one."""
    from karat.server.database import Tx, connect
    from karat.server.people import links
    from karat.server.settings import Settings
    from karat.server.tell import note

    settings = Settings(data=data, database=database, public_url=public_url, port=port)

    def make(tx: Tx) -> str | None:
        owner = tx.run(
            "SELECT login FROM memberships WHERE role = 'owner' AND active ORDER BY workspace, login LIMIT 1"
        )
        if not owner:
            return None
        if revoke_all:
            tx.run("DELETE FROM sessions")
            tx.run("UPDATE tokens SET revoked_at = :now WHERE revoked_at IS NULL", now=tx.now())
            tx.run("UPDATE links SET spent_at = :now WHERE spent_at IS NULL", now=tx.now())
            note(tx, "session.ended", actor=None, why="every session, token and link, from the command line")
        return links.url(settings.base_url, links.make(tx, "reset", login=owner[0][0])[1])

    with closing(connect(installed(settings))) as db:
        url = db.write_now(make)
    if url is None:
        fail("There is no owner yet; start the server, which prints the first link.")
    say(f"{url}\nIt works once, for 24 hours.")
