"""The simulated programme, in one command; every figure as a line of JSON with its seed, what is missed as missed.

python -m bench.programme                                  all parts: 20,000 items, 2 and 5 labels
python -m bench.programme --only run --items 2000 --seeds 20    many smaller runs
python -m bench.programme --only api --items 400           through a server of its own
"""

import argparse
import json
import os
import sys
from dataclasses import replace
from math import inf
from pathlib import Path

from bench.programme.adaptive import Flow
from bench.programme.api import GOLD, TESTED, Way, through_api
from bench.programme.api_bound import bound_through_api
from bench.programme.bound import bounds
from bench.programme.detectors import detectors
from bench.programme.drifting import EVIDENCE, delays
from bench.programme.figures import accuracy, people, sureness
from bench.programme.fixed import fixed
from bench.programme.people import REVIEW_S, World, world
from bench.programme.replayed import replays
from bench.programme.sharing import shares
from bench.programme.standing import Programme, Settings

PARTS = ("run", "drift", "detectors", "bound", "recorded", "api")
WAYS = {0.5: Settings(0, most=1, reviews=0.45, gold=0.01), 1.0: Settings(0)}
"""By share of the fixed programme's minutes. Half of them pay one answer each and, with what is left, reviews of the riskiest;
these say of people what gold would."""
ON_TOP = 1.12
"""To one answer of the budget so many come: hidden gold, and what is given until all items have been let go."""
BOUND_ITEMS = 1_000
"""Of these the share of wrong answers is bounded once through the API."""
ANSWER_S = 10.4
"""An answer takes so long on average of those who are left when guessers are gone."""


def said(**figures: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(figures), flush=True)


def compared(seed: int, *, items: int, labels: int) -> tuple[World, Programme]:
    """Both ways on the same people and items: at half of the minutes, and at the same."""
    mine = world(seed, items=items, labels=labels)
    peers = fixed(mine)
    place: dict[str, object] = {"seed": seed, "labels": labels, "items": items}
    said(part="fixed 3, majority, 20 % reviewed", **place, **accuracy(mine, peers))
    share_wrong = float((peers.results != mine.truth).mean())
    found: list[tuple[World, Programme]] = []
    for share, way in WAYS.items():
        again = world(seed, items=items, labels=labels)
        settings = replace(way, minutes=share * peers.minutes)
        flow = Flow(again, settings).run()
        wrong = float((flow.results != again.truth).mean())
        said(
            part=f"adaptive, {share:g} of the minutes",
            **place,
            **accuracy(again, flow),
            errors_against_fixed=round(wrong / max(share_wrong, 1e-9), 3),
            met=wrong <= share_wrong * (1.0 if share < 1 else 0.5),
            sureness=sureness(again, flow, settings.sure),
        )
        found.append((again, flow))
    return found[-1]


def over_http(seed: int, items: int, *, pace: float) -> None:
    """Both ways through a server, three labels: the adaptive one at half of the fixed one's minutes, and at the same."""

    def run(name: str, way: Way, reviews: float, minutes: float = inf) -> tuple[float, float]:
        mine = world(seed, items=items + GOLD, labels=3)
        found = through_api(mine, items, way=way, reviews=reviews, minutes=minutes, pace=pace)
        judged = replace(mine, truth=mine.truth[:items], is_hard=mine.is_hard[:items])
        place: dict[str, object] = {"seed": seed, "labels": 3, "items": items}
        said(part=f"api: {name}", **place, **accuracy(judged, found), rules=found.done, accuracy_held=found.stated)
        return found.minutes, float((found.results != judged.truth).mean())

    minutes, wrong = run("fixed 3, majority, 20 % reviewed", None, 0.2)
    for share, way in WAYS.items():
        # Of the minutes, gold, the test and the reviews take their part; answers get the rest, and reviews what they leave.
        seconds = share * minutes * 60 - GOLD * REVIEW_S - 30 * TESTED * ANSWER_S
        budget = round((seconds - 0.2 * items * REVIEW_S) / ANSWER_S / ON_TOP)
        name = f"adaptive, {share:g} of the minutes"
        own_minutes, own_wrong = run(name, (way.most, budget), way.reviews, share * minutes)
        ratios = {"minutes": round(own_minutes / minutes, 3), "errors": round(own_wrong / max(wrong, 1e-9), 3)}
        met = ratios["minutes"] <= share and ratios["errors"] <= (1.0 if share < 1 else 0.5)
        said(part="api: against fixed", seed=seed, share=share, **ratios, met=met)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--labels", default="2,5")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument(
        "--pace", type=float, default=150, help="answers a second of all people together, through the API"
    )
    parser.add_argument("--crowd", type=Path, default=Path(os.environ.get("KARAT_DATA", "../shared/data")) / "crowd")
    given = parser.parse_args()
    parts = (given.only,) if given.only else PARTS
    kinds = [int(labels) for labels in given.labels.split(",")]
    seeds = range(given.seed, given.seed + given.seeds)
    if "run" in parts:
        for labels in kinds:
            runs = [compared(seed, items=given.items, labels=labels) for seed in seeds]
            said(part="people", labels=labels, items=given.items, seed=given.seed, **people(runs))
    if "drift" in parts:
        for labels in kinds:
            for evidence in EVIDENCE:
                said(part="drift", **delays(given.seed, labels=labels, evidence=evidence))
    if "detectors" in parts:
        for found in detectors(given.seed):
            said(part="detector", seed=given.seed, **found)
        for labels in kinds:
            for votes in (5, 3):
                said(part="detector", seed=given.seed, **shares(given.seed, labels=labels, votes=votes))
    if "bound" in parts:
        said(part="bound", seed=given.seed, **bounds(given.seed, given.crowd))
    if "recorded" in parts:
        for figures in replays(given.crowd, seed=given.seed):
            said(part="recorded", **figures)
    if "api" in parts:
        found = bound_through_api(world(given.seed, items=BOUND_ITEMS, labels=3), BOUND_ITEMS, pace=given.pace)
        said(part="api: bound", seed=given.seed, **found)
        over_http(given.seed, given.items, pace=given.pace)
    return 0


if __name__ == "__main__":
    sys.exit(main())
