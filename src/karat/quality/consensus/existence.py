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


def learn_existence(marks: Marks, *, places: float, start: Existence | None = None) -> Existence:
    """Expectation and maximisation over clusters.

    The things of an item are a Poisson process, and so are the extras of each author: a cluster is either one thing, which
    each who looked marked with a chance of their own, or extras that fall together by chance. What nobody marked is
    counted too (things that all would miss), or the chances to see would come out too high where few look. Chances and rates are
    shrunken to a population learned with them. Things may be of two sorts, the second harder to see for all; whether they
    are is decided by likelihood (less what one more number costs, Schwarz 1978), or taken over from `start`, by which the
    rounds then begin.
    """
    if start is not None:
        return _Fit(marks, places, start.harder).run(start)
    best: Existence | None = None
    for harder in HARDER:
        found = _Fit(marks, places, np.array([0.0, harder]) if harder else np.zeros(1)).run()
        cost = 0.5 * np.log(max(len(marks.item), 1)) * (harder > 0)
        if best is None or found.likelihood - cost > best.likelihood + 1e-9:
            best = found
    assert best is not None
    return best


class _Fit:
    """The rounds. Arrays of sorts have the sorts first: sums over them are then sums of whole rows."""

    def __init__(self, marks: Marks, places: float, harder: Floats) -> None:
        self.marks = marks
        self.places = places
        self.harder = harder
        self.looks = _sum(marks.look_author, None, marks.authors)
        self.size = _sum(marks.member_cluster, None, len(marks.item))
        lookers = _sum(marks.look_item, None, marks.items)
        share = self.size / np.maximum(lookers[marks.item], 1)
        self.there = np.repeat((share / len(harder))[None], len(harder), axis=0)
        self._hold_known()
        self.sorts = np.full(len(harder), 1 / len(harder))
        self.things = max(float(self.there.sum()) / max(marks.items, 1), TINY)
        self.unseen = np.zeros((len(harder), marks.items))
        self.seeing = np.zeros(marks.authors)
        self.extras = np.ones(marks.authors)

    def run(self, start: Existence | None = None) -> Existence:
        if start is not None:
            self.seeing, self.extras = start.seeing[:-1], start.extras[:-1]
            self.sorts, self.things = start.sorts, start.things
            self._expect()
        known_things = self.things
        for round_ in range(ROUNDS):
            self._maximise()
            before, things = self.there.sum(axis=0), self.things
            likelihood = self._expect()
            moved = float(np.abs(self.there.sum(axis=0) - before).mean()) if len(before) else 0.0
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
            self.there.sum(axis=0),
            self._hits(),
            self._chances(),
            self.unseen.sum(axis=0),
        )

    def _maximise(self) -> None:
        hits, opportunities = self._hits(), self._opportunities()
        self.seeing = _logits(hits, opportunities, self.harder)
        false = self._false()
        rate = max(false.sum() / max(self.looks.sum(), 1.0), TINY)
        width = _likeliest_gamma(false, self.looks, rate)
        self.extras = np.maximum((false + width) / (self.looks + width / rate), TINY)
        total = self.there.sum(axis=1) + self.unseen.sum(axis=1) + TINY
        self.sorts = total / total.sum()
        self.things = max(float(total.sum()) / max(self.marks.items, 1), TINY)

    def _expect(self) -> float:
        marks = self.marks
        see = self.seeing - self.harder[:, None]
        miss = _sums(marks.look_item, _log_expit(-see)[:, marks.look_author], marks.items)
        logs = miss[:, marks.item] + marks.ratio
        logs += np.log(self.things * self.sorts)[:, None]
        logs += _sums(marks.member_cluster, see[:, marks.member_author], len(marks.item))
        chance = _sum(marks.member_cluster, np.log(self.extras)[marks.member_author], len(marks.item))
        chance -= (self.size - 1) * np.log(self.places)
        top = np.maximum(logs.max(axis=0, initial=-np.inf), chance)
        logs -= top
        np.exp(logs, out=logs)
        norm = logs.sum(axis=0) + np.exp(chance - top)
        logs /= norm
        self.there = logs
        self._hold_known()
        shares = self.sorts[:, None] * np.exp(miss)
        self.unseen = self.things * shares
        told = marks.unseen >= 0
        if told.any():
            of_sort = self.unseen[:, told] / np.maximum(self.unseen[:, told].sum(axis=0), 1e-300)
            self.unseen[:, told] = marks.unseen[told] * of_sort
        seen = self.things * (1 - shares.sum(axis=0))
        return float((top + np.log(norm)).sum() - seen.sum() - self.looks @ self.extras)

    def _hold_known(self) -> None:
        known = self.marks.known >= 0
        if known.any():
            total = np.maximum(self.there[:, known].sum(axis=0), 1e-300)
            self.there[:, known] *= self.marks.known[known] / total

    def _hits(self) -> Floats:
        """How many things each author marked."""
        return _sum(self.marks.member_author, self.there.sum(axis=0)[self.marks.member_cluster], self.marks.authors)

    def _false(self) -> Floats:
        nothing = 1 - self.there.sum(axis=0)
        return _sum(self.marks.member_author, nothing[self.marks.member_cluster], self.marks.authors)

    def _opportunities(self) -> Floats:
        """How many things of each sort each author could have marked, shape (sorts, authors)."""
        of_item = _sums(self.marks.item, self.there, self.marks.items) + self.unseen
        return _sums(self.marks.look_author, of_item[:, self.marks.look_item], self.marks.authors)

    def _chances(self) -> Floats:
        return np.asarray(self._opportunities().sum(axis=0))


def _logits(hits: Floats, of_sort: Floats, harder: Floats) -> Floats:
    """The logit of each author's chance to mark a thing of the first sort, shrunken to the population's."""
    chances = of_sort.sum(axis=0)
    typical = np.clip((hits.sum() + 1) / (chances.sum() + 2), TINY, 1 - TINY)
    width = _likeliest_beta(hits, chances, float(typical))
    wanted = hits + width * typical
    common = of_sort.sum(axis=1) + TINY
    weights = of_sort + (width * common / common.sum())[:, None]
    found = logit(np.clip(wanted / weights.sum(axis=0), TINY, 1 - TINY))
    if len(harder) == 1:
        return np.asarray(found)
    low, high = found - 1.0, found + harder.max() + 1.0  # the chance over both sorts grows with that of the first
    for _ in range(30):
        middle = (low + high) / 2
        more = (weights * expit(middle - harder[:, None])).sum(axis=0) > wanted
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


def _sum(place: Codes, values: Floats | None, size: int) -> Floats:
    return np.asarray(np.bincount(place, values, minlength=size), np.float64)


def _sums(place: Codes, values: Floats, size: int) -> Floats:
    """Sums of each row by place, shape (rows, size)."""
    return np.stack([_sum(place, row, size) for row in values])


def _log_expit(x: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0.0, -x))
