"""Karat's flow, in process: the same library calls that the server makes, without the server.

Everybody first answers some gold. Then items go to whoever asks: those that nobody has seen, then those that one more answer
is worth most. After each answer the item is settled by the model that was learned last, and `policies.flow` says whether
one more answer is worth it. The model is learned anew as the answers grow by a fifth. Whoever answers without looking is
removed by `Guessing`, whoever fails the bar of the training by `SequentialTest` is sent there (and goes on). What is left of
the minutes goes to reviews of the items with the highest risk; reviews teach the model.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import combinations

import numpy as np

from bench.programme.fixed import Outcome
from bench.programme.people import REVIEW_S, World
from karat.model.policy import Enough
from karat.model.ways import Sight
from karat.policies.flow import is_doubtful
from karat.policies.most_doubtful import worth
from karat.quality import Consensus, Votes
from karat.quality.annotators.copying import Pair, Person, Tally
from karat.quality.annotators.guessing import Guessing
from karat.quality.annotators.sequential import SequentialTest
from karat.quality.consensus.rule import SOMEBODY, Rule

GOLD = 100
GOLD_S = 20.0
"""Two experts make each."""
QUALIFY = 20
GOLD_RATE = 0.03
"""Of the answers so many are to gold, hidden among the others."""
FIRST, GROWTH = 100, 0.2
PAIRS_AT_LEAST = 10
SURE_OTHERS = 0.75
"""So sure must the others be of an item, for an answer to be held against it."""


@dataclass(frozen=True)
class Settings:
    """What a manager chooses."""

    minutes: float
    """All that may be spent; what labeling leaves goes to reviews."""
    sure: float = 0.95
    most: int = 5
    reviews: float = 0.2
    """Of the items at most so many are reviewed, those with the highest risk."""


@dataclass
class Standing:
    """What is known of one annotator."""

    guessing: Guessing
    evidence: float = 0.0
    """Of the training's test."""
    removed_at: int | None = None
    """After so many compared items."""
    trained_at: int | None = None
    is_judged: bool = False
    """Whether the training's test has come to an end: read on after that, it would fail everybody in time."""
    hits: list[float] = field(default_factory=list)
    """Of each compared item, in order: how likely the answer was right."""


@dataclass(frozen=True)
class Programme(Outcome):
    """What the flow came to, and what it found out about people."""

    standings: list[Standing]
    posterior: np.ndarray
    stopped: np.ndarray
    """Items that stopped because they were sure."""
    votes: list[dict[int, int]]
    """Of each item: who said what."""
    sharing: list[tuple[int, int]]
    """Pairs who were found to share answers."""


class Flow:
    """One run."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world, self.settings = world, settings
        self.until = Enough(sure=settings.sure, most=settings.most)
        good, bad = (_share(at, world.labels) for at in (0.70, 0.58))
        self.training = SequentialTest(good=good, bad=bad, false_fail=0.02, false_pass=0.05)
        self.standings = [Standing(Guessing(world.labels)) for _ in world.people]
        self.votes: list[dict[int, int]] = [{} for _ in range(world.items)]
        self.left_out: list[dict[int, int]] = [{} for _ in range(world.items)]
        self.gold: list[int] = []
        self.known: dict[int, int] = {}
        self.compared: set[tuple[int, int]] = set()
        self.doubtful: list[tuple[float, int]] = []
        self.labeling_s = settings.minutes * 60 - settings.reviews * world.items * REVIEW_S
        self.at, self.seconds, self.answers, self.learned = 0, 0.0, 0, 0
        self.places: dict[int, int] = {}
        self.rule: Rule | None = None
        self.stopped = np.zeros(world.items, dtype=bool)

    def run(self) -> Programme:
        """Qualify, label, review, and settle all."""
        world = self.world
        self.gold = gold = world.random.permutation(world.items)[:GOLD].tolist()
        self.known = {item: int(world.truth[item]) for item in gold}
        self.seconds += GOLD * GOLD_S
        for who in range(len(world.people)):
            for item in world.random.permutation(gold)[:QUALIFY].tolist():
                self._answer(who, item)
                self._compare(who, item, np.eye(world.labels)[self.known[item]])
        self._label()
        self._adopt(self._fit())
        before = len(self.known)
        for item in self._risky():
            if self.seconds + REVIEW_S > self.settings.minutes * 60:
                break
            self.known[item] = world.review(item)
            self.seconds += REVIEW_S
        reviews = len(self.known) - before
        if reviews:
            self._adopt(self._fit())
        posterior = self.posterior()
        results = posterior.argmax(axis=1)
        return Programme(
            results,
            self.seconds / 60,
            self.answers,
            reviews,
            self.standings,
            posterior,
            self.stopped,
            self.votes,
            self._sharing(),
        )

    def _label(self) -> None:
        world = self.world
        while True:
            self._relearn()
            active = [n for n, one in enumerate(self.standings) if one.removed_at is None]
            turn = world.random.permutation(active).tolist()
            asked = [self._claim(who) for who in turn]
            if not any(item is not None for item in asked):
                return
            for who, item in zip(turn, asked, strict=True):
                if item is not None:
                    self._mix_in(who)
                    self._answer(who, item)
                    self._hold(who, item)
                    self._settle(item)

    def _mix_in(self, who: int) -> None:
        """Now and then a gold item comes first."""
        left = [item for item in self.gold if who not in self.votes[item]]
        if left and self.world.random.random() < GOLD_RATE:
            item = left[int(self.world.random.integers(len(left)))]
            self._answer(who, item)
            self._compare(who, item, np.eye(self.world.labels)[self.known[item]])

    def _claim(self, who: int) -> int | None:
        """The next item for somebody: what nobody has seen, then what is most in doubt, as long as there is money."""
        while self.at < self.world.items:
            item, self.at = self.at, self.at + 1
            if item not in self.known:
                return item
        if self.seconds >= self.labeling_s:
            return None
        passed, found = [], None
        while self.doubtful and found is None and len(passed) < len(self.world.people):
            place = heappop(self.doubtful)
            if who in self.votes[place[1]]:
                passed.append(place)
            else:
                found = place[1]
        for place in passed:
            heappush(self.doubtful, place)
        return found

    def _answer(self, who: int, item: int) -> None:
        self.votes[item][who] = self.world.answer(who, item)
        self.seconds += self.world.people[who].seconds
        self.answers += 1

    def _settle(self, item: int) -> None:
        votes = self.votes[item]
        posterior = self._believed(votes)
        risk = 1 - float(posterior.max())
        least = 0.0 if self.rule is None else self.rule.share * (1 - 1 / self.world.labels)
        self.stopped[item] = False
        if not is_doubtful(len(votes), Sight(draw=0, risk=risk, least=least), self.until):
            self.stopped[item] = risk <= 1 - self.until.sure
        else:
            heappush(self.doubtful, (-worth(risk, len(votes)), item))

    def _hold(self, who: int, item: int) -> None:
        """Hold a second answer against what the first lets believe.

        Never the first against the second, nor later ones: whether more is asked depends on the answers, so that wrong ones
        and hard items would be compared more often than others.
        """
        earlier = {name: said for name, said in self.votes[item].items() if name != who}
        if len(earlier) == 1 and self.rule is not None and item not in self.known:
            belief = self._believed(earlier)
            if belief.max() >= SURE_OTHERS:
                self._compare(who, item, belief)

    def _compare(self, who: int, item: int, belief: np.ndarray) -> None:
        standing = self.standings[who]
        if standing.removed_at is not None or (who, item) in self.compared:
            return
        self.compared.add((who, item))
        said = self.votes[item][who]
        standing.guessing.add(said, belief)
        standing.hits.append(float(belief[said]))
        standing.evidence += self.training.told(float(belief[said]), labels=self.world.labels)
        if not standing.is_judged:
            verdict = self.training.verdict_of(standing.evidence)
            standing.is_judged = verdict != "not yet known"
            standing.trained_at = standing.guessing.n if verdict == "fail" else None
        if standing.guessing.guesses:
            standing.removed_at = standing.guessing.n
            self._remove(who)

    def _sharing(self) -> list[tuple[int, int]]:
        """Pairs who share answers, item by item as the follower of the server feeds them; gold counts as what is known."""
        labels, people = self.world.labels, len(self.world.people)
        pairs: dict[tuple[int, int], Pair] = {}
        known, whole = [Person() for _ in range(people)], Tally()
        gold = set(self.gold)
        found: dict[tuple[int, int], None] = {}
        shares = np.full((people, labels), 1.0)
        for votes in (*self.votes, *self.left_out):
            for who, said in votes.items():
                shares[who, said] += 1
        shares /= shares.sum(axis=1, keepdims=True)
        for item, standing in enumerate(self.votes):
            votes = standing | self.left_out[item]
            for a, b in combinations(sorted(votes), 2):
                if item in gold:
                    right = tuple(float(votes[who] == self.known[item]) for who in (a, b))
                elif len(votes) > 2 and len(standing.keys() - {a, b}):
                    right = tuple(self._right_without(standing, votes[one], two) for one, two in ((a, b), (b, a)))
                else:
                    continue
                pair = pairs.setdefault((a, b), Pair(labels))
                usual = float(max(shares[a, votes[b]], shares[b, votes[b]]))
                same = votes[a] == votes[b]
                whole += pair.add(known[a], known[b], same=same, right=(right[0], right[1]), usual=usual)
                if pair.n >= PAIRS_AT_LEAST and pair.is_sharing(
                    known[a], known[b], whole, pairs=people * (people - 1) // 2
                ):
                    found[a, b] = None
        return list(found)

    def _right_without(self, votes: dict[int, int], said: int, left_out: int) -> float:
        return float(self._believed({who: one for who, one in votes.items() if who != left_out})[said])

    def _remove(self, who: int) -> None:
        """What somebody said who did not look no longer counts; items that lack it are asked again if in doubt."""
        for item, votes in enumerate(self.votes):
            if who in votes:
                self.left_out[item][who] = votes.pop(who)
        self._reprioritise()

    def _believed(self, votes: dict[int, int]) -> np.ndarray:
        labels = self.world.labels
        if self.rule is not None:
            return self.rule.posterior([self.places.get(who, SOMEBODY) for who in votes], list(votes.values()))
        counts = np.bincount(list(votes.values()), minlength=labels)
        share = (counts.max() + 0.5) / (len(votes) + 1)
        return np.where(counts == counts.max(), share, (1 - share) / (labels - 1))

    def _relearn(self) -> None:
        if self.answers >= max(FIRST, self.learned * (1 + GROWTH)):
            self.learned = self.answers
            self._adopt(self._fit())
            self._reprioritise()

    def _reprioritise(self) -> None:
        """Settle all that was answered by what is known now; the queue is then in the order of it."""
        self.doubtful = []
        for item in range(self.at):
            if item not in self.known:
                self._settle(item)

    def _adopt(self, model: Consensus) -> None:
        self.rule = model.rule_
        self.places = {int(name): place for place, name in enumerate(model.votes_.annotators.tolist())}

    def _fit(self) -> Consensus:
        item, who, label = [], [], []
        for place, votes in enumerate(self.votes):
            item += [place] * len(votes)
            who += votes.keys()
            label += votes.values()
        table = {"item": item, "annotator": who, "label": label}
        votes = Votes.from_table(
            table, item="item", annotator="annotator", label="label", labels=range(self.world.labels)
        )
        items = set(votes.items.tolist())
        return Consensus().fit(votes, {n: said for n, said in self.known.items() if n in items})

    def _risky(self) -> list[int]:
        risk = np.array([0 if n in self.known else 1 - self._believed(v).max() for n, v in enumerate(self.votes)])
        order = np.argsort(-risk, kind="stable")[: round(self.settings.reviews * self.world.items)]
        return [int(n) for n in order if n not in self.known]

    def posterior(self) -> np.ndarray:
        """What is believed of each item, shape (items, labels)."""
        found = np.array([self._believed(votes) for votes in self.votes])
        for item, label in self.known.items():
            found[item] = np.eye(self.world.labels)[label]
        return found


def _share(knows: float, labels: int) -> float:
    return 1 / labels + knows * (1 - 1 / labels)
