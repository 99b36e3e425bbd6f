"""`karat jobs`: what runs on the server, and how far it is."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.options import AsJson, Limit, Url, Workspace
from karat.cli.output import say, show_json, table, watched

app = typer.Typer(no_args_is_help=True, help="What runs on the server, and how far it is.")
Id = Annotated[str, typer.Argument(help="The job's id.")]


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help="queued, running, done, failed or cancelled.")] = None,
    limit: Limit = 20,
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """List jobs, newest first."""
    with config.client(url, workspace) as client:
        rows = list(islice(client.jobs(state=state), limit))
        if json:
            show_json(rows)
        else:
            table(
                ["kind", "state", "done", "total", "id"],
                [(j.kind, j.state, j.progress.done, j.progress.total, j.id) for j in rows],
            )


@app.command()
def show(job: Id, url: Url = None, workspace: Workspace = None) -> None:
    """Show a job with its log."""
    with config.client(url, workspace) as client:
        show_json(client.job(job).state)


@app.command()
def watch(job: Id, url: Url = None, workspace: Workspace = None) -> None:
    """Follow a job until it ends."""
    with config.client(url, workspace) as client:
        show_json(watched(client.job(job)).result)


@app.command()
def cancel(job: Id, url: Url = None, workspace: Workspace = None) -> None:
    """Ask a job to stop."""
    with config.client(url, workspace) as client:
        say(client.job(job).cancel().state.state)


@app.command()
def retry(job: Id, url: Url = None, workspace: Workspace = None) -> None:
    """Run a failed job again from where it stopped."""
    with config.client(url, workspace) as client:
        say(client.job(job).retry().state.state)


@app.command()
def download(
    job: Id,
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path(),
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Fetch the files that a job made: an export's, an import's rejects."""
    with config.client(url, workspace) as client:
        for path in client.job(job).download(to):
            say(str(path))
