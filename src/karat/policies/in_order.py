"""Items come in the order in which they were imported."""

from collections.abc import Sequence

from karat.policies.base import Queue, Waiting


def prioritise(items: Sequence[Waiting]) -> list[int]:
    """The same priority for all: the queue then goes by the order of import.

    >>> prioritise([Waiting(7), Waiting(3)])
    [0, 0]
    """
    return [0] * len(items)


IN_ORDER = Queue(name="in_order", title="In the order of import", prioritise=prioritise)
