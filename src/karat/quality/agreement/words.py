"""How far transcripts and other texts of several annotators differ, by words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from karat.quality.agreement.comparisons import Comparisons, pairs_within
from karat.quality.alignment import Split, word_errors, words
from karat.quality.columns import coded, read_columns


def word_error_agreement(
    items: ArrayLike,
    annotators: ArrayLike,
    texts: Sequence[str],
    *,
    reference: object = None,
    split: Split = words,
) -> Comparisons:
    """The word error rate (WER) of annotators against `reference`, or of each against each other both ways round.

    Row i says: `annotators[i]` wrote `texts[i]` for `items[i]`. The rate is the sum of changes over the sum of the
    references' words: `estimate()`, `by_pair()`, `by_annotator()`, `by_item()`, `by_slice(…)`. 0 is the same words, above 1
    where more was put in than there is. `split=characters` gives the character error rate.

    >>> table = [1, 1, 2, 2], ["Ada", "Ben", "Ada", "Ben"], ["the cat sat", "the cat sits", "yes", "yes"]
    >>> found = word_error_agreement(*table)
    >>> found.estimate().value, found.by_item()
    (0.25, {1: 0.3333333333333333, 2: 0.0})
    """
    columns = read_columns({"items": items, "annotators": annotators}, ["items", "annotators"])
    names, item = coded(columns["items"], "items")
    people, person = coded(columns["annotators"], "annotators")
    if len(texts) != len(item):
        raise ValueError(f"there are {len(texts)} texts and {len(item)} items; give one text a row")
    a, b = pairs_within(item, ordered=True)
    if reference is not None:
        if reference not in people.tolist():
            raise ValueError(f"reference={reference!r} wrote no text; name one of {people.tolist()[:8]}")
        kept = person[a] == people.tolist().index(reference)
        a, b = a[kept], b[kept]
    found = [word_errors(texts[i], texts[j], split=split) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
    apart, base = np.array([e.errors for e in found], np.float64), np.array([e.length for e in found], np.float64)
    return Comparisons(names, people, item[a], person[a], person[b], apart, base)
