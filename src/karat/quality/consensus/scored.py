"""What models of scores share: their settings, what a fit leaves behind, and what cannot be compared."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtri

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.model import Skill, beta_interval

Skilled = Literal["annotators", "nobody"]
PRIOR = 1.0
"""The standard deviation of scores before anything was seen, in logits; it keeps winners of everything finite."""
TRUST = (8.0, 2.0)
"""Right and wrong comparisons that an unknown annotator is credited with."""


@dataclass(kw_only=True)
class Scored:
    """Scores of objects, and how far each annotator is heard."""

    skilled: Skilled = "annotators"
    prior: float | None = None
    level: float = 0.95
    max_rounds: int = 50
    tolerance: float = 1e-4

    scores_: Floats = field(init=False, repr=False)
    """Shape (objects,), in logits, aligned with the objects of what was fitted; 0 is the mean of a component."""
    low_: Floats = field(init=False, repr=False)
    """Ends of the interval of `level`, from the curvature of the posterior at the scores (Laplace)."""
    high_: Floats = field(init=False, repr=False)
    components_: Codes = field(init=False, repr=False)
    """Shape (objects,): which objects were held against one another, over however many steps."""
    skill_: Skill = field(init=False, repr=False)
    """How far each annotator means what they say; `n` counts what they said."""
    prior_: float = field(init=False, repr=False)
    """The standard deviation of scores before anything was seen, as it was given or learned."""

    def _trust(self, people: int) -> Floats:
        """What every annotator is credited with to begin with."""
        return np.full(people, TRUST[0] / sum(TRUST) if self.skilled == "annotators" else 1.0)

    def _learned_prior(self, scores: Floats, variance: Floats, prior: float) -> float:
        if self.prior is not None or not len(scores):
            return prior
        return float(np.clip(np.sqrt((scores**2 + variance).mean()), 0.1, 10.0))

    def _keep(self, scores: Floats, variance: Floats, prior: float) -> None:
        spread = float(ndtri((1 + self.level) / 2)) * np.sqrt(variance)
        self.scores_, self.low_, self.high_, self.prior_ = scores, scores - spread, scores + spread, prior

    def _keep_skill(self, n: Floats, right: Floats, doubt: Floats) -> None:
        """Of `n` answers each, how many are expected to be meant, and the variance of that."""
        self.skill_ = Skill(*beta_interval(right + TRUST[0] / 4, n - right + TRUST[1] / 4, doubt), n)


def components_of(first: NDArray[np.integer], second: NDArray[np.integer], objects: int) -> Codes:
    """Which objects hang together over pairs, shape (objects,)."""
    if not objects:
        return np.zeros(0, dtype=np.int32)
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(objects, objects))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def centred_variances(information: Floats, component: Codes) -> Floats:
    """The variance of each score less its component's mean, from the information about all, shape (objects, objects)."""
    if not len(information):
        return np.zeros(0)
    size = np.bincount(component)
    mean = (component[:, None] == np.arange(len(size))[None, :]) / size
    inverse = np.linalg.inv(information)
    shift = inverse @ mean
    own = np.diag(inverse) - 2 * shift[np.arange(len(component)), component]
    return np.asarray(np.maximum(own + np.einsum("oc,oc->c", mean, shift)[component], 1e-12), np.float64)


def centred(scores: Floats, component: Codes) -> Floats:
    """The scores less the mean of their component."""
    if not len(scores):
        return scores
    mean = np.bincount(component, scores) / np.bincount(component)
    return np.asarray(scores - mean[component])
