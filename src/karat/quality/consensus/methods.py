"""The methods by which a project's votes become a consensus: one line each, which the server and its pages then offer."""

from collections.abc import Callable
from dataclasses import dataclass

from karat.quality.consensus.dawid_skene import DawidSkene, OneCoin
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.mace import Mace
from karat.quality.consensus.model import Model
from karat.quality.consensus.shares import MajorityVote, WeightedVote


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to merge. `model` makes an unfitted model of votes; kinds without one of their own merge by `merge`, with the
    weights of `karat.quality.author_weights` where `is_weighted`."""

    name: str
    title: str
    about: str
    model: Callable[[], Model]
    is_weighted: bool = True


DEFAULT = "default"
LISTED = (
    Method(
        name=DEFAULT,
        title="Karat's own",
        about="Learns from all answers who is how good, and says how sure each result is.",
        model=Consensus,
    ),
    Method(name="majority", title="Majority", about="Everyone has one vote.", model=MajorityVote, is_weighted=False),
    Method(
        name="weighted",
        title="Weighted",
        about="Everyone has as many votes as they agree with the others.",
        model=WeightedVote,
    ),
    Method(
        name="dawid_skene",
        title="Dawid and Skene",
        about="Each author has a confusion of their own (1979); too sure where authors share their mistakes.",
        model=DawidSkene,
    ),
    Method(
        name="one_coin",
        title="One coin",
        about="Each author is right with one probability, whatever the label.",
        model=OneCoin,
    ),
    Method(
        name="mace",
        title="MACE",
        about="Each author knows or guesses (Hovy and others, 2013): for crowds with spammers.",
        model=Mace,
    ),
)
"""GLAD is not among them: the ease of each item is learned with all others, so that no item can be settled by itself."""
METHODS = {method.name: method for method in LISTED}
