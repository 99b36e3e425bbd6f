"""Links that let somebody in once: the first sign-in, an invite, a reset. Reading one never spends it."""

import datetime as dt

import msgspec

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused
from karat.server.access import ROLES, Actor, Role, enter_workspace, in_person, missing
from karat.server.database import Tx
from karat.server.people import actions, queries, tokens
from karat.server.people.schemas import Invite, LinkMade, LinkState, NewInvite, Purpose, SpendLink
from karat.server.session import hashed, new_secret
from karat.server.tell import note

LIFETIME: dict[Purpose, dt.timedelta] = {
    "first": dt.timedelta(hours=1),
    "invite": dt.timedelta(days=7),
    "reset": dt.timedelta(hours=24),
}


class Link(msgspec.Struct, frozen=True):
    """A link as the database knows it."""

    id: str
    purpose: Purpose
    workspace: int | None
    login: int | None
    email: str | None
    role: Role | None
    expires_at: str
    spent_at: str | None


def make(
    tx: Tx,
    purpose: Purpose,
    *,
    workspace: int | None = None,
    login: int | None = None,
    email: str | None = None,
    role: Role | None = None,
    by: Actor | None = None,
) -> tuple[Link, str]:
    """Write a link down; returns it with its secret, which is kept nowhere."""
    secret, now = new_secret(), tx.clock.now()
    link = Link(
        tx.new_id(),
        purpose,
        workspace,
        login,
        email.lower() if email else None,
        role,
        stamp(now + LIFETIME[purpose]),
        None,
    )
    tx.run(
        "INSERT INTO links (id, hash, purpose, workspace, login, email, role, created_by, token, created_at, expires_at)"
        " VALUES (:id, :hash, :purpose, :workspace, :login, :email, :role, :by, :token, :now, :until)",
        id=link.id,
        hash=hashed(secret),
        purpose=purpose,
        workspace=workspace,
        login=login,
        email=link.email,
        role=role,
        by=by.login if by else None,
        token=by.token if by else None,
        now=stamp(now),
        until=link.expires_at,
    )
    thing: dict[str, object] = {"type": "link", "id": link.id}
    places = [workspace] if workspace is not None else _workspaces_of(tx, login)
    for place in places:
        note(tx, "link.made", actor=by, workspace=place, thing=thing, purpose=purpose, email=link.email, role=role)
    return link, secret


def invite(tx: Tx, actor: Actor, *, workspace: str, given: NewInvite, base_url: str) -> Invite:
    """A link by which somebody joins; nobody invites above their own role."""
    scope = enter_workspace(tx, actor, "people.invite", workspace=workspace)
    if ROLES.index(given.role) > ROLES.index(scope.role):
        problem = Problem("role", given.role, f"{scope.role} or lower", "Ask an owner to invite them.")
        raise Refused([problem], status=403, title="Nobody invites above their own role")
    link, secret = make(tx, "invite", workspace=scope.workspace, email=given.email, role=given.role, by=actor)
    actions.announce(tx, scope.workspace, actor, "invite.changed", thing="link", id=link.id)
    return Invite(
        id=link.id,
        role=given.role,
        created_at=tx.now(),
        expires_at=link.expires_at,
        email=link.email,
        created_by=actor.name,
        url=url(base_url, secret),
    )


def revoke_invite(tx: Tx, actor: Actor, *, workspace: str, invite: str) -> None:
    """Take an invite back."""
    scope = enter_workspace(tx, actor, "people.invite", workspace=workspace)
    found = tx.run(
        "DELETE FROM links WHERE id = :id AND workspace = :workspace AND purpose = 'invite' AND spent_at IS NULL RETURNING id",
        id=invite,
        workspace=scope.workspace,
    )
    if not found:
        raise missing("invite", invite)
    note(tx, "link.revoked", actor=actor, workspace=scope.workspace, thing={"type": "link", "id": invite})
    actions.announce(tx, scope.workspace, actor, "invite.changed", thing="link", id=invite)


def reset_member(tx: Tx, actor: Actor, *, workspace: str, member: str, base_url: str) -> LinkMade:
    """A link by which a member sets a new password."""
    scope = enter_workspace(tx, actor, "people.reset", workspace=workspace)
    in_person(actor)
    queries.member(tx, scope, member)
    login = tx.run("SELECT login FROM memberships WHERE id = :id AND workspace = :w", id=member, w=scope.workspace)[0][
        0
    ]
    # A login opens every workspace it belongs to: an owner of one must not get into another through it.
    if tx.run(
        "SELECT 1 FROM memberships m WHERE m.login = :login AND m.workspace <> :workspace AND NOT EXISTS (SELECT 1 FROM memberships o"
        " WHERE o.workspace = m.workspace AND o.login = :actor AND o.role = 'owner' AND o.active) LIMIT 1",
        login=login,
        workspace=scope.workspace,
        actor=actor.login,
    ):
        problem = Problem(
            "member",
            member,
            "an account that only your workspaces use",
            "Ask the operator: karat admin reset-password EMAIL.",
        )
        raise Refused([problem], status=409, title="This account is not yours alone to reset")
    link, secret = make(tx, "reset", workspace=scope.workspace, login=login, by=actor)
    return LinkMade(url(base_url, secret), link.expires_at)


def find(tx: Tx, secret: str) -> Link:
    """The link with this secret; 404 where there is none. The secret is not repeated in the answer."""
    found = tx.run(
        "SELECT id, purpose, workspace, login, email, role, expires_at, spent_at FROM links WHERE hash = :hash",
        hash=hashed(secret),
    )
    if not found:
        raise missing("link", "an unknown link")
    return Link(*found[0])


def state(tx: Tx, secret: str) -> LinkState:
    """What a link is for and whether it can be used. This never spends it."""
    link = find(tx, secret)
    is_open = link.spent_at is None and link.expires_at > tx.now()
    who = tx.run("SELECT email, name FROM logins WHERE n = :n", n=link.login) if link.login else []
    name = tx.run("SELECT name FROM workspaces WHERE n = :n", n=link.workspace) if link.workspace else []
    return LinkState(
        purpose=link.purpose,
        state="open" if is_open else "spent" if link.spent_at else "expired",
        expires_at=link.expires_at,
        workspace=name[0][0] if name else None,
        # Once it is used up, a link tells nothing of the person any more.
        email=(who[0][0] if who else link.email) if is_open else None,
        name=who[0][1] if who and is_open else None,
        role=link.role,
        spent_at=link.spent_at,
    )


def spend_for_account(tx: Tx, secret: str, given: SpendLink, *, password: str, address: str) -> int:
    """Set the password of the account that a first or reset link is for; returns its key."""
    link = _spend(tx, secret)
    login = link.login
    if login is None:
        raise missing("link", "an unknown link")
    email = given.email.lower() if given.email and link.purpose == "first" else None
    if email and tx.run("SELECT 1 FROM logins WHERE email = :email AND n <> :n", email=email, n=login):
        problem = Problem("email", email, "an address without an account", "Use another address.")
        raise Refused([problem], status=409, title="There is an account with this email")
    # Who lost the second factor comes back by a reset: it is taken away with the old password.
    tx.run(
        "UPDATE logins SET password = :password, totp = NULL, totp_pending = NULL, totp_used = NULL,"
        " email = coalesce(:email, email) WHERE n = :n",
        password=password,
        email=email,
        n=login,
    )
    actor = queries.as_actor(tx, login, address=address)
    if given.name and link.purpose == "first":
        actions.rename(tx, login, given.name)
    actions.end_sessions(tx, login)
    actions.end_links_to(tx, login)
    if link.purpose == "reset":
        # Whoever needs a reset may have been robbed of more than the password.
        tokens.revoke_all(tx, login, actor=actor, why="reset")
    actions.note_everywhere(tx, "password.changed", login, actor=actor, why=link.purpose)
    note(
        tx,
        "link.spent",
        actor=actor,
        workspace=link.workspace,
        thing={"type": "link", "id": link.id},
        purpose=link.purpose,
    )
    return login


def spend_invite(tx: Tx, secret: str, *, login: int | None, new: tuple[str, str, str] | None, address: str) -> int:
    """Join by an invite with an account that is there, or with a new one of (email, name, password hash)."""
    link = _spend(tx, secret)
    workspace = tx.run("SELECT id FROM workspaces WHERE n = :n", n=link.workspace)[0][0]
    if login is None:
        if new is None:
            raise missing("account", "none")
        email, name, password = new
        login = actions.create_login(tx, email=email, name=name, password=password).n
    elif tx.run("SELECT 1 FROM memberships WHERE workspace = :w AND login = :login", w=link.workspace, login=login):
        problem = Problem(
            "email",
            "a member already",
            "somebody who is not a member",
            "Sign in instead; an ended membership is renewed by an owner.",
        )
        raise Refused([problem], status=409, title="This person is a member already")
    actor = queries.as_actor(tx, login, address=address)
    actions.add_member(tx, workspace, login, link.role or "annotator", actor=actor)
    note(
        tx,
        "link.spent",
        actor=actor,
        workspace=link.workspace,
        thing={"type": "link", "id": link.id},
        purpose=link.purpose,
    )
    if link.workspace is not None:
        actions.announce(tx, link.workspace, actor, "invite.changed", thing="link", id=link.id)
    return login


def url(base_url: str, secret: str) -> str:
    """Where the person opens the link."""
    return f"{base_url}/links/{secret}"


def refuse_closed(link: Link, now: str) -> None:
    """410 for a link that was used or is too old."""
    if link.spent_at is not None:
        problem = Problem(
            "link", f"used at {link.spent_at}", "a link that was not used", "Sign in, or ask for a new link."
        )
        raise Refused([problem], status=410, title="This link was used already")
    if link.expires_at <= now:
        problem = Problem("link", f"expired at {link.expires_at}", "a link that still holds", "Ask for a new link.")
        raise Refused([problem], status=410, title="This link has expired")


def _workspaces_of(tx: Tx, login: int | None) -> list[int]:
    return [row[0] for row in tx.run("SELECT workspace FROM memberships WHERE login = :login AND active", login=login)]


def _spend(tx: Tx, secret: str) -> Link:
    """Take a link for oneself: of two who come at once only one gets it."""
    link, now = find(tx, secret), tx.now()
    refuse_closed(link, now)
    taken = tx.run(
        "UPDATE links SET spent_at = :now WHERE id = :id AND spent_at IS NULL RETURNING id", now=now, id=link.id
    )
    if not taken:
        refuse_closed(find(tx, secret), now)
    return link
