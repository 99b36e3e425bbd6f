"""Bringing an item to where its answers put it: how far its authors differ, what they say together, its result.

First `weigh` reads and compares, in a reader's thread; then `settle` writes what came out, in few statements. Between
the two an answer may come in: its own event brings the item here again.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import get_args

import msgspec

from karat.kinds import KINDS
from karat.kinds.checking import encode_annotations
from karat.model.policy import Policy
from karat.model.response import Response
from karat.model.schema import Schema
from karat.policies.flow import resolving_stage
from karat.quality.consensus import FieldConsensus, consensus_of
from karat.quality.differences import field_distance
from karat.quality.responses import counted, said_on
from karat.server.access import Actor, Scope
from karat.server.database import Tx, named
from karat.server.labeling.actions.resolve import Result, resolve
from karat.server.projects.queries import policy_of, schema_of
from karat.server.reports.reading import Answered, answered
from karat.server.reports.schemas import Method
from karat.server.search.words import word_ids

NOBODY = Actor(0, "", "Karat", "")
"""Who acts where the server follows its own events."""


class Apart(msgspec.Struct, frozen=True):
    """How far the authors of an item differ on one field."""

    field: str
    distance: float
    n: int


class Weighed(msgspec.Struct, frozen=True):
    """What came out for one item."""

    item: int
    disagreement: float | None
    apart: tuple[Apart, ...]
    merged: tuple[FieldConsensus, ...]
    alone: tuple[str, int] | None
    """The response and revision of a single answer, which is its own consensus."""


class Rules(msgspec.Struct, frozen=True):
    """By what a project's items are merged."""

    schema: Schema
    schema_version: int
    policy: Policy
    method: Method
    weights: Mapping[str, float]


def rules_of(tx: Tx, project: int) -> Rules:
    """The method that was asked for last, else that of the policy; weights as last computed."""
    version, schema = schema_of(tx, project)
    _, policy = policy_of(tx, project)
    stored = tx.run("SELECT name, body FROM reports WHERE project = :p AND name IN ('method', 'weights')", p=project)
    rows: dict[str, str] = {name: body for name, body in stored}  # noqa: C416 - it says what a row is
    asked = msgspec.json.decode(rows["method"], type=str) if "method" in rows else policy.stages[resolving_stage(policy)].method
    weights = msgspec.json.decode(rows["weights"], type=dict[str, float]) if "weights" in rows else {}
    method: Method = next((m for m in get_args(Method) if m == asked), "majority")
    return Rules(schema, version, policy, method, weights)


def weigh(tx: Tx, project: int, items: Sequence[int]) -> tuple[Rules, list[Weighed]]:
    """Compare and merge what stands on these items."""
    rules = rules_of(tx, project)
    return rules, [weigh_one(item, rules) for item in answered(tx, project, items)]


def weigh_one(item: Answered, rules: Rules) -> Weighed:
    """Compare and merge what stands on one item."""
    merged = consensus_of(item.responses, rules.schema, method=rules.method, weights=rules.weights)
    voting = counted(item.responses)
    alone: tuple[str, int] | None = None
    if len(voting) == 1:
        (only,) = voting.values()
        alone = (only.id or "", only.revision)
    apart = tuple(distances(item.responses, rules.schema)) if len(voting) > 1 else ()
    mean = sum(a.distance for a in apart) / len(apart) if apart else None
    return Weighed(item.n, mean, apart, merged, alone)


def distances(responses: Sequence[Response], schema: Schema) -> list[Apart]:
    """For each field that two people answered, the mean distance over pairs of them."""
    by_author = counted(responses)
    found: list[Apart] = []
    for key, field in schema.fields.items():
        said = said_on(field, by_author, schema)
        pairs = [d for a, b in combinations(said, 2) if (d := field_distance(a, b, field, KINDS[field.kind])) is not None]
        if pairs:
            found.append(Apart(key, sum(pairs) / len(pairs), len(said)))
    return found


def settle(tx: Tx, workspace: int, project: int, rules: Rules, weighed: Sequence[Weighed]) -> int:
    """Write down what came out, and resolve the items that have all their answers; how many were resolved."""
    items = [{"item": one.item} for one in weighed]
    words = word_ids(tx, project, "field", {a.field for one in weighed for a in one.apart if a.distance > 0})
    tx.many(
        "UPDATE items SET disagreement = :value WHERE n = :item AND project = :project"
        " AND (disagreement <> :value OR (disagreement IS NULL) <> (CAST(:value AS double precision) IS NULL))",
        [{"item": one.item, "project": project, "value": one.disagreement} for one in weighed],
    )
    tx.many("DELETE FROM disagreements WHERE item = :item", items)
    tx.many(
        "INSERT INTO disagreements (project, field, item, distance, n) SELECT :project, :field, :item, :distance, :n"
        " WHERE EXISTS (SELECT 1 FROM items WHERE n = :item AND deleted_at IS NULL) ON CONFLICT DO NOTHING",
        [
            {"project": project, "field": words[a.field], "item": one.item, "distance": a.distance, "n": a.n}
            for one in weighed
            for a in one.apart
            if a.distance > 0
        ],
    )
    _write_consensus(tx, project, weighed)
    scope = Scope(NOBODY, workspace, "owner", 0, project)
    return len(resolve(tx, scope, _results(tx, scope, rules, weighed), is_decided=False))


def _write_consensus(tx: Tx, project: int, weighed: Sequence[Weighed]) -> None:
    tx.many("DELETE FROM consensus WHERE item = :item", [{"item": one.item} for one in weighed])
    now = tx.now()
    tx.many(
        "INSERT INTO consensus (item, field, project, method, annotations, score, tie, n, at)"
        " VALUES (:item, :field, :project, :method, :annotations, :score, :tie, :n, :at) ON CONFLICT DO NOTHING",
        [
            {
                "item": one.item,
                "field": field.field,
                "project": project,
                "method": field.method,
                "annotations": encode_annotations(field.annotations).decode(),
                "score": field.score,
                "tie": field.tie,
                "n": field.n,
                "at": now,
            }
            for one in weighed
            for field in one.merged
        ],
    )


def _results(tx: Tx, scope: Scope, rules: Rules, weighed: Sequence[Weighed]) -> dict[int, Result]:
    """The results that the consensus may decide now and that do not stand yet; a tie is left for a person to decide."""
    if rules.policy.stages[resolving_stage(rules.policy)].do != "resolve":
        return {}
    waiting = _waiting(tx, scope.project, [one.item for one in weighed])
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


def _waiting(tx: Tx, project: int, items: Sequence[int]) -> dict[int, Result | None]:
    """Those of the items that have all their answers, and whose result nobody has chosen; with the result that stands."""
    names, values = named(items)
    rows = tx.run(
        "SELECT i.n, z.response, z.revision FROM items i LEFT JOIN resolutions z ON z.item = i.n"  # noqa: S608 - names of parameters only
        f" WHERE +i.project = :project AND i.deleted_at IS NULL AND i.n IN ({names}) AND i.state IN ('labeled', 'done')"
        " AND (z.by IS NULL OR z.by = 0)",
        project=project,
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
    """The consensus as a revision of its author's response; the same merge again is no new revision."""
    author = consensus_author(tx, scope.workspace, rules.method)
    annotations = encode_annotations([a for field in weighed.merged for a in field.annotations]).decode()
    covers = msgspec.json.encode({field.field: None for field in weighed.merged}).decode()
    rows = tx.run(
        "SELECT r.n, r.head, r.last, v.annotations, v.covers FROM responses r"
        " LEFT JOIN revisions v ON v.response = r.n AND v.revision = r.head WHERE r.item = :item AND r.author = :author",
        item=weighed.item,
        author=author,
    )
    if rows and (rows[0][3], rows[0][4]) == (annotations, covers):
        return rows[0][0], rows[0][1]
    now = tx.now()
    if rows:
        n, head, revision = rows[0][0], rows[0][1], max(rows[0][1], rows[0][2]) + 1
        tx.run("UPDATE responses SET head = :r, last = :r, state = 'submitted', at = :now WHERE n = :n", r=revision, now=now, n=n)
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
        extra=msgspec.json.encode({"scores": {field.field: round(field.score, 6) for field in weighed.merged}}).decode(),
        item=weighed.item,
    )
    return n, revision


def consensus_author(tx: Tx, workspace: int, method: Method) -> int:
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
