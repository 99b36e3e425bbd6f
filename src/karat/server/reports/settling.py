"""Writing down what the answers to items came to, and resolving those that have all of theirs.

First `weigh` reads and compares, in a reader's thread or a process beside the server; then `settle` writes what came out,
in few statements. Between the two an answer may come in: its own event brings the item here again.
"""

from collections.abc import Sequence

from karat.server.access import NOBODY, Scope
from karat.server.database import Tx
from karat.server.labeling.actions.fill import reorder
from karat.server.labeling.actions.resolve import accept_decided, contest, resolve
from karat.server.labeling.actions.route import route
from karat.server.labeling.queries.sight import risk_of_votes
from karat.server.reports.resolving import results
from karat.server.reports.spending import is_spent
from karat.server.reports.weighing import Rules, Weighed
from karat.server.search.words import word_ids


def settle_project(tx: Tx, project: int, rules: Rules, weighed: list[Weighed]) -> int:
    """`settle`, unless the project is gone."""
    rows = tx.run("SELECT workspace FROM projects WHERE n = :n", n=project)
    return settle(tx, rows[0][0], project, rules, weighed) if rows else 0


def settle(tx: Tx, workspace: int, project: int, rules: Rules, weighed: Sequence[Weighed]) -> int:
    """Write down what came out, and resolve the items that have all their answers; how many were resolved."""
    items = [{"item": one.item} for one in weighed]
    words = word_ids(tx, project, "field", {a.field for one in weighed for a in one.apart if a.distance > 0})
    tx.many(
        "UPDATE items SET disagreement = :value, uncertainty = :doubt WHERE n = :item AND project = :project AND"
        " (disagreement <> :value OR (disagreement IS NULL) <> (CAST(:value AS double precision) IS NULL)"
        " OR uncertainty <> :doubt OR (uncertainty IS NULL) <> (CAST(:doubt AS double precision) IS NULL))",
        [
            {"item": one.item, "project": project, "value": one.disagreement, "doubt": one.uncertainty}
            for one in weighed
        ],
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
    route(tx, project, [one.item for one in weighed], least=least_risk(rules), is_spent=is_spent(tx, project, rules))
    reorder(tx, project, {one.item: risk_of(one) for one in weighed})
    accept_decided(tx, scope, [one.item for one in weighed])
    contest(tx, scope, [one.item for one in weighed if any(field.tie for field in one.merged)])
    return len(resolve(tx, scope, results(tx, scope, rules, weighed), is_decided=False))


def least_risk(rules: Rules) -> float:
    """The risk that no number of answers takes away: of the field where it is highest."""
    return max((one.least for one in rules.known.fields.values()), default=0.0) if rules.known else 0.0


def risk_of(weighed: Weighed) -> float | None:
    """The chance that the result of an item is wrong; None of an item that nobody has answered."""
    if weighed.uncertainty is not None:
        return weighed.uncertainty
    return max((risk_of_votes(one.n, one.score) for one in weighed.merged if one.n), default=None)


def _write_consensus(tx: Tx, project: int, weighed: Sequence[Weighed]) -> None:
    tx.many("DELETE FROM consensus WHERE item = :item", [{"item": one.item} for one in weighed])
    now = tx.now()
    tx.many(
        "INSERT INTO consensus (item, field, project, method, annotations, score, tie, n, at, posterior, run) VALUES"
        " (:item, :field, :project, :method, :annotations, :score, :tie, :n, :at, :posterior, :run) ON CONFLICT DO NOTHING",
        [
            {
                "item": one.item,
                "field": field.field,
                "project": project,
                "method": field.method,
                "annotations": field.annotations,
                "score": field.score,
                "tie": field.tie,
                "n": field.n,
                "at": now,
                "posterior": field.posterior,
                "run": field.run,
            }
            for one in weighed
            for field in one.merged
        ],
    )
