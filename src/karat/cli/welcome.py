"""The first minutes of an installation: a workspace, an owner without a password, and the link that lets them in once."""

import msgspec

from karat.server.access import Actor
from karat.server.database import Database, Tx
from karat.server.people import actions, links
from karat.server.people.queries import as_actor
from karat.server.people.tokens import create_token
from karat.server.settings import Settings

OWNER_EMAIL = "owner@localhost"
SETUP = "setup"
"""The name of the token that fills a new installation."""


class Welcome(msgspec.Struct, frozen=True):
    """What a new or an unclaimed installation needs to be told."""

    link: str | None
    """The one-time address, or None where an owner has a password already."""
    workspace: str
    """The first workspace's id."""
    is_new: bool


def prepare(db: Database, settings: Settings, *, workspace: str) -> Welcome:
    """Make the first workspace and its owner if there is none, and a fresh link while nobody has a password."""
    return db.write_now(_prepare, settings.base_url, workspace)


def token_for_setup(db: Database, workspace: str) -> str:
    """A token of the workspace's first owner, valid for a day, for the commands that fill a new installation."""
    return db.write_now(_token, workspace)


def first_owner(tx: Tx, workspace: str) -> Actor:
    """The workspace's first owner, in whose name a new installation is filled."""
    return as_actor(tx, _owner(tx, workspace))


def _prepare(tx: Tx, base_url: str, name: str) -> Welcome:
    found = tx.run("SELECT id FROM workspaces ORDER BY n LIMIT 1")
    if found:
        workspace = str(found[0][0])
        owner = tx.run("SELECT n FROM logins WHERE password IS NULL ORDER BY n LIMIT 1")
        claimed = tx.run("SELECT count(*) FROM logins WHERE password IS NOT NULL")[0][0] > 0
        return Welcome(None if claimed or not owner else _link(tx, base_url, owner[0][0]), workspace, is_new=False)
    made = actions.create_workspace(tx, name)
    login = actions.create_login(tx, email=OWNER_EMAIL, name="Owner")
    actions.add_member(tx, made.id, login.n, "owner")
    return Welcome(_link(tx, base_url, login.n), made.id, is_new=True)


def _link(tx: Tx, base_url: str, login: int) -> str:
    # An older link that was never used would otherwise stay open beside the new one.
    tx.run(
        "UPDATE links SET spent_at = :now WHERE purpose = 'first' AND login = :login AND spent_at IS NULL",
        now=tx.now(),
        login=login,
    )
    _, secret = links.make(tx, "first", login=login)
    return links.url(base_url, secret)


def _token(tx: Tx, workspace: str) -> str:
    return create_token(tx, workspace, _owner(tx, workspace), name=SETUP, scopes=["admin"], days=1)


def _owner(tx: Tx, workspace: str) -> int:
    rows = tx.run(
        "SELECT m.login FROM memberships m JOIN workspaces w ON w.n = m.workspace"
        " WHERE w.id = :id AND m.role = 'owner' AND m.active ORDER BY m.login LIMIT 1",
        id=workspace,
    )
    return int(rows[0][0])
