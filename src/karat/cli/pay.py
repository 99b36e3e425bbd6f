"""`karat projects pay`: what work is paid by, periods, and whether they come out the same."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.options import AsJson, Name, Url, Workspace
from karat.cli.output import fail, json_option, say, show_json, table, watched
from karat.sdk.pay import Pay

app = typer.Typer(no_args_is_help=True, help="What work is paid by, and what each period comes to.")
Number = Annotated[int | None, typer.Argument(help="The period's number; the newest where it is missing.")]


@app.command()
def formula(
    project: Name,
    file: Annotated[
        Path | None, typer.Argument(help="A new formula as JSON; without it the one that holds is shown.")
    ] = None,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Show what work is paid by, in words, or put a new formula in force from the next period on."""
    given = json_option(file.read_text("utf-8"), str(file)) if file is not None else None
    with config.client(url, workspace) as client:
        pay = client.project(project).pay
        if given is not None:
            pay.put_formula(given)
        rule = pay.rule()
        if json:
            show_json(rule)
        elif rule["now"] is None:
            say("Nothing is paid for yet: give a formula as a JSON file.")
        else:
            _words("Version", rule["now"])
            _words("From the next period on, version", rule["next"])


@app.command()
def compute(project: Name, url: Url = None, workspace: Workspace = None) -> None:
    """Compute the running period as a draft."""
    with config.client(url, workspace) as client:
        pay = client.project(project).pay
        watched(pay.compute())
        _lines(pay, pay.periods()[0])


@app.command()
def close(project: Name, url: Url = None, workspace: Workspace = None) -> None:
    """Close the draft: its lines never change again."""
    with config.client(url, workspace) as client:
        pay = client.project(project).pay
        closed = pay.close(str(_period(pay, None)["id"]))
        say(f"Closed period {closed['number']}: {closed['lines']} lines, digest {closed['digest']}.")


@app.command()
def verify(project: Name, number: Number = None, url: Url = None, workspace: Workspace = None) -> None:
    """Count a period anew and compare it with its lines; ends with 1 where one differs."""
    with config.client(url, workspace) as client:
        pay = client.project(project).pay
        result = watched(pay.verify(str(_period(pay, number)["id"]))).result or {}
        say(f"{result.get('same')} of {result.get('lines')} lines come out the same.")
        if result.get("differ"):
            show_json(result["differ"])
            raise typer.Exit(1)


@app.command()
def lines(
    project: Name, number: Number = None, json: AsJson = False, url: Url = None, workspace: Workspace = None
) -> None:
    """Show the lines of a period."""
    with config.client(url, workspace) as client:
        pay = client.project(project).pay
        period = _period(pay, number)
        if json:
            show_json(pay.lines(str(period["id"])))
        else:
            _lines(pay, period)


@app.command()
def budget(project: Name, url: Url = None, workspace: Workspace = None) -> None:
    """Show how far the money goes."""
    with config.client(url, workspace) as client:
        show_json(client.project(project).pay.budget())


def _period(pay: Pay, number: int | None) -> dict[str, object]:
    found = next((one for one in pay.periods() if number in (None, one["number"])), None)
    if found is None:
        fail("There is no such period; `karat projects pay compute` makes one.")
    return found


def _words(title: str, body: object) -> None:
    if isinstance(body, dict):
        say("\n- ".join([f"{title} {body['version']}:", *body["words"]]))


def _lines(pay: Pay, period: dict[str, object]) -> None:
    rows = pay.lines(str(period["id"]))
    table(["person", "amount", "currency"], [(_name(row), _amount(row), row["currency"]) for row in rows])


def _name(row: dict[str, object]) -> object:
    person = row["person"]
    return person.get("name") if isinstance(person, dict) else person


def _amount(row: dict[str, object]) -> str:
    digits = int(str(row["digits"]))
    return f"{int(str(row['amount'])) / 10**digits:.{digits}f}"
