"""Keypoints: the points of a skeleton in the order of the field's template, each visible, occluded or not there."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp, isfinite, sqrt
from typing import Annotated, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry.keypoints import LEAST_ASPECT, LEAST_SIZE_PX, oks_distances
from karat.kinds.averages import ALIKE, shares, steady_mean, weighted_median, weighted_medoid
from karat.kinds.places import TOLERANCE_PX, limit, within
from karat.kinds.skeletons import skeleton_of
from karat.model.field import CONTROL, MAX_KEY
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.loosening import freely
from karat.model.problem import Problem, shown
from karat.model.schema import Field

USUAL_SIGMA = 0.05
"""Of points without a sigma of their own, in skeletons that are not ready-made: COCO's lie between 0.025 and 0.107."""
MOST_POINTS = 1000
NAMES = "a list of the names of the points, e.g. [left_eye, right_eye, nose]"
NEAR = 3.0
"""In a merge, a point counts nothing from so many standard deviations of its OKS on: similarity 0.01."""

Visibility = Annotated[int, msgspec.Meta(ge=0, le=2)]
"""COCO's flag: 0 not there (not in the image, or not labeled), 1 there but occluded, 2 visible."""
Keypoint = tuple[float, float, Visibility]
Keypoints = tuple[Keypoint, ...]
"""`[x, y, visibility]` for every point of the template; [0, 0, 0] for one that is not there."""
ABSENT: Keypoint = (0.0, 0.0, 0)

Sigma = Annotated[float, msgspec.Meta(ge=0.0001, le=1)]
"""COCO's for whole bodies go down to 0.0036; far below nothing but equal points would be alike."""
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class KeypointsOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """The template. `cut` is 1 - OKS: two sets less alike than 0.5 are two things."""

    points: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=MOST_POINTS, description=NAMES)]
    """Names in the order in which they are placed and stored."""
    edges: tuple[tuple[str, str], ...] = ()
    """Lines between points."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Points that trade places when left and right are swapped."""
    sigmas: dict[str, Sigma] = {}
    """How exactly a point can be placed, as a share of the thing's size (COCO's per-keypoint constants)."""
    places: dict[str, tuple[Share, Share]] = {}
    """Where points lie in the picture of the template and in one placed as a whole, in a unit square."""


def check(value: Keypoints, field: Field, facts: Facts) -> list[Problem]:
    """As many points as the template has, each in the image or [0, 0, 0], and at least one there."""
    names = options_of(field).points
    if len(value) != len(names):
        return [Problem("", shown(value), _of_points(len(names)), f"Give a point for each of {_listed(names)}.")]
    found = [problem for i, point in enumerate(value) if (problem := _point_problem(f"[{i}]", point, names[i], facts))]
    if found or any(seen for _, _, seen in value):
        return found
    return [Problem("", shown(value), "at least one point that is there", "Place a point, or remove the keypoints.")]


def distance(a: Keypoints, b: Keypoints, field: Field) -> float:
    """1 - OKS (Lin et al. 2014), symmetric: the mean over the points that either has, one that only one has counts 0.

    The size is that of the boxes around the points, their areas' mean; how visible a point is counts nothing, as in COCO.
    See `geometry.keypoints.oks_distances`, which says it all.
    """
    if a == b:
        return 0.0
    scale = _area(a) + _area(b)
    alike, count = 0.0, 0
    for (ax, ay, there_a), (bx, by, there_b), sigma in zip(a, b, sigmas_of(field), strict=True):
        if there_a or there_b:
            count += 1
        if there_a and there_b:
            alike += exp(-((ax - bx) ** 2 + (ay - by) ** 2) / (scale * 4 * sigma * sigma))
    return min(1.0, max(0.0, 1.0 - alike / count)) if count else 0.0


def distances(a: Sequence[Keypoints], b: Sequence[Keypoints], field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    sigmas = np.array(sigmas_of(field))
    return oks_distances(_array(a, len(sigmas)), _array(b, len(sigmas)), sigmas)


def merge(values: Sequence[Keypoints], weights: Sequence[float], field: Field) -> Keypoints:
    """Point by point: there if more than half of the weight has it, then at the mean of those near the median.

    A point farther from the median than `NEAR` standard deviations of its OKS counts nothing, so that half of the
    annotators may be far off (left and right confused, say) without moving it (`averages.steady_mean`). It is visible or
    occluded as most of the weight of those who have it says. At exactly half, the first value decides. Values of which no
    point has a majority merge to the one nearest to all.
    """
    if all(value == values[0] for value in values):
        return values[0]
    size = sqrt(weighted_median([_area(value) for value in values], weights))
    rows = zip(zip(*values, strict=True), sigmas_of(field), strict=True)
    merged = tuple(_merged(points, weights, NEAR * size * 2 * sigma) for points, sigma in rows)
    if any(seen for _, _, seen in merged):
        return merged
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def check_options(given: msgspec.Struct) -> list[Problem]:
    """Names are unique; edges, pairs, sigmas and places name points; no edge twice; a point is in one pair at most."""
    options = cast(KeypointsOptions, given)  # the kind's own options type, by the contract of Kind
    return [*_wrong_names(options.points), *_wrong_edges(options), *_wrong_pairs(options), *_strangers(options)]


def options_of(field: Field) -> KeypointsOptions:
    """The template of a field."""
    return cast(KeypointsOptions, field.options)  # read_schema converts a field's options to its kind's type


def sigmas_of(field: Field) -> tuple[float, ...]:
    """A sigma for every point: the field's own, else the ready-made skeleton's of the same names, else `USUAL_SIGMA`."""
    options = options_of(field)
    return _sigmas(options.points, tuple(sorted(options.sigmas.items())))


@lru_cache(maxsize=256)
def _sigmas(points: tuple[str, ...], own: tuple[tuple[str, float], ...]) -> tuple[float, ...]:
    known = skeleton_of(frozenset(points))
    given = {**(known.sigmas if known else {}), **dict(own)}
    return tuple(given.get(name, USUAL_SIGMA) for name in points)


def _of_points(count: int) -> str:
    return f"{count} point{'' if count == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    few = 6
    return ", ".join(names[:few]) + (f" … ({len(names)} points)" if len(names) > few else "")


def _point_problem(path: str, point: Keypoint, name: str, facts: Facts) -> Problem | None:
    x, y, seen = point
    for axis, (at, size) in enumerate(((x, facts.width), (y, facts.height))):
        if not isfinite(at):
            return Problem(f"{path}[{axis}]", shown(at), "a finite number", f"Give {name} in pixels.")
        if seen and not -TOLERANCE_PX <= at <= limit(size):
            do = f"Keep {name} inside the image; pixels count after EXIF orientation."
            return Problem(f"{path}[{axis}]", shown(at), within(size), do)
    if seen or (x == 0 and y == 0):
        return None
    return Problem(
        path, shown(point), "[0, 0, 0]", f"Say that {name} is visible (2) or occluded (1), or leave its place 0, 0."
    )


def _merged(points: Sequence[Keypoint], weights: Sequence[float], reach: float) -> Keypoint:
    share = shares(weights)
    there = [(p, s) for p, s in zip(points, share, strict=True) if p[2]]
    part = sum(s for _, s in there)
    if part < 0.5 - ALIKE or (part <= 0.5 + ALIKE and not points[0][2]):
        return ABSENT
    held, parts = [p for p, _ in there], [s for _, s in there]
    x, y = steady_mean([p[:2] for p in held], parts, lambda _middle: (reach, reach))
    visible = sum(s for p, s in there if p[2] == 2)
    is_level = abs(visible - part / 2) <= ALIKE
    return x, y, held[0][2] if is_level else 2 if visible > part / 2 else 1


def _wrong_names(points: Sequence[str]) -> Iterator[Problem]:
    for index, name in enumerate(points):
        if not name or len(name) > MAX_KEY or CONTROL.search(name):
            expected = f"1 to {MAX_KEY} characters, none of them a control character"
            yield Problem(f"points[{index}]", shown(name), expected, "Rename the point.")
        if name in points[:index]:
            yield Problem(f"points[{index}]", shown(name), "a name that no other point has", "Rename one of the two.")


def _wrong_edges(options: KeypointsOptions) -> Iterator[Problem]:
    taken: set[frozenset[str]] = set()
    for index, edge in enumerate(options.edges):
        if frozenset(edge) in taken or edge[0] == edge[1]:
            yield Problem(f"edges[{index}]", shown(edge), "two points that no other edge joins", "Remove the edge.")
        taken.add(frozenset(edge))


def _wrong_pairs(options: KeypointsOptions) -> Iterator[Problem]:
    taken: set[str] = set()
    for index, pair in enumerate(options.pairs):
        if pair[0] == pair[1] or taken & set(pair):
            yield Problem(f"pairs[{index}]", shown(pair), "two points that are in no other pair", "Remove the pair.")
        taken |= set(pair)


def _strangers(options: KeypointsOptions) -> Iterator[Problem]:
    """Names that stand for no point."""
    known = set(options.points)
    rows: tuple[tuple[str, Mapping[object, Sequence[str]]], ...] = (
        ("edges", dict(enumerate(options.edges))),
        ("pairs", dict(enumerate(options.pairs))),
    )
    for part, entries in rows:
        for index, names in entries.items():
            for side, name in enumerate(names):
                if name not in known:
                    yield _stranger(f"{part}[{index}][{side}]", name, options.points)
    for part, named in (("sigmas", options.sigmas), ("places", options.places)):
        for name in named:
            if name not in known:
                yield _stranger(f"{part}.{name}", name, options.points)


def _stranger(path: str, name: str, points: Sequence[str]) -> Problem:
    return Problem(path, shown(name), f"one of {_listed(points)}", "Name a point of `points`, or add it there.")


def _area(value: Keypoints) -> float:
    """As `geometry.keypoints.areas`, for one."""
    xs, ys = [x for x, _, seen in value if seen], [y for _, y, seen in value if seen]
    if not xs:
        return LEAST_SIZE_PX**2
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    box = max(wide, LEAST_ASPECT * high) * max(high, LEAST_ASPECT * wide)
    return float(max(box, LEAST_SIZE_PX**2))


def _array(values: Sequence[Keypoints], points: int) -> NDArray[np.float64]:
    return np.array(values, np.float64).reshape(-1, points, 3)


KEYPOINTS = Kind(
    name="keypoints",
    version=1,
    role="where",
    value=Keypoints,
    options=KeypointsOptions,
    looser={"edges": freely, "pairs": freely, "places": freely, "sigmas": freely},
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    check_options=check_options,
)
