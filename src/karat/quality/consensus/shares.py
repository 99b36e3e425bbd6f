"""The vote: the label that most annotators gave, each with one voice or with a weight."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned, Model
from karat.quality.consensus.online import Online
from karat.quality.consensus.rule import Rule
from karat.quality.votes import Votes

Known = Mapping[object, object]


@dataclass(kw_only=True, eq=False)
class MajorityVote(Online):
    """Each annotator has one voice. `posterior_` is the share of the votes; level where nobody voted.

    >>> from karat.quality import Votes
    >>> table = {"item": [1, 1, 1, 2, 2], "who": ["Ada", "Ben", "Cem", "Ada", "Ben"], "label": ["cat", "cat", "dog", "dog", "cat"]}
    >>> vote = MajorityVote().fit(Votes.from_table(table, item="item", annotator="who", label="label"))
    >>> vote.labels_.tolist(), vote.ties_.tolist()
    (['cat', 'cat'], [False, True])
    """

    def _learn(self, incidence: Incidence) -> Learned:
        return _voted(incidence, incidence.shares(), np.ones(incidence.annotators))


@dataclass
class WeightedVote(Model):
    """Annotators have voices of their own: `voices` by name, or, where it is None, how often each agrees with the vote
    above chance (weighted as in Li and Yu 2014: labels * accuracy - 1, not below 0), after one round of voting."""

    voices: Mapping[object, float] | None = field(default=None, kw_only=True)

    def fit(self, votes: Votes, gold: Known | None = None) -> "WeightedVote":
        """Learn from votes; `voices` must name every annotator and be numbers of 0 or more."""
        if self.voices is not None:
            missing = [name for name in votes.annotators.tolist() if name not in self.voices]
            if missing:
                raise ValueError(
                    f"voices has no entry for annotator {missing[0]!r}: name all {len(votes.annotators)} annotators"
                )
            self._voice = np.array([self.voices[name] for name in votes.annotators.tolist()], dtype=np.float64)
            if not (np.isfinite(self._voice) & (self._voice >= 0)).all():
                wrong = votes.annotators.tolist()[
                    int(np.argmin(np.where(np.isfinite(self._voice), self._voice, -np.inf)))
                ]
                raise ValueError(
                    f"the voice of annotator {wrong!r} is {self.voices[wrong]!r}: give a number of 0 or more"
                )
        return super().fit(votes, gold)

    def _learn(self, incidence: Incidence) -> Learned:
        voice = self._earned(incidence) if self.voices is None else self._voice
        voice = voice / max(float(voice.max(initial=0.0)), np.finfo(float).tiny)  # only their relation matters
        table = voice[:, None, None] * np.eye(incidence.labels)
        counts = incidence.evidence(table)
        unheard = counts.sum(axis=1) <= 0
        counts[unheard] = incidence.shares()[unheard]
        counts /= np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
        return _voted(incidence, incidence.with_gold(counts), voice)

    def _earned(self, incidence: Incidence) -> Floats:
        counts = incidence.counts(incidence.shares())
        places = np.arange(incidence.labels)
        given = np.maximum(incidence.given().sum(axis=1), 1e-300)
        agreement = (counts[:, places, places].sum(axis=1) + 1) / (given + 2)
        return np.asarray(np.maximum(incidence.labels * agreement - 1, 0.0))


def _voted(incidence: Incidence, posterior: Floats, voices: Floats) -> Learned:
    rule = Rule.vote(voices, incidence.labels, incidence.given().sum(axis=1))
    return replace(learned_from(incidence, posterior), rule=rule)


def learned_from(incidence: Incidence, posterior: Floats, *, smoothing: float = 0.01) -> Learned:
    """What a belief about the labels says of the annotators, each known on their own."""
    counts = incidence.counts(posterior).transpose(0, 2, 1) + smoothing
    prevalence = posterior.sum(axis=0) + smoothing
    return Learned(
        posterior, counts / counts.sum(axis=2, keepdims=True), np.log(prevalence / prevalence.sum()), (0.5, 0.5)
    )
