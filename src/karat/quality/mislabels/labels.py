"""Which given labels are probably wrong: from a model's probabilities, from neighbours, from both.

Probabilities must come from a model that did not see the label it judges: cross-validation. Shapes: labels are codes
(items,), 0 to labels - 1; probabilities (items, labels), each row summing to 1. Scores lie in [0, 1]; low means probably
wrong, so `numpy.argsort(scores)` begins with what to look at first. Several labels an item: `mislabels_tags`; numbers:
`mislabels_numbers`; words of a text: `mislabels_tokens`; boxes, spans and other regions: `mislabels_regions`; several
annotators: `crowd_mislabels`.

>>> found = find_mislabels([0, 0, 1, 1], [[0.9, 0.1], [0.1, 0.9], [0.2, 0.8], [0.3, 0.7]])
>>> found.order[0], int(found.suggested[1]), found.suspected.tolist()
(np.int64(1), 1, [False, True, False, False])
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

if TYPE_CHECKING:
    from karat.quality.duplicates import Pairs

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
Method = Literal["margin", "self_confidence", "entropy"]

CHUNK = 4_000_000
"""Numbers worked on at once."""
FITTED = 20_000
"""So many rows are enough to fit the one temperature."""
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Mislabels:
    """What a model says of given labels; arrays of shape (items,)."""

    scores: Floats
    suggested: Ints
    """The label that the model holds likeliest."""
    suspected: NDArray[np.bool_]
    """Whether the given label is among so many lowest scores as confident learning counts errors."""
    joint: Floats
    """Shape (labels, labels): the estimated share of items with the given label (row) and the true one (column)."""

    @property
    def order(self) -> Ints:
        """Places of items, those that are most probably wrong first."""
        return np.argsort(self.scores, kind="stable")

    @property
    def error_rate(self) -> float:
        """The estimated share of wrong labels."""
        return float(1 - np.trace(self.joint))


def find_mislabels(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    embeddings: ArrayLike | None = None,
    neighbours: int = 10,
    twins: "Pairs | None" = None,
) -> Mislabels:
    """Rank given labels by how probably they are wrong, and count the wrong ones by confident learning.

    So many of the lowest scores are suspected, as far as the model prefers another label. With `embeddings` (items, dimensions) the labels of the nearest others join the model's word (`neighbour_labels`), in
    equal parts; with `twins`, near-duplicates by embeddings or hashes (`karat.quality.duplicates`), the labels given to them
    are heard as witnesses, and whoever they outvote is suspected (`mislabels_twins`). The score is the margin on calibrated
    probabilities. Counting: Northcutt, Jiang and Chuang, Confident Learning, Journal of Artificial Intelligence Research 70
    (2021).
    """
    given, p = checked(labels, probabilities)
    joined = (
        p if embeddings is None else _joined(p, neighbour_labels(given, embeddings, p.shape[1], k=neighbours), given)
    )
    joint = _as_shares(_confident(given, p), given)
    heard = joined
    if twins is not None:
        from karat.quality.mislabels.twins import joined_with_twins

        heard = joined_with_twins(given, joined, twins, error_rate=float(1 - np.trace(joint)))
    suggested = heard.argmax(axis=1)
    outvoted = (heard != joined).any(axis=1)
    scores = label_scores(given, heard)
    suspected = (_lowest(scores, float(1 - np.trace(joint))) | outvoted) & (suggested != given)
    return Mislabels(scores, suggested, suspected, joint)


def _lowest(scores: Floats, share: float) -> NDArray[np.bool_]:
    """The items with the lowest scores, such a share of them."""
    found = np.zeros(len(scores), bool)
    found[np.argsort(scores, kind="stable")[: round(share * len(scores))]] = True
    return found


def label_scores(
    labels: ArrayLike, probabilities: ArrayLike, *, method: Method = "margin", calibrate: bool | None = None
) -> Floats:
    """How far a model stands behind each given label: shape (items,), in [0, 1], low means probably wrong.

    "margin": (1 + the given label's probability - the largest of the others) / 2; "self_confidence": the given label's
    probability; "entropy": that over how undecided the model is, squashed. With `calibrate` (as a rule for the margin)
    the probabilities are first sharpened or softened by the one temperature that suits the given labels best (Guo and
    others, On Calibration of Modern Neural Networks, ICML 2017), which keeps an overconfident model from drowning its own
    doubt.
    """
    given, p = checked(labels, probabilities)
    soften = temperature(given, p) if (method == "margin" if calibrate is None else calibrate) else 1.0
    found = np.empty(len(given))
    for part in _parts(p):
        rows, own = _softened(p[part], soften), given[part]
        found[part] = _scores_of(rows, own, method)
    return found


def confident_joint(labels: ArrayLike, probabilities: ArrayLike) -> Ints:
    """How often a given label (row) has another as its confident one (column), shape (labels, labels).

    An item counts for the likeliest of those labels whose probability is at least what items given that label have on
    average; where there is none, nowhere. Source: Northcutt, Jiang and Chuang (2021), equation 1.
    """
    return _confident(*checked(labels, probabilities))


def temperature(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """The temperature under which the given labels are likeliest: above 1 where a model is too sure of itself."""
    given, p = checked(labels, probabilities)
    chosen = np.random.default_rng(0).choice(len(given), min(len(given), FITTED), replace=False)
    logs, own = np.log(p[chosen] + TINY), given[chosen]
    if len(own) == 0:
        return 1.0

    def loss(log_of: float) -> float:
        scaled = logs / np.exp(log_of)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(own)), own]).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.3, 2.3), method="bounded").x))


def neighbour_labels(labels: ArrayLike, embeddings: ArrayLike, k_labels: int, *, k: int = 10) -> Floats:
    """The shares of labels among the `k` nearest others by cosine, one vote added for each label: (items, labels).

    Like probabilities, and made without the item's own label. Source: Cover and Hart, Nearest Neighbor Pattern
    Classification (1967). Takes O(items²) time, in chunks.
    """
    from karat.quality.duplicates import nearest

    given = np.asarray(labels)
    places, _ = nearest(embeddings, k=k)
    if len(places) != len(given):
        raise ValueError(f"there are {len(given)} labels and {len(places)} embeddings; give one for each item")
    shares = np.full((len(given), k_labels), 1 / k_labels)
    for column in range(places.shape[1]):
        np.add.at(shares, (np.arange(len(given)), given[places[:, column]]), 1.0)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def checked(labels: ArrayLike, probabilities: ArrayLike) -> tuple[Ints, Floats]:
    """Labels as codes and probabilities as rows that sum to 1, or a `ValueError` that names the row."""
    given, p = np.asarray(labels), np.asarray(probabilities)
    if p.ndim != 2 or given.shape != p.shape[:1]:
        raise ValueError(
            f"labels have shape {given.shape} and probabilities {p.shape}; (items,) and (items, labels) are needed"
        )
    if p.shape[1] < 2:
        raise ValueError("probabilities have one column; at least two labels are needed to be mistaken for one another")
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise ValueError(f"labels are {given.dtype}; give codes from 0, the column of probabilities each stands for")
    out = np.flatnonzero((given < 0) | (given >= p.shape[1]))
    if len(out):
        raise ValueError(
            f"row {out[0]} has the label {given[out[0]]}, but probabilities have the columns 0 to {p.shape[1] - 1}"
        )
    for part in _parts(p):
        in_range(p[part], part.start)
        odd = np.flatnonzero(np.abs(p[part].sum(axis=1) - 1) > 0.01)
        if len(odd):
            raise ValueError(
                f"the probabilities of row {part.start + odd[0]} sum to {p[part][odd[0]].sum():.3g}, not to 1"
            )
    return given.astype(np.int64), p if p.dtype in (np.float32, np.float64) else p.astype(np.float64)


def in_range(p: Floats, first: int = 0) -> None:
    """Raises `ValueError` that names the first row with a number that is no probability."""
    odd = np.flatnonzero(~((p >= 0) & (p <= 1.001)).all(axis=1))
    if len(odd):
        raise ValueError(
            f"row {first + odd[0]} has a probability that is no number between 0 and 1: {p[odd[0]].tolist()[:5]}"
        )


def _scores_of(rows: Floats, own: Ints, method: Method) -> Floats:
    at = np.arange(len(own)), own
    given = rows[at]
    if method == "self_confidence":
        return np.asarray(given)
    if method == "entropy":
        entropy = -(rows * np.log(rows + TINY)).sum(axis=1) / np.log(rows.shape[1])
        return np.asarray(given / (given + np.maximum(entropy, TINY)))
    if method != "margin":
        raise ValueError(f"method={method!r}: take 'margin', 'self_confidence' or 'entropy'")
    rows = rows.copy()
    rows[at] = -1
    return np.asarray((1 + given - rows.max(axis=1)) / 2)


def _softened(p: Floats, by: float) -> Floats:
    if by == 1.0:
        return np.asarray(p)
    logs = np.log(p + TINY) / by
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _confident(given: Ints, p: Floats) -> Ints:
    """The joint counts: given labels by confident ones."""
    k = p.shape[1]
    n = np.bincount(given, minlength=k)
    own = np.bincount(given, p[np.arange(len(given)), given], minlength=k)
    least = np.divide(own, n, out=np.full(k, np.inf), where=n > 0) - 1e-9
    confident = np.empty(len(given), np.int64)
    for part in _parts(p):
        rows = np.where(p[part] >= least, p[part], -1)
        best = rows.argmax(axis=1)
        confident[part] = np.where(rows[np.arange(len(best)), best] >= 0, best, -1)
    sure = confident >= 0
    return np.bincount(given[sure] * k + confident[sure], minlength=k * k).reshape(k, k)


def _as_shares(counts: Ints, given: Ints) -> Floats:
    """The joint with each row scaled to how often its label was given; a row without confident items is taken as right."""
    n = np.bincount(given, minlength=len(counts))
    rows = counts.sum(axis=1, keepdims=True)
    shares = np.where(rows > 0, counts / np.maximum(rows, 1), np.eye(len(counts)))
    return np.asarray(shares * n[:, None] / max(len(given), 1))


def _joined(p: Floats, others: Floats, given: Ints) -> Floats:
    """Two sources as one: the mean of the logs of their calibrated probabilities."""
    parts = [np.log(_softened(x, temperature(given, x)) + TINY) for x in (p, others)]
    logs = (parts[0] + parts[1]) / 2
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _parts(p: Floats) -> list[slice]:
    step = max(1, CHUNK // max(p.shape[1], 1))
    return [slice(at, min(at + step, len(p))) for at in range(0, len(p), step)]
