"""Which words of a text, and which spans made of them, are probably labeled wrong, from a model's probabilities."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.quality.mislabels.labels import Method, checked, label_scores

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]


@dataclass(frozen=True, slots=True)
class TokenMislabels:
    """What a model says of the labels of tokens; low scores mean probably wrong."""

    scores: Floats
    """Shape (tokens,), in [0, 1]."""
    suggested: Ints
    """The label that the model holds likeliest, shape (tokens,)."""
    items: NDArray[np.generic]
    """The items in the order in which they came."""
    item_scores: Floats
    """Shape (items,): that of the worst token."""
    worst: Ints
    """Shape (items,): the row of that token."""
    run_starts: Ints
    """The row at which each run of tokens with one label begins, shape (runs,): spans, and what lies between them."""
    run_scores: Floats
    """Shape (runs,): that of the worst token of the run."""

    @property
    def order(self) -> Ints:
        """Places of items, those that are most probably wrong first."""
        return np.argsort(self.item_scores, kind="stable")


def find_token_mislabels(
    items: ArrayLike, labels: ArrayLike, probabilities: ArrayLike, *, method: Method = "self_confidence"
) -> TokenMislabels:
    """Rank texts, spans and words by how probably their labels are wrong.

    Row i is a token of the text `items[i]` with the label code `labels[i]` (outside of spans has a code of its own) and
    the model's `probabilities[i]`, shape (tokens, labels); tokens of a text follow one another. A text is as good as its
    worst word: one error in forty right words is not averaged away. Source: Wang and Mueller, Detecting Label Errors in
    Token Classification Data (2022), whose best score this is.

    >>> found = find_token_mislabels([7, 7, 8], [0, 1, 1], [[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]])
    >>> found.items.tolist(), found.item_scores.round(3).tolist(), found.worst.tolist(), found.suggested.tolist()
    ([7, 8], [0.3, 0.8], [1, 2], [0, 0, 1])
    """
    given, p = checked(labels, probabilities)
    of = np.asarray(items)
    if of.shape != given.shape:
        raise ValueError(f"there are {len(of)} items and {len(given)} labels; give one item and one label a token")
    if not len(given):
        none = np.empty(0, np.int64)
        return TokenMislabels(np.empty(0), none, of, np.empty(0), none, none, np.empty(0))
    scores = label_scores(given, p, method=method)
    turn = np.concatenate([[True], of[1:] != of[:-1]])
    begin = np.flatnonzero(turn)
    if len(np.unique(of[begin])) < len(begin):
        names, counts = np.unique(of[begin], return_counts=True)
        torn = names[counts > 1].tolist()[0]
        raise ValueError(f"the tokens of item {torn!r} do not follow one another; sort the table by item")
    runs = np.flatnonzero(turn | np.concatenate([[True], given[1:] != given[:-1]]))
    lowest = np.minimum.reduceat(scores, begin)
    text = np.cumsum(turn) - 1
    first_worst = np.flatnonzero(scores == lowest[text])
    worst = first_worst[np.unique(text[first_worst], return_index=True)[1]]
    return TokenMislabels(scores, p.argmax(axis=1), of[begin], lowest, worst, runs, np.minimum.reduceat(scores, runs))
