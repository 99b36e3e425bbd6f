"""Label errors where several people voted: a model counts as one more annotator beside them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.quality.mislabels import TINY, checked, temperature
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

ROUNDS = 50
PRIOR_VOTES = 4.0
"""So many votes of the crowd's mean stand beside an annotator's own."""


@dataclass(frozen=True, slots=True)
class CrowdMislabels:
    """What people and a model together say of each label that people agreed on, and of each vote."""

    labels: Ints
    """The label held likeliest, shape (items,): codes into `votes.labels`."""
    posterior: Floats
    """Shape (items, labels)."""
    majority: Ints
    """The label with most votes, shape (items,); among equals the one held likelier; -1 where nobody voted."""
    scores: Floats
    """How sure the majority's label is, shape (items,), in [0, 1]; low means probably wrong; nan where nobody voted."""
    vote_scores: Floats
    """How sure the label of each vote is by all others, shape (votes,), in [0, 1]; a vote that its annotator gave anew on
    the item later counts nothing toward others."""
    accuracy: Floats
    """Of each annotator, shape (annotators,): the share of votes that are right, toward the crowd's mean for few."""
    model_temperature: float
    """How far the model's word was softened (above 1) before it joined."""


def find_crowd_mislabels(votes: Votes, probabilities: ArrayLike) -> CrowdMislabels:
    """Rank consensus labels and single votes by how probably they are wrong.

    `probabilities` (items, labels), aligned with `votes.items` and `votes.labels`, come from a model that did not see the
    votes on the item it judges. The model enters as an annotator who names shares instead of a label, softened until they
    suit the majority; people have one accuracy each and wrong votes fall on the other labels alike (one coin; Dawid and
    Skene 1979, restricted), fitted by EM. Time and memory grow with votes and items times labels; there is no matrix of
    items and annotators. Compare Goh, Tkachenko and Mueller, CROWDLAB (2022), who average model and people instead.
    """
    once = votes.once()
    k, items = len(votes.labels), len(votes.items)
    counts = np.bincount(once.item_codes.astype(np.int64) * k + once.label_codes, minlength=items * k).reshape(items, k)
    _, p = checked(counts.argmax(axis=1) if k else np.empty(0, np.int64), probabilities)
    voted = counts.sum(axis=1) > 0
    softened = np.log(p + TINY)
    warm = temperature(counts[voted].argmax(axis=1), p[voted])
    model = softened / warm
    accuracy = np.full(len(votes.annotators), 0.8)
    posterior = _posterior(model, once, accuracy, k)
    for _ in range(ROUNDS):
        before = accuracy
        accuracy = _accuracy(posterior, once, k)
        posterior = _posterior(model, once, accuracy, k)
        if np.abs(accuracy - before).max(initial=0.0) < 1e-5:
            break
    majority = np.where(voted, (counts + 0.5 * posterior).argmax(axis=1), -1)
    return CrowdMislabels(
        posterior.argmax(axis=1),
        posterior,
        majority,
        _margin(posterior, majority),
        _vote_scores(posterior, votes, accuracy, k),
        accuracy,
        warm,
    )


def _evidence(accuracy: Floats, k: int) -> Floats:
    """What a vote of an annotator adds to the log odds of its label."""
    return np.asarray(np.log(accuracy) - np.log((1 - accuracy) / max(k - 1, 1)))


def _posterior(model: Floats, votes: Votes, accuracy: Floats, k: int) -> Floats:
    cell = votes.item_codes.astype(np.int64) * k + votes.label_codes
    added = np.bincount(cell, _evidence(accuracy, k)[votes.annotator_codes], minlength=model.size)
    logs = model + added.reshape(model.shape)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _accuracy(posterior: Floats, votes: Votes, k: int) -> Floats:
    right = posterior[votes.item_codes, votes.label_codes]
    n = np.bincount(votes.annotator_codes, minlength=len(votes.annotators))
    hits = np.bincount(votes.annotator_codes, right, minlength=len(votes.annotators))
    mean = (right.sum() + 1) / (len(right) + 1 + 1 / k)
    return np.asarray(np.clip((hits + PRIOR_VOTES * mean) / (n + PRIOR_VOTES), 1e-3, 1 - 1e-3))


def _margin(posterior: Floats, given: Ints) -> Floats:
    rows = np.arange(len(given))
    own = posterior[rows, given]
    others = posterior.copy()
    others[rows, given] = -1
    return np.where(given >= 0, (1 + own - others.max(axis=1, initial=-1)) / 2, np.nan)


def _vote_scores(posterior: Floats, votes: Votes, accuracy: Floats, k: int) -> Floats:
    """The posterior of each vote's label with that vote taken away."""
    own = posterior[votes.item_codes, votes.label_codes]
    without = own / np.exp(_evidence(accuracy, k)[votes.annotator_codes])
    return np.asarray(without / (without + (1 - own) + TINY))
