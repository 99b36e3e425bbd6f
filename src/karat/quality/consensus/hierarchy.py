"""The shrunken hierarchical model behind Karat's default: annotators drawn from a population, items of several sorts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import digamma, expit, gammaln, logit

from karat.quality.columns import Floats
from karat.quality.consensus.incidence import Incidence, softmax

Population = Literal["coin", "confusion"]
Prevalence = Literal["open", "voted"]
CONCENTRATION = 4.0
"""How many votes the population counts for in each row of an annotator's confusion matrix."""
FOCUS = 0.1
"""The Dirichlet parameter of the sorts of items, small: few sorts where few are needed (Li, Rubinstein and Cohn 2019)."""
WIDTHS = np.exp(np.linspace(np.log(0.3), np.log(300), 16))
"""How alike annotators may be: the votes that the population counts for in an annotator's skill; the likeliest is taken."""
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """How annotators may err: what the population is like, how many sorts of items each label has, and whether the labels
    are as common as they are in the votes (a prior with the weight of all items) or not (of one item a label).

    With two sorts, annotators who err together on the hard items of a label are not counted as independent witnesses.
    """

    population: Population
    sorts: int
    prevalence: Prevalence


@dataclass(frozen=True, slots=True)
class Fitted:
    """A hypothesis after fitting."""

    hypothesis: Hypothesis
    belief: Floats
    """Shape (items, labels * sorts)."""
    bound: float
    """The evidence lower bound, natural logarithm."""
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
    seed: int,
    rounds: int,
    tolerance: float,
    start: Fitted | None = None,
) -> Fitted:
    """Variational Bayes (as EBCC by Li, Rubinstein and Cohn 2019, with a learned population in place of a fixed prior).

    Stops when no label's probability moves by more than `tolerance`.
    """
    labels, sorts = incidence.labels, hypothesis.sorts
    shares = incidence.shares()
    voted = shares.mean(axis=0) + TINY
    common = voted * (incidence.items if hypothesis.prevalence == "voted" else labels)
    belief = _begin(incidence, shares, sorts, seed) if start is None else _carry(incidence, start, labels)
    before = belief.reshape(-1, labels, sorts).sum(axis=2)
    count = 0
    for count in range(1, rounds + 1):
        step = learn_annotators(incidence.counts(belief), hypothesis)
        of_sort = FOCUS / sorts + belief.sum(axis=0).reshape(labels, sorts)
        of_label = common + of_sort.sum(axis=1) - FOCUS
        states = (_expected_log(of_sort, 1) + _expected_log(of_label, 0)[:, None]).ravel()
        logits = incidence.evidence(step.tables)
        logits += states
        known = np.flatnonzero(incidence.gold >= 0)
        other = np.ones((len(known), labels, sorts), dtype=bool)
        other[np.arange(len(known)), incidence.gold[known]] = False
        logits[known] = np.where(other.reshape(len(known), labels * sorts), -1e300, logits[known])
        belief, norm = softmax(logits)
        after = belief.reshape(-1, labels, sorts).sum(axis=2)
        moved = float(np.abs(after - before).max(initial=0.0))
        before = after
        if moved < tolerance and (count > 5 or start is not None):
            break
    bound = float(norm.sum()) - step.surprise
    bound -= float(_divergence(of_sort, np.full_like(of_sort, FOCUS / sorts), 1).sum())
    bound -= float(_divergence(of_label, common, 0).sum())
    return Fitted(hypothesis, belief, bound, count, step.learned, step.tables, states, step.means, step.skill_prior)


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
    counts = given.reshape(annotators, labels, labels, hypothesis.sorts)
    of_labels = counts.sum(axis=3)
    base, skill_prior = _population(of_labels, hypothesis.population)
    prior = np.broadcast_to(CONCENTRATION * base[:, :, :, None], counts.shape)
    learned = counts + prior
    tables = _expected_log(learned, 1)
    surprise = float(_divergence(learned, prior, 1).sum())
    means = of_labels + CONCENTRATION * base
    means = (means / means.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
    return Step(learned, tables.reshape(annotators, labels, -1), means, surprise, skill_prior)


def _population(counts: Floats, population: Population) -> tuple[Floats, tuple[float, float]]:
    """What is expected of each annotator before their own confusions: the population, moved by their own skill.

    `counts` and the result have the shape (annotators, labels given, true labels); also right and wrong votes that an
    unknown annotator is credited with.
    """
    labels = counts.shape[1]
    places, same = np.arange(labels), np.eye(labels)
    pooled = counts.sum(axis=0) + 1 + 3 * same
    # The vote is a floor: no wrong label is given more often than the right one by the population.
    wrong_most = np.where(same > 0, 0.0, pooled).max(axis=0, initial=0.0)
    pooled[places, places] = np.maximum(pooled[places, places], wrong_most)
    if population == "coin":
        right_share = pooled[places, places].sum() / pooled.sum()
        pooled = np.where(same > 0, right_share, (1 - right_share) / max(labels - 1, 1))
    shape = pooled / pooled.sum(axis=0)
    right_by_label = np.clip(shape[places, places], TINY, 1 - TINY)
    given = counts.sum(axis=(1, 2))
    right = counts[:, places, places].sum(axis=1)
    expected = (counts.sum(axis=1) @ right_by_label + TINY) / (given + TINY / right_by_label.mean() if labels else 1.0)
    expected = np.clip(expected, TINY, 1 - TINY)
    width = _likeliest_width(right, given, expected)
    skill = np.clip((right + width * expected) / (given + width), TINY, 1 - TINY)
    moved = expit(logit(right_by_label)[None] + (logit(skill) - logit(expected))[:, None])
    errors = np.where(same > 0, 0.0, shape)
    errors /= np.maximum(errors.sum(axis=0), TINY)
    base = errors[None] * (1 - moved)[:, None, :]
    base[:, places, places] = moved
    typical = float(right.sum() + TINY) / float(given.sum() + 2 * TINY)
    return np.maximum(base, TINY), (width * typical, width * (1 - typical))


def _likeliest_width(right: Floats, given: Floats, expected: Floats) -> float:
    """The concentration of the beta-binomial under which the annotators' right votes are likeliest."""
    chances = []
    for width in WIDTHS:
        a, b = width * expected, width * (1 - expected)
        terms = gammaln(right + a) - gammaln(a) + gammaln(np.maximum(given - right, 0) + b) - gammaln(b)
        chances.append(float((terms - gammaln(given + width) + gammaln(width)).sum()))
    return float(WIDTHS[int(np.argmax(chances))])


def _begin(incidence: Incidence, shares: Floats, sorts: int, seed: int) -> Floats:
    if sorts == 1:
        return shares
    drawn = np.random.default_rng(seed).dirichlet(np.ones(sorts), (incidence.items, incidence.labels))
    return np.asarray((drawn * shares[:, :, None]).reshape(incidence.items, -1))


def _carry(incidence: Incidence, start: Fitted, labels: int) -> Floats:
    """The belief about all items by what was learned on some of them."""
    logits = incidence.evidence(start.tables)
    logits += start.states
    belief, _ = softmax(logits)
    return belief


def _expected_log(parameters: Floats, axis: int) -> Floats:
    return np.asarray(digamma(parameters) - digamma(parameters.sum(axis=axis, keepdims=True)))


def _divergence(learned: Floats, prior: Floats, axis: int) -> Floats:
    """Kullback and Leibler's divergence of Dirichlet distributions."""
    gained = ((learned - prior) * _expected_log(learned, axis)).sum(axis=axis)
    return np.asarray(gained - _log_beta(learned, axis) + _log_beta(prior, axis))


def _log_beta(parameters: Floats, axis: int) -> Floats:
    return np.asarray(gammaln(parameters).sum(axis=axis) - gammaln(parameters.sum(axis=axis)))
