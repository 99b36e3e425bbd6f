"""What every part of the sheet starts from: the votes, what is known, the consensus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karat.quality.consensus import Consensus
from karat.quality.drift.sessions import sessions_of
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Names = Mapping[object, object] | Sequence[object] | NDArray[np.generic]
Cuts = Mapping[str, Names]

ENOUGH_GOLD = 200
"""Votes on gold below which time, speed and slices are held against the consensus."""
DATES_FROM = 100_000_000
"""Times from here on, in seconds since 1970, are dates; smaller ones are only an order."""


@dataclass(frozen=True, slots=True)
class Table:
    """Votes and what goes with them; arrays as in `Votes`."""

    votes: Votes
    gold: Mapping[object, object]
    model: Consensus
    """Fitted without gold."""
    slices: Cuts
    groups: Cuts
    seconds: Floats | None
    bootstrap: Bootstrap | None
    known: Mapping[object, object]
    """The label of items: gold where there is enough, else the consensus where it is no tie."""
    against: str | None

    @property
    def voted(self) -> NDArray[np.bool_]:
        """Which items have a vote."""
        return np.bincount(self.votes.item_codes, minlength=len(self.votes.items)) > 0

    @property
    def are_dates(self) -> bool:
        """Whether times say a day and an hour."""
        times = self.votes.times
        return times is not None and len(times) > 0 and float(times.min()) >= DATES_FROM


def table_of(
    votes: Votes,
    gold: Mapping[object, object] | None,
    slices: Cuts | None,
    groups: Cuts | None,
    seconds: Floats | None,
    bootstrap: Bootstrap | None,
) -> Table:
    """The table, after the consensus was found."""
    model = Consensus().fit(votes)
    told = gold or {}
    on_gold = votes.gold_codes(told)[votes.item_codes] >= 0
    clear = ~model.ties_ & (np.bincount(votes.item_codes, minlength=len(votes.items)) > 1)
    consensus = {
        votes.items[i].item() if hasattr(votes.items[i], "item") else votes.items[i]: label
        for i, label in zip(np.flatnonzero(clear).tolist(), np.asarray(model.labels_)[clear].tolist(), strict=True)
    }
    enough = int(on_gold.sum()) >= ENOUGH_GOLD
    known, against = (told, "gold") if enough else (consensus, "the consensus" if consensus else None)
    found = Table(votes, told, model, slices or {}, groups or {}, seconds, bootstrap, known, against)
    if seconds is None and found.are_dates:
        spent = sessions_of(votes).seconds
        return Table(votes, told, model, slices or {}, groups or {}, spent, bootstrap, known, against)
    return found
