"""Items with the fewest answers come first: everything is labeled once before anything is labeled twice."""

from collections.abc import Sequence

from karat.policies.base import Queue, Waiting


def prioritise(items: Sequence[Waiting]) -> list[int]:
    """The number of slots that are taken.

    >>> prioritise([Waiting(7, taken=2), Waiting(3)])
    [2, 0]
    """
    return [item.taken for item in items]


FEWEST_LABELS = Queue(name="fewest_labels", title="Fewest labels first", prioritise=prioritise, follows_slots=True)
