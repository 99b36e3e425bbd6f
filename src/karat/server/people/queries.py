"""Reading accounts, workspaces, members and the audit trail."""

import msgspec

import karat
from karat.server.access import Actor, Scope, enter_workspace, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.people import schemas
from karat.server.wire import Page, from_cursor, limited, page


class Account(msgspec.Struct, frozen=True):
    """What signing in needs to know of an account; the password is its Argon2 hash."""

    login: int
    password: str | None
    totp: str | None
    totp_used: int | None


def account(tx: Tx, email: str) -> Account | None:
    """The account with this email."""
    found = tx.run("SELECT n, password, totp, totp_used FROM logins WHERE email = :email", email=email.strip().lower())
    return Account(*found[0]) if found else None


def account_of(tx: Tx, login: int) -> Account:
    """The account of somebody who is signed in."""
    return Account(*tx.run("SELECT n, password, totp, totp_used FROM logins WHERE n = :n", n=login)[0])


def is_member_somewhere(tx: Tx, login: int) -> bool:
    """Whether any workspace still lets this person in."""
    return bool(tx.run("SELECT 1 FROM memberships WHERE login = :login AND active LIMIT 1", login=login))


def as_actor(tx: Tx, login: int, *, address: str = "") -> Actor:
    """An account as whoever acts, for the audit trail."""
    id_, name, email = tx.run("SELECT id, name, email FROM logins WHERE n = :n", n=login)[0]
    return Actor(login, id_, name, email, address=address)


def memberships(tx: Tx, login: int) -> list[schemas.Membership]:
    """The workspaces of a person, by name."""
    rows = tx.run(
        "SELECT w.id, w.name, m.role FROM memberships m JOIN workspaces w ON w.n = m.workspace"
        " WHERE m.login = :login AND m.active ORDER BY w.name, w.id",
        login=login,
    )
    return [schemas.Membership(*row) for row in rows]


def me(tx: Tx, actor: Actor) -> schemas.Me:
    """The person who is signed in. A token sees its own workspace only."""
    name, totp, settings = tx.run("SELECT name, totp, settings FROM logins WHERE n = :n", n=actor.login)[0]
    joined = memberships(tx, actor.login)
    if actor.token_workspace is not None:
        own = tx.run("SELECT id FROM workspaces WHERE n = :n", n=actor.token_workspace)[0][0]
        joined = [w for w in joined if w.id == own]
    return schemas.Me(
        id=actor.id,
        name=name,
        email=actor.email,
        totp=totp is not None,
        settings=msgspec.json.decode(settings),
        workspaces=joined,
        version=karat.__version__,
    )


def sessions(tx: Tx, actor: Actor) -> list[schemas.Session]:
    """The person's sessions, last seen first."""
    rows = tx.run(
        "SELECT id, created_at, seen_at, agent, address FROM sessions WHERE login = :login AND expires_at > :now"
        " ORDER BY seen_at DESC, id",
        login=actor.login,
        now=tx.now(),
    )
    return [
        schemas.Session(id_, created_at, seen_at, agent, address, current=id_ == actor.session)
        for id_, created_at, seen_at, agent, address in rows
    ]


def workspace(tx: Tx, actor: Actor, *, workspace: str) -> schemas.Workspace:
    """One workspace."""
    scope = enter_workspace(tx, actor, "workspace.see", workspace=workspace)
    name, created_at = tx.run("SELECT name, created_at FROM workspaces WHERE n = :n", n=scope.workspace)[0]
    return schemas.Workspace(workspace, name, scope.role, created_at)


MEMBER = (
    "SELECT m.id, l.id, a.id, l.name, l.email, m.role, m.active, l.totp IS NOT NULL, m.created_at,"
    " (SELECT max(s.seen_at) FROM sessions s WHERE s.login = l.n), m.skills, m.languages"
    " FROM memberships m JOIN logins l ON l.n = m.login JOIN authors a ON a.n = m.author"
)


def members(tx: Tx, actor: Actor, *, workspace: str) -> list[schemas.Member]:
    """Everyone in a workspace, by name; those who left too, since their work is there."""
    scope = enter_workspace(tx, actor, "people.see", workspace=workspace)
    rows = tx.run(f"{MEMBER} WHERE m.workspace = :workspace ORDER BY l.name, m.id", workspace=scope.workspace)
    return [_member(row) for row in rows]


def member(tx: Tx, scope: Scope, id: str) -> schemas.Member:
    """One member of the scope's workspace."""
    found = tx.run(f"{MEMBER} WHERE m.workspace = :workspace AND m.id = :id", workspace=scope.workspace, id=id)
    if not found:
        raise missing("member", id)
    return _member(found[0])


def invites(tx: Tx, actor: Actor, *, workspace: str) -> list[schemas.Invite]:
    """The invites that can still be used, newest first."""
    scope = enter_workspace(tx, actor, "people.invite", workspace=workspace)
    rows = tx.run(
        "SELECT k.id, k.role, k.created_at, k.expires_at, k.email, l.name FROM links k LEFT JOIN logins l ON l.n = k.created_by"
        " WHERE k.workspace = :workspace AND k.purpose = 'invite' AND k.spent_at IS NULL AND k.expires_at > :now"
        " ORDER BY k.created_at DESC, k.id",
        workspace=scope.workspace,
        now=tx.now(),
    )
    return [
        schemas.Invite(id=i, role=role, created_at=created, expires_at=expires, email=email, created_by=by)
        for i, role, created, expires, email, by in rows
    ]


def tokens(tx: Tx, actor: Actor, *, workspace: str) -> list[schemas.Token]:
    """The person's own tokens; an owner sees everybody's."""
    scope = enter_workspace(tx, actor, "tokens.own", workspace=workspace)
    mine = "" if scope.has("people.change") else " AND t.login = :login"
    rows = tx.run(
        "SELECT t.id, t.name, t.scopes, l.name, t.created_at, t.expires_at, t.used_at FROM tokens t JOIN logins l ON l.n = t.login"  # noqa: S608 - `mine` is one of two constants
        f" WHERE t.workspace = :workspace AND t.revoked_at IS NULL AND t.expires_at > :now{mine} ORDER BY t.created_at DESC, t.id",
        workspace=scope.workspace,
        now=tx.now(),
        **({"login": actor.login} if mine else {}),
    )
    return [
        schemas.Token(
            id=i,
            name=name,
            scopes=msgspec.json.decode(scopes),
            person=who,
            created_at=made,
            expires_at=until,
            seen_at=used,
        )
        for i, name, scopes, who, made, until, used in rows
    ]


def audit(tx: Tx, actor: Actor, *, workspace: str, limit: int | None, cursor: str | None) -> Page[schemas.AuditEntry]:
    """The audit trail of a workspace, newest first."""
    scope = enter_workspace(tx, actor, "audit.see", workspace=workspace)
    size = limited(limit)
    before = from_cursor(cursor, tuple[int])
    rows = tx.run(
        "SELECT a.seq, a.at, l.id, l.name, a.name, a.thing, a.data, a.address, p.id, p.title FROM audit a"
        " LEFT JOIN logins l ON l.n = a.actor LEFT JOIN projects p ON p.n = a.project AND p.workspace = a.workspace"
        " WHERE a.workspace = :workspace AND a.seq < :before ORDER BY a.seq DESC LIMIT :limit",
        workspace=scope.workspace,
        before=before[0] if before else 2**62,
        limit=size + 1,
    )
    entries = [
        schemas.AuditEntry(
            seq=seq,
            at=at,
            actor=schemas.AuditActor(id_, who or "operator"),
            name=name,
            project=None if project is None else schemas.AuditProject(project, title),
            thing=msgspec.json.decode(thing),
            data=msgspec.json.decode(data),
            address=address,
        )
        for seq, at, id_, who, name, thing, data, address, project, title in rows
    ]
    return page(entries, size, lambda entry: (entry.seq,))


def _member(row: Row) -> schemas.Member:
    id_, person, author, name, email, role, active, totp, created_at, seen, skills, languages = row
    return schemas.Member(
        id=id_,
        person=person,
        author=author,
        name=name,
        email=email,
        role=role,
        active=bool(active),
        totp=bool(totp),
        created_at=created_at,
        last_seen_at=seen,
        skills=msgspec.json.decode(skills),
        languages=msgspec.json.decode(languages),
    )
