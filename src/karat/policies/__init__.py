"""Which item comes next, and how an item moves through its stages. Queue policies are sorted by name."""

from karat.policies.base import Queue, Waiting
from karat.policies.fewest_labels import FEWEST_LABELS
from karat.policies.flow import (
    Effect,
    Event,
    ItemState,
    advance,
)
from karat.policies.in_order import IN_ORDER
from karat.policies.most_doubtful import MOST_DOUBTFUL
from karat.policies.shuffled import SHUFFLED

QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        FEWEST_LABELS,
        IN_ORDER,
        MOST_DOUBTFUL,
        SHUFFLED,
    )
}

__all__ = ["QUEUES", "Effect", "Event", "ItemState", "Queue", "Waiting", "advance"]
