"""Do two annotators share their answers? Asked after each item that both answered, with a stated chance of accusing anybody."""

from collections.abc import Hashable, Sequence
from math import exp, log

import msgspec

SHARES = (0.5, 0.9)
"""Shares of the items on which one takes over the other's answer, that are watched for."""
FALSE_PAIRS = 0.01
"""The chance that in a whole project any pair is called sharing that does not."""

VOTES_RIGHT = 0.75
"""How often anybody is taken to be right where nothing was learned yet: few who agree must not look certain."""


class Pair(msgspec.Struct):
    """A sequential test of two annotators who share answers against two who err by themselves, read after every item.

    Who shares answers shares errors. Two who are right on the same item show nothing; two who differ speak against sharing;
    two who give the same wrong answer speak for it by 1 over how often somebody honest makes the very error that another
    has made (`same_error`, at most: on hard items and between labels that look alike people err alike). For each of `SHARES`
    the product of these ratios is a martingale that begins at 1 as long as both are honest, and so is their mean: that it
    ever reaches 1 / a has a chance of at most a (Ville 1939; e-values: Vovk and Wang, Annals of Statistics 49 (2021)). Over
    all pairs of a project the chances are divided (Bonferroni): see `is_sharing`. That two share errors beyond what items
    explain is the sign of copying of Dong, Berti-Équille and Srivastava, PVLDB 2 (2009).

    >>> pair = Pair(labels=5)
    >>> for _ in range(12):
    ...     told = pair.add(same=True, right=0.0)
    >>> pair.is_sharing(pairs=435)
    True
    """

    labels: int
    n: int = 0
    """Items that both answered and of which something is known without them."""
    same_wrong: float = 0.0
    """Of these, on how many they are likely to have made the same error."""
    logs: list[float] = []

    def __post_init__(self) -> None:
        if self.labels < 2:
            raise ValueError(f"labels={self.labels}: with fewer than two labels nobody can be wrong")
        if not self.logs:
            self.logs = [0.0] * len(SHARES)

    @property
    def evidence(self) -> float:
        """The log of how much likelier the answers are from two who share them."""
        most = max(self.logs)
        return most + log(sum(exp(one - most) for one in self.logs) / len(self.logs))

    def add(self, *, same: bool, right: float, labels: int | None = None, usual: float = 0.0) -> float:
        """The next item: whether both gave the same answer, and how likely the first's is right by all that is known of the
        item, the two answers among it as if they were independent: in [0, 1], 0 or 1 on gold. Believed too little of answers
        that many share, honest pairs would gain evidence by being right. Gives the evidence so far. `labels` where items
        differ in how many there are; `usual`: how often either gives this answer whatever the item, so that two who guess
        with the same habit are not taken for two who share."""
        if not 0 <= right <= 1:
            raise ValueError(f"right={right}: a probability between 0 and 1 is needed")
        self.n += 1
        self.same_wrong += (1 - right) * same
        alike = 1 / max(same_error(labels or self.labels), usual)
        for place, share in enumerate(SHARES):
            self.logs[place] += log(right + (1 - right) * (1 - share + share * alike)) if same else log(1 - share)
        return self.evidence

    def is_sharing(self, *, pairs: int, false_pairs: float = FALSE_PAIRS) -> bool:
        """Whether the two share answers, in a project in which so many pairs are watched."""
        return self.evidence >= log(max(pairs, 1) / false_pairs)


def same_error(labels: int) -> float:
    """At most so often does somebody honest make the very error that another made, in (0, 0.5].

    >>> same_error(2), round(same_error(5), 2)
    (0.5, 0.32)
    """
    return 0.2 + 0.6 / labels


def believed(value: Hashable, votes: Sequence[Hashable], labels: int) -> float:
    """How likely an answer is right by all votes on its item, each taken to be right with a chance of `VOTES_RIGHT`.

    >>> believed("a", ["a"], 2), round(believed("a", ["b", "b"], 2), 2)
    (0.75, 0.1)
    """
    wrong = (1 - VOTES_RIGHT) / (labels - 1)
    likely = dict.fromkeys([value, *votes], 1.0)
    for one in likely:
        for other in votes:
            likely[one] *= VOTES_RIGHT if other == one else wrong
    nobody = (labels - len(likely)) * wrong ** len(votes)
    return likely[value] / (sum(likely.values()) + nobody)
