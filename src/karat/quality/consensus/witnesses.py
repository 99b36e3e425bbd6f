"""Who errs how often in aligned texts, without gold: each text is held against what the others have beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.lattice import NOTHING

LEAST, MOST = 0.003, 0.97
"""Error rates are taken to lie between: nobody is without fault, nor all wrong."""
OF_ANNOTATOR = 60.0
"""Words that an annotator's error rate counts for in that of one text of theirs."""
OF_ALL = 20.0
"""Words that everybody's error rate counts for in an annotator's."""
OTHER_WORDS = 200.0
"""How many wrong words there are that nobody else has, each as likely: any large number does."""
ROUNDS, STEPS = 4, 4
CERTAIN = 1e6
"""The weight of a text that is known to be right."""
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
SHARPNESSES = (0.7, 1.0, 1.4, 2.0, 2.8, 4.0)


@dataclass(frozen=True, slots=True)
class Aligned:
    """The lattices of all items on end: one row for each place and each text of the place's item."""

    token: Codes
    """Shape (rows,): `NOTHING` where the text has no token at the place."""
    place: NDArray[np.integer]
    text: NDArray[np.integer]
    candidate: NDArray[np.integer]
    """Rows of one place with the same token have the same number; numbers rise with places."""
    first: NDArray[np.integer]
    """Shape (places + 1,): the first candidate of each place."""
    of_candidate: Codes
    """Shape (candidates,): its token."""
    annotator: Codes
    """Shape (texts,): who wrote it; -1 for a text that is known to be right."""
    voice: Floats
    """Shape (texts,): how far a text counts; an annotator's texts of one item share one voice."""
    annotators: int

    @classmethod
    def of(cls, lattices: Sequence[Codes], annotator: Codes, voice: Floats, annotators: int) -> "Aligned":
        """From the lattice of each item; `annotator` and `voice` are of the texts, item by item."""
        sizes = np.array([table.size for table in lattices], dtype=np.int64)
        widths = np.array([table.shape[1] for table in lattices], dtype=np.int64)
        heights = np.array([table.shape[0] for table in lattices], dtype=np.int64)
        token = np.concatenate([np.empty(0, np.int32), *(table.ravel() for table in lattices)])
        within = np.arange(len(token)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        width = np.repeat(widths, sizes)
        place = np.repeat(np.cumsum(heights) - heights, sizes) + within // np.maximum(width, 1)
        text = np.repeat(np.cumsum(widths) - widths, sizes) + within % np.maximum(width, 1)
        tokens = int(token.max(initial=0)) + 2
        key, candidate = np.unique(place * tokens + token + 1, return_inverse=True)
        first = np.searchsorted(key // tokens, np.arange(int(heights.sum()) + 1))
        of_candidate = (key % tokens - 1).astype(np.int32)
        return cls(token, place, text, candidate.reshape(-1), first, of_candidate, annotator, voice, annotators)

    def votes(self, weights: Floats) -> Floats:
        """The weight that each candidate has, shape (candidates,)."""
        return _summed(self.candidate, weights[self.text], len(self.of_candidate))

    def highest(self, of_candidates: Floats) -> Floats:
        """The highest among the candidates of each place, shape (places,)."""
        return np.maximum.reduceat(of_candidates, self.first[:-1]) if len(of_candidates) else np.zeros(0)

    def at_places(self, of_candidates: Floats) -> Floats:
        """Summed over the candidates of each place, shape (places,)."""
        return np.add.reduceat(of_candidates, self.first[:-1]) if len(of_candidates) else np.zeros(0)


@dataclass(frozen=True, slots=True)
class Errors:
    """How often annotators and texts are wrong, as shares of words."""

    of_annotator: Floats
    """Shape (annotators,)."""
    of_text: Floats
    """Shape (texts,)."""
    words: Floats
    """Shape (annotators,): on how many words the rate rests."""
    spread: float
    """How much more the errors of one annotator differ between texts than words that err independently; 1 or more."""
    shared: float
    """How often a wrong word is one that somebody else has too, in (0, 1)."""
    likelihood: float
    """The mean log probability of each word of a text, foretold by the other texts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts are weighed: `strength` is how much less those count that err, `sharpness` how much surer all of them
    together are than their shares (1: as sure as the shares, 0: know nothing)."""

    strength: float
    sharpness: float


def weigh(aligned: Aligned, reading: Reading, known: Errors | None = None) -> tuple[Floats, Errors]:
    """Weights of the texts and the error rates behind them, a few rounds of each from the other.

    A text's words are foretold by the others: it has the right word, of which the others' shares to the power of
    `sharpness` tell how probable each is, or errs and has a word that others have too, or one of its own. The rates are
    learned by expectation and maximisation, a text's shrunken to its annotator's and an annotator's to everybody's. A text
    counts as its rate to the power of -`strength`. With `known`, the rates of annotators are given, not learned.
    """
    certain = aligned.annotator < 0
    weights = np.where(certain, CERTAIN, aligned.voice)
    errors = _errors(aligned, weights, reading.sharpness, None, known)
    for _ in range(ROUNDS if reading.strength else 1):
        weights = np.where(certain, CERTAIN, aligned.voice * errors.of_text**-reading.strength)
        errors = _errors(aligned, weights, reading.sharpness, errors, known)
    return weights, errors


def best_reading(aligned: Aligned, strength: float | None) -> tuple[Reading, dict[float, float]]:
    """The sharpness under which the texts are likeliest, foretold by one another, and, unless it is given, the strength at
    which most of their words are foretold right; also the shares that were not, by strength."""
    start = _sharpest(aligned, 1.0 if strength is None else strength)
    if strength is not None:
        return start, {}
    counting = np.ones(len(aligned.annotator))
    mine = aligned.annotator >= 0
    counting[mine] = 1 / weigh(aligned, start)[1].of_annotator[aligned.annotator[mine]]
    costs = {s: left_out(aligned, weigh(aligned, Reading(s, start.sharpness))[0], counting) for s in STRENGTHS}
    best = min(costs, key=costs.__getitem__)
    return _sharpest(aligned, best), costs


def _sharpest(aligned: Aligned, strength: float) -> Reading:
    readings = [Reading(strength, sharpness) for sharpness in SHARPNESSES]
    return max(readings, key=lambda reading: weigh(aligned, reading)[1].likelihood)


def left_out(aligned: Aligned, weights: Floats, counting: Floats) -> float:
    """How often the best of the others' words at a place is not that of the text left out, over its words; texts count by
    `counting`. The lower, the better the weights foretell what nobody has shown them."""
    votes = aligned.votes(weights)
    own = votes[aligned.candidate] - weights[aligned.text]
    best, second, which = _best_two(aligned, votes)
    other = np.where(which[aligned.place] == aligned.candidate, second[aligned.place], best[aligned.place])
    wrong = np.where(own > other + 1e-9, 0.0, np.where(own < other - 1e-9, 1.0, 0.5))
    there = (best[aligned.place] + second[aligned.place] > 0) & (aligned.annotator[aligned.text] >= 0)
    counts = counting[aligned.text] * there
    return float((wrong * counts).sum() / max(float((counts * (aligned.token != NOTHING)).sum()), 1e-300))


def _errors(aligned: Aligned, weights: Floats, sharpness: float, before: Errors | None, known: Errors | None) -> Errors:
    texts, people = len(aligned.annotator), aligned.annotators
    rows, right, seen = _foretold(aligned, weights, sharpness)
    text = aligned.text[rows]
    who, voice = aligned.annotator[text], aligned.voice[text]
    words = _summed(who, voice, people)
    words_of_text = _summed(text, np.ones(len(text)), texts)
    mine = np.maximum(aligned.annotator, 0)
    rate = np.full(people, 0.1) if before is None else before.of_annotator
    of_text = np.full(texts, 0.1) if before is None else before.of_text
    shared = 0.4 if before is None else before.shared
    if known is not None:
        rate, shared = known.of_annotator, known.shared
        of_text = rate[mine]
    chance = wrong = np.empty(0)
    for _ in range(STEPS):
        wrong = of_text[text] * np.where(seen > 0, shared / np.maximum(seen, 1), (1 - shared) / OTHER_WORDS)
        chance = (1 - of_text[text]) * right + wrong
        wrong /= chance
        if known is None:
            by = _summed(who, wrong * voice, people)
            mean = (float(by.sum()) + 1.0) / (float(words.sum()) + 10.0)
            rate = np.clip((by + OF_ALL * mean) / (words + OF_ALL), LEAST, MOST)
            shared = (float(wrong[seen > 0].sum()) + 1.0) / (float(wrong.sum()) + 2.0)
        of_text = np.clip(
            (_summed(text, wrong, texts) + OF_ANNOTATOR * rate[mine]) / (words_of_text + OF_ANNOTATOR), LEAST, MOST
        )
    of_text[aligned.annotator < 0] = LEAST
    expected = words_of_text * rate[mine]
    apart = ((_summed(text, wrong, texts) - expected) ** 2).sum() / max(
        float((expected * (1 - rate[mine])).sum()), 1e-9
    )
    likelihood = float(np.log(np.maximum(chance, 1e-300)).mean()) if len(chance) else 0.0
    return Errors(rate, of_text, words, max(float(apart), 1.0), shared, likelihood)


def _foretold(aligned: Aligned, weights: Floats, sharpness: float) -> tuple[NDArray[np.integer], Floats, Floats]:
    """The rows of which others tell something; how probable they make the row's word; and how many words they have to
    offer, 0 where that of the row is not among them. Nothing beside nothing is no evidence."""
    votes = aligned.votes(weights)
    own = weights[aligned.text]
    others = aligned.at_places(votes)[aligned.place] - own
    left = np.where(votes[aligned.candidate] > own * (1 + 1e-9), votes[aligned.candidate] - own, 0.0)
    alone = (aligned.token == NOTHING) & (left > 0.999 * others)
    rows = np.flatnonzero((others > 1e-9 * own) & (aligned.annotator[aligned.text] >= 0) & ~alone)
    place, candidate = aligned.place[rows], aligned.candidate[rows]
    scale = aligned.highest(votes)
    sharp = (votes / np.repeat(scale, np.diff(aligned.first))) ** sharpness
    of_row = (left[rows] / scale[place]) ** sharpness
    total = aligned.at_places(sharp)[place] - sharp[candidate] + of_row
    offered = np.diff(aligned.first)[place] - (left[rows] == 0)
    return rows, of_row / np.maximum(total, 1e-300), np.where(left[rows] > 0, offered, 0).astype(np.float64)


def _best_two(aligned: Aligned, votes: Floats) -> tuple[Floats, Floats, NDArray[np.integer]]:
    """At each place the most and second most weight of a candidate (0 if there is one only), and the first's number."""
    of_place = np.repeat(np.arange(len(aligned.first) - 1), np.diff(aligned.first))
    order = np.lexsort((-votes, of_place))
    first = order[aligned.first[:-1]]
    again = votes.copy()
    again[first] = 0.0
    return votes[first], aligned.highest(again), first


def _summed(place: NDArray[np.integer], amounts: Floats, places: int) -> Floats:
    return np.asarray(np.bincount(place, amounts, minlength=places), dtype=np.float64)
