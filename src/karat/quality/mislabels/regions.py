"""Which boxes, spans and other regions are overlooked, badly placed or misnamed, from what a model found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.model.kind import AnyKind
from karat.model.schema import Field
from karat.quality.structured import Responses

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

SHARPNESS = 0.1
"""The temperature of the soft minimum: the lowest score of an item counts most, and many low ones more than one."""
USUAL = 0.8
"""What makes a model sure of a label of which it never found a given region."""


@dataclass(frozen=True, slots=True)
class RegionMislabels:
    """What a model says of given regions and of those that are missing; scores in [0, 1], low means probably wrong."""

    placed: Floats
    """Shape (given,): how well the model's own region of that label fits; 1 where it found none there."""
    named: Floats
    """Shape (given,): how far the model prefers the given label there to others; ½ where it found nothing."""
    suggested: Ints
    """Shape (given,): the label that the model prefers there, -1 where it found nothing."""
    seen: Floats
    """Shape (found,): low where the model is sure of a region that nobody marked; 1 where somebody did or it is not sure."""
    item_scores: Floats
    """Shape (items,), aligned with `given.items`: how sure all of an item is."""

    @property
    def order(self) -> Ints:
        """Places of items, those that are most probably wrong first."""
        return np.argsort(self.item_scores, kind="stable")


def find_region_mislabels(given: Responses, found: Responses, confidence: ArrayLike) -> RegionMislabels:
    """Rank items, their regions and what they lack by how probably they are wrong: boxes, spans, any kind with a place.

    `given` is what was marked, `found` what a model found that did not see these labels, with its `confidence`, shape
    (found,), in [0, 1]. Both are of one kind and name labels alike; items that only the model knows are passed over. A
    model is *sure* of a region where its confidence is at least what it has on average for regions of that label that
    were marked too: detectors are seldom calibrated, and a fixed 0.95 may never be reached. Overlooked: it is sure, and
    no marked region meets it. Badly placed: 1 - the distance to its nearest region of that label, of those it holds at
    least half as likely as the ones it is sure of. Misnamed: the margin between its best region of that label there and
    of another. An item's score is the geometric mean of the soft minima of the three. Errors and their pooling are those
    of Tkachenko, Thyagarajan and Mueller, ObjectLab (2023); the limits are those of confident learning (Northcutt, Jiang
    and Chuang 2021).

    >>> names = {"item": "photo", "annotator": "who", "label": "what", "kind": "interval", "value": ["from", "to"]}
    >>> people = {"photo": [1, 1, 2], "who": ["Ada"] * 3, "what": ["cat", "dog", "cat"], "from": [0, 50, 0], "to": [9, 59, 9]}
    >>> model = {"photo": [1, 1, 2, 2], "who": ["m"] * 4, "what": ["cat"] * 3 + ["dog"], "from": [0, 50, 0, 70], "to": [9, 59, 9, 80]}
    >>> found = find_region_mislabels(
    ...     Responses.from_table(people, **names), Responses.from_table(model, **names), [0.9, 0.95, 0.9, 0.9]
    ... )
    >>> found.named.round(3).tolist(), found.suggested.tolist(), found.seen.round(3).tolist()
    ([0.95, 0.025, 0.95], [0, 0, 0], [1.0, 1.0, 1.0, 0.1])
    """
    sure = _confidence(found, confidence)
    codes = _same_labels(given, found)
    item = _same_items(given, found)
    placed, named = np.ones(len(given)), np.full(len(given), 0.5)
    suggested, seen = np.full(len(given), -1), np.ones(len(found))
    meetings = [
        _Meeting(rows, others, _apart(given, found, rows, others))
        for rows, others in _by_item(given, item, len(given.items))
    ]
    limits = _limits(meetings, given.label_codes, codes, sure, len(given.labels))
    for meeting in meetings:
        own, theirs = given.label_codes[meeting.given], codes[meeting.found]
        same, near = own[:, None] == theirs[None, :], 1 - meeting.apart
        p, limit = sure[meeting.found], limits[theirs]
        fits = np.where(same & (near > 0) & (p >= limit / 2), near, -1.0).max(axis=1, initial=-1.0)
        placed[meeting.given] = np.where(fits >= 0, fits, 1.0)
        weight = near * p
        ours, other = (np.where(mask, weight, 0.0).max(axis=1, initial=0.0) for mask in (same, ~same & (p >= limit)))
        named[meeting.given] = (1 + ours - other) / 2
        if len(meeting.found):
            best = np.where(same | (p >= limit), weight, 0.0)
            suggested[meeting.given] = np.where(best.max(axis=1) > 0, theirs[best.argmax(axis=1)], -1)
        alone = (near.max(axis=0, initial=0.0) <= 0) & (p >= limit)
        seen[meeting.found] = np.where(alone, 1 - p, 1.0)
    scores = _pooled(len(given.items), (given.item_codes, placed), (given.item_codes, named), (item, seen))
    return RegionMislabels(placed, named, suggested, seen, scores)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Rows given and found on one item, and how far apart they are, shape (given, found)."""

    given: Ints
    found: Ints
    apart: Floats


def _confidence(found: Responses, confidence: ArrayLike) -> Floats:
    p = np.asarray(confidence, np.float64)
    if p.shape != (len(found),):
        raise ValueError(f"confidence has shape {p.shape} for {len(found)} found regions; give one for each")
    odd = np.flatnonzero(~((p >= 0) & (p <= 1)))
    if len(odd):
        raise ValueError(f"confidence holds {p[odd[0]]} in row {odd[0]}: it lies between 0 and 1")
    return p


def _same_labels(given: Responses, found: Responses) -> Ints:
    """The labels of found regions as codes of the given ones; others follow after."""
    if given.kind.name != found.kind.name:
        raise ValueError(
            f"given regions are of kind {given.kind.name!r}, found ones of {found.kind.name!r}: give one kind"
        )
    place = {label: code for code, label in enumerate(given.labels)}
    codes = np.array([place.setdefault(label, len(place)) for label in found.labels] or [0], np.int64)
    return np.where(found.label_codes >= 0, codes[np.maximum(found.label_codes, 0)], -1)


def _same_items(given: Responses, found: Responses) -> Ints:
    """Of each found region the place of its item among the given ones, -1 where it is not there."""
    place = {str(name): code for code, name in enumerate(given.items.tolist())}
    codes = np.array([place.get(str(name), -1) for name in found.items.tolist()] or [-1], np.int64)
    return np.asarray(codes[found.item_codes])


def _by_item(given: Responses, item: Ints, items: int) -> list[tuple[Ints, Ints]]:
    """The rows given and found on each item."""
    order, theirs = np.argsort(given.item_codes, kind="stable"), np.argsort(item, kind="stable")
    cuts = np.searchsorted(given.item_codes[order], np.arange(items + 1))
    found_cuts = np.searchsorted(item[theirs], np.arange(items + 1))
    return [
        (order[cuts[i] : cuts[i + 1]], theirs[found_cuts[i] : found_cuts[i + 1]])
        for i in range(items)
        if cuts[i + 1] > cuts[i] or found_cuts[i + 1] > found_cuts[i]
    ]


def _apart(given: Responses, found: Responses, rows: Ints, others: Ints) -> Floats:
    return distances_between(given.values.of(rows), found.values.of(others), given.kind, given.field)


def distances_between(a: Sequence[object], b: Sequence[object], kind: AnyKind, field: Field) -> Floats:
    """The distances of all of the one to all of the other, shape (len(a), len(b))."""
    if not len(a) or not len(b):
        return np.ones((len(a), len(b)))
    if kind.distances is not None:
        return np.asarray(kind.distances(a, b, field), np.float64)
    return np.array([[kind.distance(x, y, field) for y in b] for x in a], np.float64)


def _limits(meetings: Sequence[_Meeting], own: Ints, theirs: Ints, p: Floats, labels: int) -> Floats:
    """From which confidence on the model is sure of each label: its mean where a region of that label was marked too."""
    k = max(labels, int(theirs.max(initial=-1)) + 1) + 1  # the last is that of no label
    total, n = np.zeros(k), np.zeros(k)
    for meeting in meetings:
        same = own[meeting.given][:, None] == theirs[meeting.found][None, :]
        met = meeting.found[(same & (meeting.apart < 0.5)).any(axis=0)]
        np.add.at(total, theirs[met], p[met])
        np.add.at(n, theirs[met], 1)
    usual = float(total.sum() / n.sum()) if n.sum() else USUAL
    return np.asarray(np.divide(total, n, out=np.full(k, usual), where=n > 0) - 1e-9)


def _pooled(items: int, *parts: tuple[Ints, Floats]) -> Floats:
    """The geometric mean of the soft minima of several scores by item; 1 where an item has none of a sort."""
    logs = np.zeros(items)
    for item, scores in parts:
        kept = item >= 0
        weight = np.exp(-scores[kept] / SHARPNESS)
        whole = np.bincount(item[kept], weight, minlength=items)
        low = np.bincount(item[kept], weight * scores[kept], minlength=items)
        logs += np.log(np.maximum(np.divide(low, whole, out=np.ones(items), where=whole > 0), 1e-6))
    return np.asarray(np.exp(logs / len(parts)))
