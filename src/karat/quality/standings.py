"""Who wins against whom: the sources of candidates in a table, from what people said of the candidates of many items."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.special import expit

from karat.quality.columns import Codes
from karat.quality.compared import Ballot
from karat.quality.consensus.pairwise import Pairs
from karat.quality.consensus.scored import components_of
from karat.quality.measure import Blocks, Measure, bootstrap, measure

MOST_SOURCES = 100
"""More are no models to be compared, and each resample is a fit over all of them."""
RESAMPLES = 200
ELO, MIDDLE = 400 / log(10), 1000.0
"""A logit in points of Elo (1978), in which ten to one is 400, and the mean of those that were compared."""
PRIOR = 1.0
MAX_STEPS, TOLERANCE = 50, 1e-9

MOST_NAMED = 100
Outcome = Literal["wins", "losses", "ties", "none_good"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One source in the table."""

    source: str
    elo: Measure
    """The Bradley-Terry score in points of Elo around 1000, over the items on which it was compared."""
    counts: Mapping[Outcome, int]
    """Comparisons by what came of them for this source, and, of `none_good`, answers without an order."""
    items: Mapping[Outcome, Sequence[str]]
    """The first items with such an outcome, at most 100 of each."""
    group: int
    """Sources of different groups were never held against one another, over however many steps: their scores tell nothing."""


class Table:
    """Gathers comparisons of sources while items come in: 13 bytes for each, and the first items of each outcome.

    An order of several candidates is a comparison of each two. Scores are those of Bradley and Terry (Biometrika 39, 1952),
    a tie, and that none is good, half a win for each, with a normal prior of one logit; intervals are percentiles of 200
    resamples of whole items, so that answers to one item, and the pairs of one order, count as far as they say something new.
    Candidates of one source, or of none that is known, are not compared.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed
        self.number: dict[str, int] = {}
        self.items = 0
        self.unknown = 0
        """Answers of which fewer than two candidates say where they come from."""
        self._counts: Counter[tuple[int, Outcome]] = Counter()
        self._named: dict[tuple[int, Outcome], dict[str, None]] = {}
        self._item, self._first, self._second, self._kind = array("i"), array("i"), array("i"), array("b")

    def add(self, item: str, ballots: Iterable[Ballot]) -> None:
        """An item and what everybody said of its candidates."""
        for ballot in ballots:
            known = [(s, rank) for s, rank in zip(ballot.sources, ballot.places, strict=True) if s]
            names = dict.fromkeys(source for source, _ in known)
            if len(names) < 2:
                self.unknown += 1
                continue
            none = ballot.value.none_good and not ballot.value.order
            for name in names:
                number = self.number.setdefault(name, len(self.number))
                if none:
                    self._count(number, "none_good", item)
            if len(self.number) > MOST_SOURCES:
                continue
            for (a, rank), (b, other) in combinations(known, 2):
                if a != b:
                    better, worse = (a, b) if rank <= other else (b, a)
                    self._compare(item, self.number[better], self.number[worse], tied=rank == other, none=none)
        self.items += 1

    def standings(self) -> list[Standing]:
        """The table, the best first; empty where fewer than two sources were compared, or more than 100."""
        if not 2 <= len(self.number) <= MOST_SOURCES or not self._item:
            return []
        names = list(self.number)
        cells, rows = self._cells()
        sums = np.asarray(rows.sum(axis=0)).ravel()
        scores = _fitted(cells, sums[None], np.zeros(len(names)))[0]
        groups = components_of(cells.better, cells.worse, len(names))
        low, high = bootstrap(
            rows,
            lambda drawn: _fitted(cells, drawn, scores),
            seed=self.seed,
            resamples=RESAMPLES,
        )
        n = self._compared()
        found = [
            Standing(
                source=name,
                elo=measure(*(MIDDLE + ELO * float(x[at]) for x in (scores, low, high)), n=n[at]),
                counts={outcome: self._counts[at, outcome] for outcome in OUTCOMES},
                items={outcome: tuple(self._named.get((at, outcome), ())) for outcome in OUTCOMES},
                group=int(groups[at]),
            )
            for at, name in enumerate(names)
        ]
        return sorted(found, key=lambda row: (row.group, -(row.elo.value or 0.0), row.source))

    def _compare(self, item: str, better: int, worse: int, *, tied: bool, none: bool) -> None:
        self._item.append(self.items)
        self._first.append(better)
        self._second.append(worse)
        self._kind.append(tied)
        if not none:
            self._count(better, "ties" if tied else "wins", item)
            self._count(worse, "ties" if tied else "losses", item)

    def _count(self, source: int, outcome: Outcome, item: str) -> None:
        self._counts[source, outcome] += 1
        named = self._named.setdefault((source, outcome), {})
        if len(named) < MOST_NAMED:
            named[item] = None

    def _compared(self) -> list[int]:
        """On how many items each source was held against another."""
        item = np.frombuffer(self._item, np.int32).astype(np.int64) * len(self.number)
        either = np.concatenate([item + np.frombuffer(side, np.int32) for side in (self._first, self._second)])
        counts: list[int] = np.bincount(np.unique(either) % len(self.number), minlength=len(self.number)).tolist()
        return counts

    def _cells(self) -> tuple[Pairs, csr_array]:
        """Each different comparison once, and how often each item has it: shape (items or blocks of them, comparisons)."""
        n = len(self.number)
        item = np.frombuffer(self._item, np.int32)
        first, second = np.frombuffer(self._first, np.int32), np.frombuffer(self._second, np.int32)
        tied = np.frombuffer(self._kind, np.int8).astype(np.int64)
        codes, cell = np.unique((tied * n + first) * n + second, return_inverse=True)
        places, row = np.unique(item, return_inverse=True)
        rows = coo_array((np.ones(len(item)), (row.reshape(-1), cell.reshape(-1))), (len(places), len(codes))).tocsr()
        blocks = Blocks(len(places), seed=self.seed)
        blocks.add(0, csr_array(rows))
        pairs = Pairs(
            np.array(list(self.number), object),
            np.array([""], object),
            (codes // n % n).astype(np.int32),
            (codes % n).astype(np.int32),
            np.zeros(len(codes), np.int32),
            codes >= n * n,
            np.ones(len(codes)),
        )
        return pairs, blocks.done()


def _fitted(cells: Pairs, sums: Floats, start: Floats) -> Floats:
    """The scores of Bradley and Terry for each row of counts of these comparisons, shape (rows, sources), by Newton's steps."""
    n = len(start)
    half = np.where(cells.tied, 0.5, 1.0) * sums
    won = (_placed(cells.better, cells.worse, n) @ half.T + _placed(cells.worse, cells.better, n) @ (sums - half).T).T
    won = np.asarray(won).reshape(len(sums), n, n)
    held = won + won.transpose(0, 2, 1)
    scores = np.broadcast_to(start, (len(sums), n)).copy()
    for _ in range(MAX_STEPS):
        chance = expit(scores[:, :, None] - scores[:, None, :])
        pull = (won - held * chance).sum(axis=2) - scores / PRIOR**2
        curve = -held * chance * (1 - chance)
        place = np.arange(n)
        curve[:, place, place] = PRIOR**-2 - curve.sum(axis=2) + curve[:, place, place]
        step = np.linalg.solve(curve, pull[:, :, None])[:, :, 0]
        scores += np.clip(step, -2, 2)
        if np.abs(step).max(initial=0.0) < TOLERANCE:
            break
    return np.asarray(scores)


def _placed(first: Codes, second: Codes, n: int) -> csr_array:
    """What adds up counts of comparisons by who stands in the row and who in the column, shape (n * n, comparisons)."""
    at = first.astype(np.int64) * n + second
    return csr_array(coo_array((np.ones(len(at)), (at, np.arange(len(at)))), (n * n, len(at))))
