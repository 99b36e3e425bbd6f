"""`karat responses`: everybody's answers, and leaving one author's out."""

from itertools import islice
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.options import AsJson, Limit, Name, Url, Workspace, Yes
from karat.cli.output import fail, say, show_json, table
from karat.sdk import Client
from karat.sdk.projects import Project

app = typer.Typer(no_args_is_help=True, help="Look at everybody's answers, and leave one author's out.")


@app.command("list")
def list_(
    project: Name,
    author: Annotated[
        str | None, typer.Option(help="Only this person's: an e-mail address, a name or an author id.")
    ] = None,
    item: Annotated[str | None, typer.Option(help="Only those to this item, by its id.")] = None,
    since: Annotated[str | None, typer.Option(help="The oldest first, from this time on (RFC 3339).")] = None,
    limit: Limit = 20,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """List answers, the newest first."""
    with config.client(url, workspace) as client:
        found = client.project(project)
        who = _author(client, found, author) if author else None
        rows = list(islice(found.responses(author=who, item=item, since=since), limit))
        if json:
            show_json(rows)
            return
        table(
            ["at", "author", "state", "item", "id"],
            [(r["at"], _named(r["author"]), r["state"], r["item"], r["id"]) for r in rows],
        )


@app.command()
def reviews(
    project: Name, limit: Limit = 20, json: AsJson = False, url: Url = None, workspace: Workspace = None
) -> None:
    """List what reviewers said of answers, the newest first."""
    with config.client(url, workspace) as client:
        rows = list(islice(client.project(project).reviews(), limit))
        if json:
            show_json(rows)
            return
        table(
            ["at", "verdict", "author", "reviewer", "defects", "item"],
            [
                (
                    r["at"],
                    r["verdict"],
                    _named(r["author"]),
                    _named(r["reviewer"]),
                    ", ".join(_codes(r["defects"])),
                    r["item"],
                )
                for r in rows
            ],
        )


@app.command()
def exclude(
    project: Name,
    author: Annotated[str, typer.Argument(help="Whose: an e-mail address, a name or an author id.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept with each answer.")],
    yes: Yes = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Leave an author's answers out of consensus, quota and export, after showing what that comes to. Nothing is deleted."""
    with config.client(url, workspace) as client:
        found = client.project(project)
        who = _author(client, found, author)
        if not yes:
            preview = found.preview_exclusion(who)
            say(
                f"{preview['responses']} answers to {preview['items']} items; {preview['reopened']} items would want an answer again."
            )
            typer.confirm("Leave them out?", abort=True)
        done = found.exclude(who, reason=reason)
        say(f"{done.responses} answers are left out. `karat undo {done.operation}` takes them in again.")


def undo(
    operation: Annotated[str, typer.Argument(help="The id that the change told.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Take back a change of many items or answers, where nothing else changed since."""
    with config.client(url, workspace) as client:
        done = client.undo(operation)
        say("Taken back." if done.job else f"{done.changed} taken back.")
        if done.kept:
            say(f"{done.kept} were changed by others since and stay as they are.")


def _author(client: Client, project: Project, given: str) -> str:
    """The id of an author, who may be a member or come from an imported file."""
    # Not the report on progress: that is counted behind what happens, and an import may just have ended.
    authors = project.facets().get("authors")
    listed = authors if isinstance(authors, list) else []
    known = {(str(a["id"]), str(a["name"])) for a in listed} | {
        (m.author, name) for m in client.members() for name in (m.email, m.name)
    }
    found = {id_ for id_, name in known if given in (id_, name)}
    if len(found) != 1:
        what = "Nobody" if not found else f"{len(found)} people"
        fail(
            f"{what} in {project.title!r} go by {given!r}; `karat reports progress` lists the authors, --json with their ids."
        )
    return found.pop()


def _named(author: object) -> str:
    return str(author.get("name")) if isinstance(author, dict) else ""


def _codes(defects: object) -> list[str]:
    return [str(one["code"]) for one in defects] if isinstance(defects, list) else []
