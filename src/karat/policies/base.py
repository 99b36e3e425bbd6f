"""What a queue policy is: a function from waiting items to priorities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec


class Waiting(msgspec.Struct, frozen=True):
    """An item that waits for answers, as a queue policy sees it."""

    item: int
    """Its key; keys grow in the order of import."""
    taken: int = 0
    """Slots that are taken: claims and answers."""
    risk: float | None = None
    """The chance that its result is wrong; None where there is none yet."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue policy.

    `prioritise(items)` gives one priority for each item, at least 0; lower comes first, equal ones in the order of
    import. `follows_slots` says that a priority changes when a slot is taken; it may then only grow, so that an item
    never moves to where people have already looked. `follows_risk` says that it changes with the risk, which whoever
    follows the answers then brings up to date; items that come back get their place by it too.
    """

    name: str
    title: str
    prioritise: Callable[[Sequence[Waiting]], list[int]]
    follows_slots: bool = False
    follows_risk: bool = False
