"""Ready-made skeletons: points, edges, pairs, sigmas and a pose to draw them in. The data is shared with the browser."""

from functools import cache
from importlib.resources import files

import msgspec


class Skeleton(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One template; `source` says where its points and sigmas come from."""

    title: str
    source: str
    points: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]
    sigmas: dict[str, float]
    places: dict[str, tuple[float, float]]
    """In a unit square, x right and y down, as a thing that faces the viewer."""


@cache
def ready_made() -> dict[str, Skeleton]:
    """The skeletons that Karat brings, by name: `person`, `hand`, `face`, `animal`."""
    data = files("karat.kinds").joinpath("skeletons.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, Skeleton])


@cache
def skeleton_of(names: frozenset[str]) -> Skeleton | None:
    """The ready-made skeleton that has exactly these points, in any order.

    >>> known = skeleton_of(frozenset({"left_eye", "right_eye", "nose", "left_mouth", "right_mouth"}))
    >>> known.title if known else None
    'Face, 5 points'
    """
    return next((skeleton for skeleton in ready_made().values() if frozenset(skeleton.points) == names), None)
