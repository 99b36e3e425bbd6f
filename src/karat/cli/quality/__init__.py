"""`karat quality`: agreement, consensus, annotators, label errors and the quality sheet of a plain table; no server needed."""

from collections.abc import Callable

import typer

from karat.cli.quality.agreement import agreement
from karat.cli.quality.annotators import annotators
from karat.cli.quality.consensus import consensus
from karat.cli.quality.mislabels import mislabels
from karat.cli.quality.replay import replay
from karat.cli.quality.sheet import sheet

COMMANDS: list[Callable[..., None]] = [agreement, consensus, annotators, replay, mislabels, sheet]

app = typer.Typer(
    no_args_is_help=True,
    help="How good the labels of a table are: CSV, Parquet or JSON lines, one row a vote; no server.",
)
for command in COMMANDS:
    app.command()(command)
