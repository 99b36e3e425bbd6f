"""Items come in a mixed order, the same at every start, so that neighbours of a file do not come one after the other."""

from collections.abc import Sequence

from karat.policies.base import Queue, Waiting

# Mixed within blocks only: what is imported later then always stands behind what people have already passed.
BLOCK = 10_000
# An odd multiplier near 2^32 over the golden ratio spreads neighbouring keys over the whole range (Knuth, TAOCP 3, 6.4).
SPREAD = 2_654_435_769


def prioritise(items: Sequence[Waiting]) -> list[int]:
    """The block of each item, and within it a number that looks random.

    >>> first, second = prioritise([Waiting(1), Waiting(2)])
    >>> first > second, prioritise([Waiting(9_999)])[0] < prioritise([Waiting(10_000)])[0]
    (True, True)
    """
    return [item.item // BLOCK << 32 | item.item * SPREAD & 0xFFFFFFFF for item in items]


SHUFFLED = Queue(name="shuffled", title="Mixed", prioritise=prioritise)
