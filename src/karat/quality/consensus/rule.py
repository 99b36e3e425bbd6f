"""What a fitted model says of one more item: its posterior from the votes on it alone, in microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Floats

Places = NDArray[np.intp]
TINY = 1e-300
SOMEBODY = -1
"""The place of an annotator whom the model has not met: the last row, which is that of everybody together."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The annotators as a model has learned them, by which items are settled one by one.

    A posterior is `share` of a vote in which each annotator has a voice, and for the rest what the votes are likely under.
    The last row of `tables` and `voices` is that of the annotators together, for one who was not there.
    """

    tables: Floats
    """Shape (annotators + 1, labels given, states): log probabilities; a state is a label, or one of several sorts of it."""
    states: Floats
    """Shape (states,): log prior."""
    voices: Floats
    """Shape (annotators + 1,), 0 or more."""
    first: Floats
    """Shape (labels,): the voices that each label has before anybody voted."""
    share: float

    @classmethod
    def likelihood(cls, tables: Floats, states: Floats, given: Floats) -> "Rule":
        """By the likelihood of the votes only. `given`, shape (annotators,), is how much each annotator voted."""
        labels = tables.shape[1]
        return cls(with_everybody(tables, given), states, np.ones(len(tables) + 1), np.zeros(labels), 0.0)

    @classmethod
    def vote(cls, voices: Floats, labels: int, given: Floats) -> "Rule":
        """By the vote only, in which each annotator has a voice."""
        total = given.sum()
        everybody = float(voices @ given / total) if total > 0 else 1.0
        shape = (len(voices) + 1, labels, labels)
        return cls(np.zeros(shape), np.zeros(labels), np.append(voices, everybody), np.zeros(labels), 1.0)

    def posterior(self, annotators: Sequence[int], labels: Sequence[int]) -> Floats:
        """How probable each label is where these annotators gave these labels, shape (labels,), sum 1.

        Both are places in what the model was fitted to; `SOMEBODY` is an annotator it has not met. Level without votes
        where the model has no prior.
        """
        who, said = np.asarray(annotators, dtype=np.intp), np.asarray(labels, dtype=np.intp)
        found = np.zeros(len(self.first))
        if self.share < 1:
            logits = self.states + self.tables[who, said].sum(axis=0)
            logits = np.exp(logits - logits.max())
            found += (1 - self.share) * (logits / logits.sum()).reshape(len(found), -1).sum(axis=1)
        if self.share > 0:
            found += self.share * self._voted(who, said)
        return found

    def _voted(self, who: Places, said: Places) -> Floats:
        labels = len(self.first)
        heard = self.first + np.bincount(said, self.voices[who], minlength=labels)
        if heard.sum() <= 0:  # nobody who voted has a voice: then all have the same
            heard = heard + (np.bincount(said, minlength=labels) if len(said) else 1.0)
        return np.asarray(heard / heard.sum(), dtype=np.float64)


def with_everybody(tables: Floats, given: Floats) -> Floats:
    """The tables with one more row, of the annotators together, each counting as much as they voted."""
    weights = given / given.sum() if given.sum() > 0 else np.full(len(tables), 1 / max(len(tables), 1))
    together = np.tensordot(weights, np.exp(tables), axes=1) if len(tables) else np.ones(tables.shape[1:])
    return np.concatenate([tables, np.log(np.maximum(together, TINY))[None]])
