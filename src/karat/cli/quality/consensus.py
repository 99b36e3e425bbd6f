"""`karat quality consensus`: what annotators say together."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.options import AsJson
from karat.cli.output import say, show_json, table
from karat.cli.quality.given import read_votes
from karat.cli.quality.options import Abstain, Annotator, Item, Label, Table
from karat.cli.quality.showing import working, writable, write


def consensus(
    votes: Table,
    item: Item = None,
    annotator: Annotator = None,
    label: Label = None,
    gold: Annotated[Path | None, typer.Option(help="A table of known labels, from which the model learns.")] = None,
    abstain: Abstain = None,
    out: Annotated[Path | None, typer.Option(help="Write every item to this CSV, Parquet or JSON lines file.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many items to show, the least sure first.")] = 20,
    json: AsJson = False,
) -> None:
    """What annotators say together: a label for each item, how sure it is, and whether it is a tie."""
    import numpy as np

    from karat.quality.consensus import Consensus

    target = writable(out) if out is not None else None
    with working() as tell:
        given = read_votes(votes, tell, item=item, annotator=annotator, label=label, gold=gold, abstain=abstain)
        tell("consensus", 0, 1)
        model = Consensus().fit(given.votes, given.gold)
        tell("done", 1, 1)
    sure = model.posterior_.max(axis=1, initial=0.0)
    key, named = given.names["item"], given.names["label"]
    rows: dict[str, list[object]] = {
        key: given.votes.items.tolist(),
        named: model.labels_.tolist(),
        "probability": sure.tolist(),
        "tie": model.ties_.tolist(),
    }
    if target is not None:
        write(target, rows)
    if json:
        show_json([dict(zip(rows, row, strict=True)) for row in zip(*rows.values(), strict=True)])
        return
    if target is not None:
        say(f"{len(given.votes.items):,} items are in {out}.")
        return
    first = np.argsort(sure, kind="stable")[:limit].tolist()
    shown = [(rows[key][i], rows[named][i], f"{sure[i]:.3f}", "tie" if model.ties_[i] else "") for i in first]
    table(list(rows), shown)
    if len(sure) > limit:
        say(f"{len(sure) - limit:,} more items are surer; --out writes all.")
