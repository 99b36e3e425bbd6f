"""`karat people`: invite, list and change the members of a workspace."""

from itertools import islice
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.account import signed_in
from karat.cli.options import AsJson, Limit, Url, Workspace
from karat.cli.output import fail, say, show_json, table
from karat.sdk import Client
from karat.sdk.values import Member

app = typer.Typer(no_args_is_help=True, help="Invite, list and change the members of a workspace.")
Who = Annotated[str, typer.Argument(help="The person's e-mail address or member id.")]


@app.command("list")
def list_(json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """List the people."""
    with config.client(url, workspace) as client:
        rows = client.members()
        if json:
            show_json(rows)
        else:
            table(
                ["name", "e-mail", "role", "active"],
                [(m.name, m.email, m.role, "yes" if m.active else "no") for m in rows],
            )


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="annotator, reviewer, manager or owner.")] = "annotator",
    email: Annotated[str | None, typer.Option(help="For whom; the link then works for this address only.")] = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Make a one-time link by which a person joins."""
    with config.client(url, workspace) as client:
        link = client.invite(role=role, email=email)
        say(f"{link.url}\nIt works once, until {link.expires_at}.")


@app.command()
def role(
    person: Who,
    role: Annotated[str, typer.Argument(help="annotator, reviewer, manager or owner.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Change a person's role."""
    with config.client(url, workspace) as client:
        client.change_member(_member(client, person).id, role=role)
        say(f"{person} is now {role}.")


@app.command()
def deactivate(person: Who, url: Url = None, workspace: Workspace = None) -> None:
    """End a person's sessions and release their claims; their work is kept."""
    with config.client(url, workspace) as client:
        client.change_member(_member(client, person).id, active=False)
        say(f"{person} can no longer sign in. Their work is kept.")


@app.command()
def activate(person: Who, url: Url = None, workspace: Workspace = None) -> None:
    """Let a person sign in again."""
    with config.client(url, workspace) as client:
        client.change_member(_member(client, person).id, active=True)
        say(f"{person} can sign in again.")


@app.command("reset-link")
def reset_link(person: Who, url: Url = None, workspace: Workspace = None) -> None:
    """Make a one-time link by which a person sets a new password; asks for yours, since no token may."""
    with config.client(url, workspace) as client:
        member = _member(client, person)
        with signed_in(client) as mine:
            link = mine.reset_link(member.id)
        say(
            f"{link.url}\nIt works once, until {link.expires_at}. Used, it ends their sessions and revokes their tokens."
        )


@app.command()
def invites(json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """List the invites that can still be used."""
    with config.client(url, workspace) as client:
        rows = client.invites()
        if json:
            show_json(rows)
        else:
            table(
                ["role", "e-mail", "until", "by", "id"],
                [(i.role, i.email, i.expires_at, i.created_by, i.id) for i in rows],
            )


@app.command("revoke-invite")
def revoke_invite(
    invite: Annotated[str, typer.Argument(help="The invite's id; `karat people invites` lists them.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Take an invite back."""
    with config.client(url, workspace) as client:
        client.revoke_invite(invite)
        say("Taken back.")


@app.command()
def audit(
    limit: Limit = 50,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Show what was done to people, rights and data, the newest first; for owners."""
    with config.client(url, workspace) as client:
        rows = list(islice(client.audit(), limit))
        if json:
            show_json(rows)
            return
        table(["at", "who", "what", "from"], [(r["at"], _name(r["actor"]), r["name"], r["address"]) for r in rows])


def _name(actor: object) -> str:
    return str(actor.get("name")) if isinstance(actor, dict) else ""


def _member(client: Client, person: str) -> Member:
    found = [m for m in client.members() if person in (m.email, m.id)]
    if not found:
        fail(f"{person!r} is not a member of {client.workspace.name!r}; `karat people list` shows who is.")
    return found[0]
