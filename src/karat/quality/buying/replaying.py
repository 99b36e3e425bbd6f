"""How many labels to buy: what one more vote on an item would gain, and a replay of recorded votes that buys them so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karat.quality.buying.promise import PILOT, promised, right_of
from karat.quality.columns import Codes, Floats
from karat.quality.consensus.checks import check_number
from karat.quality.consensus.collapsed import Collapsed
from karat.quality.consensus.model import Model
from karat.quality.consensus.online import Online
from karat.quality.votes import Votes

SLACK = 0.002
"""`target="vote"` is the accuracy of the vote on all labels less so much."""
ROUND = 0.005
"""The share of the items that get a vote before it is asked whether to stop."""
GROWTH = 0.05
"""By what share the votes grow before the model is fitted anew; until then each changes its item and its annotators."""


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
    """The accuracy that a buyer would promise who knows the votes bought and the gold of the pilot."""
    expected: float
    """The accuracy that the model expects by the votes alone. Mistakes that most people share do not show in votes."""
    target: float
    reached: bool
    votes: NDArray[np.intp]
    """The rows that were bought, in the order of buying."""
    pilot: int
    """How many items had gold that the promise may use."""


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
    budget: float | None = None,
    pilot: int = PILOT,
    model: Callable[[], Model] = Collapsed,
) -> Replay:
    """Buy recorded votes in a random order within each item, where the risk of a wrong label is highest.

    Each item gets one vote; then, a few at a time, the items whose label is least certain for the number of votes they
    have get the next. With a number as `target` it stops when that accuracy can be promised; with "vote" where it reaches
    the accuracy of the vote on all labels less 0.2 points, as gold tells; and where `budget` (labels per item) or the votes
    run out, with `reached` False. Gold is never shown to the model, nor used to choose what to buy: of `pilot` items drawn
    at random, at most half of those with gold, it corrects what is promised (see `karat.quality.buying.promise`); 0 promises what
    the model expects. Only votes on items with gold are bought, and count; an annotator's last one on an item.

    `model` makes a model that is not fitted, as its class does. Raises `ValueError` or `TypeError` where `target` is neither
    "vote" nor a number from 0 to 1, `budget` not a finite number of 1 or more, `pilot` or `seed` not a whole number of 0
    or more, or `model` cannot be called.
    """
    _check(target, budget, pilot, seed, model)
    shop = _Shop.of(votes, gold, np.random.default_rng(seed))
    known = shop.gold
    goal = _of_vote(shop.votes, known) - SLACK if target == "vote" else float(target)
    most = len(shop.votes) if budget is None else int(budget * len(known))
    piloted = shop.random.permutation(len(known))[: min(pilot, len(known) // 2)]
    buyer = _Buyer(shop, model)
    while True:
        right = right_of(buyer.posterior, known)
        sure = buyer.posterior.max(axis=1)
        accuracy, promise = float(right.mean()), promised(sure, piloted, right[piloted])
        reached = accuracy >= goal if target == "vote" else promise >= goal
        left = most - len(buyer.bought)
        if reached or left <= 0 or not buyer.buy(min(left, max(1, round(ROUND * len(known))))):
            return Replay(
                labels_per_item=len(buyer.bought) / len(known),
                accuracy=accuracy,
                promised=promise,
                expected=float(sure.mean()),
                target=goal,
                reached=bool(reached),
                votes=shop.rows[np.array(buyer.bought, dtype=np.intp)],
                pilot=len(piloted),
            )


@dataclass(frozen=True, slots=True)
class _Shop:
    """The votes on items with gold, each item's in a random order."""

    votes: Votes
    rows: NDArray[np.intp]
    """Where each of them stands among the votes that were given."""
    gold: Codes
    order: NDArray[np.intp]
    """Places in `votes`, item by item."""
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]
    random: np.random.Generator

    @classmethod
    def of(cls, votes: Votes, gold: Mapping[object, object], random: np.random.Generator) -> "_Shop":
        codes = votes.gold_codes(gold)
        voted = np.bincount(votes.item_codes, minlength=len(codes)) > 0
        known = (codes >= 0) & voted
        if not known.any():
            raise ValueError("no item of the votes has gold: replay needs the right label of some of them")
        rows = np.flatnonzero(votes.latest() & known[votes.item_codes])
        place = (np.cumsum(known) - 1).astype(np.int32)
        chosen = votes.rows(rows)
        chosen = replace(chosen, items=votes.items[known], item_codes=place[chosen.item_codes], times=None)
        order = random.permutation(len(rows))
        order = order[np.argsort(chosen.item_codes[order], kind="stable")]
        counts = np.bincount(chosen.item_codes, minlength=int(known.sum()))
        return cls(chosen, rows, codes[known], order, np.cumsum(counts) - counts, counts, random)


class _Buyer:
    """What was bought, and what is believed by it."""

    def __init__(self, shop: _Shop, make: Callable[[], Model]) -> None:
        self.shop, self.make = shop, make
        self.has = np.ones(len(shop.counts), dtype=np.int64)
        self.bought: list[int] = shop.order[shop.starts].tolist()
        self._fit()

    def buy(self, size: int) -> bool:
        """So many votes more, where they are needed most; False where none are left."""
        shop = self.shop
        open_items = np.flatnonzero(self.has < shop.counts)
        risk = (1 - self.posterior[open_items].max(axis=1)) / (self.has[open_items] + 1)
        toss = shop.random.random(len(open_items))
        chosen = open_items[np.lexsort((toss, -risk))[:size]]
        rows = shop.order[shop.starts[chosen] + self.has[chosen]].tolist()
        self.bought.extend(rows)
        self.has[chosen] += 1
        if len(self.bought) >= self.fitted * (1 + GROWTH):
            self._fit()
        elif isinstance(self.model, Online):
            self.model.partial_fit(shop.votes.rows(np.array(rows, dtype=np.intp)))
            for item in chosen.tolist():
                self.posterior[item] = self.model.posterior_of(shop.votes.items[item : item + 1].tolist()[0])
        return len(chosen) > 0

    def _fit(self) -> None:
        self.model = self.make().fit(self.shop.votes.rows(np.array(self.bought, dtype=np.intp)))
        self.posterior = self.model.posterior_.copy()
        self.fitted = len(self.bought)


def _check(target: object, budget: float | None, pilot: object, seed: object, model: object) -> None:
    """Raises where the parameters of a replay make no sense."""
    if isinstance(target, str) and target != "vote":
        raise ValueError(f"target={target!r}: give 'vote' or an accuracy from 0 to 1, such as 0.9")
    if not isinstance(target, str):
        check_number("target", target, least=0, most=1)
    if budget is not None:
        if not budget >= 1:
            raise ValueError(f"budget={budget!r} labels an item: the first vote on each item alone is 1")
        if not np.isfinite(budget):
            raise ValueError(f"budget={budget!r} labels an item: give a finite number, or None for no limit")
    for name, value, remedy in (("pilot", pilot, "of items, 0 for none"), ("seed", seed, "that is whole, 0 or more")):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            raise ValueError(f"{name}={value!r}: give a number {remedy}")
    if not callable(model):
        raise TypeError(
            f"model={model!r:.60} is a model: give what makes one, such as the class, model={type(model).__name__}"
        )


def _of_vote(votes: Votes, codes: Codes) -> float:
    return float(right_of(votes.once().counts(), codes).mean())
