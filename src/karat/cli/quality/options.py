"""Options and arguments that several commands of `karat quality` have, each said once."""

from pathlib import Path
from typing import Annotated

import typer

Table = Annotated[
    Path, typer.Argument(help="The votes: CSV, TSV, Parquet or JSON lines, one row a vote; `-` reads standard input.")
]
Item = Annotated[str | None, typer.Option(help="The column that names the item; else the one that is called so.")]
Annotator = Annotated[
    str | None, typer.Option(help="The column that names the annotator; else the one that is called so.")
]
Label = Annotated[str | None, typer.Option(help="The column with the label; else the one that is called so.")]
Time = Annotated[str | None, typer.Option(help="The column with the time of the vote: a date, or seconds since 1970.")]
Spent = Annotated[str | None, typer.Option("--seconds", help="The column with the seconds that a vote took.")]
Gold = Annotated[
    Path | None, typer.Option(help="A table of known labels: one row an item; without a label it is not known.")
]
Abstain = Annotated[
    list[str] | None,
    typer.Option(help="A label that means no vote, such as `cannot tell`; '' for empty cells; may be repeated."),
]
Samples = Annotated[int, typer.Option(help="How often is drawn anew for an interval.")]
Seed = Annotated[int, typer.Option(min=0, help="What the drawing starts from; the same seed gives the same numbers.")]
Slice = Annotated[
    list[str] | None, typer.Option("--slice", help="A column of the table by which items are cut; may be repeated.")
]
Group = Annotated[
    list[str] | None,
    typer.Option("--group", help="A column of the table by which annotators are cut; may be repeated."),
]
