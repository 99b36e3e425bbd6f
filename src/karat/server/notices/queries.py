"""One's own notices, a workspace's webhooks, and who looks at an item."""

import datetime as dt
import secrets
from urllib.parse import urlsplit

import msgspec

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, can, denied, enter_item, enter_workspace, missing
from karat.server.database import Tx
from karat.server.items.schemas import Person
from karat.server.notices.schemas import (
    Choices,
    ChoicesBody,
    Delivery,
    Here,
    Hook,
    Marked,
    NewHook,
    Notice,
    Thing,
    Unread,
)
from karat.server.tell import EVENTS, note
from karat.server.wire import Page, page

_THING = msgspec.json.Decoder(Thing)
_NAMES = msgspec.json.Decoder(tuple[str, ...])
HERE_S = 60
MOST_HOOKS = 20
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


def list_hooks(tx: Tx, actor: Actor, workspace: str) -> list[Hook]:
    """A workspace's webhooks, without their secrets."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    rows = tx.run("SELECT id, url, events, active, at FROM webhooks WHERE workspace = :w ORDER BY n", w=scope.workspace)
    return [
        Hook(id=i, url=url, events=_NAMES.decode(events), active=bool(on), at=at) for i, url, events, on, at in rows
    ]


def add_hook(tx: Tx, actor: Actor, workspace: str, given: NewHook) -> Hook:
    """Let an address be told of events; its secret is told this once."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    unknown = [name for name in given.events if name not in EVENTS and name != "*"]
    if unknown or not given.events:
        do = "See the list of events in the reference."
        raise Refused([Problem("events", shown(unknown), "names of events, or *", do)])
    if not _is_web(given.url):
        problem = Problem(
            "url", shown(given.url), "https:// or http:// and a host, without a password", "Mend the address."
        )
        raise Refused([problem])
    count = tx.run("SELECT count(*) FROM webhooks WHERE workspace = :w", w=scope.workspace)[0][0]
    if count >= MOST_HOOKS:
        raise Refused(
            [Problem("url", f"{count} webhooks", f"at most {MOST_HOOKS}", "Take one away first.")], status=409
        )
    hook = Hook(
        id=tx.new_id(), url=given.url, events=given.events, active=True, at=tx.now(), secret=secrets.token_hex(32)
    )
    tx.run(
        "INSERT INTO webhooks (id, workspace, url, secret, events, active, by, at)"
        " VALUES (:id, :workspace, :url, :secret, :events, :active, :by, :at)",
        id=hook.id,
        workspace=scope.workspace,
        url=hook.url,
        secret=hook.secret,
        events=msgspec.json.encode(hook.events).decode(),
        active=True,
        by=scope.author,
        at=hook.at,
    )
    thing: dict[str, object] = {"type": "webhook", "id": hook.id}
    note(tx, "hook.added", actor=actor, workspace=scope.workspace, thing=thing, host=urlsplit(given.url).hostname)
    return hook


def remove_hook(tx: Tx, actor: Actor, workspace: str, hook: str) -> None:
    """Tell an address nothing more."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    rows = tx.run("DELETE FROM webhooks WHERE id = :id AND workspace = :w RETURNING n", id=hook, w=scope.workspace)
    if not rows:
        raise missing("webhook", hook)
    tx.run("DELETE FROM deliveries WHERE webhook = :n", n=rows[0][0])
    note(tx, "hook.removed", actor=actor, workspace=scope.workspace, thing={"type": "webhook", "id": hook})


def deliveries(
    tx: Tx, actor: Actor, workspace: str, hook: str, *, limit: int, after: tuple[int, ...] | None
) -> Page[Delivery]:
    """What an address was told of, the newest first."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    found = tx.run("SELECT n FROM webhooks WHERE id = :id AND workspace = :w", id=hook, w=scope.workspace)
    if not found:
        raise missing("webhook", hook)
    rows = tx.run(
        "SELECT id, name, state, tries, status, error, at, next_at, n FROM deliveries WHERE webhook = :webhook AND n < :before"
        " ORDER BY n DESC LIMIT :limit",
        webhook=found[0][0],
        before=after[0] if after else 1 << 60,
        limit=limit + 1,
    )
    places = {row[0]: row[8] for row in rows}
    made = [
        Delivery(
            id=row[0], name=row[1], state=row[2], tries=row[3], status=row[4], error=row[5], at=row[6], next_at=row[7]
        )
        for row in rows
    ]
    return page(made, limit, lambda one: (places[one.id],))


def here(tx: Tx, actor: Actor, item: str) -> list[Here]:
    """Say that one has an item open, for a minute; who else has."""
    scope, n = enter_item(tx, actor, "presence.see", item=item)
    tx.run(
        "INSERT INTO presence (item, author, project, at) VALUES (:item, :author, :project, :now)"
        " ON CONFLICT (item, author) DO UPDATE SET at = excluded.at",
        item=n,
        author=scope.author,
        project=scope.project,
        now=tx.now(),
    )
    rows = tx.run(
        "SELECT a.id, a.name, a.type, h.at FROM presence h JOIN authors a ON a.n = h.author"
        " WHERE h.item = :item AND h.author <> :me AND h.at > :since ORDER BY a.name, a.id LIMIT 50",
        item=n,
        me=scope.author,
        since=stamp(tx.clock.now() - dt.timedelta(seconds=HERE_S)),
    )
    return [Here(Person(*row[:3]), row[3]) for row in rows]


def _require(actor: Actor) -> None:
    """Everybody may, but for a token that only reads."""
    if not can(actor, "notices.read", "annotator"):
        raise denied("notices.read", "annotator")


def _within(actor: Actor) -> tuple[str, dict[str, object]]:
    """A token sees its own workspace only."""
    if actor.token_workspace is None:
        return "", {}
    return " AND o.workspace = :within", {"within": actor.token_workspace}


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            len(url) <= 2000
            and parts.scheme in ("https", "http")
            and bool(parts.hostname)
            and parts.username is None
            and parts.password is None
        )
    except ValueError:
        return False
