"""`karat projects`: make, list, change, archive, clone and delete projects."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli import config, pay
from karat.cli.options import AsJson, Name, Url, Workspace, Yes
from karat.cli.output import fail, say, show_json, table

app = typer.Typer(no_args_is_help=True, help="Make, list, change, archive, clone and delete projects.")
app.add_typer(pay.app, name="pay")


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="active, archived or bin.")] = "active",
    json: AsJson = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """List the projects."""
    with config.client(url, workspace) as client:
        rows = client.projects(state=state)
        if json:
            show_json(rows)
        else:
            table(
                ["title", "items", "responses", "done", "id"],
                [(r.title, r.items, r.responses, r.done, r.id) for r in rows],
            )


@app.command()
def create(
    title: Annotated[str, typer.Argument(help="The new project's title.")],
    schema: Annotated[Path | None, typer.Option(help="A schema in YAML.")] = None,
    template: Annotated[
        str | None, typer.Option(help="A template's id; `karat projects templates` lists them.")
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", help="A data file to propose a schema from; it is imported too.")
    ] = None,
    overlap: Annotated[int, typer.Option(help="How many people answer each item.")] = 1,
    description: Annotated[str, typer.Option(help="What it is about.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --from: print the proposed schema and stop.")
    ] = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Make a project from a schema, a template or a data file."""
    if sum(x is not None for x in (schema, template, from_)) != 1:
        fail("Say what the project asks: one of --schema FILE, --template ID or --from DATA.")
    with config.client(url, workspace) as client:
        mapping = None
        if from_ is not None:
            proposal = client.propose_schema(from_)
            given, mapping = str(proposal["yaml"]), proposal.get("mapping")
            say(given)
            if dry_run:
                return
        elif template is not None:
            known = {str(t["id"]): str(t["schema_yaml"]) for t in client.templates()}
            if template not in known:
                fail(f"There is no template {template!r}; there are {', '.join(sorted(known))}.")
            given = known[template]
        else:
            assert schema is not None
            given = schema.read_text("utf-8")
        project = client.create_project(title, schema=given, description=description, overlap=overlap)
        say(f"Made {project.title!r}, id {project.id}.")
        if from_ is not None:
            from karat.cli.data import run_import

            run_import(project, str(from_), mapping=mapping if isinstance(mapping, dict) else None)


@app.command()
def templates(json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """List the templates."""
    with config.client(url, workspace) as client:
        found = client.templates()
        if json:
            show_json(found)
        else:
            table(["id", "title", "group"], [(t["id"], t["title"], t.get("group")) for t in found])


@app.command()
def show(project: Name, json: AsJson = False, url: Url = None, workspace: Workspace = None) -> None:
    """Show a project: its counts and its schema."""
    with config.client(url, workspace) as client:
        state = client.project(project).state
        if json:
            show_json(state)
            return
        counts = state.counts
        say(f"{state.title}  ({state.state}, schema version {state.schema_version})")
        if counts:
            say(
                f"{counts.items} items: {counts.open} open, {counts.labeled} labeled, {counts.done} done; {counts.responses} responses"
            )
        say("")
        say(state.schema_yaml.rstrip())


@app.command()
def schema(
    project: Name,
    file: Annotated[Path, typer.Argument(help="The new schema in YAML.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Give a project a new version of its schema."""
    with config.client(url, workspace) as client:
        changed = client.project(project).change_schema(file.read_text("utf-8"))
        say(f"{changed.title!r} now has schema version {changed.state.schema_version}.")


@app.command()
def workflow(
    project: Name,
    file: Annotated[
        Path | None, typer.Argument(help="A workflow policy in YAML; without one the present is printed.")
    ] = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Print a project's workflow policy, or give it a new one."""
    from karat.formats.propose import to_yaml
    from karat.model.problem import Refused
    from karat.model.yaml import read_yaml

    with config.client(url, workspace) as client:
        found = client.project(project)
        if file is None:
            say(to_yaml(found.state.policy).rstrip())
            return
        given, _, problems = read_yaml(file.read_text("utf-8"))
        if problems:
            raise Refused(problems, title=f"{file} is not YAML as Karat reads it")
        found.update(policy=given)
        say(f"{found.title!r} has the workflow of {file}, version {found.state.policy_version}.")


@app.command()
def panel(
    project: Name,
    file: Annotated[Path, typer.Argument(help="The panel: a JavaScript module.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Upload a panel of the project's own; prints what its schema calls it."""
    with config.client(url, workspace) as client:
        say(client.project(project).add_panel(file))


@app.command()
def vocabulary(
    project: Name,
    name: Annotated[str, typer.Argument(help="The vocabulary's name, as the schema says it.")],
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines: id, title, aliases, definition.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Upload a vocabulary, by whose entries things are named."""
    with config.client(url, workspace) as client:
        entries = client.project(project).put_vocabulary(name, file)
        say(f"{name} has {entries} entries.")


@app.command()
def words(
    project: Name,
    name: Annotated[str, typer.Argument(help="The list's name, as the schema says it.")],
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines: words, label.")],
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Upload a list of words, which are suggested as spans."""
    with config.client(url, workspace) as client:
        count = client.project(project).put_words(name, file)
        say(f"{name} has {count} words.")


@app.command()
def change(
    project: Name,
    title: Annotated[str | None, typer.Option(help="A new title.")] = None,
    description: Annotated[str | None, typer.Option(help="A new description.")] = None,
    overlap: Annotated[int | None, typer.Option(help="How many people answer each item.")] = None,
    begin: Annotated[
        str | None, typer.Option(help="What answers begin as: nothing, imported, or 'model NAME'.")
    ] = None,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Change a project's title, description or overlap, or what answers begin as."""
    given = {"title": title, "description": description, "overlap": overlap, "begin": begin}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        fail("Say what to change: --title, --description, --overlap or --begin.")
    with config.client(url, workspace) as client:
        say(f"Changed {client.project(project).update(**changes).title!r}.")


@app.command()
def archive(project: Name, url: Url = None, workspace: Workspace = None) -> None:
    """Close a project to work."""
    with config.client(url, workspace) as client:
        client.project(project).archive()
        say(f"Archived. `karat projects restore {project!r}` opens it again.")


@app.command()
def restore(project: Name, url: Url = None, workspace: Workspace = None) -> None:
    """Open an archived project, or take one out of the bin (by its id)."""
    with config.client(url, workspace) as client:
        ids = {row.title: row.id for state in ("archived", "bin") for row in client.projects(state=state)}
        client.connection.post(f"projects/{ids.get(project, project)}/restore")
        say("Restored.")


@app.command()
def clone(
    project: Name,
    title: Annotated[str, typer.Argument(help="The copy's title.")],
    items: Annotated[bool, typer.Option("--items", help="Copy the items too, without responses.")] = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Make a new project of the same schema and policy."""
    with config.client(url, workspace) as client:
        made = client.project(project).clone(title, with_items=items)
        say(f"Made {made.title!r}, id {made.id}.")


@app.command()
def delete(
    project: Name,
    yes: Yes = False,
    url: Url = None,
    workspace: Workspace = None,
) -> None:
    """Move a project to the bin, from where it can be restored for 30 days."""
    with config.client(url, workspace) as client:
        found = client.project(project)
        if not yes:
            typer.confirm(f"Move {found.title!r} to the bin?", abort=True)
        found.delete()
        say(f"In the bin for 30 days: karat projects restore {found.id}")
