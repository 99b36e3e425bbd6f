"""Items come first on which one more answer is worth most: new ones, then those whose result is least sure for its answers."""

from collections.abc import Sequence

from karat.policies.base import Queue, Waiting

STEPS = 1_000_000


def worth(risk: float, answers: int) -> float:
    """The risk of a wrong result that one more answer may take away, about: in [0, 1], higher comes first.

    The more answers have left a doubt, the less the next one moves it, by one part in `answers` + 1. It is the order in which
    `karat.quality.buying.replay` buys votes, and it takes no name of who will answer: anybody takes from the queue.

    >>> worth(0.3, 1) > worth(0.3, 2) > worth(0.1, 1)
    True
    """
    return risk / (answers + 1)


def prioritise(items: Sequence[Waiting]) -> list[int]:
    """What one more answer leaves to be wished for: 0 for items that nobody has answered, up to `STEPS`.

    >>> prioritise([Waiting(1), Waiting(2, taken=1, risk=0.3), Waiting(3, taken=2, risk=0.3), Waiting(4, taken=1, risk=0.1)])
    [0, 850000, 900000, 950000]
    """
    return [0 if item.risk is None else STEPS - round(STEPS * worth(item.risk, max(item.taken, 1))) for item in items]


MOST_DOUBTFUL = Queue(name="most_doubtful", title="Most doubtful first", prioritise=prioritise, follows_risk=True)
