"""`karat reports`: progress, agreement and consensus of a project."""

from itertools import islice
from typing import Annotated

import msgspec
import typer

from karat.cli import config
from karat.cli.options import AsJson, Limit, Name, Url, Workspace
from karat.cli.output import say, show_json, table, watched
from karat.sdk.values import Measure

app = typer.Typer(no_args_is_help=True, help="Progress, agreement and consensus of a project.")


@app.command()
def agreement(
    project: Name,
    refresh: Annotated[bool, typer.Option("--refresh/--stored", help="Compute it anew first.")] = True,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
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
        if not measured.fields:
            say(
                "No item has two people's answers yet; agreement needs them. `karat projects change --overlap 2` asks for two."
            )
            return
        table(
            ["field", "percent", "alpha", "items"],
            [(f.title or f.field, shown(f.percent), shown(f.alpha), f.n_items) for f in measured.fields],
        )


@app.command()
def pairs(
    project: Name,
    field: Annotated[str | None, typer.Option(help="The field's key; the first one where it is missing.")] = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Show how well everybody agrees with everybody on a field, as JSON."""
    with config.client(url, workspace) as client:
        show_json(client.project(project).pairs(field))


@app.command()
def disagreements(
    project: Name,
    field: Annotated[str | None, typer.Option(help="The field's key; all together where it is missing.")] = None,
    limit: Limit = 20,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """List the items whose authors differ most."""
    with config.client(url, workspace) as client:
        rows = list(islice(client.project(project).disagreements(field), limit))
        if json:
            show_json(rows)
        else:
            table(["distance", "authors", "key", "item"], [(r["distance"], r["n"], r["key"], r["item"]) for r in rows])


@app.command()
def labels(project: Name, json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """Show how often each label and option was given."""
    with config.client(url, workspace) as client:
        rows = client.project(project).labels()
        if json:
            show_json(rows)
        else:
            table(["field", "label", "n"], [(r["field"], r["title"], r["n"]) for r in rows])


@app.command()
def consensus(
    project: Name,
    method: Annotated[
        str, typer.Option(help="default is Karat's own; majority, weighted, dawid_skene, one_coin or mace.")
    ] = "default",
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Merge the answers to the items that have changed, by a method that then holds for new ones; ties are left to people."""
    with config.client(url, workspace) as client:
        result = watched(client.project(project).resolve(method=method)).result
        say(
            f"{result['items']} items merged by {result['method']}, {result['resolved']} resolved, {result['ties']} tied."
        )


@app.command()
def skill(project: Name, json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """Show how likely each author is right on each field, and how often the consensus is expected to be, with 95 % intervals."""
    with config.client(url, workspace) as client:
        learned = client.project(project).learned()
        if json:
            show_json(learned)
            return
        fields = [field for field in msgspec.convert(learned["fields"], list[LearnedField]) if field.authors]
        if not fields:
            say("Nothing was learned: that needs items that two have answered, and `karat reports consensus`.")
            return
        rows = [
            (field.title, author.author["name"], shown(author.skill)) for field in fields for author in field.authors
        ]
        table(["field", "author", "skill"], rows)
        table(
            ["field", "expected to be right"],
            [(field.title, shown(field.accuracy)) for field in fields if field.accuracy],
        )


class LearnedAuthor(msgspec.Struct, frozen=True):
    """The part of an author's row that is shown."""

    author: dict[str, str]
    skill: Measure


class LearnedField(msgspec.Struct, frozen=True):
    """The part of a field's report that is shown."""

    title: str
    accuracy: Measure | None
    authors: list[LearnedAuthor]


@app.command()
def fairness(
    project: Name,
    refresh: Annotated[bool, typer.Option("--refresh/--stored", help="Compare anew first.")] = True,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Show what differs between slices of the items beyond chance, after correction over all comparisons."""
    with config.client(url, workspace) as client:
        found = client.project(project)
        if refresh:
            watched(found.compare_slices())
        page = found.fairness()
        if json:
            show_json(page)
            return
        report = msgspec.convert(page["report"], FairReport | None)
        if report is None:
            say("There is no report yet; leave --stored out.")
            return
        rows = [
            (
                one.key,
                one.cell,
                one.title,
                f"{(one.figure.difference or 0) * 100:+.0f}",
                f"{one.figure.adjusted or 0:.3g}",
            )
            for one in report.findings
        ]
        say(f"{len(rows)} of {report.tests} comparisons differ beyond chance.")
        if rows:
            table(["key", "slice", "measure", "points", "p corrected"], rows)


class FairFigure(msgspec.Struct, frozen=True):
    """How a slice differs."""

    difference: float | None
    adjusted: float | None


class FairFinding(msgspec.Struct, frozen=True):
    """A difference beyond chance."""

    key: str
    cell: str
    title: str
    figure: FairFigure


class FairReport(msgspec.Struct, frozen=True):
    """What of a report of fairness is shown."""

    findings: list[FairFinding]
    tests: int


@app.command()
def progress(project: Name, json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
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
