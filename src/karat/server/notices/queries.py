"""One's own notices, and who looks at what."""

import datetime as dt

import msgspec

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused
from karat.server.access import Actor, Scope, can, denied, enter_item, enter_project
from karat.server.database import Tx
from karat.server.items.schemas import Person
from karat.server.notices.schemas import (
    At,
    Choices,
    ChoicesBody,
    Here,
    Marked,
    Notice,
    Thing,
    Unread,
)
from karat.server.wire import Page, page

_THING = msgspec.json.Decoder(Thing)
HERE_S = 60
MOST_COUNTED = 100
# A project that is in the bin, or a workspace that one has left, tells nothing any more.
_MINE = (
    " FROM notices o JOIN workspaces w ON w.n = o.workspace JOIN memberships m ON m.workspace = o.workspace AND m.login = o.login"
    " AND m.active LEFT JOIN projects p ON p.n = o.project WHERE o.login = :login AND (p.n IS NULL OR p.state <> 'bin')"
)


def list_notices(tx: Tx, actor: Actor, *, limit: int, after: tuple[str, int] | None) -> Page[Notice]:
    """One's own notices, the newest first."""
    within, values = _within(actor)
    behind = "" if after is None else " AND (o.at, o.n) < (:at, :n)"
    rows = tx.run(
        f"SELECT o.id, o.name, w.id, p.id, p.title, o.thing, o.at, o.read_at, o.n{_MINE}{within}{behind}"
        " ORDER BY o.at DESC, o.n DESC LIMIT :limit",
        login=actor.login,
        limit=limit + 1,
        **values,
        **({} if after is None else {"at": after[0], "n": after[1]}),
    )
    places = {row[0]: (row[6], row[8]) for row in rows}
    found = [
        Notice(
            id=id_, name=name, workspace=workspace, project=project, title=title, thing=_THING.decode(thing), at=at, read_at=read
        )
        for id_, name, workspace, project, title, thing, at, read, _ in rows
    ]  # fmt: skip
    return page(found, limit, lambda one: places[one.id])


def unread(tx: Tx, actor: Actor) -> Unread:
    """How many of one's notices wait."""
    within, values = _within(actor)
    rows = tx.run(
        f"SELECT count(*) FROM (SELECT 1{_MINE}{within} AND o.read_at IS NULL LIMIT {MOST_COUNTED}) q",  # noqa: S608 - constants
        login=actor.login,
        **values,
    )
    return Unread(rows[0][0])


def mark(tx: Tx, actor: Actor, given: Marked) -> Unread:
    """Mark notices as read: those that are named, or all."""
    _require(actor)
    if len(given.ids) > 500:
        raise Refused([Problem("ids", str(len(given.ids)), "at most 500", "Mark them in several requests, or all.")])
    mine = "UPDATE notices SET read_at = :now WHERE login = :login AND read_at IS NULL"
    if given.ids:
        rows = [{"now": tx.now(), "login": actor.login, "id": id_} for id_ in given.ids]
        tx.many(f"{mine} AND id = :id", rows)
    else:
        tx.run(mine, now=tx.now(), login=actor.login)
    return unread(tx, actor)


def choices(tx: Tx, actor: Actor, *, can_mail: bool) -> ChoicesBody:
    """Whether notices come by e-mail too."""
    rows = tx.run("SELECT mail FROM notice_choices WHERE login = :login", login=actor.login)
    return ChoicesBody(rows[0][0] if rows else "off", can_mail)


def choose(tx: Tx, actor: Actor, given: Choices, *, can_mail: bool) -> ChoicesBody:
    """Say whether notices come by e-mail too."""
    _require(actor)
    tx.run(
        "INSERT INTO notice_choices (login, mail) VALUES (:login, :mail) ON CONFLICT (login) DO UPDATE SET mail = excluded.mail",
        login=actor.login,
        mail=given.mail,
    )
    return choices(tx, actor, can_mail=can_mail)


def here(tx: Tx, actor: Actor, item: str) -> list[Here]:
    """Say that one has an item open, for a minute; who else has."""
    scope, n = enter_item(tx, actor, "presence.see", item=item)
    _say_here(tx, scope, n)
    return _others(tx, scope, "AND h.item = :of", of=n)


def here_in_project(tx: Tx, actor: Actor, project: str, given: At) -> list[Here]:
    """Say on which page of a project one is, for a minute; who else is in it, and where. Annotators neither see nor are seen."""
    scope = enter_project(tx, actor, "presence.see", project=project)
    n = 0
    if given.item is not None:
        entered, n = enter_item(tx, actor, "presence.see", item=given.item)
        n = n if entered.project == scope.project else 0
    _say_here(tx, scope, n, page=given.page)
    return _others(tx, scope, "")


def _say_here(tx: Tx, scope: Scope, item: int, *, page: str = "") -> None:
    tx.run(
        "INSERT INTO presence (project, author, item, page, at) VALUES (:project, :author, :item, :page, :now)"
        " ON CONFLICT (project, author) DO UPDATE SET item = excluded.item, page = excluded.page, at = excluded.at",
        item=item,
        author=scope.author,
        project=scope.project,
        page=page,
        now=tx.now(),
    )


def _others(tx: Tx, scope: Scope, where: str, **values: object) -> list[Here]:
    """The others who said so within the last minute. Whoever is an annotator now is left out, whatever they were."""
    rows = tx.run(
        "SELECT a.id, a.name, a.type, h.at, h.page, i.id, i.key FROM presence h JOIN authors a ON a.n = h.author"  # noqa: S608 - constants
        " JOIN memberships m ON m.author = h.author AND m.active AND m.role <> 'annotator'"
        f" LEFT JOIN items i ON i.n = h.item WHERE h.project = :project AND h.author <> :me AND h.at > :since {where}"
        " ORDER BY a.name, a.id LIMIT 50",
        project=scope.project,
        me=scope.author,
        since=stamp(tx.clock.now() - dt.timedelta(seconds=HERE_S)),
        **values,
    )
    return [Here(Person(*row[:3]), since=row[3], page=row[4], item=row[5], key=row[6]) for row in rows]


def _require(actor: Actor) -> None:
    """Everybody may, but for a token that only reads."""
    if not can(actor, "notices.read", "annotator"):
        raise denied("notices.read", "annotator")


def _within(actor: Actor) -> tuple[str, dict[str, object]]:
    """A token sees its own workspace only."""
    if actor.token_workspace is None:
        return "", {}
    return " AND o.workspace = :within", {"within": actor.token_workspace}
