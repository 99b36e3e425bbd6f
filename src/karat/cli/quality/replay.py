"""`karat quality replay`: how few of the recorded votes would have done."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from karat.cli.options import AsJson
from karat.cli.output import fail, say, show_json
from karat.cli.quality.given import read_votes
from karat.cli.quality.options import Abstain, Annotator, Item, Label, Seed, Table
from karat.cli.quality.showing import working


def replay(
    votes: Table,
    gold: Annotated[Path, typer.Option(help="A table of known labels: one row an item.")],
    item: Item = None,
    annotator: Annotator = None,
    label: Label = None,
    target: Annotated[
        str,
        typer.Option(help="The accuracy to reach, as 0.9; or `vote`: that of the vote on all labels less 0.2 points."),
    ] = "vote",
    abstain: Abstain = None,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """How few of the recorded votes would have done, bought one by one where they gain most, in a random order."""
    from karat.quality.buying import replay as bought

    wanted: float | Literal["vote"] = "vote" if target == "vote" else _share(target)
    with working() as tell:
        given = read_votes(votes, tell, item=item, annotator=annotator, label=label, gold=gold, abstain=abstain)
        tell("replay", 0, 1)
        came = bought(given.votes, given.gold or {}, target=wanted, seed=seed)
        tell("done", 1, 1)
    recorded = len(given.votes) / max(len(given.votes.items), 1)
    if json:
        told_of = ("labels_per_item", "accuracy", "promised", "expected", "target", "reached", "pilot")
        show_json({"recorded": recorded} | {name: getattr(came, name) for name in told_of})
        return
    say(
        f"{came.labels_per_item:.2f} of {recorded:.2f} labels an item bring {came.accuracy:.1%}; {came.promised:.1%} was promised"
        f" (by gold of {came.pilot} items; {came.expected:.1%} by the votes alone)."
    )
    say(f"The target of {came.target:.1%} was {'reached' if came.reached else 'not reached with all votes'}.")


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        fail(f"--target: got {text!r}, expected `vote` or an accuracy such as 0.9.")
    if not 0 < share <= 1:
        fail(f"--target: got {text!r}, expected `vote` or an accuracy above 0 and at most 1, such as 0.9.")
    return share
