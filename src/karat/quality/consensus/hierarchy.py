"""The shrunken hierarchical model behind Karat's default: annotators drawn from a population, items of several sorts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import digamma, expit, gammaln

from karat.quality.columns import Floats
from karat.quality.consensus.incidence import Incidence, softmax
from karat.quality.consensus.population import CONCENTRATION, Population, population_of

Prevalence = Literal["open", "voted"]
Beginning = Literal["share", "typical"]
BEGINNINGS: tuple[Beginning, ...] = ("share", "typical")
"""Where two sorts of items start from: see `_begin`."""
FOCUS = 1.0
"""The Dirichlet parameter of the sorts of a label, shared among them: few sorts where few are needed."""
STEEP = 8.0
"""How fast an item counts as hard below the typical share of votes, only to begin with."""
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """How annotators may err: what the population is like, how many sorts of items each label has, and whether the labels
    are as common as they are in the votes (a prior with the weight of all items) or not (of one item a label).

    The population of each sort is learned: with two, all may err together on the hard items of a label, and are not
    counted as independent witnesses there. `weight` is how many votes the population counts for in each row of an
    annotator's own confusion matrix.
    """

    population: Population
    sorts: int
    prevalence: Prevalence
    weight: float = CONCENTRATION


@dataclass(frozen=True, slots=True)
class Fitted:
    """A hypothesis after fitting."""

    hypothesis: Hypothesis
    belief: Floats
    """Shape (items, labels * sorts)."""
    bound: float
    """The evidence lower bound less `complexity`, natural logarithm."""
    rounds: int
    learned: Floats
    """Dirichlet parameters of the votes of each annotator, shape (annotators, labels given, labels, sorts)."""
    tables: Floats
    """Expected log probabilities, shape (annotators, labels given, labels * sorts)."""
    states: Floats
    """Expected log prior, shape (labels * sorts,)."""
    means: Floats
    """Shape (annotators, true labels, labels given): the confusion of each annotator over all sorts."""
    skill_prior: tuple[float, float]

    def posterior(self, labels: int) -> Floats:
        """Shape (items, labels)."""
        return np.asarray(self.belief.reshape(len(self.belief), labels, -1).sum(axis=2))


def fit(
    incidence: Incidence,
    hypothesis: Hypothesis,
    *,
    rounds: int,
    tolerance: float,
    start: Fitted | Beginning = "share",
) -> Fitted:
    """Variational Bayes (as EBCC by Li, Rubinstein and Cohn 2019, with a learned population in place of a fixed prior).

    Stops when no label's probability moves by more than `tolerance`.
    """
    labels, sorts = incidence.labels, hypothesis.sorts
    shares = incidence.shares()
    voted = shares.mean(axis=0) + TINY
    common = voted * (incidence.items if hypothesis.prevalence == "voted" else labels)
    carried = isinstance(start, Fitted)
    belief = _carry(incidence, start) if isinstance(start, Fitted) else _begin(shares, sorts, start)
    del shares
    before = belief.reshape(-1, labels, sorts).sum(axis=2)
    count = 0
    for count in range(1, rounds + 1):
        step = learn_annotators(incidence.counts(belief), hypothesis)
        of_sort = FOCUS / sorts + belief.sum(axis=0).reshape(labels, sorts)
        of_label = common + of_sort.sum(axis=1) - FOCUS
        states = (expected_log(of_sort, 1) + expected_log(of_label, 0)[:, None]).ravel()
        del belief  # as large as the one that follows
        belief, norm = believed(incidence, step.tables, states)
        after = belief.reshape(-1, labels, sorts).sum(axis=2)
        before -= after
        moved = float(max(before.max(initial=0.0), -before.min(initial=0.0)))
        before = after
        if moved < tolerance and (count > 5 or carried):
            break
    bound = float(norm.sum()) - step.surprise
    bound -= float(_divergence(of_sort, np.full_like(of_sort, FOCUS / sorts), 1).sum())
    bound -= float(_divergence(of_label, common, 0).sum())
    bound -= complexity(hypothesis, labels, float(incidence.matrix.sum()))
    return Fitted(hypothesis, belief, bound, count, step.learned, step.tables, states, step.means, step.skill_prior)


def complexity(hypothesis: Hypothesis, labels: int, votes: float) -> float:
    """What the parameters of the population cost, which are fitted and not averaged over (Schwarz 1978)."""
    of_state = {"coin": 1, "habit": labels, "confusion": labels * (labels - 1)}[hypothesis.population]
    return 0.5 * of_state * hypothesis.sorts * float(np.log(max(votes, 1.0)))


@dataclass(frozen=True, slots=True)
class Step:
    """What one round learns of the annotators: see `Fitted`; `surprise` is how far that is from their prior."""

    learned: Floats
    tables: Floats
    means: Floats
    surprise: float
    skill_prior: tuple[float, float]


def learn_annotators(given: Floats, hypothesis: Hypothesis) -> Step:
    """From how often each gave each label in each state, shape (annotators, labels given, labels * sorts)."""
    annotators, labels = given.shape[:2]
    base, skill_prior = population_of(given, hypothesis.population, hypothesis.sorts)
    prior = hypothesis.weight * base
    learned = given + prior
    tables = expected_log(learned, 1)
    surprise = float(_divergence(learned, prior, 1).sum())
    by_sort = labels, hypothesis.sorts
    votes = given.sum(axis=(0, 1)).reshape(by_sort) + TINY
    prior *= (votes / votes.sum(axis=1, keepdims=True)).ravel()
    means = (given + prior).reshape(annotators, labels, *by_sort).sum(axis=3)
    means = (means / means.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
    return Step(learned.reshape(annotators, labels, *by_sort), tables, means, surprise, skill_prior)


def believed(incidence: Incidence, tables: Floats, states: Floats) -> tuple[Floats, Floats]:
    """How likely each state of each item is by its votes, certain of the label where it is known, shape (items, labels *
    sorts); and the log likelihood of each item's votes."""
    logits = incidence.evidence(tables)
    logits += states
    known = np.flatnonzero(incidence.gold >= 0)
    other = np.ones((len(known), incidence.labels, len(states) // incidence.labels), dtype=bool)
    other[np.arange(len(known)), incidence.gold[known]] = False
    logits[known] = np.where(other.reshape(len(known), len(states)), -1e300, logits[known])
    return softmax(logits)


def unaided(incidence: Incidence, fitted: Fitted) -> Floats:
    """What the votes alone say of the items whose label is known, shape (known items, labels).

    Each vote by the annotator's other votes only: what was learned from the known label itself is taken away.
    """
    known = np.flatnonzero(incidence.gold >= 0)
    part = incidence.matrix[known]
    item = np.repeat(np.arange(len(known)), np.diff(part.indptr))
    annotator, said = np.divmod(part.indices, incidence.labels)
    weight = part.data[:, None]
    own = fitted.belief[known][item] * weight
    learned = fitted.learned.reshape(incidence.annotators, incidence.labels, -1)
    others = np.maximum(learned[annotator, said] - own, TINY), np.maximum(learned.sum(axis=1)[annotator] - own, TINY)
    logs = (digamma(others[0]) - digamma(others[1])) * weight
    logits = np.stack([np.bincount(item, of_state, len(known)) for of_state in logs.T], axis=1) + fitted.states
    belief, _ = softmax(logits)
    sorts = belief.shape[1] // incidence.labels
    return np.asarray(belief.reshape(len(known), incidence.labels, sorts).sum(axis=2))


def _begin(shares: Floats, sorts: int, beginning: Beginning) -> Floats:
    """Each label as likely as its share of the votes. Of two sorts, the more votes a label has on an item, the more the item
    is an easy one of that label: by the share itself, or by whether it is above what is typical of the label."""
    if sorts == 1:
        return shares
    easy = shares
    if beginning == "typical":
        typical = (shares * shares).sum(axis=0) / np.maximum(shares.sum(axis=0), TINY)
        easy = expit(STEEP * (shares - typical))
    return np.asarray((np.stack([easy, 1 - easy], axis=2) * shares[:, :, None] + TINY).reshape(len(shares), -1))


def _carry(incidence: Incidence, start: Fitted) -> Floats:
    """The belief about all items by what was learned on some of them."""
    logits = incidence.evidence(start.tables)
    logits += start.states
    belief, _ = softmax(logits)
    return belief


def expected_log(parameters: Floats, axis: int) -> Floats:
    """The mean of the logarithm of each share under Dirichlet distributions along an axis."""
    return np.asarray(digamma(parameters) - digamma(parameters.sum(axis=axis, keepdims=True)))


def _divergence(learned: Floats, prior: Floats, axis: int) -> Floats:
    """Kullback and Leibler's divergence of Dirichlet distributions."""
    gained = ((learned - prior) * expected_log(learned, axis)).sum(axis=axis)
    return np.asarray(gained - _log_beta(learned, axis) + _log_beta(prior, axis))


def _log_beta(parameters: Floats, axis: int) -> Floats:
    return np.asarray(gammaln(parameters).sum(axis=axis) - gammaln(parameters.sum(axis=axis)))
