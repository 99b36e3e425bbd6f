"""Sending items on their ways, once what their answers come to is known."""

from collections.abc import Sequence

from karat.policies.flow import Seen
from karat.server.database import Tx, named
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.sight import sight_of
from karat.server.labeling.queries.versions import rules_of


def route(tx: Tx, project: int, items: Sequence[int], *, least: float = 0.0, is_spent: bool = False) -> int:
    """Let those of the items that wait for it take the way out of their stage; how many went. Answers were compared before.

    `least` is the risk that no number of answers takes away. Once the budget `is_spent`, items that were to have more
    answers than their stage asks go on too, unless somebody holds them.
    """
    rules = rules_of(tx, project)
    if not items or not rules.policy.is_routed:
        return 0
    names, values = named(items)
    waiting = tx.run(
        f"SELECT n FROM items WHERE n IN ({names}) AND +project = :project AND deleted_at IS NULL AND"  # noqa: S608 - names of parameters only
        " (state = 'labeled' OR (state = 'open' AND :spent AND EXISTS (SELECT 1 FROM exceptions x WHERE x.item = n"
        " AND x.wanted IS NOT NULL)))"
        " ORDER BY n",
        project=project,
        spent=is_spent,
        **values,
    )
    gone = 0
    for (item,) in waiting:
        lock(tx, item)
        before = state_of(tx, item)
        stage = rules.policy.stages.get(before.stage)
        if before.state in ("labeled", "open") and stage is not None and stage.do == "label":
            sight = sight_of(tx, project, item, before.stage, rules, least=least, is_spent=is_spent)
            after = move(tx, project, item, before, Seen(), rules=rules, sight=sight)
            gone += after.stage != before.stage or after.state != before.state
    return gone
