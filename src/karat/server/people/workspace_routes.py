"""Workspaces, members, invites, tokens and the audit trail over HTTP."""

from litestar import delete, get, patch, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, in_person
from karat.server.database import Database
from karat.server.people import actions, links, queries, tokens
from karat.server.people.schemas import (
    AuditEntry,
    ChangeMember,
    Invite,
    LinkMade,
    Member,
    NewInvite,
    NewToken,
    NewWorkspace,
    Token,
    Workspace,
)
from karat.server.state import App
from karat.server.wire import Page, decode


@post("/workspaces", opt={"right": "workspace.create", "body": NewWorkspace})
async def create_workspace(body: bytes, actor: Actor, app: App, db: Database) -> Workspace:
    """Make a workspace; whoever makes it owns it."""
    in_person(actor)
    made = await db.write(actions.found_workspace, actor, decode(body, NewWorkspace).name)
    app.sessions.forget()
    return made


@get("/workspaces/{workspace:str}", opt={"right": "workspace.see"})
async def read_workspace(workspace: str, actor: Actor, db: Database) -> Workspace:
    """One workspace."""
    return await db.read(queries.workspace, actor, workspace=workspace)


@patch("/workspaces/{workspace:str}", opt={"right": "workspace.change", "body": NewWorkspace})
async def rename_workspace(workspace: str, body: bytes, actor: Actor, db: Database) -> Workspace:
    """Rename a workspace."""
    return await db.write(actions.rename_workspace, actor, workspace=workspace, name=decode(body, NewWorkspace).name)


@get("/workspaces/{workspace:str}/members", opt={"right": "people.see"})
async def list_members(workspace: str, actor: Actor, db: Database) -> list[Member]:
    """Everyone in a workspace, those who left too."""
    return await db.read(queries.members, actor, workspace=workspace)


@patch("/workspaces/{workspace:str}/members/{member:str}", opt={"right": "people.change", "body": ChangeMember})
async def change_member(workspace: str, member: str, body: bytes, actor: Actor, app: App) -> Member:
    """Change a member's role, or end or renew their membership."""
    given = decode(body, ChangeMember)
    changed = await app.db.write(actions.change_member, actor, workspace=workspace, member=member, given=given)
    app.sessions.forget()
    return changed


@post("/workspaces/{workspace:str}/members/{member:str}/reset", opt={"right": "people.reset", "secret": True})
async def reset_member(workspace: str, member: str, actor: Actor, app: App, db: Database) -> LinkMade:
    """Make a link by which a member sets a new password. It is shown once."""
    base = app.settings.base_url
    return await db.write(links.reset_member, actor, workspace=workspace, member=member, base_url=base)


@post("/workspaces/{workspace:str}/invites", opt={"right": "people.invite", "body": NewInvite, "secret": True})
async def create_invite(workspace: str, body: bytes, actor: Actor, app: App, db: Database) -> Invite:
    """Make a link by which somebody joins. It is shown once."""
    given = decode(body, NewInvite)
    return await db.write(links.invite, actor, workspace=workspace, given=given, base_url=app.settings.base_url)


@get("/workspaces/{workspace:str}/invites", opt={"right": "people.invite"})
async def list_invites(workspace: str, actor: Actor, db: Database) -> list[Invite]:
    """The invites that can still be used."""
    return await db.read(queries.invites, actor, workspace=workspace)


@delete("/workspaces/{workspace:str}/invites/{invite:str}", opt={"right": "people.invite"}, status_code=204)
async def revoke_invite(workspace: str, invite: str, actor: Actor, db: Database) -> None:
    """Take an invite back."""
    await db.write(links.revoke_invite, actor, workspace=workspace, invite=invite)


@get("/workspaces/{workspace:str}/tokens", opt={"right": "tokens.own"})
async def list_tokens(workspace: str, actor: Actor, db: Database) -> list[Token]:
    """One's own API tokens; an owner sees everybody's."""
    return await db.read(queries.tokens, actor, workspace=workspace)


@post("/workspaces/{workspace:str}/tokens", opt={"right": "tokens.make", "body": NewToken, "secret": True})
async def create_token(workspace: str, body: bytes, actor: Actor, db: Database) -> Token:
    """Make an API token, signed in: no token makes tokens. It is shown once."""
    return await db.write(tokens.make, actor, workspace=workspace, given=decode(body, NewToken))


@delete("/workspaces/{workspace:str}/tokens/{token:str}", opt={"right": "tokens.own"}, status_code=204)
async def revoke_token(workspace: str, token: str, actor: Actor, app: App) -> None:
    """Revoke an API token; a token of any scope may revoke itself. The open invites that were made with it end too."""
    await app.db.write(tokens.revoke, actor, workspace=workspace, token=token)
    app.sessions.forget()


@get("/workspaces/{workspace:str}/audit", opt={"right": "audit.see"})
async def list_audit(
    workspace: str, actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None
) -> Page[AuditEntry]:
    """What was done to people, rights and data, newest first."""
    return await db.read(queries.audit, actor, workspace=workspace, limit=limit, cursor=cursor)


ROUTES: list[ControllerRouterHandler] = [
    create_workspace,
    read_workspace,
    rename_workspace,
    list_members,
    change_member,
    reset_member,
    create_invite,
    list_invites,
    revoke_invite,
    list_tokens,
    create_token,
    revoke_token,
    list_audit,
]
