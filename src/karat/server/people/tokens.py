"""Making and revoking API tokens: 256 random bits, of which only the SHA-256 is kept."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused, shown
from karat.server.access import TOKEN_SCOPES, Actor, enter_workspace, in_person, missing
from karat.server.database import Tx
from karat.server.people import queries
from karat.server.people.schemas import NewToken, Token
from karat.server.session import TOKEN_PREFIX, hashed, new_secret
from karat.server.tell import note

MAX_TOKENS = 100


def make(tx: Tx, actor: Actor, *, workspace: str, given: NewToken) -> Token:
    """A token of the person's own, for one workspace. It can do what they can, within its scopes."""
    scope = enter_workspace(tx, actor, "tokens.make", workspace=workspace)
    in_person(actor)
    held = tx.run(
        "SELECT count(*) FROM tokens WHERE workspace = :w AND login = :login AND revoked_at IS NULL AND expires_at > :now",
        w=scope.workspace,
        login=actor.login,
        now=tx.now(),
    )[0][0]
    if held >= MAX_TOKENS:
        problem = Problem("tokens", shown(held), f"at most {MAX_TOKENS}", "Revoke those that are not used.")
        raise Refused([problem], status=409, title="Too many tokens")
    secret = create_token(tx, workspace, actor.login, name=given.name, scopes=given.scopes, days=given.expires_days)
    made = next(t for t in queries.tokens(tx, actor, workspace=workspace) if t.id == _id_of(tx, secret))
    note(
        tx,
        "token.made",
        actor=actor,
        workspace=scope.workspace,
        thing={"type": "token", "id": made.id},
        label=given.name,
        scopes=made.scopes,
        expires_at=made.expires_at,
    )
    return msgspec.structs.replace(made, token=secret)


def create_token(tx: Tx, workspace: str, login: int, *, name: str, scopes: Sequence[str], days: int) -> str:
    """Write a token down and return its secret, for the command line and for tests."""
    secret = TOKEN_PREFIX + new_secret()
    now = tx.clock.now()
    tx.run(
        "INSERT INTO tokens (id, hash, workspace, login, name, scopes, created_at, expires_at)"
        " SELECT :id, :hash, w.n, :login, :name, :scopes, :now, :until FROM workspaces w WHERE w.id = :workspace",
        id=tx.new_id(),
        hash=hashed(secret),
        workspace=workspace,
        login=login,
        name=name,
        scopes=msgspec.json.encode([s for s in TOKEN_SCOPES if s in scopes]).decode(),
        now=stamp(now),
        until=stamp(now + dt.timedelta(days=days)),
    )
    return secret


def revoke(tx: Tx, actor: Actor, *, workspace: str, token: str) -> None:
    """Revoke one's own token; an owner may revoke anybody's in the workspace, and every token itself.

    Invites that it made and nobody used end with it, or whoever stole it would come back by one.
    """
    right = "workspace.see" if actor.token == token else "tokens.own"
    scope = enter_workspace(tx, actor, right, workspace=workspace)
    found = tx.run(
        "UPDATE tokens SET revoked_at = :now WHERE id = :id AND workspace = :workspace AND revoked_at IS NULL"
        " AND (login = :login OR :all = 1) RETURNING name",
        now=tx.now(),
        id=token,
        workspace=scope.workspace,
        login=actor.login,
        all=int(scope.has("people.change")),
    )
    if not found:
        raise missing("token", token)
    note(
        tx,
        "token.revoked",
        actor=actor,
        workspace=scope.workspace,
        thing={"type": "token", "id": token},
        label=found[0][0],
    )
    close_links_of(tx, [token], actor=actor)


def revoke_all(tx: Tx, login: int, *, actor: Actor, why: str) -> int:
    """Revoke every token of an account, in every workspace; how many there were."""
    found = tx.run(
        "UPDATE tokens SET revoked_at = :now WHERE login = :login AND revoked_at IS NULL AND expires_at > :now RETURNING id, workspace, name",
        now=tx.now(),
        login=login,
    )
    for id_, workspace, name in found:
        note(
            tx,
            "token.revoked",
            actor=actor,
            workspace=workspace,
            thing={"type": "token", "id": id_},
            label=name,
            why=why,
        )
    close_links_of(tx, [id_ for id_, _, _ in found], actor=actor)
    return len(found)


def close_links_of(tx: Tx, tokens: Sequence[str], *, actor: Actor) -> None:
    """End the open links that were made with these tokens."""
    for token in tokens:
        closed = tx.run(
            "UPDATE links SET expires_at = :now WHERE token = :token AND spent_at IS NULL AND expires_at > :now RETURNING id, workspace",
            now=tx.now(),
            token=token,
        )
        for id_, workspace in closed:
            note(tx, "link.revoked", actor=actor, workspace=workspace, thing={"type": "link", "id": id_})


def _id_of(tx: Tx, secret: str) -> str:
    id_: str = tx.run("SELECT id FROM tokens WHERE hash = :hash", hash=hashed(secret))[0][0]
    return id_
