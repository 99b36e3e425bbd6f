"""Karat's own model of consensus: the likeliest of several hypotheses about how annotators err, and a doubt in all of them."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Floats
from karat.quality.consensus.alone import answered_alone, cells_of, with_alone
from karat.quality.consensus.checks import check_number, check_whole
from karat.quality.consensus.drawn import drawn_skills
from karat.quality.consensus.hierarchy import BEGINNINGS, Fitted, Hypothesis, Prevalence, believed, fit, unaided
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned, Skill, moment_interval, told
from karat.quality.consensus.online import Online
from karat.quality.consensus.population import CONCENTRATION
from karat.quality.consensus.rule import Rule, with_everybody
from karat.quality.consensus.unvoted import spread

PREVALENCES: tuple[Prevalence, ...] = ("voted", "open")
COINS = [Hypothesis("coin", 1, prevalence) for prevalence in PREVALENCES]
HABITS = [Hypothesis("habit", 1, prevalence) for prevalence in PREVALENCES]
CONFUSIONS = [Hypothesis("confusion", 1, prevalence) for prevalence in PREVALENCES]
EASY_AND_HARD = [Hypothesis("coin", 2, "voted")]
STRONGER = 4.0, 16.0
"""By how much more the population may count where it is of one coin each and items are of one sort."""
ENOUGH = 5
"""Votes an item, rounded, from which two sorts can be told apart at all: with two labels, the numbers of equal votes among five give
five equations, for two chances of being right, two shares of hard items and one of the labels (after Teicher 1963)."""
FEW = 4_000
"""Votes, and a quarter of the items times labels, up to which skills are drawn together with all else that is unknown."""
ASTRAY = 3.25, 21.75
"""Of items whose votes tell nothing of their label, and of others: what is believed before any gold, 13 % and worth 25
items of it. Of ten recorded crowds the likeliest share was 8 to 32 %, mostly 11 to 20; one more and made-up worlds, where
votes were right more often, spoke for less."""


@dataclass(kw_only=True)
class Consensus(Online):
    """The default: which hypothesis holds is chosen by likelihood inside the votes at hand, never by a setting.

    Annotators come from a population that is learned with them: of one coin each, of one coin and a habit that all share, or
    of a confusion matrix. Each has a skill, shrunken to the population's, and confusions, shrunken to what that skill makes
    of the population's. Items of a label are of one sort, or, where there are five votes an item or more, of two such as
    easy and hard, so that annotators who err together count as less than independent. The labels are as common as in the
    votes, or, with one sort, perhaps not. The hypotheses are fitted by variational Bayes, and the one with the highest
    evidence, less what its population's parameters cost, is kept (`hypothesis_`, `bounds_`); where that is one coin and one
    sort, how strongly the population counts is then chosen in the same way. Gold is certain and teaches who is right.

    `posterior_` leaves a share of the items, `astray_`, on which the votes tell nothing: all annotators are misled together,
    which no votes can show. Before gold it is what recorded crowds taught, 13 %; each item with gold tells whether the votes
    found it, and with some dozens of them the share is that of the table at hand. The most probable label is not moved.

    Who is right shows only where two have answered or the label is known: the model is fitted to such items, and single
    answers then tell how often each annotator gives each label, and no more (see `consensus.alone`). `alone`, shape
    (annotators, labels), counts further such answers that are not in the table.

    Where there are more than twice `sample` items, the hypotheses are compared on so many of them, drawn at random by
    `seed`, and the likeliest is then carried to all. Nothing else is random.

    Two settings were chosen by recorded crowds: `weight`, how many votes the population counts for in a row of an
    annotator's confusion matrix, and `astray`, the items with gold, misled and others, that experience counts for.
    `python -m bench.quality_consensus leave-out` chooses them by some crowds and judges them by others.
    """

    seed: int = 0
    sample: int = 10_000
    weight: float = CONCENTRATION
    astray: tuple[float, float] = ASTRAY
    alone: Floats | None = field(default=None, repr=False, compare=False)
    max_rounds: int = 100
    tolerance: float = 1e-3

    def _learn(self, incidence: Incidence) -> Learned:
        self._check()
        shape = incidence.annotators, incidence.labels
        alone = np.zeros(shape) if self.alone is None else np.asarray(self.alone, dtype=np.float64)
        if alone.shape != shape or not (np.isfinite(alone) & (alone >= 0)).all():
            raise ValueError(
                f"alone has the shape {alone.shape}: give how often each of the {shape[0]} annotators gave each of the"
                f" {shape[1]} labels on items of their own, 0 or more, as an array of shape {shape}"
            )
        return self._learn_with(incidence, alone)

    def _learn_with(self, incidence: Incidence, alone: Floats) -> Learned:
        self.astray_ = self.astray[0] / sum(self.astray)
        voted = np.flatnonzero(incidence.voted())
        if len(voted) < incidence.labels:
            return self._among(incidence, alone, voted)
        if incidence.labels < 2 or incidence.matrix.nnz == 0:
            self.__dict__.pop("hypothesis_", None)
            return _trivial(incidence)
        best = self._fitted(incidence, alone)
        self.hypothesis_ = best.hypothesis
        belief = best.posterior(incidence.labels)
        prevalence = belief.mean(axis=0)
        self.astray_ = _astray(incidence, best, self.astray)
        posterior = (1 - self.astray_) * belief
        posterior += self.astray_ / incidence.labels
        return Learned(
            incidence.with_gold(posterior),
            best.means,
            np.log(np.maximum(prevalence, 1e-300)),
            best.skill_prior,
            belief,
            _rule(incidence, best, self.astray_),
        )

    def _fitted(self, incidence: Incidence, alone: Floats) -> Fitted:
        """What the items say that several have answered, or whose label is known; then what single answers add to that."""
        single = answered_alone(incidence, float(alone.sum()))
        is_split = single.any() and not single.all()
        some = incidence.some(np.flatnonzero(~single)) if is_split else incidence
        best = self._carried(some) if some.items > 2 * self.sample else self._likeliest(some)
        cells = np.concatenate([np.zeros((*alone.shape, incidence.labels)), alone[:, :, None]], axis=2)
        cells += cells_of(incidence.some(np.flatnonzero(single))) if is_split else 0.0
        if cells.any():
            best = with_alone(best, some, cells)
            best = replace(best, belief=believed(incidence, best.tables, best.states)[0])
        return best

    def _carried(self, incidence: Incidence) -> Fitted:
        """The likeliest on some items, carried to all."""
        drawn = np.sort(np.random.default_rng(self.seed).choice(incidence.items, self.sample, replace=False))
        some, place = incidence.some(drawn).of_voters()
        best = self._likeliest(some)
        start = replace(best, tables=best.tables[place])
        return fit(incidence, best.hypothesis, rounds=12, tolerance=0.01, start=start)

    def _check(self) -> None:
        check_whole("sample", self.sample)
        check_number("weight", self.weight, above=0)
        misled, others = self.astray
        check_number("astray[0]", misled, least=0)
        check_number("astray[1]", others, above=0)
        check_whole("max_rounds", self.max_rounds)
        check_number("tolerance", self.tolerance, least=0)

    def _among(self, incidence: Incidence, alone: Floats, voted: NDArray[np.integer]) -> Learned:
        """As if the labels that nobody voted were not there: an item known to have one of them teaches nothing of the others."""
        elsewhere = (incidence.gold >= 0) & ~np.isin(incidence.gold, voted)
        learned = self._learn_with(incidence.some(np.flatnonzero(~elsewhere)).among(voted), alone[:, voted])
        return spread(learned, incidence, voted, elsewhere)

    def _skill(self, incidence: Incidence, learned: Learned) -> Skill:
        """Of few votes with what all annotators share drawn as well, which `skill_of` takes for known.

        Where annotators are thought to be more than coins, the skill is that of the hypothesis, and never surer than a coin's.
        """
        found = super()._skill(incidence, learned)
        cells = incidence.items * int(incidence.voted().sum())
        if incidence.labels < 2 or not 0 < incidence.matrix.nnz <= FEW or cells > 4 * FEW:
            return found
        mean, variance = drawn_skills(incidence, seed=self.seed)
        variance = variance / told(incidence, learned)
        of_coins = "hypothesis_" not in self.__dict__ or replace(self.hypothesis_, weight=CONCENTRATION) in COINS
        if of_coins:
            low, high = moment_interval(mean, variance)
            return replace(found, value=mean, low=low, high=high)
        low, high = moment_interval(found.value, variance)
        return replace(found, low=np.minimum(low, found.low), high=np.maximum(high, found.high))

    def _likeliest(self, incidence: Incidence) -> Fitted:
        self.bounds_: dict[Hypothesis, float] = {}
        voted = incidence.weight_of_items()
        enough = round(float(voted.sum()) / max(int(np.count_nonzero(voted)), 1)) >= ENOUGH
        compared = [*COINS, *HABITS, *CONFUSIONS, *(EASY_AND_HARD if enough else [])]
        best = self._best(incidence, [replace(one, weight=self.weight) for one in compared])
        if replace(best.hypothesis, weight=CONCENTRATION) not in COINS:
            return best
        stronger = [replace(one, weight=self.weight * factor) for one in COINS for factor in STRONGER]
        return max(best, self._best(incidence, stronger), key=lambda one: one.bound)

    def _best(self, incidence: Incidence, hypotheses: list[Hypothesis]) -> Fitted:
        best: Fitted | None = None
        for hypothesis in hypotheses:
            for beginning in BEGINNINGS[: hypothesis.sorts]:
                fitted = fit(incidence, hypothesis, rounds=self.max_rounds, tolerance=self.tolerance, start=beginning)
                self.bounds_[hypothesis] = max(fitted.bound, self.bounds_.get(hypothesis, -np.inf))
                best = fitted if best is None or fitted.bound > best.bound else best
        assert best is not None
        return best


def _astray(incidence: Incidence, fitted: Fitted, before: tuple[float, float]) -> float:
    """The share of items on which votes tell nothing: the mean of what is believed before and of what the known labels add."""
    known = incidence.gold[incidence.gold >= 0]
    share = before[0] / sum(before)
    if not len(known):
        return share
    told = unaided(incidence, fitted)[np.arange(len(known)), known]
    for _ in range(100):
        astray = share / incidence.labels
        blame = astray / np.maximum(astray + (1 - share) * told, 1e-300)
        share = float(before[0] + blame.sum()) / (sum(before) + len(known))
    return share


def _rule(incidence: Incidence, fitted: Fitted, astray: float) -> Rule:
    tables = with_everybody(fitted.tables, incidence.given().sum(axis=1))
    return Rule(tables, fitted.states, np.zeros(len(tables)), np.ones(incidence.labels), astray)


def _trivial(incidence: Incidence) -> Learned:
    """Nothing to choose from, or nobody voted: the shares."""
    posterior = incidence.shares()
    labels = incidence.labels
    confusion = np.full((incidence.annotators, labels, labels), 1.0 / max(labels, 1))
    prevalence = posterior.mean(axis=0) if len(posterior) else np.full(labels, 1.0 / max(labels, 1))
    return Learned(posterior, confusion, np.log(np.maximum(prevalence, 1e-300)), (0.5, 0.5))
