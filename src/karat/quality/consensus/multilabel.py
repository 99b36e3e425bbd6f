"""Consensus of several labels an item: each label is there or not, by the general skill of the annotators and its company."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from karat.quality.columns import Floats, Names, some
from karat.quality.consensus.checkboxes import Fitted, Ticks, fit
from karat.quality.consensus.model import Skill, beta_interval
from karat.quality.votes import Votes

TYPES = (1, 2, 4, 8)


@dataclass(kw_only=True)
class MultiLabel:
    """Which of the labels each item has, from what several annotators ticked.

    A row of the votes is one label that an annotator ticked on an item; `none` is the label of a row that says that the
    annotator looked and ticked nothing (without such a row, who ticked nothing is not known to have looked). What was
    looked at and not ticked is a no. Labels share each annotator's skill; and items are of some types, by which labels that
    go together speak for one another: how many is chosen by likelihood with a penalty (BIC; `evidences_`). Gold (item to
    the labels it has) is certain and teaches.

    `held` is the share of the vote, weighted by skill, in the posterior, in [0, 1]: annotators may share mistakes that their
    votes alone do not show. A quarter is a guess between none, best in made-up worlds, and the half of `Consensus`, best on
    recorded crowds.

    >>> from karat.quality import Votes
    >>> table = {"i": [1, 1, 1, 1, 2, 2, 2], "a": ["x", "x", "y", "z", "x", "y", "z"],
    ...          "l": ["cat", "dog", "cat", "cat", "-", "-", "dog"]}
    >>> model = MultiLabel(none="-").fit(Votes.from_table(table, item="i", annotator="a", label="l"))
    >>> model.sets_
    [('cat',), ()]
    """

    none: object = None
    held: float = 0.25
    seed: int = 0

    labels: Names = field(init=False, repr=False)
    """The labels without `none`, in the order of `votes.labels`."""
    posterior_: Floats = field(init=False, repr=False)
    """Shape (items, labels): how probable it is that the item has the label; rows do not sum to 1."""
    sets_: list[tuple[object, ...]] = field(init=False, repr=False)
    """The labels that are more probable than not, aligned with `votes.items`."""
    ties_: NDArray[np.bool_] = field(init=False, repr=False)
    """Which items have a label that is as probable as not, shape (items,)."""
    hit_: Floats = field(init=False, repr=False)
    """Shape (annotators, labels): how often a label that is there is ticked."""
    false_: Floats = field(init=False, repr=False)
    """Shape (annotators, labels): how often one that is not there is."""
    skill_: Skill = field(init=False, repr=False)
    """The share of right ticks and right omissions of each annotator; `n` counts both."""

    def fit(self, votes: Votes, gold: Mapping[object, Collection[object]] | None = None) -> Self:
        """Learn from ticks and from the labels known for some items."""
        if not 0 <= self.held <= 1:
            raise ValueError(f"held={self.held!r} is no share between 0 and 1")
        ticks, self.labels = ticks_of(votes, gold or {}, none=self.none)
        fitted = {types: fit(ticks, types, seed=self.seed) for types in TYPES}
        self.evidences_ = {types: one.evidence for types, one in fitted.items()}
        self.fitted_ = fitted[max(fitted, key=lambda types: fitted[types].evidence)]
        self.posterior_ = held(ticks, self.fitted_, self.held)
        names = self.labels.tolist()
        self.sets_ = [
            tuple(name for name, p in zip(names, row, strict=True) if p > 0.5 + 1e-9) for row in self.posterior_
        ]
        self.ties_ = np.asarray((np.abs(self.posterior_ - 0.5) <= 1e-9).any(axis=1))
        self.hit_, self.false_ = self.fitted_.habits.hit[:-1], self.fitted_.habits.false[:-1]
        self.skill_ = skill_of(ticks, self.fitted_.belief)
        return self


def held(ticks: Ticks, fitted: Fitted, share: float, *, common: Floats | None = None) -> Floats:
    """The belief, mixed with the vote in which each counts as far as their ticks tell yes from no, with one more voice for
    how common the label is (shape (labels,); by the belief, unless given)."""
    habits = fitted.habits
    voice = np.clip(habits.hit - habits.false, 0.0, 1.0)[: ticks.annotators]
    if common is None:
        common = fitted.belief.mean(axis=0) if len(fitted.belief) else np.full(ticks.labels, 0.5)
    total = ticks.summed(voice, 0 * voice) + 1
    vote = (ticks.summed(0 * voice, voice) + common) / total
    mixed = (1 - share) * fitted.belief + share * vote
    return np.where(np.isnan(ticks.gold), mixed, ticks.gold)


def skill_of(ticks: Ticks, belief: Floats) -> Skill:
    """Right ticks and omissions by the belief, its doubt counted in; aligned with annotators."""
    there, hits = ticks.by_annotator(belief)
    absent, wrong = ticks.by_annotator(1 - belief)
    doubt = ticks.by_annotator(belief * (1 - belief))[0].sum(axis=1)
    n = (there + absent).sum(axis=1)
    right = (hits + absent - wrong).sum(axis=1)
    return Skill(*beta_interval(right + 0.5, n - right + 0.5, doubt), n)


def ticks_of(votes: Votes, gold: Mapping[object, Collection[object]], *, none: object) -> tuple[Ticks, Names]:
    """The votes as ticks, and the labels without `none`. A label ticked twice by one annotator on an item is one tick."""
    names = votes.labels.tolist()
    is_label = np.array([name != none for name in names], dtype=bool)
    place = np.cumsum(is_label) - 1
    labels, items, people = int(is_label.sum()), len(votes.items), len(votes.annotators)
    code_of = {name: code for code, name in enumerate(name for name in names if name != none)}
    ticked = is_label[votes.label_codes]
    cell = (votes.item_codes.astype(np.int64) * max(people, 1) + votes.annotator_codes) * max(labels, 1)
    one = np.unique(cell[ticked] + place[votes.label_codes[ticked]])
    pair = np.unique(cell // max(labels, 1))
    looks = csr_array((np.ones(len(pair)), (pair // max(people, 1), pair % max(people, 1))), shape=(items, people))
    label, look = one % max(labels, 1), one // max(labels, 1)
    known = np.full((items, labels), np.nan)
    for row, item in enumerate(votes.items.tolist()):
        if item in gold:
            known[row] = 0.0
            for name in gold[item]:
                if name not in code_of:
                    raise ValueError(
                        f"the gold of item {item!r} has the label {name!r}, which is not among the labels of the votes,"
                        f" {some(list(code_of))}: name all labels by labels= of Votes.from_table"
                    )
                known[row, code_of[name]] = 1.0
    people_of, items_of = look % max(people, 1), look // max(people, 1)
    found = Ticks(looks, items_of, people_of, label, np.ones(len(one)), labels, known)
    return found, np.asarray(votes.labels[is_label])
