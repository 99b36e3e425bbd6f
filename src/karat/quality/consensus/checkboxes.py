"""Labels of which an item may have several: who ticks what rightly, and which labels go together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, logit

from karat.quality.columns import Floats

TINY = 1e-6
OF_LABEL = 4.0
"""Votes that an annotator's general skill counts for in each label."""
OF_ALL = 10.0
"""Votes that the population counts for in an annotator's general skill."""
STEPS = 3
"""Times that labels and types are brought in line within a round."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Who looked at what, and what they ticked there. All that was looked at and not ticked is a no."""

    looks: csr_array
    """Shape (items, annotators): 1 where an annotator looked at an item, or what part of a voice that is."""
    item: NDArray[np.integer]
    """Shape (ticks,)."""
    annotator: NDArray[np.integer]
    label: NDArray[np.integer]
    weight: Floats
    labels: int
    gold: Floats
    """Shape (items, labels): 1 and 0 where it is known, else nan."""

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.looks.shape[0])

    @property
    def annotators(self) -> int:
        """How many annotators there are."""
        return int(self.looks.shape[1])

    def summed(self, tables: Floats, ticked: Floats) -> Floats:
        """Over an item's annotators, `tables` (annotators, labels) of all who looked and `ticked`, of that shape, of those
        who ticked; shape (items, labels)."""
        cell = self.item * self.labels + self.label
        amounts = self.weight * ticked[self.annotator, self.label]
        extra = np.bincount(cell, amounts, minlength=self.items * self.labels)
        return np.asarray(self.looks @ tables) + extra.reshape(self.items, self.labels)

    def by_annotator(self, belief: Floats) -> tuple[Floats, Floats]:
        """The belief, shape (items, labels), summed over all that each annotator looked at and over what was ticked there;
        both of shape (annotators, labels)."""
        cell = self.annotator * self.labels + self.label
        amounts = self.weight * belief[self.item, self.label]
        ticked = np.bincount(cell, amounts, minlength=self.annotators * self.labels).astype(np.float64)
        return np.asarray(self.looks.T @ belief), ticked.reshape(self.annotators, self.labels)

    def shares(self) -> Floats:
        """The share of those who looked that ticked each label, shape (items, labels); a half where nobody looked."""
        ones = np.ones((self.annotators, self.labels))
        looked = np.asarray(self.looks.sum(axis=1)).reshape(-1, 1)
        return np.where(looked > 0, self.summed(0 * ones, ones) / np.where(looked > 0, looked, 1.0), 0.5)


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of annotators and labels."""

    hit: Floats
    """Shape (annotators + 1, labels): how often a label that is there is ticked; the last row is of somebody unknown."""
    false: Floats
    """Likewise how often one that is not there is."""
    common: Floats
    """Shape (types, labels): how common each label is on items of a type."""
    types: Floats
    """Shape (types,)."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Labels after fitting."""

    belief: Floats
    """Shape (items, labels)."""
    habits: Habits
    evidence: float
    """The lower bound of the log likelihood less half a logarithm of the items for each parameter of the types (BIC)."""


def fit(ticks: Ticks, types: int, *, seed: int, rounds: int = 100, tolerance: float = 1e-3) -> Fitted:
    """Variational expectation and maximisation, until no probability moves by more than `tolerance`.

    Items are of some types, each with its own common labels, so that labels that go together speak for one another. How
    often an annotator ticks what is there and what is not is the population's for that label, moved by the annotator's
    general skill over all labels (on the logit scale), and that is what the annotator's own ticks on the label are added to.
    """
    known = ~np.isnan(ticks.gold)
    belief = np.where(known, ticks.gold, ticks.shares())
    member = np.random.default_rng(seed).dirichlet(np.full(types, 0.3), ticks.items)
    habits, bound = _learn(ticks, belief, member), -np.inf
    for _ in range(rounds):
        before = belief
        belief, member, bound = believe(ticks, habits, belief)
        habits = _learn(ticks, belief, member)
        if np.abs(belief - before).max(initial=0.0) <= tolerance:
            break
    penalty = 0.5 * (types * (ticks.labels + 1) - 1) * np.log(max(ticks.items, 2))
    return Fitted(belief, habits, bound - penalty)


def believe(ticks: Ticks, habits: Habits, belief: Floats) -> tuple[Floats, Floats, float]:
    """The probability of each label, shape (items, labels), and of each type, shape (items, types), by what is known; and
    the bound of the log likelihood. Annotators are rows of `habits`."""
    hit, false = habits.hit[: ticks.annotators], habits.false[: ticks.annotators]
    no = ticks.summed(np.log1p(-false), np.log(false) - np.log1p(-false))
    yes = ticks.summed(np.log1p(-hit), np.log(hit) - np.log1p(-hit))
    known = ~np.isnan(ticks.gold)
    there, absent = np.log(habits.common), np.log1p(-habits.common)
    member = np.empty((ticks.items, len(habits.types)))
    for _ in range(STEPS):
        logits = belief @ (there - absent).T + absent.sum(axis=1) + np.log(habits.types)
        logits -= logits.max(axis=1, keepdims=True)
        member = np.exp(logits)
        member /= member.sum(axis=1, keepdims=True)
        belief = np.where(known, ticks.gold, expit(yes - no + member @ (there - absent)))
    expected = member @ there, member @ absent
    bound = float((belief * (yes + expected[0]) + (1 - belief) * (no + expected[1])).sum())
    bound += float((member @ np.log(habits.types)).sum()) + _entropy(belief) + _entropy(1 - belief) + _entropy(member)
    return belief, member, bound


def _learn(ticks: Ticks, belief: Floats, member: Floats) -> Habits:
    there, hits = ticks.by_annotator(belief)
    absent, wrong = ticks.by_annotator(1 - belief)
    size = member.sum(axis=0)
    common = np.clip(
        (member.T @ belief + belief.sum(axis=0) / max(len(belief), 1)) / (size[:, None] + 1), 1e-4, 1 - 1e-4
    )
    types = (size + 1) / (size.sum() + len(size))
    return Habits(_rates(hits, there, 3.0, 1.0), _rates(wrong, absent, 1.0, 3.0), common, types)


def _rates(ticked: Floats, of: Floats, yes: float, no: float) -> Floats:
    """Shrunken rates of ticks, shape (annotators + 1, labels); the population begins at yes in yes + no."""
    pooled = (ticked.sum(axis=0) + yes) / (of.sum(axis=0) + yes + no)
    expected = (of @ pooled + OF_ALL * pooled.sum() / max(len(pooled), 1)) / (of.sum(axis=1) + OF_ALL)
    own = (ticked.sum(axis=1) + OF_ALL * expected) / (of.sum(axis=1) + OF_ALL)
    moved = expit(logit(pooled)[None, :] + (_logit(own) - _logit(expected))[:, None])
    rates = (ticked + OF_LABEL * moved) / (of + OF_LABEL)
    return np.asarray(np.clip(np.concatenate([rates, pooled[None, :]]), 1e-3, 1 - 1e-3))


def _logit(share: Floats) -> Floats:
    return np.asarray(logit(np.clip(share, TINY, 1 - TINY)))


def _entropy(p: Floats) -> float:
    return -float((p * np.log(np.maximum(p, 1e-300))).sum())
