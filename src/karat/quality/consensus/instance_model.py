"""What is learned of a field of marked things: which clusters are there, what they are called, and how exactly each author marks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.existence import Existence, learn_existence
from karat.quality.consensus.incidence import Incidence, softmax
from karat.quality.consensus.marks import NOBODY, MarkGatherer
from karat.quality.consensus.model import Model, beta_interval
from karat.quality.consensus.rule import Rule
from karat.quality.consensus.spread import learn_spread
from karat.quality.votes import Votes

MOST_CONFUSIONS = 4_000_000
"""Authors times labels times labels: with more, labels are voted on, each author with one voice."""
MOST_CLUSTERS = 100_000
"""Clusters that confusions are learned from; of more so many are drawn at random."""
ROUNDS = 2
"""How often labels and existence are learned from one another."""
LEAST = 1e-3
"""The least weight of a cluster in learning the confusions: hardly there at all."""
UNLIKE = 0.05
"""How often the labels of a thing are as odd as those of nothing: labels alone speak against a thing by no more than this."""
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class InstanceModel:
    """Enough to settle any item: a few numbers for each author."""

    existence: Existence
    spread: Floats
    """Shape (authors + 1,): variances, see `learn_spread`; the last is that of an unknown author."""
    rule: Rule | None
    """How labels are judged; None where there are too few or too many to learn confusions."""
    noise: Floats
    """Shape (labels,): log share of each label among things that are not there."""
    authors: tuple[str, ...]
    labels: tuple[str | None, ...]
    voices: Floats | None = None
    """Shape (authors + 1,): where existence and labels are voted on, the voice of each; None where they are judged."""

    def judge(self, present: Sequence[int], absent: Sequence[int], labels: Sequence[int]) -> tuple[float, Floats]:
        """How probable it is that a cluster is there, and each label of it, shape (labels,), sum 1.

        `present` marked it and gave `labels`; `absent` looked and did not. All are codes; -1 is an unknown author. Shares
        of the voices where there are voices.
        """
        who, said = np.asarray(present, np.int32), np.asarray(labels, np.int32)
        if self.voices is not None:
            heard, silent = self.voices[who], self.voices[np.asarray(absent, np.int32)]
            shares = np.bincount(said, heard, minlength=len(self.labels)) / heard.sum()
            return float(heard.sum() / (heard.sum() + silent.sum())), shares
        odds = self.existence.log_odds(who, np.asarray(absent, np.int32))
        if self.rule is None:
            shares = np.bincount(said, minlength=len(self.labels)) / len(said)
            return float(expit(odds)), shares
        states = self.rule.states + self.rule.tables[who, said].sum(axis=0)
        odds += float(_held(np.logaddexp.reduce(states) - self.noise[said].sum()))
        return float(expit(odds)), self.rule.posterior(present, labels)

    def weights(self, authors: Sequence[int]) -> list[float]:
        """What each author's place counts in a merge: their voice, or one over the variance."""
        voices = 1.0 / self.spread if self.voices is None else self.voices
        weights: list[float] = voices[np.asarray(authors, np.int32)].tolist()
        return weights


@dataclass(frozen=True, slots=True)
class Judged:
    """Every gathered cluster by what was learned of all of them together."""

    model: InstanceModel
    existence: Floats
    """Shape (clusters,)."""
    labels: Floats
    """Shape (clusters, labels), sum 1; 32-bit."""
    right: Floats
    """Shape (members,): how probable it is that the member's label is the cluster's."""


def learn_instances(gathered: MarkGatherer, make: Callable[[], Model], *, seed: int = 0) -> Judged:
    """Learn from everything gathered. `make` makes the model of votes by which labels are judged."""
    places = gathered.places()
    marks = gathered.marks()
    count = len(gathered.labels)
    existence = learn_existence(marks, places=places)
    rule: Rule | None = None
    noise = np.zeros(max(count, 1))
    votes = _votes(gathered)
    if count > 1 and len(gathered.authors) * count**2 <= MOST_CONFUSIONS:
        for _ in range(ROUNDS):
            there = existence.posterior[marks.member_cluster]
            rule = _rule(votes, there, gathered.known_labels, make, seed)
            noise = _noise(gathered.member_labels, there, count)
            existence = learn_existence(gathered.marks(_ratios(votes, rule, noise)), places=places, start=existence)
    model = InstanceModel(
        existence,
        learn_spread(*gathered.pairs(), len(gathered.authors)),
        rule,
        noise,
        tuple(gathered.authors),
        tuple(gathered.labels),
    )
    labels = _labels(votes, rule, gathered.known_labels)
    right = labels[marks.member_cluster, gathered.member_labels] if len(marks.item) else np.zeros(0)
    return Judged(model, existence.posterior, labels, right)


def quality_of(judged: Judged, gathered: MarkGatherer) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Of what each author marked and missed, the share that is right, label included: value, low, high, n; and that share
    by what came out in the end. Shapes (authors,); 95 % intervals that count the doubt about what is there."""
    marks = gathered.marks()
    authors = marks.authors
    there = judged.existence[marks.member_cluster] if len(marks.item) else np.zeros(0)
    good = there * judged.right
    right = _count(marks.member_author, authors, good)
    missed = np.maximum(judged.model.existence.chances - judged.model.existence.hits, 0)
    total = np.asarray(_count(marks.member_author, authors) + missed, np.float64)
    value, low, high = beta_interval(
        right + 0.5, total - right + 0.5, _count(marks.member_author, authors, good * (1 - good))
    )
    kept = ((there > 0.5) & (judged.right > 0.5)).astype(np.float64)
    agrees = _count(marks.member_author, authors, kept) / np.maximum(total, 1e-9)
    return value, low, high, total, np.clip(agrees, 0.0, 1.0)


def _count(place: Codes, size: int, weights: Floats | None = None) -> Floats:
    return np.asarray(np.bincount(place, weights, minlength=size), np.float64)


def _votes(gathered: MarkGatherer) -> Votes:
    marks = gathered.marks()
    clusters, authors, labels = len(marks.item), marks.authors, len(gathered.labels)
    return Votes(
        np.arange(clusters),
        np.arange(authors),
        np.arange(labels),
        marks.member_cluster,
        marks.member_author,
        gathered.member_labels,
    )


def _rule(votes: Votes, there: Floats, known: Codes, make: Callable[[], Model], seed: int) -> Rule:
    """Learned from clusters that two or more marked, as far as they are there, and from known labels."""
    size = np.bincount(votes.item_codes, minlength=len(votes.items))
    chosen = np.flatnonzero((size > 1) | (known >= 0))
    if len(chosen) > MOST_CLUSTERS:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, MOST_CLUSTERS, replace=False))
    place = np.full(len(votes.items), NOBODY, np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    rows = place[votes.item_codes] >= 0
    some = Votes(
        np.arange(len(chosen)),
        votes.annotators,
        votes.labels,
        place[votes.item_codes[rows]],
        votes.annotator_codes[rows],
        votes.label_codes[rows],
        np.maximum(there[rows], LEAST),
    )
    gold: dict[object, object] = {i: int(known[c]) for i, c in enumerate(chosen.tolist()) if known[c] >= 0}
    return make().fit(some, gold).rule_


def _noise(labels: Codes, there: Floats, count: int) -> Floats:
    """The log share of each label among what is not there, each label counted once more as it is among all."""
    among = np.bincount(labels, minlength=count) + 1.0
    noise = np.bincount(labels, 1 - there, minlength=count) + among / among.sum() * count
    return np.asarray(np.log(noise / noise.sum()))


def _incidences(votes: Votes) -> list[tuple[int, int, Incidence]]:
    """The clusters in parts of bounded memory."""
    whole = Incidence.of(votes, np.full(len(votes.items), -1, np.int32))
    starts = range(0, whole.items, CHUNK)
    return [(s, min(s + CHUNK, whole.items), whole.some(np.arange(s, min(s + CHUNK, whole.items)))) for s in starts]


def _ratios(votes: Votes, rule: Rule, noise: Floats) -> Floats:
    """The log likelihood of each cluster's labels if it is there, less that if it is not, shape (clusters,)."""
    found = -_count(votes.item_codes, len(votes.items), noise[votes.label_codes])
    for start, end, part in _incidences(votes):
        found[start:end] += np.logaddexp.reduce(part.evidence(rule.tables[:-1]) + rule.states, axis=1)
    return _held(found)


def _held(ratios: Floats) -> Floats:
    """Ratios of likelihood, for labels that may be odd."""
    return np.asarray(np.logaddexp(np.log1p(-UNLIKE) + ratios, np.log(UNLIKE)))


def _labels(votes: Votes, rule: Rule | None, known: Codes) -> Floats:
    """How probable each label is of each cluster, as `Rule.posterior` has it; the share of the votes without a rule."""
    found = np.zeros((len(votes.items), len(votes.labels)), np.float32)
    for start, end, part in _incidences(votes):
        if rule is None:
            found[start:end] = part.shares()
        else:
            found[start:end] = _posterior(part, rule)
    rows = np.flatnonzero(known >= 0)
    found[rows] = 0.0
    found[rows, known[rows]] = 1.0
    return found  # type: ignore[return-value]


def _posterior(part: Incidence, rule: Rule) -> Floats:
    states, _ = softmax(part.evidence(rule.tables[:-1]) + rule.states)
    posterior = np.asarray(states.reshape(part.items, part.labels, -1).sum(axis=2), np.float64)
    if rule.share == 0:
        return posterior
    heard = part.evidence(rule.voices[:-1, None, None] * np.eye(part.labels)) + rule.first
    silent = heard.sum(axis=1) <= 0
    if silent.any():
        heard[silent] = part.shares()[silent]
    heard /= heard.sum(axis=1, keepdims=True)
    return np.asarray((1 - rule.share) * posterior + rule.share * heard)
