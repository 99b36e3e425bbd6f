"""Scores of objects from rankings of several by several annotators: who comes first is chosen, then who of the rest, and so on."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import coo_array

from karat.quality.columns import Codes, Floats, Names, coded, missing, read_columns
from karat.quality.consensus.scored import PRIOR, TRUST, Scored, centred, centred_variances, components_of
from karat.quality.estimate import check_level


@dataclass(frozen=True, slots=True)
class Rankings:
    """A long table of rankings: row i says that `annotators[annotator[i]]` put `objects[ranked[i]]` at `rank[i]` (the lowest
    is the best; equal ranks are ties) of the ranking `ranking[i]`."""

    objects: Names
    annotators: Names
    ranked: Codes
    annotator: Codes
    ranking: Codes
    rank: Floats

    @classmethod
    def from_table(cls, table: object, *, ranking: str, annotator: str, object: str, rank: str) -> Self:
        """Rankings from a pandas or polars data frame, a pyarrow table or a dict of arrays; the keywords name its columns.

        Rankings are told apart by `ranking` and annotator together, so an item may stand in `ranking`. Raises `ValueError`
        that names column, row and remedy.
        """
        columns = read_columns(table, [ranking, annotator, object, rank])
        _, of = coded(columns[ranking], ranking)
        people, who = coded(columns[annotator], annotator)
        objects, what = coded(columns[object], object)
        if missing(columns[rank]).any():
            row = int(np.argmax(missing(columns[rank])))
            raise ValueError(
                f"column {rank!r} is empty in row {row}: give a number, 1 for the best, or leave the row out"
            )
        if len(columns[rank]) and not np.issubdtype(columns[rank].to_numpy(zero_copy_only=False).dtype, np.number):
            raise ValueError(
                f"column {rank!r} holds {columns[rank][0].as_py()!r} in row 0: give numbers, 1 for the best"
            )
        places = np.asarray(columns[rank].to_numpy(zero_copy_only=False), dtype=np.float64)
        pair = of.astype(np.int64) * max(len(people), 1) + who
        _, one = np.unique(pair, return_inverse=True)
        twice = one.reshape(-1) * max(len(objects), 1) + what
        _, first = np.unique(twice, return_index=True)
        if len(first) < len(twice):
            row = int(np.setdiff1d(np.arange(len(twice)), first)[0])
            raise ValueError(
                f"row {row} puts {objects[what[row]]!r} a second time into one ranking: leave one of the two out"
            )
        return cls(objects, people, what, who, one.reshape(-1).astype(np.int32), places)


@dataclass(frozen=True, slots=True)
class _Stages:
    """One choice a row: an object chosen among itself and all that come strictly after it in the same ranking."""

    chosen: NDArray[np.integer]
    """Shape (stages,)."""
    annotator: NDArray[np.integer]
    size: NDArray[np.integer]
    stage: NDArray[np.integer]
    """Shape (members,): the choices that an object stood in."""
    member: NDArray[np.integer]


@dataclass(kw_only=True)
class PlackettLuce(Scored):
    """Scores of objects such that, of those left, one comes next with a probability in proportion to exp(score).

    Source: Plackett 1975 and Luce 1959. `skilled="annotators"` lets each annotator choose at random in a share of their
    choices, drawn from a Beta population; with "nobody", all count alike. Of tied objects neither is chosen over the other.
    Prior, components and intervals are as in `BradleyTerry`, to which rankings of two lead.
    """

    def fit(self, rankings: Rankings) -> Self:
        """Learn from rankings, by expectation (which choices were at random) and maximisation (scores)."""
        check_level(self.level)
        objects, people = len(rankings.objects), len(rankings.annotators)
        stages = _stages(rankings)
        self.components_ = components_of(stages.chosen[stages.stage], stages.member, objects)
        trust = self._trust(people)
        scores, prior, sincere = np.zeros(objects), self.prior or PRIOR, np.ones(len(stages.chosen))
        n = np.asarray(np.bincount(stages.annotator, minlength=people), np.float64)
        variance = np.full(objects, prior**2)
        for _ in range(self.max_rounds):
            before = scores
            scores = _best_scores(stages, trust, before, prior)
            scores = centred(scores, self.components_)
            if self.skilled == "annotators":
                chance, _ = _chances(stages, scores)
                own = trust[stages.annotator]
                sincere = own * chance / (own * chance + (1 - own) / stages.size)
                trust = (np.bincount(stages.annotator, sincere, minlength=people) + TRUST[0]) / (n + sum(TRUST))
            variance = _variances(stages, scores, trust, prior, self.components_)
            prior = self._learned_prior(scores, variance, prior)
            if np.abs(scores - before).max(initial=0.0) < self.tolerance:
                break
        self._keep(scores, variance, prior)
        right = np.asarray(np.bincount(stages.annotator, sincere, minlength=people), np.float64)
        doubt = np.asarray(np.bincount(stages.annotator, sincere * (1 - sincere), minlength=people), np.float64)
        self._keep_skill(n, right, doubt)
        return self


def _stages(rankings: Rankings) -> _Stages:
    order = np.lexsort((rankings.rank, rankings.ranking))
    what, rank, of = rankings.ranked[order], rankings.rank[order], rankings.ranking[order]
    ends = np.searchsorted(of, of, side="right")
    group = np.cumsum(np.append(True, (np.diff(of) != 0) | (np.diff(rank) != 0))) - 1 if len(of) else np.zeros(0, int)
    after = np.searchsorted(group, group, side="right")
    left = ends - after
    rows = np.flatnonzero(left > 0)
    count = left[rows]
    stage = np.repeat(np.arange(len(rows)), count + 1)
    start = np.cumsum(count + 1) - (count + 1)
    within = np.arange(len(stage)) - start[stage]
    member = np.where(
        within == 0, what[rows][stage], what[np.minimum(after[rows][stage] + within - 1, max(len(what) - 1, 0))]
    )
    return _Stages(what[rows], rankings.annotator[order][rows], count + 1, stage, member)


def _chances(stages: _Stages, scores: Floats) -> tuple[Floats, Floats]:
    """How likely each choice is by the scores, and each member to be chosen, shapes (stages,) and (members,)."""
    weight = np.exp(scores - scores.max(initial=0.0))
    total = np.bincount(stages.stage, weight[stages.member], minlength=len(stages.chosen))
    return weight[stages.chosen] / total, weight[stages.member] / total[stages.stage]


def _best_scores(stages: _Stages, trust: Floats, start: Floats, prior: float) -> Floats:
    own = trust[stages.annotator]

    def cost(scores: Floats) -> tuple[float, Floats]:
        chosen, each = _chances(stages, scores)
        chance = np.maximum(own * chosen + (1 - own) / stages.size, 1e-300)
        pull = own * chosen / chance
        gradient = scores / prior**2 - np.bincount(stages.chosen, pull, minlength=len(scores))
        gradient = gradient + np.bincount(stages.member, pull[stages.stage] * each, minlength=len(scores))
        return float(scores @ scores) / (2 * prior**2) - float(np.log(chance).sum()), gradient

    return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B").x)


def _variances(stages: _Stages, scores: Floats, trust: Floats, prior: float, component: Codes) -> Floats:
    """The inverse of the information of the choices, its diagonal, for annotators that choose at random in part: their
    choices tell less in the square of their trust. For more than 1,500 objects, without the others' doubt."""
    objects = len(scores)
    _, each = _chances(stages, scores)
    weight = (trust[stages.annotator] ** 2)[stages.stage]
    degree = np.bincount(stages.member, weight * each * (1 - each), minlength=objects) + prior**-2
    if objects > 1_500:
        return np.asarray(1 / degree)
    matrix = coo_array(
        (np.sqrt(weight) * each, (stages.stage, stages.member)), shape=(len(stages.chosen), objects)
    ).tocsr()
    outer = np.asarray((matrix.T @ matrix).todense())
    own = np.bincount(stages.member, weight * each, minlength=objects) + prior**-2
    return centred_variances(np.diag(own) - outer, component)
