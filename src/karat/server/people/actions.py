"""Making and changing workspaces, accounts, members and sessions."""

import datetime as dt
from typing import Any

import msgspec

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused
from karat.server.access import RIGHTS, ROLES, Actor, Role, Scope, enter_workspace, missing
from karat.server.database import Tx
from karat.server.labeling.actions import release_all
from karat.server.people import queries
from karat.server.people.schemas import ChangeMe, ChangeMember, Me, Member, Workspace
from karat.server.session import hashed, new_secret
from karat.server.statements import forget
from karat.server.tell import note, tell

MAX_SETTINGS_BYTES = 16_384
OPERATOR = Actor(0, "", "operator", "")


class Made(msgspec.Struct, frozen=True):
    """Something new: its key in the database and the id that people see."""

    n: int
    id: str


def create_workspace(tx: Tx, name: str) -> Made:
    """A workspace without members."""
    id_ = tx.new_id()
    n = tx.run(
        "INSERT INTO workspaces (id, name, created_at) VALUES (:id, :name, :at) RETURNING n",
        id=id_,
        name=name,
        at=tx.now(),
    )[0][0]
    return Made(n, id_)


def found_workspace(tx: Tx, actor: Actor, name: str) -> Workspace:
    """A workspace made by somebody who already owns one; they own the new one too."""
    if not any(w.role == "owner" for w in queries.memberships(tx, actor.login)):
        problem = Problem(
            "role",
            "not an owner",
            "owner of a workspace",
            "Ask the operator for a workspace: karat admin create-workspace.",
        )
        raise Refused([problem], status=403, title="Only owners make workspaces")
    made = create_workspace(tx, name)
    note(
        tx,
        "workspace.created",
        actor=actor,
        workspace=made.n,
        thing={"type": "workspace", "id": made.id},
        name_given=name,
    )
    add_member(tx, made.id, actor.login, "owner", actor=actor)
    return Workspace(made.id, name, "owner", tx.now())


def rename_workspace(tx: Tx, actor: Actor, *, workspace: str, name: str) -> Workspace:
    """Give a workspace another name."""
    scope = enter_workspace(tx, actor, "workspace.change", workspace=workspace)
    before = queries.workspace(tx, actor, workspace=workspace).name
    tx.run("UPDATE workspaces SET name = :name WHERE n = :n", name=name, n=scope.workspace)
    note(
        tx,
        "workspace.renamed",
        actor=actor,
        workspace=scope.workspace,
        thing={"type": "workspace", "id": workspace},
        before=before,
        after=name,
    )
    return queries.workspace(tx, actor, workspace=workspace)


def create_login(tx: Tx, *, email: str, name: str, password: str | None = None) -> Made:
    """An account; `password` is its Argon2 hash."""
    id_, email = tx.new_id(), email.lower()
    found = tx.run(
        "INSERT INTO logins (id, email, name, password, created_at) VALUES (:id, :email, :name, :password, :at)"
        " ON CONFLICT (email) DO NOTHING RETURNING n",
        id=id_,
        email=email,
        name=name,
        password=password,
        at=tx.now(),
    )
    if not found:
        problem = Problem("email", email, "an address without an account", "Sign in with that account instead.")
        raise Refused([problem], status=409, title="There is an account with this email")
    return Made(found[0][0], id_)


def add_member(tx: Tx, workspace: str, login: int, role: str, *, actor: Actor | None = None, address: str = "") -> str:
    """Make a person a member, and an author of responses in this workspace. Returns the member's id."""
    n = tx.run("SELECT n FROM workspaces WHERE id = :id", id=workspace)[0][0]
    name, person = tx.run("SELECT name, id FROM logins WHERE n = :n", n=login)[0]
    author = tx.run(
        "INSERT INTO authors (id, workspace, type, name, login, created_at) VALUES (:id, :workspace, 'person', :name, :login, :at) RETURNING n",
        id=tx.new_id(),
        workspace=n,
        name=name,
        login=login,
        at=tx.now(),
    )[0][0]
    # A reset link of another workspace's owner would now open this workspace too.
    tx.run(
        "UPDATE links SET expires_at = :now WHERE purpose = 'reset' AND login = :login AND workspace <> :workspace"
        " AND created_by IS NOT NULL AND spent_at IS NULL AND expires_at > :now",
        now=tx.now(),
        login=login,
        workspace=n,
    )
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO memberships (workspace, login, id, role, author, created_at) VALUES (:workspace, :login, :id, :role, :author, :at)",
        workspace=n,
        login=login,
        id=id_,
        role=role,
        author=author,
        at=tx.now(),
    )
    note(
        tx,
        "member.added",
        actor=actor,
        workspace=n,
        thing={"type": "member", "id": id_},
        address=address,
        person=person,
        role=role,
    )
    announce(tx, n, actor, "member.changed", thing="member", id=id_)
    return id_


def change_member(tx: Tx, actor: Actor, *, workspace: str, member: str, given: ChangeMember) -> Member:
    """Change a member's role, or end or renew their membership. The last owner stays one."""
    scope = enter_workspace(tx, actor, "people.change", workspace=workspace)
    if not tx.is_sqlite:
        # Two owners who demote each other at once must not both succeed.
        tx.run("SELECT n FROM workspaces WHERE n = :n FOR UPDATE", n=scope.workspace)
    before = queries.member(tx, scope, member)
    role: Role = given.role or before.role
    active = before.active if given.active is None else given.active
    if before.role == "owner" and before.active and not (role == "owner" and active):
        _keep_an_owner(tx, scope, member)
    tx.run(
        "UPDATE memberships SET role = :role, active = :active WHERE id = :id AND workspace = :workspace",
        role=role,
        active=active,
        id=member,
        workspace=scope.workspace,
    )
    thing: dict[str, object] = {"type": "member", "id": member}
    _close_links(tx, scope, member, role if active else None)
    if role != before.role:
        note(tx, "member.role", actor=actor, workspace=scope.workspace, thing=thing, before=before.role, after=role)
    if active and not before.active:
        note(tx, "member.activated", actor=actor, workspace=scope.workspace, thing=thing)
    if before.active and not active:
        released = _end_membership(tx, scope, before)
        note(tx, "member.deactivated", actor=actor, workspace=scope.workspace, thing=thing, claims_released=released)
    announce(tx, scope.workspace, actor, "member.changed", thing="member", id=member)
    return queries.member(tx, scope, member)


def start_session(tx: Tx, login: int, *, agent: str, address: str, days: int) -> str:
    """Sign somebody in; returns the secret that goes into their cookie."""
    secret = new_secret()
    now = tx.clock.now()
    tx.run("DELETE FROM sessions WHERE login = :login AND expires_at < :now", login=login, now=stamp(now))
    tx.run(
        "INSERT INTO sessions (id, hash, login, agent, address, created_at, seen_at, expires_at)"
        " VALUES (:id, :hash, :login, :agent, :address, :now, :now, :until)",
        id=tx.new_id(),
        hash=hashed(secret),
        login=login,
        agent=agent[:300],
        address=address[:100],
        now=stamp(now),
        until=stamp(now + dt.timedelta(days=days)),
    )
    note_everywhere(tx, "session.started", login, address=address)
    return secret


def end_session(tx: Tx, actor: Actor, session: str) -> None:
    """End one of the person's own sessions."""
    found = tx.run("DELETE FROM sessions WHERE id = :id AND login = :login RETURNING id", id=session, login=actor.login)
    if not found:
        raise missing("session", session)
    note_everywhere(tx, "session.ended", actor.login, actor=actor)


def end_sessions(tx: Tx, login: int, *, keep: str | None = None) -> None:
    """End every session of an account but the one to keep."""
    tx.run("DELETE FROM sessions WHERE login = :login AND id <> :keep", login=login, keep=keep or "")


def end_links_to(tx: Tx, login: int) -> None:
    """End the open links that set this account's password: each would undo a new one."""
    tx.run(
        "UPDATE links SET expires_at = :now WHERE login = :login AND purpose IN ('reset', 'first') AND spent_at IS NULL AND expires_at > :now",
        now=tx.now(),
        login=login,
    )


def change_me(tx: Tx, actor: Actor, given: ChangeMe) -> Me:
    """Change one's own name or settings. The name follows into every workspace's authors."""
    if given.name is not None:
        rename(tx, actor.login, given.name)
    if given.settings is not None:
        merged = {**queries.me(tx, actor).settings, **given.settings}
        body = msgspec.json.encode({key: value for key, value in merged.items() if value is not None}).decode()
        if len(body) > MAX_SETTINGS_BYTES:
            problem = Problem("settings", f"{len(body)} bytes", f"at most {MAX_SETTINGS_BYTES}", "Keep fewer settings.")
            raise Refused([problem])
        tx.run("UPDATE logins SET settings = :settings WHERE n = :n", settings=body, n=actor.login)
    return queries.me(tx, actor)


def rename(tx: Tx, login: int, name: str) -> None:
    """Give an account another name, in each workspace where it is an author too."""
    tx.run("UPDATE logins SET name = :name WHERE n = :n", name=name, n=login)
    tx.run("UPDATE authors SET name = :name WHERE login = :n AND type = 'person'", name=name, n=login)


def announce(tx: Tx, workspace: int, actor: Actor | None, name: str, *, thing: str, id: str) -> None:
    """An event of a workspace's people, so that pages which show them look again."""
    found = (
        tx.run(
            "SELECT role, author FROM memberships WHERE workspace = :w AND login = :login",
            w=workspace,
            login=actor.login,
        )
        if actor
        else []
    )
    role, author = found[0] if found else (ROLES[0], 0)
    tell(tx, Scope(actor or OPERATOR, workspace, role, author), name, thing=thing, id=id)


def note_everywhere(
    tx: Tx, event: str, login: int, *, actor: Actor | None = None, address: str = "", why: str | None = None
) -> None:
    """An audit entry about an account, in each workspace that the person belongs to."""
    person = actor or queries.as_actor(tx, login, address=address)
    thing: dict[str, object] = {"type": "person", "id": person.id}
    more: dict[str, Any] = {"why": why} if why else {}
    for (workspace,) in tx.run("SELECT workspace FROM memberships WHERE login = :login AND active", login=login):
        note(tx, event, actor=person, workspace=workspace, thing=thing, **more)


def _close_links(tx: Tx, scope: Scope, member: str, role: Role | None) -> None:
    """End the open links that a member made and could not make any more, or they would come back in by their own invite."""
    rank = -1 if role is None else ROLES.index(role)
    rows = tx.run(
        "SELECT k.id, k.purpose, k.role FROM links k JOIN memberships m ON m.login = k.created_by AND m.workspace = k.workspace"
        " WHERE m.id = :member AND k.workspace = :workspace AND k.spent_at IS NULL AND k.expires_at > :now",
        member=member,
        workspace=scope.workspace,
        now=tx.now(),
    )
    for id_, purpose, given in rows:
        right = RIGHTS["people.invite" if purpose == "invite" else "people.reset"]
        if rank < max(ROLES.index(right.role), ROLES.index(given) if given else 0):
            tx.run("UPDATE links SET expires_at = :now WHERE id = :id", now=tx.now(), id=id_)
            note(tx, "link.revoked", actor=scope.actor, workspace=scope.workspace, thing={"type": "link", "id": id_})


def _keep_an_owner(tx: Tx, scope: Scope, member: str) -> None:
    others = tx.run(
        "SELECT 1 FROM memberships WHERE workspace = :workspace AND role = 'owner' AND active AND id <> :id LIMIT 1",
        workspace=scope.workspace,
        id=member,
    )
    if not others:
        problem = Problem(
            "role", "the last owner", f"another active owner ({ROLES[-1]})", "Make somebody else an owner first."
        )
        raise Refused([problem], status=409, title="A workspace needs an owner")


def _end_membership(tx: Tx, scope: Scope, member: Member) -> int:
    """Tokens of this workspace end, claims are released, work is kept; sessions end with the last active membership.

    What the person stated of themselves is deleted: they cannot withdraw it any more.
    """
    login, author = tx.run(
        "SELECT login, author FROM memberships WHERE id = :id AND workspace = :workspace",
        id=member.id,
        workspace=scope.workspace,
    )[0]
    tx.run(
        "UPDATE tokens SET revoked_at = :now WHERE workspace = :workspace AND login = :login AND revoked_at IS NULL",
        now=tx.now(),
        workspace=scope.workspace,
        login=login,
    )
    if not tx.run("SELECT 1 FROM memberships WHERE login = :login AND active LIMIT 1", login=login):
        end_sessions(tx, login)
    forget(tx, author)
    return release_all(tx, author)
