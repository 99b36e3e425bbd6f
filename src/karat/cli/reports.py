"""`karat reports`: progress and agreement of a project."""

from typing import Annotated

import typer

from karat.cli import config
from karat.cli.output import AsJson, say, show_json, table, watched
from karat.sdk.values import Measure

app = typer.Typer(no_args_is_help=True, help="Progress and agreement of a project.")
Name = Annotated[str, typer.Argument(help="The project's title or id.")]


@app.command()
def agreement(
    project: Name,
    refresh: Annotated[bool, typer.Option("--refresh/--stored", help="Compute it anew first.")] = True,
    json: AsJson = False,
    url: config.Url = None,
    workspace: config.Workspace = None,
) -> None:
    """Show percent agreement and Krippendorff's alpha for each field, with 95 % intervals."""
    with config.client(url, workspace) as client:
        found = client.project(project)
        if refresh:
            watched(found.refresh_reports())
        measured = found.agreement()
        if json:
            show_json(measured)
            return
        table(["field", "percent", "alpha", "items"], [(f.title or f.field, shown(f.percent), shown(f.alpha), f.n_items) for f in measured.fields])


@app.command()
def progress(project: Name, json: AsJson = False, url: config.Url = None, workspace: config.Workspace = None) -> None:
    """Show counts by state and person."""
    with config.client(url, workspace) as client:
        found = client.project(project).progress()
        if json:
            show_json(found)
            return
        states = found.get("by_state")
        if isinstance(states, dict):
            say(", ".join(f"{n} {state}" for state, n in states.items()))
        people = found.get("people")
        if isinstance(people, list):
            rows = [(p["author"]["name"], p["responses"], p["skipped"], p["median_ms"]) for p in people]
            table(["person", "responses", "skipped", "median ms"], rows)


def shown(measure: Measure) -> str:
    """A measure with its doubt, or what its sample lacks.

    >>> shown(Measure(0.8312, 0.801, 0.86, 1204, True))
    '0.83 (0.80-0.86, n 1204)'
    """
    if measure.value is None or not measure.enough:
        return f"n {measure.n}, too few"
    if measure.low is None or measure.high is None:
        return f"{measure.value:.2f} (n {measure.n})"
    return f"{measure.value:.2f} ({measure.low:.2f}-{measure.high:.2f}, n {measure.n})"
