"""Label errors where several people voted: a model counts as one more annotator beside them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.sparse import coo_array, csr_array

from karat.quality.mislabels.labels import TINY, checked
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

ROUNDS = 50
TUNED = 6
"""In so many first rounds the model's word is weighed anew."""
FITTED = 5000
"""So many items are enough for that."""
PRIOR_VOTES = 4.0
"""So many votes of the crowd's mean stand beside an annotator's own."""
PRIOR_ERRORS = 10.0
"""So many errors, spread evenly over labels, stand beside those that were made on a label."""
CHUNK = 4_000_000
"""Numbers worked on at once."""


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
    model_floor: float
    """The share of items, beyond that, on which the model's word says nothing."""
    errors: Floats
    """Shape (labels, labels): of errors on a true label (row), how they fall on the others; rows sum to 1."""


def find_crowd_mislabels(votes: Votes, probabilities: ArrayLike) -> CrowdMislabels:
    """Rank consensus labels and single votes by how probably they are wrong.

    `probabilities` (items, labels), aligned with `votes.items` and `votes.labels`, come from a model that did not see the
    votes on the item it judges. The model enters as one more annotator, who names shares instead of a label: they are
    softened by a temperature, and a floor stands for items on which they say nothing, so that a confident error does not
    drown everybody else; both are those under which the votes are likeliest. People have one accuracy each, and share how
    errors fall on other labels (between one coin and the full model of Dawid and Skene 1979); fitted by EM. Time and
    memory grow with votes and items times labels; there is no matrix of items and annotators. Compare Goh, Tkachenko and
    Mueller, CROWDLAB (2022), who average model and people instead.
    """
    crowd = _Crowd(votes.once())
    k = crowd.labels
    _, p = checked(np.zeros(len(votes.items), np.int64), probabilities)
    model = _Model(p, crowd.voted)
    accuracy: Floats = np.full(len(votes.annotators), 0.8)
    errors: Floats = (1 - np.eye(k)) / max(k - 1, 1)
    said = crowd.evidence(accuracy, errors)
    posterior = _shares(said + model.word(said, tune=True))
    for round_ in range(ROUNDS):
        before = accuracy
        accuracy, errors = crowd.accuracy(posterior), crowd.errors(posterior)
        said = crowd.evidence(accuracy, errors)
        posterior = _shares(said + model.word(said, tune=round_ < TUNED))
        if np.abs(accuracy - before).max(initial=0.0) < 1e-5:
            break
    counts = crowd.counts.toarray()
    majority = np.where(crowd.voted, (counts + 0.5 * posterior).argmax(axis=1), -1)
    return CrowdMislabels(
        posterior.argmax(axis=1),
        posterior,
        majority,
        _margin(posterior, majority),
        crowd.vote_scores(votes, posterior, accuracy, errors),
        accuracy,
        model.temperature,
        model.floor,
        errors,
    )


class _Crowd:
    """What people say: a vote of somebody of accuracy a for label j has the chance a where j is true, and (1 - a) times the
    share of errors on k that fall on j where k is."""

    def __init__(self, votes: Votes) -> None:
        self.votes = votes
        self.labels = len(votes.labels)
        shape = (len(votes.items), max(self.labels, 1))
        place = (votes.item_codes, votes.label_codes)
        self.counts = csr_array(coo_array((np.ones(len(votes)), place), shape=shape))
        self.voted = np.asarray(self.counts.sum(axis=1)).ravel() > 0

    def evidence(self, accuracy: Floats, errors: Floats) -> Floats:
        """The log of how likely the votes on each item are by true label, less what all labels share: (items, labels)."""
        shape = self.counts.shape
        cell = self.votes.item_codes.astype(np.int64) * shape[1] + self.votes.label_codes
        right = np.bincount(cell, _odds(accuracy)[self.votes.annotator_codes], minlength=shape[0] * shape[1])
        return np.asarray(right.reshape(shape) + self.counts @ _logs(errors).T)

    def accuracy(self, posterior: Floats) -> Floats:
        """The share of votes that are right, toward the crowd's mean for few: (annotators,)."""
        right = posterior[self.votes.item_codes, self.votes.label_codes]
        n = np.bincount(self.votes.annotator_codes, minlength=len(self.votes.annotators))
        hits = np.bincount(self.votes.annotator_codes, right, minlength=len(self.votes.annotators))
        mean = (right.sum() + 1) / (len(right) + 1 + 1 / max(self.labels, 1))
        return np.asarray(np.clip((hits + PRIOR_VOTES * mean) / (n + PRIOR_VOTES), 1e-3, 1 - 1e-3))

    def errors(self, posterior: Floats) -> Floats:
        """How errors fall on the other labels, by true label; rows sum to 1."""
        k = self.labels
        made = np.asarray((self.counts.T @ posterior).T) * (1 - np.eye(k)) + PRIOR_ERRORS / max(k - 1, 1) * (
            1 - np.eye(k)
        )
        return np.asarray(made / np.maximum(made.sum(axis=1, keepdims=True), TINY))

    def vote_scores(self, votes: Votes, posterior: Floats, accuracy: Floats, errors: Floats) -> Floats:
        """The posterior of each vote's label with what its annotator said on the item taken away."""
        own = self._counted_label(votes)
        log_errors, odds = _logs(errors), _odds(accuracy)
        found = np.empty(len(votes))
        step = max(1, CHUNK // max(self.labels, 1))
        for at in range(0, len(votes), step):
            part = slice(at, at + step)
            rows = np.arange(len(own[part]))
            logs = np.log(posterior[votes.item_codes[part]] + TINY) - log_errors[:, own[part]].T
            logs[rows, own[part]] -= odds[votes.annotator_codes[part]]
            found[part] = _shares(logs)[rows, votes.label_codes[part]]
        return found

    def _counted_label(self, votes: Votes) -> Ints:
        """What the annotator of each vote said last on its item."""
        people = max(len(votes.annotators), 1)
        counted = self.votes.item_codes.astype(np.int64) * people + self.votes.annotator_codes
        order = np.argsort(counted, kind="stable")
        asked = votes.item_codes.astype(np.int64) * people + votes.annotator_codes
        return np.asarray(self.votes.label_codes[order[np.searchsorted(counted[order], asked)]], np.int64)


class _Model:
    """What the model says, made as soft as suits the votes."""

    def __init__(self, p: Floats, voted: NDArray[np.bool_]) -> None:
        self.logs = np.log(p + TINY)
        chosen = np.flatnonzero(voted)
        self.rows = np.random.default_rng(0).choice(chosen, min(len(chosen), FITTED), replace=False)
        self.temperature, self.floor = 1.35, 0.02

    def word(self, said: Floats, *, tune: bool) -> Floats:
        """The log of the model's share of each label: (items, labels)."""
        if tune and len(self.rows):
            self._tune(said[self.rows])
        return self._softened(self.logs, self.temperature, self.floor)

    def _tune(self, said: Floats) -> None:
        """Make the votes likeliest: the sum over items of the log of what votes and model say together."""
        likely = np.exp(said - said.max(axis=1, keepdims=True))
        logs = self.logs[self.rows]

        def loss(x: Floats) -> float:
            shares = np.exp(self._softened(logs, float(np.exp(np.clip(x[0], -2.3, 2.3))), _share(x[1])))
            return -float(np.log((likely * shares).sum(axis=1) + 1e-300).mean())

        start = [np.log(self.temperature), np.log(max(self.floor, 1e-6) / (1 - self.floor))]
        best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 0.02, "fatol": 1e-5, "maxiter": 80}).x
        self.temperature, self.floor = float(np.exp(np.clip(best[0], -2.3, 2.3))), _share(best[1])

    def _softened(self, logs: Floats, temperature: float, floor: float) -> Floats:
        return np.asarray(np.log((1 - floor) * _shares(logs / temperature) + floor / logs.shape[1]))


def _share(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


def _odds(accuracy: Floats) -> Floats:
    return np.asarray(np.log(accuracy) - np.log(1 - accuracy))


def _logs(errors: Floats) -> Floats:
    """Logs, 0 on the diagonal: being right is no error."""
    return np.asarray(np.log(np.where(errors > 0, errors, 1.0)))


def _shares(logs: Floats) -> Floats:
    shares = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _margin(posterior: Floats, given: Ints) -> Floats:
    rows = np.arange(len(given))
    own = posterior[rows, given]
    others = posterior.copy()
    others[rows, given] = -1
    return np.where(given >= 0, (1 + own - others.max(axis=1, initial=-1)) / 2, np.nan)
