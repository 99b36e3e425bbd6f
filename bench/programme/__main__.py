"""The simulated programme, in one command; every figure as a line of JSON with its seed, what is missed as missed.

python -m bench.programme                              20,000 items, 2 and 5 labels, all parts
python -m bench.programme --items 2000 --seeds 20      many smaller runs
"""

import argparse
import json
import sys

from bench.programme.adaptive import Flow, Programme, Settings
from bench.programme.figures import accuracy, people, sureness
from bench.programme.fixed import fixed
from bench.programme.people import World, world


def said(**figures: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(figures), flush=True)


def compared(seed: int, *, items: int, labels: int) -> tuple[World, Programme]:
    """Both ways on the same people and items: at the same minutes, and at half of them."""
    mine = world(seed, items=items, labels=labels)
    peers = fixed(mine)
    before = accuracy(mine, peers)
    said(part="fixed 3, majority, 20 % reviewed", seed=seed, labels=labels, items=items, **before)
    share_wrong = (peers.results != mine.truth).mean()
    for share, reviews in ((0.5, 0.3), (1.0, 0.2)):
        again = world(seed, items=items, labels=labels)
        settings = Settings(share * peers.minutes, reviews=reviews)
        flow = Flow(again, settings).run()
        wrong = (flow.results != again.truth).mean()
        met = wrong <= share_wrong if share < 1 else wrong <= share_wrong / 2
        said(
            part=f"adaptive, {share:g} of the minutes",
            seed=seed,
            labels=labels,
            items=items,
            **accuracy(again, flow),
            errors_against_fixed=round(float(wrong / share_wrong), 3),
            met=bool(met),
            sureness=sureness(again, flow, settings.sure),
        )
    return again, flow


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--labels", default="2,5")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    given = parser.parse_args()
    for labels in map(int, given.labels.split(",")):
        runs = [
            compared(seed, items=given.items, labels=labels) for seed in range(given.seed, given.seed + given.seeds)
        ]
        said(part="people", labels=labels, items=given.items, seed=given.seed, **people(runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
