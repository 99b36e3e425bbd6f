"""Labels that nobody voted: what was learned without them, on the axis of all labels."""

import numpy as np
from numpy.typing import NDArray

from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned
from karat.quality.consensus.rule import Rule

RARE = 1e-9
"""How common such a label is where a rule meets its first vote, and how often it is given where another one is right: as
rarely, so that the first vote for it is heard, and two others outvote it."""


def spread(learned: Learned, incidence: Incidence, voted: NDArray[np.integer], elsewhere: NDArray[np.bool_]) -> Learned:
    """`learned` is of the labels `voted` and of the items that are not `elsewhere`, whose known label is another one."""
    labels, items = incidence.labels, np.flatnonzero(~elsewhere)
    posterior, belief = (np.zeros((incidence.items, labels)) for _ in range(2))
    posterior[np.ix_(items, voted)] = learned.posterior
    belief[np.ix_(items, voted)] = learned.posterior if learned.belief is None else learned.belief
    belief[elsewhere, incidence.gold[elsewhere]] = 1.0
    log_prior = np.full(labels, np.log(1e-300))
    log_prior[voted] = learned.log_prior
    confusion = np.zeros((incidence.annotators, labels, labels))
    confusion[np.ix_(np.arange(incidence.annotators), voted, voted)] = learned.confusion
    unvoted = np.setdiff1d(np.arange(labels), voted)
    right = np.einsum("akk->ak", learned.confusion).mean(axis=1)
    confusion[:, unvoted] = ((1 - right) / (labels - 1))[:, None, None]
    confusion[:, unvoted, unvoted] = right[:, None]
    rule = None if learned.rule is None else _rule(learned.rule, labels, voted)
    return Learned(incidence.with_gold(posterior), confusion, log_prior, learned.skill_prior, belief, rule)


def _rule(rule: Rule, labels: int, voted: NDArray[np.integer]) -> Rule:
    """What it says where only labels that were voted are given stays the same; one that was not counts from its first vote."""
    people, sorts = len(rule.tables), len(rule.states) // len(voted)
    known = rule.tables.reshape(people, len(voted), len(voted), sorts)
    right = np.exp(np.einsum("akks->aks", known)).mean(axis=(1, 2))
    tables = np.full((people, labels, labels, sorts), np.log(RARE))
    unvoted = np.setdiff1d(np.arange(labels), voted)
    tables[:, :, unvoted] = np.log(np.maximum((1 - right) / (labels - 1), RARE))[:, None, None, None]
    tables[:, unvoted, unvoted] = np.log(np.maximum(right, RARE))[:, None, None]
    tables[np.ix_(np.arange(people), voted, voted)] = known
    states = np.full((labels, sorts), np.log(RARE))
    states[voted] = rule.states.reshape(-1, sorts)
    first = np.zeros(labels)
    first[voted] = rule.first
    return Rule(tables.reshape(people, labels, -1), states.ravel(), rule.voices, first, rule.share)
