"""`karat` on the command line: the same nouns and verbs as the REST API and the Python client."""

import sys

import typer

from karat.cli import (
    account,
    admin,
    backup,
    data,
    items,
    jobs,
    people,
    projects,
    quality,
    reports,
    responses,
    serve,
    sql,
    tokens,
)

app = typer.Typer(
    name="karat",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Label data of every kind together, and know how good each label is.",
)

app.command()(serve.demo)
app.command()(serve.serve)
app.command()(account.login)
app.command()(account.logout)
app.command()(account.whoami)
app.command("import")(data.import_)
app.command()(data.export)
app.command()(responses.undo)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(sql.sql)
app.add_typer(admin.app, name="admin")
app.add_typer(items.app, name="items")
app.add_typer(jobs.app, name="jobs")
app.add_typer(people.app, name="people")
app.add_typer(projects.app, name="projects")
app.add_typer(quality.app, name="quality")
app.add_typer(reports.app, name="reports")
app.add_typer(responses.app, name="responses")
app.add_typer(tokens.app, name="tokens")


def main() -> None:
    """Run the command; a refusal is printed as the server worded it, never as a traceback."""
    from karat.cli.output import fail
    from karat.model.problem import Refused
    from karat.sdk.errors import KaratError

    try:
        app()
    except KaratError as error:
        fail(str(error))
    except Refused as error:
        fail("\n".join([error.title, str(error)]))
    except UnicodeDecodeError as error:
        fail(f"A file holds bytes that are not UTF-8, the first at {error.start}. Save it as UTF-8.")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}." if error.filename else f"{error}.")
    except KeyboardInterrupt:
        sys.exit(130)
