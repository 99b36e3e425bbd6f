"""What is usual among the people of a project, and how far below that somebody is who errs too often."""

from collections.abc import Sequence
from statistics import median

FEWEST = 5
"""People below whom nothing is called usual."""


def bar_of(accuracies: Sequence[float], times: float) -> float | None:
    """The accuracy of somebody who errs `times` as often as the median of these people, in [0, 1]; None of fewer than five.

    A bar that is a share of errors suits any number of labels: where people know the answer or else guess, errors are the
    share they do not know times what chance leaves of it, and the last factor is the same for all.

    >>> round(bar_of([0.9, 0.9, 0.8, 0.7, 0.9], 1.5), 2)
    0.85
    """
    return None if len(accuracies) < FEWEST else max(0.0, 1 - times * (1 - median(accuracies)))
