"""Do two groups differ, where people and items differ too? Logistic regression with random annotators and items."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.sparse import coo_array, csr_array, hstack
from scipy.special import expit, stdtr, stdtrit

from karat.quality.estimate import Estimate, check_level, estimate

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
MOST_ITEMS = 20_000
"""Of more items so many are drawn."""
FEW = 5
"""Annotators in a group below which an interval is very wide."""


@dataclass(frozen=True, slots=True)
class MixedDifference:
    """How a group differs from another once annotators and items may differ by themselves."""

    odds_ratio: Estimate
    """Odds of a hit in the first group over those in the second, for the same annotator and item; 1 is no difference."""
    p: float
    """How likely so large a difference is by chance, two-sided; nan where it is undefined."""
    annotator_spread: float
    """Standard deviation of annotators on the scale of log odds."""
    item_spread: float


def mixed_difference(
    hits: ArrayLike,
    first: ArrayLike,
    annotators: ArrayLike,
    items: ArrayLike,
    *,
    level: float = 0.95,
    seed: int = 0,
    most_items: int = MOST_ITEMS,
) -> MixedDifference:
    """Whether one group of votes has more hits than the other, each (votes,): hits and `first` of 0 and 1, codes of the rest.

    A group is of annotators (then annotators are what there are few of, and what the test counts), of items, or of votes.
    Fitted by Laplace's approximation with restricted likelihood (Breslow and Clayton, Journal of the American Statistical
    Association 88 (1993)); Student's t with the annotators, items or votes that a group is made of, less two. Of more than
    `most_items` items so many are drawn with `seed`. `group_difference` needs no such model, but takes votes as independent.
    """
    y, group, who, what = (np.asarray(x) for x in (hits, first, annotators, items))
    if not y.shape == group.shape == who.shape == what.shape or y.ndim != 1:
        raise ValueError(
            f"hits {y.shape}, first {group.shape}, annotators {who.shape} and items {what.shape}: one each for a vote"
        )
    if not (np.isin(y, (0, 1)).all() and np.isin(group, (0, 1)).all()):
        raise ValueError("hits and first must be 0 or 1 for each vote")
    who, what = (np.unique(x, return_inverse=True)[1] for x in (who, what))
    if len(what) and what.max() >= most_items:
        drawn = np.zeros(int(what.max()) + 1, bool)
        drawn[np.random.default_rng(seed).choice(len(drawn), most_items, replace=False)] = True
        y, group, who, what = (x[drawn[what]] for x in (y, group, who, what))
        who, what = (np.unique(x, return_inverse=True)[1] for x in (who, what))
    method = "mixed-effects logistic regression, annotators and items random"
    why = _undefined(y, group)
    if why:
        none = Estimate(None, None, None, len(y), "votes", method, level, why)
        return MixedDifference(none, float("nan"), float("nan"), float("nan"))
    fitted = _Fit(y.astype(np.float64), group.astype(np.float64), who, what)
    best = minimize(
        fitted.loss, [-0.7, -0.7], method="Nelder-Mead", options={"xatol": 0.02, "fatol": 0.01, "maxfev": 80}
    )
    fitted.loss(best.x)
    free, few = _freedom(group, who, what)
    slope, error = float(fitted.beta[1]), float(np.sqrt(fitted.covariance[1, 1]))
    reach = float(stdtrit(free, (1 + check_level(level)) / 2)) * error
    ends = [float(np.exp(np.clip(x, -700, 700))) for x in (slope, slope - reach, slope + reach)]
    ratio = estimate(*ends, n=len(y), of="votes", method=method, level=level, warning=few)
    spread = np.exp(np.clip(best.x, *RANGE))
    return MixedDifference(ratio, float(2 * stdtr(free, -abs(slope / error))), float(spread[0]), float(spread[1]))


def turned(found: MixedDifference) -> MixedDifference:
    """The same with the two groups in the other order."""
    ratio = found.odds_ratio
    value, low, high = (None if not x else 1 / x for x in (ratio.value, ratio.high, ratio.low))
    return replace(
        found, odds_ratio=Estimate(value, low, high, ratio.n, ratio.of, ratio.method, ratio.level, ratio.warning)
    )


RANGE = (-4.0, 2.0)
"""Of the logarithm of a spread: from none to where everybody is always right or always wrong."""


class _Fit:
    """The regression for given spreads; what was found last is where the next search begins."""

    def __init__(self, y: Floats, group: Floats, who: Ints, what: Ints) -> None:
        n, people, items = len(y), int(who.max()) + 1, int(what.max()) + 1
        rows = np.arange(n)
        fixed = np.column_stack([np.ones(n), group])
        self.y, self.items, self.people, self.what = y, items, people, what
        self.design = csr_array(hstack([csr_array(fixed), coo_array((np.ones(n), (rows, who)), shape=(n, people))]))
        self.transposed = csr_array(self.design.T)
        self.of_item = csr_array((np.ones(n), (rows, what)), shape=(n, items))
        self.effects, self.of_items = np.zeros(2 + people), np.zeros(items)
        self.covariance: Floats = np.eye(2)

    @property
    def beta(self) -> Floats:
        return self.effects[:2]

    def loss(self, log_spreads: Floats) -> float:
        """Minus twice the restricted log likelihood, by Laplace."""
        of_people, of_items = np.exp(-2 * np.clip(log_spreads, *RANGE))
        penalty = np.concatenate([[1e-6, 1e-6], np.full(self.people, of_people)])
        for _ in range(25):
            mu = expit(self.design @ self.effects + self.of_items[self.what])
            w = np.maximum(mu * (1 - mu), 1e-10)
            curved, cross, diagonal = self._curvature(w, penalty, of_items)
            g = self.transposed @ (self.y - mu) - penalty * self.effects
            g_item = np.bincount(self.what, self.y - mu, minlength=self.items) - of_items * self.of_items
            step = np.linalg.solve(curved, g - cross @ (g_item / diagonal))
            step_item = (g_item - cross.T @ step) / diagonal
            largest = max(np.abs(step).max(), np.abs(step_item).max())
            self.effects += step * min(1.0, 5 / max(largest, 1e-12))
            self.of_items += step_item * min(1.0, 5 / max(largest, 1e-12))
            if largest < 1e-4:
                break
        self.covariance = np.linalg.inv(curved)[:2, :2]
        eta = self.design @ self.effects + self.of_items[self.what]
        fit = float((self.y * eta - np.logaddexp(0, eta)).sum())
        penalized = float((penalty * self.effects**2).sum() + of_items * (self.of_items**2).sum())
        volume = float(np.linalg.slogdet(curved)[1] + np.log(diagonal).sum())
        return float(-2 * fit + penalized + volume - self.people * np.log(of_people) - self.items * np.log(of_items))

    def _curvature(self, w: Floats, penalty: Floats, of_items: float) -> tuple[Floats, csr_array, Floats]:
        """The curvature of fixed effects and annotators once items are profiled out, and what it was made of."""
        weighted = csr_array(self.transposed.multiply(w[None, :]))
        cross = csr_array(weighted @ self.of_item)
        diagonal = np.bincount(self.what, w, minlength=self.items) + of_items
        whole = (weighted @ self.design).toarray() + np.diag(penalty)
        return whole - (csr_array(cross.multiply(1 / diagonal[None, :])) @ cross.T).toarray(), cross, diagonal


def _undefined(y: NDArray[np.generic], group: NDArray[np.generic]) -> str | None:
    """Why there is no difference to be told, if there is none."""
    if not len(y) or group.min() == group.max():
        return "one of the two groups has no votes"
    return "every vote is a hit, or none is" if y.min() == y.max() else None


def _freedom(group: NDArray[np.generic], who: Ints, what: Ints) -> tuple[int, str | None]:
    """How many independent things stand behind the comparison, less two, and a warning where they are few."""
    for codes, name in ((who, "annotators"), (what, "items")):
        n = np.bincount(codes)
        mean = np.bincount(codes, group) / np.maximum(n, 1)
        if np.isin(mean, (0, 1)).all():
            sizes = int((mean == 1).sum()), int((mean == 0).sum())
            few = (
                f"only {min(sizes)} {name} in a group; below {FEW} the interval is very wide"
                if min(sizes) < FEW
                else None
            )
            return max(sum(sizes) - 2, 1), few
    return max(len(group) - 2, 1), None
