"""How often a report of fairness finds something where nothing is, and how often what was planted.

    python -m bench.fairness [--runs 300]
    python -m bench.fairness --items 333334 [--database sqlite|postgresql|both]     a report of a million answers, see fairness_scale

Projects are made up: people and items differ, items in doubt get up to five answers, and reviews are drawn by risk. In each
four slices are compared by answers and by reviews, two groups of people by answers, and the groups in each slice; p values
are corrected by Holm, those of the groups in slices by themselves.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.fairness_scale import scale
from karat.quality.bias import Drawn, Interaction, adjusted, drawn_difference, drawn_interaction, holm

MOST = 5


class World(NamedTuple):
    """A made project: how many people and items, and what is planted, in log odds."""

    name: str
    people: int = 12
    items: int = 500
    spread: float = 0.6
    slice: float = 0.0
    group: float = 0.0
    cross: float = 0.0
    """Every second person is worse by so much in slice 0 alone."""


WORLDS = (
    World("no bias"),
    World("no bias, 30 people who differ much", people=30, spread=1.0),
    World("no bias, 3 people", people=3),
    World("no bias, 100 items", people=10, items=100),
    World("a slice harder by 1", slice=1.0),
    World("a slice harder by 1, 1,500 items", items=1500, slice=1.0),
    World("every second of 24 people worse by 1", people=24, group=1.0),
    World("the same, worse in one slice alone", people=24, cross=1.0),
    World("the same, 1,500 items", people=24, items=1500, cross=1.0),
    World("worse by 1, and a slice harder by 1", people=24, slice=1.0, group=1.0),
)


def main() -> None:
    """Print one line for each world."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--items", type=int, default=0, help="time a report over so many items instead")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--data", type=Path, help="keep what was built here, and use it again")
    given = parser.parse_args()
    if given.items:
        scale(given.items, given.database, given.data)
        return
    runs = given.runs
    head = f"{'world':40} {'any finding':>12} {'the slice':>10} {'the group':>10} {'any in slices':>14} {'in the slice':>13}"
    print(f"{head}   of {runs}")
    for world in WORLDS:
        found = [compared(world, seed) for seed in range(runs)]
        is_found = np.array([[one.adjusted < 0.05 for one in tests] for tests, _ in found])
        crossed = np.array([holm([one.p for one in tests]) < 0.05 for _, tests in found])
        print(
            f"{world.name:40} {is_found.any(1).mean():12.3f} {is_found[:, 0].mean():10.3f} {is_found[:, -1].mean():10.3f}"
            f" {crossed.any(1).mean():14.3f} {crossed[:, 0].mean():13.3f}",
            flush=True,
        )


def compared(world: World, seed: int) -> tuple[list[Drawn], list[Interaction]]:
    """The comparisons of one report: slice 0 of answers first, the group last; then the group in each slice."""
    rng = np.random.default_rng(seed)
    who, item, right, of_slice, chance = made(world, rng)
    w = 1 / np.bincount(item)[item]
    seen = (rng.random(world.items) < chance)[item]
    tests = [drawn_difference(right, of_slice[item] == s, w, who, item) for s in range(4)]
    tests += [
        drawn_difference(~right[seen], (of_slice[item] == s)[seen], 1 / chance[item][seen], who[seen], item[seen])
        for s in range(4)
    ]
    crossed = [
        drawn_interaction(right, who % 2 == 0, of_slice[item] == s, w, who, item, on_same_items=True) for s in range(4)
    ]
    return adjusted([*tests, drawn_difference(right, who % 2 == 0, w, who, item, on_same_items=True)]), crossed


def made(
    world: World, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.float64]]:
    """Person and item of each answer and whether it is right; of each item its slice, and the chance of its review."""
    skill, hard = rng.normal(1.6, world.spread, world.people), rng.normal(0, 1.2, world.items)
    of_slice = rng.integers(0, 4, world.items)
    most = min(MOST, world.people)
    order = rng.permuted(np.tile(np.arange(world.people), (world.items, 1)), axis=1)[:, :most]
    there = (of_slice == 0)[:, None]
    odds = skill[order] - hard[:, None] - world.slice * there - (world.group + world.cross * there) * (order % 2)
    right = rng.random(order.shape) < 1 / (1 + np.exp(-odds))
    doubtful = right[:, 0] != right[:, 1]
    asked = np.tile(doubtful[:, None], (1, most)) | (np.arange(most) < 2)
    item, place = np.nonzero(asked)
    return order[item, place], item, right[item, place], of_slice, np.where(doubtful, 1.0, 0.2)


if __name__ == "__main__":
    main()
