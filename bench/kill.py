"""The kill test at length: 64 people label while the server is killed with -9 at random.

python -m bench.kill --rounds 20 --database both
"""

import argparse
import sys
import time

from bench.workbench import noise, workplace
from karat.testing.killing import live_through


def main() -> int:
    """Run the rounds; 1 if anything acknowledged was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args()
    print(f"machine: {noise()}")
    wrong = 0
    for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        began = time.monotonic()
        with workplace(kind) as (folder, database, _):
            story = live_through(folder, database, kills=given.rounds, clients=given.clients, items=200_000)
        wrong += len(story.wrong)
        print(
            f"{kind}: {story.kills} kills, {len(story.acknowledged):,} answers acknowledged, {story.asked_again:,} requests sent"
            f" again, {len(story.wrong)} lost or doubled, {time.monotonic() - began:.0f} s"
        )
        for line in story.wrong[:20]:
            print("  ", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
