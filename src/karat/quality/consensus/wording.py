"""What several texts of one item say together: the word most believed at each place, written as most wrote it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from karat.quality.alignment import Piece
from karat.quality.columns import Codes, Floats
from karat.quality.consensus.lattice import NOTHING, nearest

T = TypeVar("T")
LEVEL = 1e-9
"""Shares that differ by less are level."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One text that stands for several."""

    text: str
    words: tuple[str, ...]
    shares: Floats
    """Shape (words,): how probable each word is, in (0, 1]."""
    right: float
    """The expected share of right words among those here and those expected to be missing, in [0, 1]."""
    tie: bool
    """Whether some place had level words; it then has that of the text nearest to all."""


def mixed(table: Codes, given: Sequence[Sequence[Piece]], weights: Floats, sharpness: float) -> Wording:
    """The text that takes at each place of the lattice `table` what has the most weight, a word or nothing.

    `given` are the pieces of each text, `weights` of shape (texts,) how far each counts. A word is as probable as its share
    of the weight to the power of `sharpness`, over that of all that stand at the place. Where somebody wrote just these
    words, the result is one of such texts, the one whose case and punctuation has the most weight; else every word is
    written as most of the weight that has it writes it.
    """
    shares = weights / weights.sum()
    middle = _middle(table, weights)
    chosen: list[tuple[int, int, float]] = []
    missing, tie = 0.0, False
    for row in range(len(table)):
        votes = believed(table[row], shares, sharpness)
        most = max(votes.values())
        level = [token for token, share in votes.items() if share >= most - LEVEL]
        own = int(table[row, middle])
        token = own if own in level else min(level)
        tie = tie or len(level) > 1
        if token == NOTHING:
            missing += 1 - votes[token]
        else:
            chosen.append((row, token, votes[token]))
    found = np.array([share for _, _, share in chosen])
    silent = float(shares[(table == NOTHING).all(axis=0)].sum())
    right = float(found.sum()) / (len(found) + missing) if len(found) else silent
    written = _written(table, given, shares, [(row, token) for row, token, _ in chosen])
    return Wording(joined(written), tuple(piece.word for piece in written), found, right, tie)


def joined(text: Sequence[Piece]) -> str:
    """The pieces as one text."""
    return "".join(piece.shown + piece.space for piece in text).rstrip()


def _written(
    table: Codes, given: Sequence[Sequence[Piece]], shares: Floats, chosen: Sequence[tuple[int, int]]
) -> Sequence[Piece]:
    at = np.cumsum(table != NOTHING, axis=0) - 1
    spellings: list[dict[str, float]] = []
    pieces: list[Piece] = []
    for row, token in chosen:
        having = np.flatnonzero(table[row] == token).tolist()
        own = [given[text][at[row, text]] for text in having]
        spellings.append(_summed((piece.shown, shares[text]) for piece, text in zip(own, having, strict=True)))
        followed = [(p.space, shares[t]) for p, t in zip(own, having, strict=True) if at[row, t] + 1 < len(given[t])]
        space = _most(_summed(followed)) if followed else " "
        pieces.append(Piece(own[0].word, _most(spellings[-1]), space))
    words = [piece.word for piece in pieces]
    same = [text for text in given if [piece.word for piece in text] == words]
    if not same or not words:
        return pieces
    return max(same, key=lambda text: sum(by[p.shown] for by, p in zip(spellings, text, strict=True) if p.shown in by))


def _middle(table: Codes, weights: Floats) -> int:
    """The text nearest to all."""
    return nearest([[token for token in column if token != NOTHING] for column in table.T.tolist()], weights)


def believed(row: Codes, shares: Floats, sharpness: float) -> dict[int, float]:
    """How probable each token of one place is."""
    votes = _summed(zip(row.tolist(), shares.tolist(), strict=True))
    most = max(votes.values())
    sharp = {token: (share / most) ** sharpness for token, share in votes.items()}
    total = sum(sharp.values())
    return {token: share / total for token, share in sharp.items()}


def _summed(options: Iterable[tuple[T, float]]) -> dict[T, float]:
    summed: dict[T, float] = {}
    for option, share in options:
        summed[option] = summed.get(option, 0.0) + share
    return summed


def _most(votes: dict[str, float]) -> str:
    """The option with the most weight; of level ones the first in the order of characters."""
    most = max(votes.values())
    return min(option for option, share in votes.items() if share >= most - LEVEL)
