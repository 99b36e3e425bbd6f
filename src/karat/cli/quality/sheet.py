"""`karat quality sheet`: one page with all that a table can say."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.options import AsJson
from karat.cli.output import fail, say, show_json
from karat.cli.quality.given import read_population, read_votes
from karat.cli.quality.options import (
    Abstain,
    Annotator,
    Gold,
    Group,
    Item,
    Label,
    Samples,
    Seed,
    Slice,
    Spent,
    Table,
    Time,
)
from karat.cli.quality.showing import in_folder, working
from karat.cli.quality.sources import STDIN


def sheet(
    votes: Table,
    item: Item = None,
    annotator: Annotator = None,
    label: Label = None,
    time: Time = None,
    gold: Gold = None,
    seconds: Spent = None,
    by: Slice = None,
    group: Group = None,
    population: Annotated[
        Path | None,
        typer.Option(help="What the items shall stand for: a table with the columns slice, part and share."),
    ] = None,
    abstain: Abstain = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the page goes; else beside the table, ending in .quality.html.")
    ] = None,
    samples: Samples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """One page with all of it: agreement, labels, annotators, consensus, calibration, drift, bias; or the same as JSON."""
    from karat.quality.sheet import quality_sheet, sheet_html
    from karat.quality.tallies import Bootstrap

    if votes == STDIN and out is None and not json:
        fail("A sheet of standard input needs a place: say --out FILE, or --json.")
    target = in_folder(out or votes.with_name(votes.name + ".quality.html"))
    with working() as tell:
        how = Bootstrap(samples=samples, seed=seed)
        given = read_votes(
            votes,
            tell,
            item=item,
            annotator=annotator,
            label=label,
            time=time,
            seconds=seconds,
            slices=by,
            groups=group,
            gold=gold,
            abstain=abstain,
        )
        title = "Quality of standard input" if votes == STDIN else f"Quality of {votes.name}"
        made = quality_sheet(
            given.votes,
            gold=given.gold,
            slices=given.slices,
            groups=given.groups,
            seconds=given.seconds,
            population=read_population(population, given),
            title=title,
            bootstrap=how,
            progress=tell,
        )
    if json:
        show_json(made)
    if out is not None or not json:
        target.write_text(sheet_html(made), encoding="utf-8")
    if not json:
        say(f"The sheet is in {target}.")
