"""Recorded votes of real sets, replayed as the people who were asked: votes bought where they are worth most, against three."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from bench.programme.bound import sets
from karat.quality import MajorityVote, Votes
from karat.quality.acceptance import defect_rate
from karat.quality.buying import replay
from karat.quality.buying.promise import right_of
from karat.quality.columns import Codes, Floats
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned, Model, believed

ALIKE = 4.0
"""Votes that everybody together counts for in what is known of one person."""


@dataclass
class Informed(Model):
    """Who knows beforehand how everybody errs, from all of a set's known labels: what no rule can know that begins to buy."""

    confusions: Floats
    """Shape (annotators, true labels, labels given)."""
    log_prior: Floats

    @classmethod
    def of(cls, votes: Votes, known: Codes) -> "Informed":
        """From votes on items of which all labels are known, -1 where one is not."""
        rows, labels = np.flatnonzero(known[votes.item_codes] >= 0), len(votes.labels)
        counts = np.zeros((len(votes.annotators), labels, labels))
        np.add.at(counts, (votes.annotator_codes[rows], known[votes.item_codes[rows]], votes.label_codes[rows]), 1)
        together = counts.sum(axis=0) + 1 / labels
        together /= together.sum(axis=1, keepdims=True)
        shares = (counts + ALIKE * together) / (counts.sum(axis=2, keepdims=True) + ALIKE)
        prior = np.bincount(known[known >= 0], minlength=labels) + 0.5
        return cls(shares, np.log(prior / prior.sum()))

    def _learn(self, incidence: Incidence) -> Learned:
        tables = np.log(np.maximum(self.confusions, 1e-300)).transpose(0, 2, 1)
        return Learned(believed(incidence, tables, self.log_prior)[0], self.confusions, self.log_prior, (1.0, 1.0))


def replays(folder: Path, *, seed: int, orders: int = 2) -> Iterator[dict[str, object]]:
    """Of each set: accuracy of three random votes each and the majority, and of as many and of half as many votes bought
    one by one, most doubtful first; means over so many random orders, per cent of known labels with level ones tossed for."""
    for name, votes, gold in sets(folder):
        fixed, adaptive, half, informed = [], [], [], []
        cost, everything = 0.0, Informed.of(votes, votes.gold_codes(gold))
        for order in range(orders):
            random = np.random.default_rng([seed, order])
            known = votes.gold_codes(gold)
            rows = random.permutation(np.flatnonzero(known[votes.item_codes] >= 0))
            rows = rows[np.argsort(votes.item_codes[rows], kind="stable")]
            starts = np.searchsorted(votes.item_codes[rows], votes.item_codes[rows])
            three = votes.rows(rows[np.arange(len(rows)) - starts < 3])
            asked = np.bincount(three.item_codes, minlength=len(known)) > 0
            fixed.append(float(right_of(MajorityVote().fit(three).posterior_[asked], known[asked]).mean()))
            cost = len(three) / int(asked.sum())
            for share, into in ((1.0, adaptive), (0.5, half)):
                bought = replay(votes, gold, target=1.0, seed=seed + order, budget=max(1.0, share * cost), pilot=0)
                into.append(bought.accuracy)
            most = max(1.0, 0.5 * cost)
            make = partial(replace, everything)
            again = replay(votes, gold, target=1.0, seed=seed + order, budget=most, pilot=0, model=make)
            informed.append(again.accuracy)
        n = int((votes.gold_codes(gold) >= 0).sum())
        rate = defect_rate(round((1 - float(np.mean(fixed))) * n), n)
        yield {
            "set": name,
            "seed": seed,
            "items": n,
            "votes_an_item": round(cost, 2),
            "fixed": round(float(np.mean(fixed)), 4),
            "fixed_low": round(1 - rate.high, 4),
            "fixed_high": round(1 - rate.low, 4),
            "adaptive_same_cost": round(float(np.mean(adaptive)), 4),
            "adaptive_half_cost": round(float(np.mean(half)), 4),
            "half_cost_if_people_were_known": round(float(np.mean(informed)), 4),
            "met": bool(np.mean(half) >= np.mean(fixed) or 1 - np.mean(adaptive) <= (1 - np.mean(fixed)) / 2),
        }
