"""How many labels to buy: what one more vote on an item would gain, and a replay of recorded votes that buys them so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.model import Model, level_of
from karat.quality.votes import Votes

SLACK = 0.002
"""`target="vote"` is the accuracy of the vote on all labels less so much."""
ROUND = 0.03
"""The share of the items that get a vote before the model is fitted anew."""


@dataclass(frozen=True, slots=True)
class Offers:
    """One more vote on each item: its expected gain, the best annotator to ask, and the gain for the money."""

    gain: Floats
    """Shape (items,): by how much the expected number of right labels grows, 0 to 1."""
    annotator: Codes
    """Shape (items,): who is to be asked, a place in `votes.annotators`; -1 where nobody is left to ask."""
    gain_per_price: Floats


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay came to."""

    labels_per_item: float
    accuracy: float
    """Of the items with gold when it stopped, 0 to 1, ties at expectation."""
    promised: float
    """The accuracy that the model itself expected on these items."""
    target: float
    reached: bool
    votes: NDArray[np.intp]
    """The rows that were bought, in the order of buying."""


def offers(model: Model, *, prices: Mapping[object, float] | None = None) -> Offers:
    """What one more vote on each item of a fitted model would gain, by whom, and against what price.

    The gain is the expected value of the highest posterior after the vote, less that before it: the vote counts as the
    annotator's confusion matrix says. Of annotators who have not yet voted on the item, the one with the most gain for the
    price is named; `prices` is by annotator, 1 where it has no entry.
    """
    votes = model.votes_
    price = np.array([(prices or {}).get(name, 1.0) for name in votes.annotators.tolist()], dtype=np.float64)
    if not (np.isfinite(price) & (price > 0)).all():
        wrong = votes.annotators.tolist()[int(np.argmin(np.isfinite(price) & (price > 0)))]
        raise ValueError(f"the price of annotator {wrong!r} must be a number above 0")
    asked = np.sort(votes.item_codes.astype(np.int64) * max(len(price), 1) + votes.annotator_codes)
    before = model.posterior_.max(axis=1, initial=0.0)
    best, who, gain = np.full(len(before), -1.0), np.full(len(before), -1, dtype=np.int32), np.zeros(len(before))
    places = np.arange(len(before), dtype=np.int64)
    for code in range(len(price)):
        confusion = model.confusion_[code]
        after = np.zeros(len(before))
        for given in range(confusion.shape[1]):
            after += (model.posterior_ * confusion[:, given]).max(axis=1)
        gained = np.maximum(after - before, 0.0)
        pair = places * len(price) + code
        place = np.minimum(np.searchsorted(asked, pair), max(len(asked) - 1, 0))
        free = asked[place] != pair if len(asked) else np.ones(len(before), dtype=bool)
        better = free & (gained / price[code] > best)
        best[better], who[better], gain[better] = (gained / price[code])[better], code, gained[better]
    return Offers(gain, who, np.maximum(best, 0.0))


def replay(
    votes: Votes,
    gold: Mapping[object, object],
    *,
    target: float | Literal["vote"] = "vote",
    seed: int = 0,
    model: Callable[[], Model] = lambda: Consensus(max_rounds=20, tolerance=0.01),
) -> Replay:
    """Buy recorded votes in a random order within each item, where the risk of a wrong label is highest.

    Each item gets one vote; then, round by round, the items whose label is least certain for the number of votes they have
    get the next. With a number as `target` it stops when the model expects that accuracy, as a buyer without gold would;
    with "vote" where it reaches the accuracy of the vote on all labels less 0.2 points, as gold tells. Gold is never shown
    to the model. Only votes on items with gold are bought, and count; `reached` is False where the votes ran out before.
    """
    codes = votes.gold_codes(gold)
    known = codes >= 0
    if not known.any():
        raise ValueError("no item of the votes has gold: replay needs the right label of some of them")
    random = np.random.default_rng(seed)
    order = random.permutation(len(votes))
    order = order[known[votes.item_codes[order]]]
    order = order[np.argsort(votes.item_codes[order], kind="stable")]
    counts = np.bincount(votes.item_codes[order], minlength=len(codes))
    starts = np.cumsum(counts) - counts
    goal = _of_vote(votes, codes) - SLACK if target == "vote" else float(target)
    has = (counts > 0).astype(np.int64)
    bought = list(order[starts[has > 0]])
    size = max(1, round(ROUND * int(known.sum())))
    while True:
        posterior = model().fit(votes.rows(np.array(bought, dtype=np.intp))).posterior_[known]
        accuracy, promised = _accuracy(posterior, codes[known]), float(posterior.max(axis=1).mean())
        reached = accuracy >= goal if target == "vote" else promised >= goal
        risk = np.full(len(codes), -1.0)
        risk[known] = (1 - posterior.max(axis=1)) / (has[known] + 1)
        open_items = np.flatnonzero((has < counts) & known)
        if reached or not len(open_items):
            per_item = len(bought) / int(known.sum())
            return Replay(per_item, accuracy, promised, goal, reached, np.array(bought, dtype=np.intp))
        toss = random.random(len(open_items))
        chosen = open_items[np.lexsort((toss, -risk[open_items]))[:size]]
        bought.extend(order[starts[chosen] + has[chosen]])
        has[chosen] += 1


def _accuracy(posterior: Floats, codes: Codes) -> float:
    level = level_of(posterior)
    return float((level[np.arange(len(codes)), codes] / level.sum(axis=1)).mean())


def _of_vote(votes: Votes, codes: Codes) -> float:
    known = codes >= 0
    return _accuracy(votes.once().counts()[known], codes[known])
