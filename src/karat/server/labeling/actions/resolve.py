"""The result of an item stands: the consensus gave it, or a person chose it."""

from collections.abc import Mapping, Sequence

from karat.policies.flow import Contested, Recounted, Resolved
from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.labeling.actions.slots import move_all, states_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.tell import tell_each

Result = tuple[int, int]
"""A response, by its key, and one of its revisions."""


def resolve(tx: Tx, scope: Scope, results: Mapping[int, Result], *, is_decided: bool) -> set[int]:
    """Let these revisions be the items' results; the items where it came to that.

    `is_decided`: a person chose, at any time, and later answers do not undo it. Else it is the consensus', which stands
    only while the item has the answers it wants and nobody has decided. While acceptance is held, what a person chose is
    kept with an item that waits; the consensus is asked again later.
    """
    before, rules = states_of(tx, list(results)), rules_of(tx, scope.project)
    if not is_decided:
        states = ("done",) if rules.is_held else ("labeled", "done")
        before = {item: state for item, state in before.items() if state.state in states and not state.decided}
    if not before:
        return set()
    now = tx.now()
    tx.many(
        "INSERT INTO resolutions (item, project, response, revision, by, at)"
        " VALUES (:item, :project, :response, :revision, :by, :now) ON CONFLICT (item) DO UPDATE SET"
        " response = excluded.response, revision = excluded.revision, by = excluded.by, at = excluded.at",
        [
            {
                "item": item,
                "project": scope.project,
                "response": results[item][0],
                "revision": results[item][1],
                "by": scope.author if is_decided else 0,
                "now": now,
            }
            for item in before
        ],
    )
    move_all(tx, scope.project, before, Resolved(decided=is_decided), rules=rules)
    tell_each(tx, scope, "item.resolved", thing="item", ids=_ids(tx, list(before)))
    return set(before)


def accept_decided(tx: Tx, scope: Scope, items: Sequence[int]) -> set[int]:
    """Let the results that people chose stand which waited while acceptance was held; the items where that was so."""
    rules = rules_of(tx, scope.project)
    before = {} if rules.is_held else states_of(tx, items)
    before = {item: state for item, state in before.items() if state.decided and state.state != "done"}
    if before:
        move_all(tx, scope.project, before, Recounted(), rules=rules)
        tell_each(tx, scope, "item.resolved", thing="item", ids=_ids(tx, list(before)))
    return set(before)


def contest(tx: Tx, scope: Scope, items: Sequence[int]) -> set[int]:
    """Let the results of the consensus on these items fall, since it is a tie now; the items where one stood."""
    before = {
        item: state for item, state in states_of(tx, items).items() if state.state == "done" and not state.decided
    }
    if before:
        move_all(tx, scope.project, before, Contested(), rules=rules_of(tx, scope.project))
        tell_each(tx, scope, "item.resolved", thing="item", ids=_ids(tx, list(before)))
    return set(before)


def _ids(tx: Tx, items: list[int]) -> list[str]:
    names, values = named(items)
    return [row[0] for row in tx.run(f"SELECT id FROM items WHERE n IN ({names}) ORDER BY n", **values)]  # noqa: S608 - names of parameters only
