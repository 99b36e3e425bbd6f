"""A workspace's webhooks: the addresses that are told of events, and what came of telling them."""

import secrets
from urllib.parse import urlsplit

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, Scope, enter_workspace, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.notices.schemas import ChangeHook, Delivery, Hook, NewHook
from karat.server.tell import EVENTS, note
from karat.server.wire import Page, page

_NAMES = msgspec.json.Decoder(tuple[str, ...])
_DELIVERY = "SELECT id, name, state, tries, status, error, at, next_at, n FROM deliveries"
MOST_HOOKS = 20


def list_hooks(tx: Tx, actor: Actor, workspace: str) -> list[Hook]:
    """A workspace's webhooks, without their secrets."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    rows = tx.run(
        "SELECT h.id, h.url, h.events, h.active, h.at, (SELECT count(*) FROM deliveries d WHERE d.webhook = h.n"
        " AND d.state = 'waiting'), (SELECT count(*) FROM deliveries d WHERE d.webhook = h.n AND d.state = 'failed')"
        " FROM webhooks h WHERE h.workspace = :w ORDER BY h.n",
        w=scope.workspace,
    )
    return [
        Hook(id=i, url=url, events=_NAMES.decode(events), active=bool(on), at=at, waiting=waiting, failed=failed)
        for i, url, events, on, at, waiting, failed in rows
    ]


def add_hook(tx: Tx, actor: Actor, workspace: str, given: NewHook) -> Hook:
    """Let an address be told of events; its secret is told this once."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    _require_events(given.events)
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
        id=tx.new_id(),
        url=given.url,
        events=given.events,
        active=True,
        at=tx.now(),
        waiting=0,
        failed=0,
        secret=secrets.token_hex(32),
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


def change_hook(tx: Tx, actor: Actor, workspace: str, hook: str, given: ChangeHook) -> Hook:
    """Stop telling an address, begin again, or tell it of other events; what waits is kept while it is stopped."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    n = _key(tx, scope, hook)
    if given.events is not None:
        _require_events(given.events)
        tx.run("UPDATE webhooks SET events = :e WHERE n = :n", e=msgspec.json.encode(given.events).decode(), n=n)
    if given.active is not None:
        tx.run("UPDATE webhooks SET active = :active WHERE n = :n", active=given.active, n=n)
    thing: dict[str, object] = {"type": "webhook", "id": hook}
    note(
        tx,
        "hook.changed",
        actor=actor,
        workspace=scope.workspace,
        thing=thing,
        active=given.active,
        events=given.events and list(given.events),
    )
    return next(one for one in list_hooks(tx, actor, workspace) if one.id == hook)


def test_hook(tx: Tx, actor: Actor, workspace: str, hook: str) -> Delivery:
    """Let an address be told of an event that did not happen, named `ping`, so that one sees whether it listens."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    n = _key(tx, scope, hook)
    if not tx.run("SELECT 1 FROM webhooks WHERE n = :n AND active", n=n):
        problem = Problem("active", "false", "true", "Switch the webhook on first.")
        raise Refused([problem], status=409, title="This webhook is switched off")
    id_ = tx.new_id()
    tx.run(
        # Of no event: counted down from 0, where those of events are above.
        "INSERT INTO deliveries (id, webhook, event, name, body, state, next_at, at) SELECT :id, :n,"
        " coalesce(min(CASE WHEN event < 0 THEN event END), 0) - 1, 'ping', :body, 'waiting', :now, :now FROM deliveries"
        " WHERE webhook = :n",
        id=id_,
        n=n,
        body=msgspec.json.encode({"name": "ping", "project": None, "thing": {}, "data": {}}).decode(),
        now=tx.now(),
    )
    return _delivery(tx, n, id_)


def retry(tx: Tx, actor: Actor, workspace: str, hook: str, delivery: str) -> Delivery:
    """Send an event again now, with all its tries before it; one that was sent is sent once more."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    n = _key(tx, scope, hook)
    moved = tx.run(
        "UPDATE deliveries SET state = 'waiting', tries = 0, next_at = :now WHERE id = :id AND webhook = :n RETURNING id",
        now=tx.now(),
        id=delivery,
        n=n,
    )
    if not moved:
        raise missing("delivery", delivery)
    return _delivery(tx, n, delivery)


def deliveries(
    tx: Tx, actor: Actor, workspace: str, hook: str, *, limit: int, after: tuple[int, ...] | None
) -> Page[Delivery]:
    """What an address was told of, the newest first."""
    scope = enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    rows = tx.run(
        f"{_DELIVERY} WHERE webhook = :webhook AND n < :before ORDER BY n DESC LIMIT :limit",
        webhook=_key(tx, scope, hook),
        before=after[0] if after else 1 << 60,
        limit=limit + 1,
    )
    places = {row[0]: row[8] for row in rows}
    made = [_shown(row) for row in rows]
    return page(made, limit, lambda one: (places[one.id],))


def event_names(tx: Tx, actor: Actor, workspace: str) -> dict[str, str]:
    """The events of which an address can be told, with what each means."""
    enter_workspace(tx, actor, "notices.hooks", workspace=workspace)
    return {name: text for name, text in EVENTS.items() if name != "notice.made"}


def _key(tx: Tx, scope: Scope, hook: str) -> int:
    found = tx.run("SELECT n FROM webhooks WHERE id = :id AND workspace = :w", id=hook, w=scope.workspace)
    if not found:
        raise missing("webhook", hook)
    n: int = found[0][0]
    return n


def _delivery(tx: Tx, webhook: int, delivery: str) -> Delivery:
    return _shown(tx.run(f"{_DELIVERY} WHERE webhook = :webhook AND id = :id", webhook=webhook, id=delivery)[0])


def _shown(row: Row) -> Delivery:
    return Delivery(
        id=row[0], name=row[1], state=row[2], tries=row[3], status=row[4], error=row[5], at=row[6], next_at=row[7]
    )


def _require_events(events: tuple[str, ...]) -> None:
    unknown = [name for name in events if name not in EVENTS and name != "*"]
    if unknown or not events:
        do = "See the list of events in the reference."
        raise Refused([Problem("events", shown(unknown), "names of events, or *", do)])


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
