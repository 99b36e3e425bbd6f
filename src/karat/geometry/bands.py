"""Rows and columns as intervals that lie one after another, and how alike two such divisions are."""

from collections.abc import Sequence


def likeness(a: Sequence[float], b: Sequence[float]) -> float:
    """How alike two divisions are, from 0 (no band in common) to 1 (the same bands).

    `a` and `b` are ascending positions, two or more; a band lies between one and the next. Bands are matched in their
    order, one to one, so that the sum S of their intersections over unions is largest; the likeness is 2 S over the number
    of bands in both: the F1 of the bands, where a match counts by its overlap, as GriTS counts the location of cells
    (Smock, Pesala and Abraham 2022) and in one dimension, where the best match in order is exact.

    >>> likeness((0, 10, 20), (0, 10, 20)), likeness((0, 10, 20), (0, 20)), likeness((0, 1), (5, 6))
    (1.0, 0.3333333333333333, 0.0)
    """
    pairs = _touching(a, b)
    best = [0.0]  # of the first pairs, the largest sum
    firsts: dict[tuple[str, int], int] = {}
    for at, (i, j, share) in enumerate(pairs):
        # Pairs that share a band with this one stand right before it: what comes before those goes with it.
        before = min(firsts.setdefault(("a", i), at), firsts.setdefault(("b", j), at))
        best.append(max(best[-1], best[before] + share))
    return min(1.0, 2 * best[-1] / (len(a) + len(b) - 2))


def _touching(a: Sequence[float], b: Sequence[float]) -> list[tuple[int, int, float]]:
    """Bands that have a place in common, in order, with their intersection over union."""
    found = []
    i = j = 0
    while i < len(a) - 1 and j < len(b) - 1:
        common = min(a[i + 1], b[j + 1]) - max(a[i], b[j])
        if common > 0:
            found.append((i, j, common / (max(a[i + 1], b[j + 1]) - min(a[i], b[j]))))
        if a[i + 1] < b[j + 1]:
            i += 1
        else:
            j += 1
    return found
