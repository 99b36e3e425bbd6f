"""How the command line speaks: tables for people, JSON for programs, progress for what takes long."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

import msgspec

from karat.sdk.jobs import Job, JobState
from karat.sdk.values import Operation

if TYPE_CHECKING:
    from karat.server.settings import Settings


def fail(message: str) -> NoReturn:
    """Say what was wrong on standard error and end with status 1."""
    print(message, file=sys.stderr)  # noqa: T201 - the command line's own output
    sys.exit(1)


def installed(settings: "Settings") -> "Settings":
    """The settings, if there is an installation where they point; a mistyped folder must not become a new one."""
    if settings.is_sqlite and not (settings.data / "karat.db").exists():
        fail(
            f"There is no installation in {settings.data}; give the folder that `karat serve --data` was given, or --database."
        )
    return settings


def json_option(text: str | None, option: str) -> dict[str, object] | None:
    """The JSON object that an option was given."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except msgspec.MsgspecError as error:
        fail(
            f"{option}: got {text[:200]!r}, expected a JSON object ({error}). Quote it for the shell: {option} '{{…}}'"
        )


def say(text: str) -> None:
    """Print a line, at once: the first sign-in link must also reach a log that reads through a pipe."""
    print(text, flush=True)  # noqa: T201 - the command line's own output


def show_json(value: object) -> None:
    """Print a value as indented JSON."""
    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headings."""
    from rich.console import Console
    from rich.table import Table

    found = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        found.add_column(column)
    for row in rows:
        found.add_row(*("" if cell is None else str(cell) for cell in row))
    Console().print(found)


def changed(operation: Operation) -> None:
    """Say what a change of many items came to, and how it is taken back."""
    say("Done." if operation.job else f"{operation.changed} items changed.")
    if operation.kept:
        say(f"{operation.kept} were changed by others since and stay as they are.")
    if operation.unknown:
        say(f"No item has the keys {', '.join(operation.unknown[:10])}{' …' if len(operation.unknown) > 10 else ''}")
    if operation.id:
        say(f"`karat undo {operation.id}` takes it back.")


def watched(job: Job) -> Job:
    """Wait for a job with a progress bar where there is a terminal; an interrupt leaves it running on the server."""
    if not sys.stderr.isatty():
        return job.wait()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(job.state.kind, total=None)

        def watch(state: JobState) -> None:
            bar.update(task, completed=state.progress.done, total=state.progress.total)

        return job.wait(watch=watch)
