"""Consensus of transcripts: the texts of an item aligned word by word, and voted on by how rarely each writer errs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from karat.quality.alignment import Piece, pieces
from karat.quality.columns import Codes, Floats
from karat.quality.consensus.lattice import NOTHING, lattice, nearest
from karat.quality.consensus.model import Skill, beta_interval
from karat.quality.consensus.witnesses import Aligned, Errors, Reading, best_reading, weigh
from karat.quality.consensus.wording import Wording, believed, joined, mixed
from karat.quality.votes import Votes


@dataclass(kw_only=True)
class Transcripts:
    """The words that most of the weight has at each place, where a text counts by how rarely its writer errs.

    The labels of the votes are texts. They are compared by `karat.quality.alignment.words`: without case and punctuation,
    in scripts without spaces by character. Case and punctuation of the result are voted on word by word. The texts of an
    item are aligned as in ROVER (Fiscus 1997), in an order that does not depend on theirs. How often annotators err is
    learned from how well the other texts foretell theirs, shrunken to all annotators, and a text's own rate is shrunken to
    its annotator's; a text counts as its rate to the power of -`strength`. `strength`, unless given, is chosen so that
    texts that are left out are best foretold by the others (`left_out_` by strength), and how sure the others are together
    is chosen by likelihood. Gold is not needed, and where given it is certain and teaches who errs.

    `mixture` is the least `posterior_` at which a text is put together of several, in [0, 1]; below it, the result is the
    text of those given that is nearest to all by weight. 0 always mixes, which has the fewest wrong words on average; but
    of texts that say the same in other words, such as translations, a mixture is often no sentence.

    Of more than `sample` items, how to weigh is chosen on so many of them, drawn by `seed`; error rates are learned from all.

    >>> from karat.quality import Votes
    >>> said = ["The cat sat.", "the cat sat", "The cap sat."]
    >>> votes = Votes.from_table({"i": [1, 1, 1], "a": [1, 2, 3], "t": said}, item="i", annotator="a", label="t")
    >>> model = Transcripts(strength=0).fit(votes)
    >>> model.texts_, model.words_[0], model.word_posteriors_[0].round(2).tolist()
    (['The cat sat.'], ('the', 'cat', 'sat'), [1.0, 0.62, 1.0])
    """

    strength: float | None = None
    mixture: float = 0.0
    sample: int = 5_000
    seed: int = 0

    texts_: list[str] = field(init=False, repr=False)
    """The text of each item, aligned with `votes.items`; empty where nobody wrote anything."""
    words_: list[tuple[str, ...]] = field(init=False, repr=False)
    """Its words as they were compared."""
    word_posteriors_: list[Floats] = field(init=False, repr=False)
    """How probable each of these words is, in [0, 1]."""
    posterior_: Floats = field(init=False, repr=False)
    """Shape (items,): the share of an item's words that is expected to be right, words that are missing counted in; nan
    where nobody wrote."""
    ties_: NDArray[np.bool_] = field(init=False, repr=False)
    """Shape (items,): where some place had two words of the same weight; the nearest text's is then taken."""
    skill_: Skill = field(init=False, repr=False)
    """The share of words that each annotator has as the others have them, with intervals; `n` counts words."""

    def fit(self, votes: Votes, gold: Mapping[object, str] | None = None) -> Self:
        """Learn from texts and from those known for some items (`gold`: item to text)."""
        if self.strength is not None and not self.strength >= 0:
            raise ValueError(f"strength={self.strength!r}: give 0 for equal voices or a number above it")
        corpus = Corpus.of(votes, gold or {})
        self.reading_, self.left_out_ = best_reading(corpus.sample(self.sample, self.seed), self.strength)
        weights, self.errors_ = weigh(corpus.aligned, self.reading_)
        found = [self._worded(corpus, item, weights) for item in range(len(corpus.tables))]
        self.texts_ = [one.text for one in found]
        self.words_ = [one.words for one in found]
        self.word_posteriors_ = [one.shares for one in found]
        self.posterior_ = np.array([one.right for one in found], dtype=np.float64)
        self.ties_ = np.array([one.tie for one in found], dtype=bool)
        self.skill_ = _skill(self.errors_)
        return self

    def _worded(self, corpus: "Corpus", item: int, weights: Floats) -> Wording:
        start, end = corpus.bounds[item], corpus.bounds[item + 1]
        if start == end:
            return Wording("", (), np.empty(0), float("nan"), tie=False)
        given = [pieces(text) for text in corpus.texts_of(item)]
        return worded(corpus.tables[item], given, weights[start:end], self.reading_.sharpness, mixture=self.mixture)


def worded(
    table: Codes, given: Sequence[Sequence[Piece]], weights: Floats, sharpness: float, *, mixture: float
) -> Wording:
    """The mixture of some texts, or, where less than `mixture` of it is expected to be right, the one nearest to all."""
    found = mixed(table, given, weights, sharpness)
    if found.right >= mixture:
        return found
    middle = nearest([[token for token in column if token != NOTHING] for column in table.T.tolist()], weights)
    own = [row for row in table if row[middle] != NOTHING]
    shares = weights / weights.sum()
    probable = np.array([believed(row, shares, sharpness)[int(row[middle])] for row in own])
    return Wording(
        joined(given[middle]), tuple(piece.word for piece in given[middle]), probable, found.right, found.tie
    )


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of all items, aligned; texts stand item by item."""

    tables: list[Codes]
    bounds: list[int]
    label: Codes
    """Shape (texts,): the code of each text among `texts`."""
    texts: list[str]
    aligned: Aligned

    @classmethod
    def of(cls, votes: Votes, gold: Mapping[object, str]) -> "Corpus":
        """Align the texts of each item; a text that is known to be right is one of them."""
        texts = _checked(votes)
        known = {place: gold[name] for place, name in enumerate(votes.items.tolist()) if name in gold}
        given = votes.once()
        item = np.concatenate([given.item_codes, np.array(list(known), dtype=np.int32)])
        label = np.concatenate([given.label_codes, len(texts) + np.arange(len(known), dtype=np.int32)])
        annotator = np.concatenate([given.annotator_codes, np.full(len(known), -1, dtype=np.int32)])
        voice = np.concatenate([given.weighted(), np.ones(len(known))])
        texts = texts + list(known.values())
        order = np.lexsort((label, annotator, item))
        bounds = np.searchsorted(item[order], np.arange(len(votes.items) + 1)).tolist()
        coded = _coded(texts)
        label = label[order]
        tables = [lattice([coded[text] for text in label[a:b].tolist()]) for a, b in pairwise(bounds)]
        aligned = Aligned.of(tables, annotator[order], voice[order], len(votes.annotators))
        return cls(tables, bounds, label, texts, aligned)

    def sample(self, most: int, seed: int) -> Aligned:
        """Everything, or so many items drawn at random."""
        if len(self.tables) <= most:
            return self.aligned
        drawn = np.sort(np.random.default_rng(seed).choice(len(self.tables), most, replace=False)).tolist()
        texts = np.concatenate([np.arange(self.bounds[item], self.bounds[item + 1]) for item in drawn])
        tables = [self.tables[item] for item in drawn]
        whole = self.aligned
        return Aligned.of(tables, whole.annotator[texts], whole.voice[texts], whole.annotators)

    def texts_of(self, item: int) -> list[str]:
        """The texts of one item."""
        return [self.texts[code] for code in self.label[self.bounds[item] : self.bounds[item + 1]].tolist()]


def settle(
    texts: Sequence[str],
    rates: Sequence[float],
    *,
    reading: Reading,
    shared: float,
    mixture: float,
) -> Wording:
    """One item's texts by what was learned elsewhere: the error rate of each text's annotator, how texts are weighed, and
    how often errors are shared."""
    given = [pieces(text) for text in texts]
    place = {word: code for code, word in enumerate(sorted({piece.word for text in given for piece in text}))}
    table = lattice([[place[piece.word] for piece in text] for text in given])
    aligned = Aligned.of([table], np.arange(len(texts), dtype=np.int32), np.ones(len(texts)), len(texts))
    rate = np.array(rates)
    weights, _ = weigh(aligned, reading, Errors(rate, rate, np.zeros(len(texts)), 1.0, shared, 0.0))
    return worded(table, given, weights, reading.sharpness, mixture=mixture)


def _skill(errors: Errors) -> Skill:
    """Words of one text are right and wrong together, so they count as fewer: by as much as error rates spread."""
    n = errors.words / errors.spread
    wrong = errors.of_annotator * n
    value, low, high = beta_interval(n - wrong + 0.5, wrong + 0.5, np.zeros(len(n)))
    return Skill(value, low, high, errors.words)


def _coded(texts: Sequence[str]) -> list[list[int]]:
    """Each text as codes of its words, which are in the order of the words."""
    split = [[piece.word for piece in pieces(text)] for text in texts]
    place = {word: code for code, word in enumerate(sorted({word for one in split for word in one}))}
    return [[place[word] for word in one] for one in split]


def _checked(votes: Votes) -> list[str]:
    for code, text in enumerate(votes.labels.tolist()):
        if not isinstance(text, str):
            row = int(np.flatnonzero(votes.label_codes == code)[0]) if (votes.label_codes == code).any() else 0
            raise ValueError(f"the label {text!r} of vote {row} is no text: transcripts are texts, empty ones too")
    return [str(text) for text in votes.labels.tolist()]
