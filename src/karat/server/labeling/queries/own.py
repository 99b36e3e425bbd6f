"""A person's own work: the draft, the recent items, the progress, and where work waits."""

import statistics

import msgspec

from karat.model.contents import content_of
from karat.model.item import Stream
from karat.server.access import ROLES, Actor, Role, Scope, enter_item, enter_project
from karat.server.database import Tx
from karat.server.labeling.queries.tasks import OWN_FINALITY, draft_of, is_editable
from karat.server.labeling.queries.versions import rules_of, schema_at
from karat.server.labeling.queries.waiting import is_anything_left
from karat.server.labeling.schemas import Draft, HomeProject, Mine, Progress
from karat.server.wire import Page, page

RECENT_TIMES = 200
LONGEST_PREVIEW = 120
_STREAMS = msgspec.json.Decoder(dict[str, Stream])


def find_draft(tx: Tx, scope: Scope, item: int) -> Draft | None:
    """The person's own draft on an item."""
    rows = tx.run(
        "SELECT i.id, coalesce(r.last, 0), d.response, d.base, d.schema_version, d.seq, d.annotations, d.covers, d.at"
        " FROM drafts d JOIN items i ON i.n = d.item LEFT JOIN responses r ON r.item = d.item AND r.author = d.author"
        " WHERE d.item = :item AND d.author = :author AND d.project = :project",
        item=item,
        author=scope.author,
        project=scope.project,
    )
    return draft_of(rows[0][0], rows[0][1] + 1, rows[0][2:]) if rows else None


def own_draft(tx: Tx, actor: Actor, item: str) -> Draft | None:
    """The actor's own draft on an item."""
    scope, n = enter_item(tx, actor, "work.see", item=item)
    return find_draft(tx, scope, n)


def mine(tx: Tx, actor: Actor, project: str, *, limit: int, after: tuple[str, str] | None) -> Page[Mine]:
    """The actor's own answers, the newest first. A cursor holds ids, no numbers: those count what everybody has answered."""
    scope = enter_project(tx, actor, "work.see", project=project)
    rules = rules_of(tx, scope.project)
    rows = tx.run(
        f"SELECT i.id, r.id, r.head, r.state, r.at, i.streams, {OWN_FINALITY}, i.key FROM responses r"  # noqa: S608 - a constant
        " JOIN items i ON i.n = r.item AND i.deleted_at IS NULL WHERE r.project = :project AND r.author = :author"
        " AND r.state <> 'withdrawn' AND (r.at, r.id) < (:at, :id) ORDER BY r.at DESC, r.id DESC LIMIT :limit",
        project=scope.project,
        author=scope.author,
        at=after[0] if after else "9",
        id=after[1] if after else "",
        limit=limit + 1,
    )
    now = tx.now()
    stage = rules.policy.stages[rules.policy.start]
    shows_key = scope.has("items.see")
    places = {row[1]: (row[4], row[1]) for row in rows}
    found = [
        Mine(
            item=item,
            response=response,
            revision=head,
            state=state,
            at=at,
            preview=preview(streams),
            editable=state == "skipped" or is_editable(stage, item_state=item_state, at=at, now=now),
            key=key if shows_key else None,
        )
        for item, response, head, state, at, streams, item_state, key in rows
    ]
    return page(found, limit, lambda row: places[row.response])


def progress(tx: Tx, actor: Actor, project: str) -> Progress:
    """How far the actor is, in numbers of their own work only."""
    scope = enter_project(tx, actor, "work.see", project=project)
    today, total = _counts(tx, scope.project, scope.author)
    times = tx.run(
        "SELECT active_ms FROM responses WHERE project = :project AND author = :author AND state = 'submitted'"
        " ORDER BY at DESC LIMIT :limit",
        project=scope.project,
        author=scope.author,
        limit=RECENT_TIMES,
    )
    median = statistics.median(row[0] for row in times) if times else None
    left = is_anything_left(tx, scope, rules_of(tx, scope.project))
    return Progress(today, total, None if median is None else round(median), left)


def home(tx: Tx, actor: Actor) -> list[HomeProject]:
    """The active projects of all the actor's workspaces, with where work waits."""
    rows = tx.run(
        "SELECT p.n, p.id, p.title, p.description, p.workspace, m.role, m.author FROM memberships m"
        " JOIN projects p ON p.workspace = m.workspace AND p.state = 'active'"
        " WHERE m.login = :login AND m.active ORDER BY p.n DESC",
        login=actor.login,
    )
    found: list[HomeProject] = []
    for n, id_, title, description, workspace, role, author in rows:
        if actor.token_workspace not in (None, workspace):
            continue
        scope = Scope(actor, workspace, _role(role), author, n)
        today, total = _counts(tx, n, author)
        rules = rules_of(tx, n)
        waiting = is_anything_left(tx, scope, rules) or _holds_sent_back(tx, scope)
        schema = schema_at(tx, n, rules.schema_version)
        streams = [] if schema is None else [stream.kind for stream in schema.streams.values()]
        found.append(HomeProject(id_, title, description, waiting, today, total, streams))
    return found


def is_sent_back(why: str) -> bool:
    """Whether a claim was made by a reviewer who rejected what its holder answered."""
    return bool(msgspec.json.decode(why).get("use") == "rework")


def _holds_sent_back(tx: Tx, scope: Scope) -> bool:
    rows = tx.run(
        "SELECT why FROM assignments WHERE project = :project AND author = :author AND state = 'claimed'",
        project=scope.project,
        author=scope.author,
    )
    return any(is_sent_back(row[0]) for row in rows)


def was_given(tx: Tx, scope: Scope, item: int) -> bool:
    """Whether a person may see an item that they cannot look up: they hold or held it, or have answered it."""
    return bool(
        tx.run(
            "SELECT 1 FROM assignments WHERE item = :item AND author = :author"
            " UNION ALL SELECT 1 FROM responses WHERE item = :item AND author = :author LIMIT 1",
            item=item,
            author=scope.author,
        )
    )


def preview(streams: str) -> str:
    """A few words by which a person knows an item again: the start of its text, or a file's name."""
    names = ""
    for stream in _STREAMS.decode(streams).values():
        if stream.ref.inline is not None:
            text = " ".join(_words(stream.kind, stream.ref.inline)[: LONGEST_PREVIEW * 2].split())
            return text if len(text) <= LONGEST_PREVIEW else text[: LONGEST_PREVIEW - 1] + "…"
        names = names or stream.name or ""
    return names[:LONGEST_PREVIEW]


def _words(kind: str, text: str) -> str:
    content = content_of(kind)
    return content.words(content.shown(text, ""))  # nothing tells where an answer stood in the file


def _counts(tx: Tx, project: int, author: int) -> tuple[int, int]:
    day = tx.now()[:10]
    today, total = tx.run(
        "SELECT count(*) FILTER (WHERE at >= :day), count(*) FROM responses"
        " WHERE project = :project AND author = :author AND state = 'submitted'",
        project=project,
        author=author,
        day=day,
    )[0]
    return today, total


def _role(role: str) -> Role:
    return next(known for known in ROLES if known == role)
