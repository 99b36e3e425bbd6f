"""Reading responses: lists, one with its revisions, and what leaving an author out would come to."""

import statistics
from collections.abc import Iterable

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.model.response import Response
from karat.quality import Agreement, Gathering, Measure
from karat.server.access import Actor, Scope, enter_item, enter_project, enter_response, missing
from karat.server.database import Tx
from karat.server.items.said import COLUMNS, response_row
from karat.server.items.schemas import Person, ResponseRow
from karat.server.labeling.queries.versions import rules_of, schema_at
from karat.server.reports.reading import answered_after
from karat.server.responses.schemas import ExclusionPreview, ExclusionRow, RevisionRow
from karat.server.wire import Page, page

SAMPLE = 2_000
RESAMPLES = 200
CHUNK = 500
NULL = msgspec.Raw(b"null")

_FROM = (
    " FROM responses r JOIN items i ON i.n = r.item AND i.deleted_at IS NULL JOIN authors a ON a.n = r.author"
    " LEFT JOIN revisions v ON v.response = r.n AND v.revision = r.head"
)


def list_responses(
    tx: Tx,
    actor: Actor,
    project: str,
    *,
    author: str | None,
    item: str | None,
    since: str | None,
    limit: int,
    after: tuple[str, int] | None,
) -> Page[ResponseRow]:
    """A project's responses, the newest first; with `since` the oldest first, from that time on, for those who follow."""
    scope = enter_project(tx, actor, "responses.see", project=project)
    where = ["r.project = :project", "r.state <> 'withdrawn'"]
    values: dict[str, object] = {"project": scope.project, "limit": limit + 1}
    if author is not None:
        where.append("r.author = :author")
        values["author"] = author_key(tx, scope, author)
    if item is not None:
        within, n = enter_item(tx, actor, "responses.see", item=item)
        if within.project != scope.project:
            raise missing("item", item)
        where.append("r.item = :item")
        values["item"] = n
    if since is not None:
        where.append("r.at >= :since")
        values["since"] = since
    if after is not None:
        where.append(f"(r.at, r.n) {'>' if since else '<'} (:at, :n)")
        values |= {"at": after[0], "n": after[1]}
    way = "" if since else " DESC"
    rows = tx.run(
        f"SELECT {COLUMNS}, r.n{_FROM} WHERE {' AND '.join(where)} ORDER BY r.at{way}, r.n{way} LIMIT :limit",
        **values,
    )
    places = {row[0]: (row[15], row[18]) for row in rows}
    return page([response_row(row[:-1], is_open=True) for row in rows], limit, lambda row: places[row.id])


def get_response(tx: Tx, actor: Actor, response: str) -> ResponseRow:
    """One response; an own one for everybody, another's for those who may see them."""
    scope, n = _enter(tx, actor, response)
    rows = tx.run(f"SELECT {COLUMNS}{_FROM} WHERE r.n = :n", n=n)
    if not rows:
        raise missing("response", response)
    return response_row(rows[0], is_open=scope.has("responses.see"))


def list_revisions(tx: Tx, actor: Actor, response: str) -> list[RevisionRow]:
    """Every revision of a response, the oldest first."""
    _scope, n = _enter(tx, actor, response)
    rows = tx.run(
        "SELECT revision, replaces, state, item_revision, schema_version, covers, annotations, base, skip, cause, active_ms, at"
        " FROM revisions WHERE response = :n ORDER BY revision",
        n=n,
    )
    return [
        RevisionRow(
            revision=row[0],
            replaces=row[1],
            state=row[2],
            item_revision=row[3],
            schema=row[4],
            covers=_raw(row[5]),
            annotations=_raw(row[6]),
            base=_raw(row[7]),
            skip=_raw(row[8]),
            cause=row[9],
            active_ms=row[10],
            at=row[11],
        )
        for row in rows
    ]


def list_exclusions(tx: Tx, actor: Actor, project: str) -> list[ExclusionRow]:
    """Who is left out of a project, the last first; what was undone is no longer listed."""
    scope = enter_project(tx, actor, "responses.see", project=project)
    rows = tx.run(
        "SELECT o.id, o.changes, a.name, o.at FROM operations o JOIN authors a ON a.n = o.actor"
        " WHERE o.project = :project AND o.name = 'responses.exclude' AND o.undone_by IS NULL AND o.undoes IS NULL ORDER BY o.at DESC, o.id DESC",
        project=scope.project,
    )
    found = [(id_, msgspec.json.decode(changes, type=list[_Change])[0], by, at) for id_, changes, by, at in rows]
    authors = {change.thing["id"]: _author(tx, scope, change.thing["id"]) for _, change, _, _ in found}
    return [
        ExclusionRow(
            operation=id_,
            author=authors[change.thing["id"]],
            responses=change.responses,
            reason=change.after["reason"],
            by=by,
            at=at,
        )
        for id_, change, by, at in found
    ]


class _Change(msgspec.Struct, frozen=True):
    """What an exclusion wrote down of itself."""

    thing: dict[str, str]
    after: dict[str, str]
    responses: int


def _author(tx: Tx, scope: Scope, author: str) -> Person:
    rows = tx.run("SELECT id, name, type FROM authors WHERE n = :n", n=author_key(tx, scope, author))
    return Person(*rows[0])


def author_key(tx: Tx, scope: Scope, author: str) -> int:
    """The key of an author of the workspace."""
    rows = tx.run(
        "SELECT n FROM authors WHERE id = :id AND workspace = :workspace", id=author, workspace=scope.workspace
    )
    if not rows:
        problem = Problem(
            "author", shown(author), "the id of an author of this workspace", "See the project's progress for them."
        )
        raise Refused([problem])
    return int(rows[0][0])


def preview_exclusion(tx: Tx, actor: Actor, project: str, author: str) -> ExclusionPreview:
    """What it would come to if an author's responses were left out."""
    scope = enter_project(tx, actor, "responses.exclude", project=project)
    key = author_key(tx, scope, author)
    responses, items = tx.run(
        "SELECT count(*), count(DISTINCT item) FROM responses WHERE project = :project AND author = :author"
        " AND state = 'submitted' AND excluded IS NULL",
        project=scope.project,
        author=key,
    )[0]
    reopened = tx.run(
        "SELECT count(*) FROM responses r JOIN items i ON i.n = r.item AND i.state <> 'open' AND i.deleted_at IS NULL"
        " WHERE r.project = :project AND r.author = :author AND r.state = 'submitted' AND r.excluded IS NULL AND NOT r.surplus"
        " AND NOT EXISTS (SELECT 1 FROM responses o WHERE o.item = r.item AND o.surplus AND o.state = 'submitted'"
        " AND o.excluded IS NULL)",
        project=scope.project,
        author=key,
    )[0][0]
    before, after = _agreements(tx, scope, author)
    return ExclusionPreview(responses, items, reopened, before, after)


def _agreements(tx: Tx, scope: Scope, author: str) -> tuple[Measure | None, Measure | None]:
    """Agreement with and without an author, over the first items that two or more have answered."""
    schema = schema_at(tx, scope.project, rules_of(tx, scope.project).schema_version)
    if schema is None:
        return None, None
    both = [Gathering(schema, resamples=RESAMPLES), Gathering(schema, resamples=RESAMPLES)]
    seen, last = 0, 0
    while seen < SAMPLE:
        chunk = answered_after(tx, scope.project, last, least=2, limit=CHUNK)
        if not chunk:
            break
        for item in chunk:
            both[0].add(str(item.n), item.alike)
            both[1].add(str(item.n), _without(item.alike, author))
        seen, last = seen + len(chunk), chunk[-1].n
    return _mean(both[0].report()), _mean(both[1].report())


def _without(responses: Iterable[Response], author: str) -> list[Response]:
    return [response for response in responses if response.author.id != author]


def _mean(report: Agreement) -> Measure | None:
    """The mean of the fields' share of agreement; its interval is the mean of theirs, which is wider than the mean's own."""
    found = [field.percent for field in report.fields if field.percent.value is not None and "." not in field.field]
    if not found:
        return None
    low, high = [m.low for m in found if m.low is not None], [m.high for m in found if m.high is not None]
    return Measure(
        statistics.fmean(m.value for m in found if m.value is not None),
        statistics.fmean(low) if low else None,
        statistics.fmean(high) if high else None,
        max(m.n for m in found),
        all(m.enough for m in found),
    )


def _enter(tx: Tx, actor: Actor, response: str) -> tuple[Scope, int]:
    scope, n = enter_response(tx, actor, "work.see", response=response)
    author = tx.run("SELECT author FROM responses WHERE n = :n", n=n)[0][0]
    if author != scope.author and not scope.has("responses.see"):
        raise missing("response", response)
    return scope, n


def _raw(text: str | None) -> msgspec.Raw:
    return NULL if text is None else msgspec.Raw(text.encode())
