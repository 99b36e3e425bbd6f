"""How many labels to buy: what one more vote on an item would gain, and a replay of recorded votes that buys them so."""

from karat.quality.buying.replaying import Offers, Replay, offers, replay

__all__ = [
    "Offers",
    "Replay",
    "offers",
    "replay",
]
