"""Panoptic quality: how well what one author marked finds and covers what is known, things and surfaces alike."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karat.quality.estimate import Estimate, estimate
from karat.quality.pairing import match
from karat.quality.responses import Said
from karat.quality.structured import Responses
from karat.quality.tallies import Bootstrap

Floats = NDArray[np.float64]
Counts = NDArray[np.float64]

MATCHED_BELOW = 0.5
"""Distance: of marks that do not overlap one another, only one can cover more than half of a thing."""
METHOD = "bootstrap over items"


@dataclass(frozen=True, slots=True)
class PanopticQuality:
    """The mean over the labels, and each label's own; all from 0 to 1, higher is better."""

    quality: Estimate
    by_label: Mapping[str, Estimate]
    segmentation: Estimate
    """Of what was found, the mean overlap: `quality` is about this times `recognition`, and exactly so for each label."""
    recognition: Estimate
    """F1 of finding things."""


def panoptic_quality(
    responses: Responses, *, of: str, truth: str, bootstrap: Bootstrap | None = None
) -> PanopticQuality:
    """The sum of overlaps of what was found, over found + half of what is missing + half of what is not there.

    `of` and `truth` name two annotators: who is measured, and who knows; items count on which both looked. Two marks are one
    thing if they have a label in common and 1 - distance is above 0.5. `n` counts items. Labels that neither has are left
    out. Regions to be ignored (void, crowd) are not known here: leave them out of the table. Raises `ValueError` for a name
    that is none of an annotator. Source: Kirillov et al., Panoptic Segmentation, CVPR 2019.
    """
    for name in (of, truth):
        if name not in map(str, responses.annotators.tolist()):
            raise ValueError(f"no annotator {name!r}: name one of {list(map(str, responses.annotators.tolist()))[:10]}")
    counts = [_counted(a, b, responses) for a, b in _looked(responses, of, truth)]
    labels = sorted({label for item in counts for label in item})
    nothing = np.zeros(3)
    rows = np.array([[item.get(label, nothing) for label in labels] for item in counts]).reshape(
        len(counts), len(labels), 3
    )
    asked = bootstrap or Bootstrap()
    drawn = _drawn(rows, asked)
    whole = rows.sum(axis=0)[None]

    def stated(figure: float, draws: Floats) -> Estimate:
        low, high = _ends(draws, asked.level)
        warning = None if len(counts) and labels else "no item on which both looked and one of them marked something"
        return estimate(figure, low, high, n=len(counts), of="items", method=METHOD, level=asked.level, warning=warning)

    each, draws = _qualities(whole), _qualities(drawn)
    return PanopticQuality(
        stated(float(_mean(each[0])[0]), _mean(draws[0])),
        {label: stated(float(each[0][0, n]), draws[0][:, n]) for n, label in enumerate(labels)},
        stated(float(_mean(each[1])[0]), _mean(draws[1])),
        stated(float(_mean(each[2])[0]), _mean(draws[2])),
    )


def _looked(responses: Responses, of: str, truth: str) -> list[tuple[Said, Said]]:
    found: list[tuple[Said, Said]] = []
    for _, said, _ in responses.by_item():
        named = {one.author: one for one in said}
        if of in named and truth in named:
            found.append((named[of], named[truth]))
    return found


def _counted(a: Said, b: Said, responses: Responses) -> dict[str, Counts]:
    """By label the sum of overlaps of what was found, how often something was, and what stands alone on either side."""
    found: dict[str, Counts] = {}
    for mark in (*a.annotations, *b.annotations):
        found.setdefault(str(mark.label), np.zeros(3))[2] += 1
    for i, _, distance in match(a.annotations, b.annotations, responses.field, responses.kind).pairs:
        if distance < MATCHED_BELOW:
            found[str(a.annotations[i].label)] += (1 - distance, 1, -2)
    return found


def _drawn(rows: Floats, bootstrap: Bootstrap) -> Floats:
    """Sums over items drawn anew, shape (samples, labels, 3)."""
    items = len(rows)
    if items == 0:
        return np.zeros((bootstrap.samples, *rows.shape[1:]))
    times = np.random.default_rng(bootstrap.seed).multinomial(items, np.full(items, 1 / items), bootstrap.samples)
    return np.tensordot(times.astype(np.float64), rows, axes=1)


def _qualities(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Quality, overlap of what was found, and F1, each of shape (times, labels); nan where nobody marked the label."""
    overlap, found, alone = sums[..., 0], sums[..., 1], sums[..., 2]
    all_of = found + alone / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            np.where(all_of > 0, overlap / all_of, np.nan),
            np.where(all_of > 0, np.where(found > 0, overlap / found, 0.0), np.nan),
            np.where(all_of > 0, found / all_of, np.nan),
        )


def _mean(by_label: Floats) -> Floats:
    """The mean over the labels that somebody marked."""
    there = ~np.isnan(by_label)
    counts = there.sum(axis=1)
    sums = np.where(there, by_label, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _ends(draws: Floats, level: float) -> tuple[float, float]:
    known = draws[~np.isnan(draws)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
