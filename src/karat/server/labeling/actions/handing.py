"""What a person holds, taken from them: given back to the queue, or given on to somebody else."""

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from karat.server.database import Tx
from karat.server.labeling.actions.claim import give_back
from karat.server.labeling.actions.mixing import come_again, come_no_more
from karat.server.labeling.queries.versions import rules_of

OWN = ("practice", "test")
"""What is the person's own to do: it is handed to nobody."""


class _Held(NamedTuple):
    id: str
    item: int
    stage: str
    use: str
    apart: bool


def held_by(tx: Tx, project: int, author: int, items: Collection[int] | None = None) -> list[_Held]:
    """What somebody holds and could hand on, in the order in which it was given; `items` narrows it."""
    rows = tx.run(
        "SELECT id, item, stage, why, apart FROM assignments WHERE project = :p AND author = :a AND state = 'claimed'"
        " ORDER BY at, item",
        p=project,
        a=author,
    )
    found = [
        _Held(id_, item, stage, msgspec.json.decode(why)["use"], bool(apart)) for id_, item, stage, why, apart in rows
    ]
    return [one for one in found if one.use not in OWN and (items is None or one.item in items)]


def hand_on(tx: Tx, project: int, giver: int, taker: int, items: Collection[int] | None = None) -> list[int]:
    """End claims of one person; the items, for a batch of the other's. An item of known answer comes to them as one does."""
    rules = rules_of(tx, project)
    held = held_by(tx, project, giver, items)
    for one in held:
        give_back(tx, project, one.id, one.item, rules)
        if one.apart:
            come_no_more(tx, giver, one.item)
            if not _knows(tx, taker, one.item):
                come_again(tx, project, taker, one.item, stage=one.stage)
    return [one.item for one in held]


def take_away(tx: Tx, project: int, author: int, items: Collection[int] | None = None) -> int:
    """Give what somebody holds back to the queue; how many claims ended."""
    rules = rules_of(tx, project)
    rows = tx.run(
        "SELECT id, item FROM assignments WHERE project = :p AND author = :a AND state = 'claimed' ORDER BY item",
        p=project,
        a=author,
    )
    wanted = [(id_, item) for id_, item in rows if items is None or item in items]
    for id_, item in wanted:
        give_back(tx, project, id_, item, rules)
    return len(wanted)


def _knows(tx: Tx, author: int, item: int) -> bool:
    return bool(
        tx.run(
            "SELECT 1 FROM assignments WHERE item = :item AND author = :author"
            " UNION ALL SELECT 1 FROM responses WHERE item = :item AND author = :author AND state <> 'withdrawn'",
            item=item,
            author=author,
        )
    )
