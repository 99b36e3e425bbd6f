"""Writing down uploads, and asking for imports and exports."""

from karat.formats import FORMATS
from karat.model.ids import unstamp
from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_project, enter_workspace
from karat.server.database import Tx
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.projects.queries import schema_of
from karat.server.tell import note
from karat.server.transfers import queries
from karat.server.transfers.schemas import NewExport, NewImport
from karat.server.transfers.uploading import UploadedFile

MOST_FILES = 1_000_000


def create_upload(tx: Tx, actor: Actor, *, workspace: str | None = None, project: str | None = None) -> str:
    """A place for files, in a project or, before there is one, in a workspace."""
    scope = (
        enter_project(tx, actor, "import", project=project)
        if project is not None
        else enter_workspace(tx, actor, "project.create", workspace=workspace or "")
    )
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO uploads (id, workspace, project, by, at) VALUES (:id, :workspace, :project, :by, :at)",
        id=id_,
        workspace=scope.workspace,
        project=scope.project or None,
        by=actor.login,
        at=tx.now(),
    )
    return id_


def begin_file(tx: Tx, actor: Actor, upload: str) -> None:
    """Let a file into an upload."""
    queries.enter_upload(tx, actor, upload=upload)
    tx.run("UPDATE uploads SET at = :at WHERE id = :id", id=upload, at=tx.now())
    count = tx.run("SELECT count(*) FROM upload_files WHERE upload = :upload", upload=upload)[0][0]
    if count >= MOST_FILES:
        raise Refused(
            [
                Problem(
                    "upload",
                    f"{count} files",
                    f"at most {MOST_FILES}",
                    "Pack the files into archives, or begin another upload.",
                )
            ]
        )


def note_file(tx: Tx, upload: str, file: UploadedFile) -> UploadedFile:
    """Write down how far a file is."""
    tx.run(
        "INSERT INTO upload_files (upload, name, size, sha256) VALUES (:upload, :name, :size, :sha256)"
        " ON CONFLICT (upload, name) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256",
        upload=upload,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
    )
    tx.run("UPDATE uploads SET at = :at WHERE id = :id", id=upload, at=tx.now())
    return file


def forget_uploads(tx: Tx, uploads: list[str]) -> None:
    """Uploads that were removed from the store."""
    tx.many("DELETE FROM upload_files WHERE upload = :id", [{"id": id_} for id_ in uploads])
    tx.many("DELETE FROM uploads WHERE id = :id", [{"id": id_} for id_ in uploads])


def start_import(tx: Tx, actor: Actor, project: str, given: NewImport) -> Started:
    """Ask for an import."""
    scope = enter_project(tx, actor, "import", project=project)
    queries.check_from(tx, scope, given)
    started = jobs.create(tx, scope, "import", given, unit="rows")
    note(
        tx,
        "import.started",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "job", "id": started.id},
        source=given.uri or "upload",
        update=given.update,
    )
    return started


def start_export(tx: Tx, actor: Actor, project: str, given: NewExport) -> Started:
    """Ask for an export."""
    scope = enter_project(tx, actor, "export", project=project)
    refuse(export_problems(tx, scope, given))
    started = jobs.create(tx, scope, "export", given)
    note(
        tx,
        "export.started",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "job", "id": started.id},
        format=given.format,
        which=given.which,
    )
    return started


def export_problems(tx: Tx, scope: Scope, given: NewExport) -> list[Problem]:
    """What is wrong with the wish for an export."""
    problems: list[Problem] = []
    writable = [name for name, format_ in FORMATS.items() if format_.write is not None]
    if given.format not in writable:
        problems.append(
            Problem(
                "format", shown(given.format), f"one of {', '.join(writable)}", "Choose a format that can be written."
            )
        )
    else:
        problems += FORMATS[given.format].lacks(schema_of(tx, scope.project)[1])
    if (given.which == "author") != (given.author is not None):
        problems.append(
            Problem(
                "author",
                shown(given.author),
                "an author's id with `which: author`, else nothing",
                "Say whose responses you want.",
            )
        )
    elif given.author is not None and not tx.run(
        "SELECT 1 FROM authors WHERE id = :id AND workspace = :workspace", id=given.author, workspace=scope.workspace
    ):
        problems.append(
            Problem(
                "author",
                shown(given.author),
                "the id of an author of this workspace",
                "Take it from the list of authors.",
            )
        )
    if given.since is not None:
        try:
            unstamp(given.since)
        except ValueError:
            problems.append(
                Problem(
                    "since",
                    shown(given.since),
                    "a time such as 2026-11-22T04:48:00.000Z",
                    "Write it as RFC 3339 in UTC.",
                )
            )
    return problems
