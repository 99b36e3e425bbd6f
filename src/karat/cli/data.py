"""`karat import` and `karat export`: data in, training sets out."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli import config
from karat.cli.options import Name, Url, Workspace
from karat.cli.output import fail, json_option, say, show_json, table, watched
from karat.sdk.projects import Project


def import_(
    project: Name,
    source: Annotated[str, typer.Argument(help="A file, a folder, or a URI on a store that the server allows.")],
    format: Annotated[str | None, typer.Option(help="The format; found out from the file where it is missing.")] = None,
    mapping: Annotated[
        str | None,
        typer.Option(help='Columns to streams, metadata and fields, as JSON: {"streams": {"text": "body"}}.'),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what would come in, and add nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse the whole file if one row is bad.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Items with a known key and other content become new revisions.")
    ] = False,
    author: Annotated[str | None, typer.Option(help="Who said what the file does not attribute to anybody.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where to write the rows that could not be read.")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is done.")] = True,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Import a file, a folder or a URI. Rows that cannot be read are set aside with their reason."""
    with config.client(url, workspace) as client:
        found = client.project(project)
        if preview:
            show_json(found.preview(source, format=format))
            return
        columns = json_option(mapping, "--mapping")
        run_import(
            found,
            source,
            format=format,
            mapping=columns,
            strict=strict,
            update=update,
            author=author,
            rejects=rejects,
            wait=wait,
        )


def run_import(
    project: Project,
    source: str,
    *,
    format: str | None = None,
    mapping: dict[str, object] | None = None,
    strict: bool = False,
    update: bool = False,
    author: str | None = None,
    rejects: Path | None = None,
    wait: bool = True,
) -> None:
    """Start an import, watch it, and say what came in, what was lost and what was rejected."""
    job = project.import_from(source, format=format, mapping=mapping, strict=strict, update=update, author=author)
    if not wait:
        say(f"Job {job.id} is running; `karat jobs watch {job.id}` follows it.")
        return
    result = watched(job).result
    for name, count in result.items():
        if isinstance(count, int) and not isinstance(count, bool):
            say(f"{count:>10,}  {name.replace('_', ' ')}")
    losses = result.get("losses")
    if isinstance(losses, list) and losses:
        say("\nKept in `extra`, since no field of this project holds it:")
        table(
            ["what", "count", "becomes", "remedy"],
            [(x.get("what"), x.get("count"), x.get("becomes"), x.get("remedy")) for x in losses],
        )
    if result.get("rejects"):
        target = rejects or Path("rejects.jsonl")
        with target.open("wb") as file:
            project._connection.download(f"jobs/{job.id}/files/rejects.jsonl", file)
        say(f"\nThe rejected rows with their reasons are in {target}.")


def export(
    project: Name,
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("export"),
    format: Annotated[
        str,
        typer.Option(
            help="jsonl, csv, parquet, coco, cvat, conll, conllu, label_studio, mask_folder, image_folder, text_folder, trl_chat,"
            " trl_completion, trl_preference, trl_reward, trl_stepwise, trl_unpaired, labelme, createml, voc or yolo."
        ),
    ] = "jsonl",
    which: Annotated[str, typer.Option(help="consensus, author or all.")] = "all",
    author: Annotated[str | None, typer.Option(help="With --which author: whose responses.")] = None,
    filter: Annotated[
        str | None, typer.Option(help='Only these items, as JSON: {"all": [{"state": ["done"]}]}.')
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only items that changed at or after this time (RFC 3339).")] = None,
    media: Annotated[
        bool, typer.Option("--media", help="Copy pictures and files too, instead of only naming them.")
    ] = False,
    losses: Annotated[
        bool, typer.Option("--losses", help="Show what the format cannot hold, and write nothing.")
    ] = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Export a project with a manifest of counts and checksums, and a report of what the format cannot hold."""
    if to.exists() and any(to.iterdir()):
        fail(f"{to} is not empty; give a folder that is, or a new one.")
    with config.client(url, workspace) as client:
        wanted = json_option(filter, "--filter")
        found = client.project(project)
        if losses:
            show_json(found.losses(format, which=which))
            return
        job = found.export(format, which=which, author=author, filter=wanted, since=since, media=media)
        for path in watched(job).download(to):
            say(str(path))
        lost = job.result.get("losses")
        if isinstance(lost, list) and lost:
            say(f"\n{format} cannot hold:")
            table(
                ["what", "count", "becomes", "remedy"],
                [(x.get("what"), x.get("count"), x.get("becomes"), x.get("remedy")) for x in lost],
            )
