"""Which results the consensus decides: the items that have all their answers, unless a person chose, or it is a tie."""

from collections.abc import Sequence

import msgspec

from karat.policies.flow import resolving_stage
from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.labeling.actions.resolve import Result
from karat.server.labeling.queries.versions import rules_of
from karat.server.reports.weighing import Merged, Rules, Weighed

SOFT = frozenset({"confidence", "probabilities"})
"""How sure a result is changes with every answer of its authors anywhere: that alone is no new revision."""


def results(tx: Tx, scope: Scope, rules: Rules, weighed: Sequence[Weighed]) -> dict[int, Result]:
    """The results that the consensus may decide now and that do not stand yet; a tie is left for a person to decide."""
    if rules.policy.stages[resolving_stage(rules.policy)].do != "resolve":
        return {}
    waiting = _waiting(tx, scope.project, resolving_stage(rules.policy), [one.item for one in weighed])
    alone = _alone(tx, scope.project, [one.alone[0] for one in weighed if one.alone])
    found: dict[int, Result] = {}
    for one in weighed:
        if one.item not in waiting or not one.merged or any(field.tie for field in one.merged):
            continue
        if one.alone is None:
            result: Result | None = _write_response(tx, scope, rules, one)
        else:
            result = (alone[one.alone[0]], one.alone[1]) if one.alone[0] in alone else None
        if result is not None and result != waiting[one.item]:
            found[one.item] = result
    return found


def _waiting(tx: Tx, project: int, stage: str, items: Sequence[int]) -> dict[int, Result | None]:
    """Those of the items that have all their answers, and whose result nobody has chosen; with the result that stands.

    While acceptance is held: those that were accepted before.
    """
    names, values = named(items)
    states = "'done'" if rules_of(tx, project).is_held else "'labeled', 'done'"
    rows = tx.run(
        "SELECT i.n, z.response, z.revision FROM items i LEFT JOIN resolutions z ON z.item = i.n"  # noqa: S608 - names of parameters and constants only
        f" WHERE +i.project = :project AND i.deleted_at IS NULL AND i.n IN ({names}) AND i.state IN ({states})"
        " AND i.stage = :stage AND (z.by IS NULL OR z.by = 0)",
        project=project,
        stage=stage,
        **values,
    )
    return {n: None if response is None else (response, revision) for n, response, revision in rows}


def _alone(tx: Tx, project: int, ids: Sequence[str]) -> dict[str, int]:
    """The keys of these responses."""
    if not ids:
        return {}
    names, values = named(ids)
    rows = tx.run(
        f"SELECT id, n FROM responses WHERE id IN ({names}) AND +project = :project",  # noqa: S608 - names of parameters only
        project=project,
        **values,
    )
    return {id_: n for id_, n in rows}  # noqa: C416 - it says what a row is


def _write_response(tx: Tx, scope: Scope, rules: Rules, weighed: Weighed) -> tuple[int, int]:
    """The consensus as a revision of its author's response; the same results again are no new revision."""
    author = consensus_author(tx, scope.workspace, rules.method)
    annotations = joined(weighed.merged)
    covers = msgspec.json.encode({field.field: None for field in weighed.merged}).decode()
    rows = tx.run(
        "SELECT r.n, r.head, r.last, v.annotations, v.covers FROM responses r"
        " LEFT JOIN revisions v ON v.response = r.n AND v.revision = r.head WHERE r.item = :item AND r.author = :author",
        item=weighed.item,
        author=author,
    )
    if rows and rows[0][3] is not None and rows[0][4] == covers and _values(rows[0][3]) == _values(annotations):
        return rows[0][0], rows[0][1]
    now = tx.now()
    if rows:
        n, head, revision = rows[0][0], rows[0][1], max(rows[0][1], rows[0][2]) + 1
        tx.run(
            "UPDATE responses SET head = :r, last = :r, state = 'submitted', at = :now WHERE n = :n",
            r=revision,
            now=now,
            n=n,
        )
    else:
        head, revision = 0, 1
        n = tx.run(
            "INSERT INTO responses (id, project, item, author, head, last, state, active_ms, at)"
            " VALUES (:id, :project, :item, :author, 1, 1, 'submitted', 0, :now) RETURNING n",
            id=tx.new_id(),
            project=scope.project,
            item=weighed.item,
            author=author,
            now=now,
        )[0][0]
    tx.run(
        "INSERT INTO revisions (response, revision, project, replaces, item_revision, schema_version, state, covers, annotations,"
        " cause, active_ms, at, by, extra, body_hash) SELECT :n, :revision, :project, :head, revision, :schema, 'submitted',"
        " :covers, :annotations, 'merge', 0, :now, :author, :extra, '' FROM items WHERE n = :item",
        n=n,
        revision=revision,
        project=scope.project,
        head=head,
        schema=rules.schema_version,
        covers=covers,
        annotations=annotations,
        now=now,
        author=author,
        extra=msgspec.json.encode({"consensus": {field.field: said_of(field) for field in weighed.merged}}).decode(),
        item=weighed.item,
    )
    return n, revision


def said_of(field: Merged) -> dict[str, object]:
    """What is known of a result beside its annotations, as exports have it in `extra.consensus`."""
    said: dict[str, object] = {"score": round(field.score, 6), "tie": field.tie, "n": field.n, "method": field.method}
    return said | ({"probabilities": msgspec.json.decode(field.posterior)} if field.posterior else {})


def joined(merged: Sequence[Merged]) -> str:
    """The annotations of all fields in one list."""
    lists = [msgspec.json.decode(field.annotations, type=list[msgspec.Raw]) for field in merged]
    return msgspec.json.encode([annotation for one in lists for annotation in one]).decode()


def _values(annotations: str) -> list[dict[str, object]]:
    found = msgspec.json.decode(annotations, type=list[dict[str, object]])
    return [{key: value for key, value in one.items() if key not in SOFT} for one in found]


def consensus_author(tx: Tx, workspace: int, method: str) -> int:
    """The author whose words a merge is, one for each method and workspace."""
    rows = tx.run(
        "SELECT min(n) FROM authors WHERE workspace = :workspace AND type = 'consensus' AND name = :name",
        workspace=workspace,
        name=method,
    )
    if rows[0][0] is not None:
        return int(rows[0][0])
    made = tx.run(
        "INSERT INTO authors (id, workspace, type, name, created_at) VALUES (:id, :workspace, 'consensus', :name, :now) RETURNING n",
        id=tx.new_id(),
        workspace=workspace,
        name=method,
        now=tx.now(),
    )
    return int(made[0][0])
