"""Which is better: scores of objects from comparisons of two by several annotators."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from karat.quality.columns import Codes, Floats, Names, coded, positive, read_columns
from karat.quality.consensus.scored import PRIOR, TRUST, Scored, centred, centred_variances, components_of
from karat.quality.estimate import check_level


@dataclass(frozen=True, slots=True)
class Pairs:
    """A long table of comparisons: `annotators[annotator]` found `objects[better]` better than `objects[worse]`, or, where
    `tied`, neither."""

    objects: Names
    annotators: Names
    better: Codes
    """Shape (comparisons,)."""
    worse: Codes
    annotator: Codes
    tied: NDArray[np.bool_]
    weights: Floats

    @classmethod
    def from_table(
        cls,
        table: object,
        *,
        better: str,
        worse: str,
        annotator: str,
        tie: str | None = None,
        weight: str | None = None,
    ) -> Self:
        """Comparisons from a pandas or polars data frame, a pyarrow table or a dict of arrays; the keywords name its
        columns. `tie` is a column of truth values or 0 and 1: where it holds, the order of the two means nothing. Raises
        `ValueError` that names column, row and remedy.

        >>> pairs = Pairs.from_table({"b": ["x", "y"], "w": ["y", "z"], "who": [1, 1]}, better="b", worse="w", annotator="who")
        >>> pairs.objects.tolist(), pairs.better.tolist(), pairs.worse.tolist()
        (['x', 'y', 'z'], [0, 1], [1, 2])
        """
        columns = read_columns(table, [c for c in (better, worse, annotator, tie, weight) if c is not None])
        first, first_codes = coded(columns[better], better)
        second, second_codes = coded(columns[worse], worse)
        people, annotators = coded(columns[annotator], annotator)
        names = sorted({*first.tolist(), *second.tolist()})
        place = {name: code for code, name in enumerate(names)}
        objects = np.array(names, dtype=first.dtype if len(first) else object)
        a = np.array([place[name] for name in first.tolist()], dtype=np.int32)[first_codes]
        b = np.array([place[name] for name in second.tolist()], dtype=np.int32)[second_codes]
        if (a == b).any():
            row = int(np.argmax(a == b))
            raise ValueError(f"row {row} compares {names[a[row]]!r} with itself: leave it out")
        weights = np.ones(len(a)) if weight is None else positive(columns[weight], weight)
        tied = np.zeros(len(a), bool) if tie is None else _truths(columns[tie], tie)
        return cls(objects, people, a, b, annotators, tied, weights)

    def __len__(self) -> int:
        return len(self.better)


@dataclass(kw_only=True)
class BradleyTerry(Scored):
    """Scores of objects such that one is preferred to another with probability 1 / (1 + exp(-difference)).

    `skilled="annotators"` gives each annotator a probability of meaning what they say (Crowd-BT: Chen, Bennett,
    Collins-Thompson and Horvitz, WSDM 2013), drawn from a Beta population; with "nobody", all count alike (Bradley and
    Terry 1952). Ties are half a win for each. Scores have a normal prior of standard deviation `prior` (learned where None),
    which also settles what comparisons cannot: objects in different `components_` of the graph of comparisons are told apart
    by nothing, their scores are relative to their component's mean, which is 0, and comparing them across says nothing.
    """

    def fit(self, pairs: Pairs) -> Self:
        """Learn from comparisons, by expectation (who was reversed) and maximisation (scores)."""
        check_level(self.level)
        objects, people = len(pairs.objects), len(pairs.annotators)
        self.components_ = components_of(pairs.better, pairs.worse, objects)
        trust = self._trust(people)
        scores, prior = np.zeros(objects), self.prior or PRIOR
        meant, variance = np.ones(len(pairs)), np.full(objects, prior**2)
        for _ in range(self.max_rounds):
            before = scores
            scores = _best_scores(pairs, trust, scores, prior)
            scores = centred(scores, self.components_)
            if self.skilled == "annotators":
                meant = _meant(pairs, scores, trust)
                trust = _trusted(pairs, meant)
            variance = _variances(pairs, scores, trust, prior, self.components_)
            prior = self._learned_prior(scores, variance, prior)
            if np.abs(scores - before).max(initial=0.0) < self.tolerance:
                break
        self._keep(scores, variance, prior)
        decided = pairs.weights * ~pairs.tied
        n, right, doubt = (
            np.asarray(np.bincount(pairs.annotator, decided * of, minlength=people), np.float64)
            for of in (np.ones(len(pairs)), meant, meant * (1 - meant))
        )
        self._keep_skill(n, right, doubt)
        return self

    def preferred(self, first: int, second: int) -> float:
        """How likely the object at one place is better than that at another; nan where nothing connects them."""
        if self.components_[first] != self.components_[second]:
            return float("nan")
        return float(expit(self.scores_[first] - self.scores_[second]))


def _truths(column: pa.Array, name: str) -> NDArray[np.bool_]:
    for row, value in enumerate(column.to_pylist()):
        if value not in (True, False):
            raise ValueError(
                f"column {name!r} holds {value!r} in row {row}: write true or 1 for a tie, else false or 0"
            )
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)


def _meant(pairs: Pairs, scores: Floats, trust: Floats) -> Floats:
    """How likely each comparison was meant, and not reversed."""
    right = expit(scores[pairs.better] - scores[pairs.worse])
    yes = trust[pairs.annotator] * right
    no = (1 - trust[pairs.annotator]) * (1 - right)
    return np.asarray(yes / np.maximum(yes + no, 1e-300))


def _trusted(pairs: Pairs, meant: Floats) -> Floats:
    decided = pairs.weights * ~pairs.tied
    people = len(pairs.annotators)
    right = np.bincount(pairs.annotator, decided * meant, minlength=people)
    n = np.bincount(pairs.annotator, decided, minlength=people)
    return np.asarray((right + TRUST[0]) / (n + sum(TRUST)))


def _best_scores(pairs: Pairs, trust: Floats, start: Floats, prior: float) -> Floats:
    """The scores of the highest posterior for given annotators."""
    own = trust[pairs.annotator]
    split = np.where(pairs.tied, 0.5, 1.0)

    def cost(scores: Floats) -> tuple[float, Floats]:
        total, gradient = float(scores @ scores) / (2 * prior**2), scores / prior**2
        right = expit(scores[pairs.better] - scores[pairs.worse])
        slope = right * (1 - right)
        for share, chance, sign in (
            (split, own * right + (1 - own) * (1 - right), 1.0),
            (1 - split, own * (1 - right) + (1 - own) * right, -1.0),
        ):
            chance = np.maximum(chance, 1e-12)
            total -= float((pairs.weights * share * np.log(chance)).sum())
            pull = sign * pairs.weights * share * (2 * own - 1) * slope / chance
            gradient = gradient - _spread(pairs, pull, len(scores))
        return total, gradient

    return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B").x)


def _spread(pairs: Pairs, pull: Floats, objects: int) -> Floats:
    gained = np.bincount(pairs.better, pull, minlength=objects)
    return np.asarray(gained - np.bincount(pairs.worse, pull, minlength=objects))


def _variances(pairs: Pairs, scores: Floats, trust: Floats, prior: float, component: Codes) -> Floats:
    """The inverse of the expected information, its diagonal: exact for up to 1,500 objects, else without the others' doubt."""
    objects = len(scores)
    right = expit(scores[pairs.better] - scores[pairs.worse])
    own = trust[pairs.annotator]
    chance = own * right + (1 - own) * (1 - right)
    information = pairs.weights * ((2 * own - 1) * right * (1 - right)) ** 2 / np.maximum(chance * (1 - chance), 1e-12)
    degree = np.bincount(pairs.better, information, minlength=objects) + np.bincount(
        pairs.worse, information, minlength=objects
    )
    if objects > 1_500:
        return np.asarray(1 / (degree + prior**-2))
    table = np.diag(degree + prior**-2)
    np.add.at(table, (pairs.better, pairs.worse), -information)
    np.add.at(table, (pairs.worse, pairs.better), -information)
    return centred_variances(table, component)
