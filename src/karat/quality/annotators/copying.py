"""Do two annotators share their answers? Asked after each item that both answered, with a stated chance of accusing anybody."""

from collections.abc import Hashable, Sequence
from math import exp, log, sqrt

import msgspec

SHARES = (0.5, 0.9)
"""Shares of the items on which one takes over the other's answer, that are watched for."""
FALSE_PAIRS = 0.01
"""The chance that in a whole project any pair is called sharing that does not."""

VOTES_RIGHT = 0.75
"""How often anybody is taken to be right where nothing was learned yet: few who agree must not look certain."""
DOUBTFUL = 0.5
"""An answer is doubtful that is right with at most this chance."""
FEW = 20
"""As much as so many meetings counts what is believed before anything was counted …"""
REACH = 1.64
"""… and so many standard errors are added to what was counted, so that chance does not accuse."""


class Tally(msgspec.Struct):
    """How often a doubtful answer was given by another as well, and how often that was to be expected."""

    n: int = 0
    same: int = 0
    expected: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.n + other.n, self.same + other.same, self.expected + other.expected)

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.n - other.n, self.same - other.same, self.expected - other.expected)

    def over(self, labels: int, *, reach: float = REACH) -> float:
        """At most by how much the odds of being met are above those expected: 1 is as expected."""
        prior, n = FEW * same_error(labels), self.n + FEW
        share = (self.same + prior) / n
        most = min(share + reach * sqrt(self.n * share * (1 - share)) / n, 0.99)
        return _odds(most) / _odds(min((self.expected + prior) / n, 0.99))


class Person(msgspec.Struct):
    """What is known of one annotator from all whom they met: how often their doubtful answers were given by others as well,
    and how often they themselves gave those of others."""

    said: Tally = msgspec.field(default_factory=Tally)
    heard: Tally = msgspec.field(default_factory=Tally)


class Way(msgspec.Struct):
    """Of the items of a pair: what one says to what the other said."""

    doubtful: Tally = msgspec.field(default_factory=Tally)
    expected_same: float = 0.0
    """Of `doubtful.expected`, what belongs to the answers that are the same."""
    apart: int = 0
    """Items on which the second says something else though the first is probably right."""


class Pair(msgspec.Struct):
    """A sequential test of two annotators who share answers against two who err by themselves, read after every item.

    Who shares answers shares errors: that two share errors beyond what items explain is the sign of copying of Dong,
    Berti-Équille and Srivastava, PVLDB 2 (2009). An answer is doubtful where gold, or the others on the item, speak against
    it; looked at is how often the second gives the doubtful answers of the first. Somebody honest does that too: where the
    others are wrong, on hard items, between labels that look alike. How often is learned from the project: as often as others
    give the doubtful answers of the first, or as the second gives those of others, whichever is more, or both together if
    that is more still; until enough was counted, from `same_error`. Two who are right on the same item show nothing; two who
    differ speak against sharing.

    For each of `SHARES` and both ways the product of the likelihood ratios begins at 1 and does not grow on average while
    both are honest, and so does their mean: that it ever reaches 1 / a has a chance of at most a (Ville 1939; e-values: Vovk
    and Wang, Annals of Statistics 49 (2021)), as far as what was learned is not below the truth. Over all pairs of a project
    the chances are divided (Bonferroni): see `is_sharing`. Two who see alike what the others do not, a few experts among
    many who guess, cannot be told from two who share without gold.

    >>> pair, one, other, whole = Pair(labels=5), Person(), Person(), Tally()
    >>> for _ in range(12):
    ...     whole += pair.add(one, other, same=True, right=(0.0, 0.0))
    >>> pair.is_sharing(one, other, whole, pairs=435)
    True
    """

    labels: int
    n: int = 0
    """Items that both answered and of which something is known without them."""
    same_wrong: float = 0.0
    """Of these, on how many they are likely to have made the same error."""
    onward: Way = msgspec.field(default_factory=Way)
    """The second to the first …"""
    back: Way = msgspec.field(default_factory=Way)
    """… and the first to the second."""

    def __post_init__(self) -> None:
        if self.labels < 2:
            raise ValueError(f"labels={self.labels}: with fewer than two labels nobody can be wrong")

    def add(
        self,
        one: Person,
        other: Person,
        *,
        same: bool,
        right: tuple[float, float],
        labels: int | None = None,
        usual: float = 0.0,
    ) -> Tally:
        """The next item: whether both gave the same answer, and how likely each one's is right by all that is known of the
        item *without the answer of the other*: in [0, 1], 0 or 1 on gold. It is counted of both too, and given back to be
        counted for the whole project. `labels` where items differ in how many there are; `usual`: how often either gives
        this answer whatever the item, so that two who guess with the same habit are not taken for two who share."""
        if not all(0 <= chance <= 1 for chance in right):
            raise ValueError(f"right={right}: two probabilities between 0 and 1 are needed")
        self.n += 1
        self.same_wrong += (1 - max(right)) * same
        alike = max(same_error(labels or self.labels), usual)
        told = Tally()
        for way, chance, first, second in ((self.onward, right[0], one, other), (self.back, right[1], other, one)):
            if chance > DOUBTFUL:
                way.apart += not same
                continue
            expected = min(chance * VOTES_RIGHT + (1 - chance) * alike, 0.99)
            met = Tally(1, int(same), expected)
            way.doubtful += met
            way.expected_same += expected * same
            first.said += met
            second.heard += met
            told += met
        return told

    def evidence(self, one: Person, other: Person, whole: Tally) -> float:
        """The log of how much likelier the answers are from two who share them, by what is known of both and of the whole
        project by now; this pair is left out of it."""
        usual = (whole - self.onward.doubtful - self.back.doubtful).over(self.labels, reach=0.0)
        logs = [*self._logs(self.onward, one, other, usual), *self._logs(self.back, other, one, usual)]
        most = max(logs)
        return most + log(sum(exp(each - most) for each in logs) / len(logs))

    def is_sharing(
        self, one: Person, other: Person, whole: Tally, *, pairs: int, false_pairs: float = FALSE_PAIRS
    ) -> bool:
        """Whether the two share answers, in a project in which so many pairs are watched."""
        return self.evidence(one, other, whole) >= log(max(pairs, 1) / false_pairs)

    def _logs(self, way: Way, first: Person, second: Person, usual: float) -> list[float]:
        met = way.doubtful
        said = (first.said - met).over(self.labels)
        heard = (second.heard - met).over(self.labels)
        expected = way.expected_same / met.same if met.same else same_error(self.labels)
        odds = _odds(expected) * max(said, heard, said * heard / usual)
        alike, apart = odds / (1 + odds), met.n - met.same + way.apart
        return [met.same * log(1 - share + share / alike) + apart * log(1 - share) for share in SHARES]


def same_error(labels: int) -> float:
    """So often, at most, somebody honest is believed to make the very error that another made, in (0, 0.5].

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


def _odds(chance: float) -> float:
    return chance / (1 - chance)
