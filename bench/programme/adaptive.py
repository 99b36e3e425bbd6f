"""Karat's flow, in process: the same library calls that the server makes, without the server.

Everybody first answers some gold. Then items go to whoever asks: those that nobody has seen, then those that one more answer
is worth most. After each answer the item is settled by the model that was learned last, and `policies.flow` says whether
one more answer is worth it. The model is learned anew as the answers grow by a fifth. Whoever answers without looking is
removed by `Guessing`; whose skill, its whole interval, lies below a bar is sent to training. Items that want no more answers
and are risky go to review, the riskiest first, and at the end the rest as far as minutes are left; reviews teach the model.
"""

from heapq import heappop, heappush

import numpy as np

from bench.programme.colluding import colluding
from bench.programme.people import REVIEW_S, World
from bench.programme.standing import Programme, Settings, Standing
from karat.model.policy import Enough
from karat.model.ways import Sight
from karat.policies.flow import is_doubtful
from karat.policies.most_doubtful import worth
from karat.quality import Consensus, Votes
from karat.quality.annotators.guessing import Guessing
from karat.quality.annotators.sequential import SequentialTest
from karat.quality.annotators.usual import bar_of
from karat.quality.consensus.rule import SOMEBODY, Rule

GOLD = 100
GOLD_S = 20.0
"""Two experts make each."""
QUALIFY = 20
FIRST, GROWTH = 100, 0.2
RISKY = 0.1
"""Items of so high a risk go to review."""
TESTED, AT_LEAST = 40, 20
"""Answers of the test at the end of a training, at most; and those that a skill must be of before anybody is sent there."""
SURE_OTHERS = 0.75
"""So sure must the others be of an item, for an answer to be held against it."""


class Flow:
    """One run."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world, self.settings = world, settings
        self.until = Enough(sure=settings.sure, most=settings.most)
        self.standings = [Standing(Guessing(world.labels)) for _ in world.people]
        self.votes: list[dict[int, int]] = [{} for _ in range(world.items)]
        self.left_out: list[dict[int, int]] = [{} for _ in range(world.items)]
        self.gold: list[int] = []
        self.known: dict[int, int] = {}
        self.compared: set[tuple[int, int]] = set()
        self.doubtful: list[tuple[float, int]] = []
        self.risky: list[tuple[float, int]] = []
        self.risks: dict[int, float] = {}
        self.labeling_s = settings.minutes * 60 - settings.reviews * world.items * REVIEW_S
        self.at, self.seconds, self.answers, self.learned, self.reviews = 0, 0.0, 0, 0, 0
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
        for item in range(world.items):
            if item not in self.known:
                self._offer(item, 1 - float(self._believed(self.votes[item]).max()))
        self._review(self.settings.reviews)
        if self.reviews:
            self._adopt(self._fit())
        posterior = self.posterior()
        results = posterior.argmax(axis=1)
        return Programme(
            results,
            self.seconds / 60,
            self.answers,
            self.reviews,
            self.standings,
            posterior,
            self.stopped,
            self.votes,
            colluding(world, self.votes, self.left_out, {item: self.known[item] for item in self.gold}, self._believed),
        )

    def _label(self) -> None:
        world = self.world
        while True:
            self._relearn()
            self._review(self.settings.reviews * self.at / self.world.items)
            active = [n for n, one in enumerate(self.standings) if one.works]
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

    def _labeled_s(self) -> float:
        """The seconds that went into all but reviews."""
        return self.seconds - self.reviews * REVIEW_S

    def _review(self, share: float) -> None:
        """Let reviewers judge the riskiest of the items that want no more answers, until so large a share of all is reviewed;
        never so many that what nobody has answered yet could not be paid any more."""
        took = [self.world.people[who].seconds for who, one in enumerate(self.standings) if one.works]
        ahead = (self.world.items - self.at) * float(np.mean(took)) * (1 + self.settings.gold)
        while self.risky and self.reviews < share * self.world.items:
            if self.seconds + REVIEW_S + ahead > self.settings.minutes * 60:
                return
            risk, item = heappop(self.risky)
            if item not in self.known and risk == self.risks.get(item):
                self.known[item] = self.world.review(item)
                self.seconds += REVIEW_S
                self.reviews += 1

    def _mix_in(self, who: int) -> None:
        """Now and then a gold item comes first."""
        left = [item for item in self.gold if who not in self.votes[item]]
        if left and self.world.random.random() < self.settings.gold:
            item = left[int(self.world.random.integers(len(left)))]
            self._answer(who, item)
            self._compare(who, item, np.eye(self.world.labels)[self.known[item]])

    def _claim(self, who: int) -> int | None:
        """The next item for somebody: what nobody has seen, then what is most in doubt, as long as there is money."""
        while self.at < self.world.items:
            item, self.at = self.at, self.at + 1
            if item not in self.known:
                return item
        if self._labeled_s() >= self.labeling_s:
            return None
        passed, found = [], None
        while self.doubtful and found is None and len(passed) < len(self.world.people):
            place = heappop(self.doubtful)
            if who in self.votes[place[1]]:
                passed.append(place)
            elif place[1] not in self.known:
                found = place[1]
        for place in passed:
            heappush(self.doubtful, place)
        return found

    def _answer(self, who: int, item: int) -> int:
        self.votes[item][who] = said = self.world.answer(who, item)
        self.seconds += self.world.people[who].seconds
        self.answers += 1
        return said

    def _settle(self, item: int) -> None:
        votes = self.votes[item]
        posterior = self._believed(votes)
        risk = 1 - float(posterior.max())
        least = 0.0 if self.rule is None else self.rule.share * (1 - 1 / self.world.labels)
        self.stopped[item] = False
        if is_doubtful(len(votes), Sight(draw=0, risk=risk, least=least), self.until):
            heappush(self.doubtful, (-worth(risk, len(votes)), item))
            return
        self.stopped[item] = risk <= 1 - self.until.sure
        if risk >= RISKY:
            self._offer(item, risk)

    def _offer(self, item: int, risk: float) -> None:
        """Let it wait for a reviewer."""
        self.risks[item] = -risk
        heappush(self.risky, (-risk, item))

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
        if standing.guessing.guesses:
            standing.removed_at = standing.guessing.n
            self._remove(who)

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
        if self.answers + self.reviews >= max(FIRST, self.learned * (1 + GROWTH)):
            self.learned = self.answers + self.reviews
            model = self._fit()
            self._adopt(model)
            self._train(model)
            self._reprioritise()

    def _train(self, model: Consensus) -> None:
        """Send to training who, by the whole interval of their skill, errs too many times as often as the median person. The
        training ends with a test on gold; nobody here learns by it, and who fails gets no more work."""
        skill, places = model.skill_, [int(name) for name in model.votes_.annotators]
        told = np.flatnonzero(skill.n >= AT_LEAST)
        bar = bar_of(skill.value[told].tolist(), self.settings.usual)
        if bar is None:
            return
        usual = float(np.median(skill.value[told]))
        for at in told.tolist():
            standing = self.standings[places[at]]
            if skill.high[at] < bar and standing.works and standing.trained_at is None:
                standing.trained_at = standing.guessing.n
                standing.has_failed = not self._passes(places[at], SequentialTest(usual, bar, 0.05, 0.1))

    def _passes(self, who: int, test: SequentialTest) -> bool:
        """Whether somebody passes the test at the end of the training, on gold that they have not seen."""
        right = wrong = 0
        for item in [item for item in self.gold if who not in self.votes[item]][:TESTED]:
            said = self._answer(who, item)
            self._compare(who, item, np.eye(self.world.labels)[self.known[item]])
            right, wrong = right + (said == self.known[item]), wrong + (said != self.known[item])
            verdict = test.verdict(right=right, wrong=wrong)
            if verdict != "not yet known":
                return verdict == "pass"
        return False

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

    def posterior(self) -> np.ndarray:
        """What is believed of each item, shape (items, labels)."""
        found = np.array([self._believed(votes) for votes in self.votes])
        for item, label in self.known.items():
            found[item] = np.eye(self.world.labels)[label]
        return found
