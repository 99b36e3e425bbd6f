"""Which annotations of two authors mean the same thing, and how far apart the two are on a field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from karat.geometry.assignment import assign
from karat.model.kind import AnyKind, WhereOptions
from karat.model.response import Annotation
from karat.model.schema import Field

FEW = 256
"""Up to so many comparisons, a plain loop is faster than arrays."""
BLOCK = 4_000_000
"""Distances held at once: 32 MB."""
MORE_PAIRS = 1e-9
"""Added to each gain: of assignments with equal gain, the one with more pairs is taken, whichever side comes first."""
BELOW_ONE = float(np.nextafter(1.0, 0.0))
"""The largest distance of things that have anything in common."""
SAME_LABEL = 1e-6
"""Likewise for pairs of one label in a class-blind matching: the same words marked as two things are two pairs, no confusion."""

Candidate = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs (index in a, index in b, distance) and the indices that found no partner."""

    pairs: tuple[Candidate, ...]
    only_a: tuple[int, ...]
    only_b: tuple[int, ...]

    @property
    def distance(self) -> float:
        """(sum of matched + unmatched) / (matched + unmatched); 0 where both looked and found nothing."""
        alone = len(self.only_a) + len(self.only_b)
        everything = len(self.pairs) + alone
        return (sum(d for _, _, d in self.pairs) + alone) / everything if everything else 0.0


def match(a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind) -> Matching:
    """The optimal assignment among pairs of one label whose distance is within the field's cut.

    Where a label has one thing (`has_one_per_label`), those of one label are a pair however far apart. It maximises the sum of 1 - distance, so that one good pair is never given up for two that hardly overlap.
    """
    return _matched(len(a), len(b), list(candidates(a, b, field, kind)))


def match_blind(a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind) -> Matching:
    """The same across labels; equal labels win only where nothing else tells two assignments apart.

    Where a label has one thing, those of one label are a pair first, and the cut holds for what is left.
    """
    if has_one_per_label(field, kind):
        return _matched_by_label(a, b, field, kind)
    found = list(candidates_blind(a, b, field, kind))
    return _matched(len(a), len(b), found, bonus=[SAME_LABEL * (a[i].label == b[j].label) for i, j, _ in found])


def confusions(
    a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind
) -> Counter[tuple[str | None, str | None]]:
    """How often (label of a, label of b) stand for one thing; None where the other has nothing there.

    From a class-blind matching: with the labels in the way, a car that the other called a truck would be two misses.
    """
    found = match_blind(a, b, field, kind)
    counts = Counter((a[i].label, b[j].label) for i, j, _ in found.pairs)
    counts.update((a[i].label, None) for i in found.only_a)
    counts.update((None, b[j].label) for j in found.only_b)
    return counts


def candidates(a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind) -> Iterator[Candidate]:
    """Pairs of one label on one stream within the cut."""
    limit = reach_of(field, kind)
    if len(a) * len(b) <= FEW:
        for (i, x), (j, y) in product(enumerate(a), enumerate(b)):
            if x.label == y.label and (x.on == y.on or place_of(x, field) == place_of(y, field)):
                d = kind.distance(x.value, y.value, field)
                if d <= limit:
                    yield i, j, d
        return
    groups_b = _by_place_and_label(b, field)
    for key, rows in _by_place_and_label(a, field).items():
        columns = groups_b.get(key, [])
        for i, j, d in _within([a[r] for r in rows], [b[c] for c in columns], field, kind, limit):
            yield rows[i], columns[j], d


def cut_of(field: Field) -> float:
    """The largest distance at which two annotations of a field may be the same thing."""
    return field.options.cut if isinstance(field.options, WhereOptions) else 1.0


def has_one_per_label(field: Field, kind: AnyKind) -> bool:
    """Whether each label of a field has one thing, so that the label alone says which annotations mean the same."""
    return kind.together is not None and kind.together.one_per_label(field)


def reach_of(field: Field, kind: AnyKind) -> float:
    """The largest distance at which two annotations of one label may be the same thing: the cut, and less than 1, unless a
    label has one thing."""
    return 1.0 if has_one_per_label(field, kind) else min(cut_of(field), BELOW_ONE)


def candidates_blind(
    a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind
) -> Iterator[Candidate]:
    """Pairs within the cut, whatever their labels; in blocks, so that memory does not grow with the number of pairs."""
    return _within(a, b, field, kind, min(cut_of(field), BELOW_ONE))


def _within(
    a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind, limit: float
) -> Iterator[Candidate]:
    left, right = [x.value for x in a], [y.value for y in b]
    if kind.distances is None or len(a) * len(b) <= FEW:
        for (i, x), (j, y) in product(enumerate(left), enumerate(right)):
            d = kind.distance(x, y, field)
            if d <= limit and place_of(a[i], field) == place_of(b[j], field):
                yield i, j, d
        return
    step = max(1, BLOCK // len(right))
    for start in range(0, len(left), step):
        matrix = kind.distances(left[start : start + step], right, field)
        for i, j in np.argwhere(matrix <= limit).tolist():
            if place_of(a[start + i], field) == place_of(b[j], field):
                yield start + i, j, float(matrix[i, j])


def _matched_by_label(a: Sequence[Annotation], b: Sequence[Annotation], field: Field, kind: AnyKind) -> Matching:
    same = match(a, b, field, kind)
    left, right = [a[i] for i in same.only_a], [b[j] for j in same.only_b]
    rest = _matched(len(left), len(right), list(candidates_blind(left, right, field, kind)))
    return Matching(
        pairs=(*same.pairs, *((same.only_a[i], same.only_b[j], d) for i, j, d in rest.pairs)),
        only_a=tuple(same.only_a[i] for i in rest.only_a),
        only_b=tuple(same.only_b[j] for j in rest.only_b),
    )


def _matched(height: int, width: int, found: list[Candidate], *, bonus: Sequence[float] = ()) -> Matching:
    rows, columns = {i for i, _, _ in found}, {j for _, j, _ in found}
    if len(rows) < len(found) or len(columns) < len(found):
        found = _assigned(found, bonus or [0.0] * len(found))
        rows, columns = {i for i, _, _ in found}, {j for _, j, _ in found}
    return Matching(
        pairs=tuple(found),
        only_a=tuple(i for i in range(height) if i not in rows),
        only_b=tuple(j for j in range(width) if j not in columns),
    )


def _assigned(found: list[Candidate], bonus: Sequence[float]) -> list[Candidate]:
    distance = {(i, j): d for i, j, d in found}
    rows, columns, distances = (np.array(part) for part in zip(*found, strict=True))
    joined = assign(rows, columns, 1.0 - distances + MORE_PAIRS + np.array(bonus))
    return [(i, j, distance[i, j]) for i, j in zip(joined[0].tolist(), joined[1].tolist(), strict=True)]


def place_of(annotation: Annotation, field: Field) -> tuple[str | None, str | None]:
    """The stream and its part on which an annotation lies; the field's own stream where it does not say."""
    return (field.on, None) if annotation.on is None else (annotation.on.stream, annotation.on.part)


def _by_place_and_label(annotations: Sequence[Annotation], field: Field) -> dict[object, list[int]]:
    groups: dict[object, list[int]] = {}
    for index, annotation in enumerate(annotations):
        groups.setdefault((place_of(annotation, field), annotation.label), []).append(index)
    return groups
