"""Which marked things are there, when each author misses some and marks some that are not: a model of clusters."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, logit

from karat.quality.columns import Codes, Floats

TINY = 1e-6
HARDER = (0.0, 1.5, 3.0)
"""How much harder to see the second sort of things may be, in logits; 0: all are of one sort. The likeliest is taken."""
WIDTHS = np.exp(np.linspace(np.log(0.5), np.log(200), 13))
"""How alike the authors may be: how many things, or looks, the population counts for. The likeliest is taken."""
ROUNDS = 100
ENOUGH = 1e-4
"""Stop when probabilities move by less, on average over clusters, and so does the number of things."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Clusters of the annotations of many items, and who looked: 4 bytes a cluster, 8 a member, 8 a look."""

    item: Codes
    """Shape (clusters,)."""
    member_cluster: Codes
    """Shape (members,)."""
    member_author: Codes
    look_item: Codes
    """Shape (looks,)."""
    look_author: Codes
    items: int
    authors: int
    known: Codes
    """Shape (clusters,): 1 there, 0 not there, -1 unknown."""
    unseen: Codes
    """Shape (items,): how many things are known that nobody marked, -1 where nothing is known of the item."""
    ratio: Floats
    """Shape (clusters,): the log likelihood of the labels given if there is something, less that if there is nothing."""


@dataclass(frozen=True, slots=True)
class Existence:
    """What was learned. The last entry of `seeing` and `extras` is an author who was not there."""

    seeing: Floats
    """Shape (authors + 1,): logit of the chance to mark a thing that is there, of the first sort."""
    extras: Floats
    """Shape (authors + 1,): how many things that are not there an author marks on an item, on average."""
    sorts: Floats
    """Shape (sorts,): the share of each sort."""
    harder: Floats
    """Shape (sorts,): what is taken from `seeing`."""
    things: float
    """How many things there are on an item, on average."""
    places: float
    """In how many places an extra may lie: two authors' extras fall together in one of so many cases."""
    likelihood: float
    posterior: Floats
    """Shape (clusters,): how probable it is that there is something."""
    hits: Floats
    """Shape (authors,): how many things each author marked."""
    chances: Floats
    """Shape (authors,): how many there were for each to mark, those that nobody marked too."""
    unseen: Floats
    """Shape (items,): how many things nobody marked, expected."""

    def log_odds(self, present: Codes, absent: Codes) -> float:
        """Of one cluster: that there is something, for authors who marked it and others who looked and did not."""
        see = self.seeing[present][:, None] - self.harder
        miss = self.seeing[absent][:, None] - self.harder
        there = np.log(self.sorts) + _log_expit(see).sum(axis=0) + _log_expit(-miss).sum(axis=0)
        top = there.max()
        chance = np.log(self.extras[present]).sum() - (len(present) - 1) * np.log(self.places)
        return float(np.log(self.things) + top + np.log(np.exp(there - top).sum()) - chance)

    def missed(self, looked: Codes) -> float:
        """How many things all of these authors are expected to miss on an item."""
        miss = self.seeing[looked][:, None] - self.harder
        return float(self.things * (self.sorts * np.exp(_log_expit(-miss).sum(axis=0))).sum())


def learn_existence(marks: Marks, *, places: float) -> Existence:
    """Expectation and maximisation over clusters.

    The things of an item are a Poisson process, and so are the extras of each author: a cluster is either one thing, which
    each who looked marked with a chance of their own, or extras that fall together by chance. What nobody marked is
    counted too (things that all would miss), or the chances to see would come out too high where few look. Chances and rates are
    shrunken to a population learned with them. Things may be of two sorts, the second harder to see for all; whether they
    are is decided by likelihood (less what one more number costs, Schwarz 1978).
    """
    best: Existence | None = None
    for harder in HARDER:
        found = _Fit(marks, places, np.array([0.0, harder]) if harder else np.zeros(1)).run()
        cost = 0.5 * np.log(max(len(marks.item), 1)) * (harder > 0)
        if best is None or found.likelihood - cost > best.likelihood + 1e-9:
            best = found
    assert best is not None
    return best


class _Fit:
    def __init__(self, marks: Marks, places: float, harder: Floats) -> None:
        self.marks = marks
        self.places = places
        self.harder = harder
        self.looks = np.bincount(marks.look_author, minlength=marks.authors).astype(np.float64)
        self.size = np.bincount(marks.member_cluster, minlength=len(marks.item)).astype(np.float64)
        lookers = np.bincount(marks.look_item, minlength=marks.items)
        share = self.size / np.maximum(lookers[marks.item], 1)
        self.there = np.repeat((share / len(harder))[:, None], len(harder), axis=1)
        self._hold_known()
        self.sorts = np.full(len(harder), 1 / len(harder))
        self.things = max(float(self.there.sum()) / max(marks.items, 1), TINY)
        self.unseen = np.zeros((marks.items, len(harder)))
        self.seeing = np.zeros(marks.authors)
        self.extras = np.ones(marks.authors)

    def run(self) -> Existence:
        known_things = self.things
        for round_ in range(ROUNDS):
            self._maximise()
            before, things = self.there.sum(axis=1), self.things
            likelihood = self._expect()
            moved = float(np.abs(self.there.sum(axis=1) - before).mean()) if len(before) else 0.0
            if moved < ENOUGH and round_ > 0 and abs(things / known_things - 1) < ENOUGH:
                break
            known_things = things
        together = float(self._hits().sum() / max(self._chances().sum(), TINY))
        return Existence(
            np.append(self.seeing, logit(np.clip(together, TINY, 1 - TINY)) if self.marks.authors else 0.0),
            np.append(self.extras, self._false().sum() / max(self.looks.sum(), 1.0) + TINY),
            self.sorts,
            self.harder,
            self.things,
            self.places,
            likelihood,
            self.there.sum(axis=1),
            self._hits(),
            self._chances(),
            self.unseen.sum(axis=1),
        )

    def _maximise(self) -> None:
        marks = self.marks
        hits, chances = self._hits(), self._chances()
        self.seeing = _logits(hits, chances, self._opportunities(), self.harder)
        false = self._false()
        rate = max(false.sum() / max(self.looks.sum(), 1.0), TINY)
        width = _likeliest_gamma(false, self.looks, rate)
        self.extras = np.maximum((false + width) / (self.looks + width / rate), TINY)
        total = self.there.sum(axis=0) + self.unseen.sum(axis=0) + TINY
        self.sorts = total / total.sum()
        self.things = max(float(total.sum()) / max(marks.items, 1), TINY)

    def _expect(self) -> float:
        marks = self.marks
        see = self.seeing[:, None] - self.harder
        log_miss = _log_expit(-see)
        miss = _sums(marks.look_item, log_miss[marks.look_author], marks.items)
        logs = np.log(self.things * self.sorts) + miss[marks.item] + marks.ratio[:, None]
        logs += _sums(marks.member_cluster, see[marks.member_author], len(marks.item))
        chance = np.bincount(marks.member_cluster, np.log(self.extras)[marks.member_author], minlength=len(marks.item))
        chance = chance - (self.size - 1) * np.log(self.places)
        top = np.maximum(logs.max(axis=1, initial=-np.inf), chance)
        parts = np.exp(logs - top[:, None])
        norm = parts.sum(axis=1) + np.exp(chance - top)
        self.there = parts / norm[:, None]
        self._hold_known()
        self.unseen = self.things * self.sorts * np.exp(miss)
        told = marks.unseen >= 0
        if told.any():
            shares = self.unseen[told] / np.maximum(self.unseen[told].sum(axis=1, keepdims=True), 1e-300)
            self.unseen[told] = marks.unseen[told][:, None] * shares
        seen = self.things * (1 - (self.sorts * np.exp(miss)).sum(axis=1))
        return float((top + np.log(norm)).sum() - seen.sum() - self.looks @ self.extras)

    def _hold_known(self) -> None:
        known = self.marks.known >= 0
        if known.any():
            total = np.maximum(self.there[known].sum(axis=1, keepdims=True), 1e-300)
            self.there[known] *= self.marks.known[known][:, None] / total

    def _hits(self) -> Floats:
        """How many things each author marked."""
        there = self.there.sum(axis=1)[self.marks.member_cluster]
        return np.asarray(np.bincount(self.marks.member_author, there, minlength=self.marks.authors), np.float64)

    def _false(self) -> Floats:
        nothing = 1 - self.there.sum(axis=1)[self.marks.member_cluster]
        return np.asarray(np.bincount(self.marks.member_author, nothing, minlength=self.marks.authors), np.float64)

    def _opportunities(self) -> Floats:
        """How many things of each sort each author could have marked, shape (authors, sorts)."""
        of_item = _sums(self.marks.item, self.there, self.marks.items) + self.unseen
        return _sums(self.marks.look_author, of_item[self.marks.look_item], self.marks.authors)

    def _chances(self) -> Floats:
        return np.asarray(self._opportunities().sum(axis=1))


def _logits(hits: Floats, chances: Floats, of_sort: Floats, harder: Floats) -> Floats:
    """The logit of each author's chance to mark a thing of the first sort, shrunken to the population's."""
    typical = np.clip((hits.sum() + 1) / (chances.sum() + 2), TINY, 1 - TINY)
    width = _likeliest_beta(hits, chances, float(typical))
    wanted = hits + width * typical
    weights = of_sort + width * (of_sort.sum(axis=0) + TINY) / (of_sort.sum() + TINY * len(harder))
    found = logit(np.clip(wanted / weights.sum(axis=1), TINY, 1 - TINY))
    if len(harder) == 1:
        return np.asarray(found)
    low, high = found - 1.0, found + harder.max() + 1.0  # the chance over both sorts grows with that of the first
    for _ in range(30):
        middle = (low + high) / 2
        more = (weights * expit(middle[:, None] - harder)).sum(axis=1) > wanted
        low, high = np.where(more, low, middle), np.where(more, middle, high)
    return np.asarray((low + high) / 2)


def _likeliest_beta(hits: Floats, chances: Floats, mean: float) -> float:
    """The concentration of the beta-binomial under which these hits are likeliest."""
    a, b = WIDTHS[:, None] * mean, WIDTHS[:, None] * (1 - mean)
    misses = np.maximum(chances - hits, 0)
    terms = gammaln(hits + a) - gammaln(a) + gammaln(misses + b) - gammaln(b)
    terms += gammaln(a + b) - gammaln(hits + misses + a + b)
    return float(WIDTHS[int(np.argmax(terms.sum(axis=1)))])


def _likeliest_gamma(counts: Floats, looks: Floats, rate: float) -> float:
    """The shape of the gamma distribution of rates under which these counts are likeliest."""
    shape = WIDTHS[:, None]
    expected = looks * rate
    terms = gammaln(counts + shape) - gammaln(shape) + shape * np.log(shape / (shape + expected))
    terms += counts * np.log(np.maximum(expected, 1e-300) / (shape + expected))
    return float(WIDTHS[int(np.argmax(terms.sum(axis=1)))])


def _sums(place: Codes, values: Floats, size: int) -> Floats:
    """Sums of rows by place, shape (size, columns)."""
    return np.stack([np.bincount(place, column, minlength=size) for column in values.T], axis=1)


def _log_expit(x: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0.0, -x))
