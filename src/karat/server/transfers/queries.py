"""Reading uploads, and what an import or export needs to know of its project."""

import msgspec

from karat.formats import format_named
from karat.formats.base import Loss
from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_project, enter_workspace, missing
from karat.server.database import Tx
from karat.server.projects.queries import schema_of
from karat.server.transfers.schemas import From, Upload
from karat.server.transfers.uploading import UploadedFile


class ProjectNow(msgspec.Struct, frozen=True):
    """A project as a transfer finds it."""

    id: str
    workspace: str
    title: str
    schema_version: int
    schema: str
    """The document as JSON."""
    items: int


def project_now(tx: Tx, project: int) -> ProjectNow:
    """What a transfer needs to know."""
    row = tx.run(
        "SELECT p.id, w.id, p.title, p.schema_version, s.document, p.items FROM projects p JOIN workspaces w ON w.n = p.workspace"
        " JOIN schemas s ON s.project = p.n AND s.version = p.schema_version WHERE p.n = :project",
        project=project,
    )[0]
    return ProjectNow(*row)


def losses(tx: Tx, actor: Actor, project: str, *, format_: str) -> list[Loss]:
    """What a format cannot hold of a project's schema; `Refused` where there is nothing to make such a file of."""
    scope = enter_project(tx, actor, "export", project=project)
    chosen, schema = format_named(format_), schema_of(tx, scope.project)[1]
    refuse(chosen.lacks(schema))
    return chosen.losses(schema)


def import_schema(tx: Tx, actor: Actor, project: str, given: From) -> bytes:
    """The schema that an import would be read by, once it is clear that the actor may import from there."""
    scope = enter_project(tx, actor, "import", project=project)
    check_from(tx, scope, given)
    return project_now(tx, scope.project).schema.encode()


def check_proposal(tx: Tx, actor: Actor, workspace: str, given: From) -> None:
    """Refuse a source that the actor may not make a project of."""
    check_from(tx, enter_workspace(tx, actor, "project.create", workspace=workspace), given)


def check_from(tx: Tx, scope: Scope, given: From) -> None:
    """Refuse a source that is none or two, another workspace's, or of a format that nobody knows."""
    if (given.upload is None) == (given.uri is None):
        raise Refused(
            [
                Problem(
                    "upload", shown(given.upload), "an upload or a uri, one of the two", "Say where the data are, once."
                )
            ]
        )
    if given.upload is not None:
        upload_for(tx, scope, given.upload)
    if given.format is not None and format_named(given.format).read is None:
        raise Refused([Problem("format", shown(given.format), "a format that can be read", "Choose another format.")])


def enter_upload(tx: Tx, actor: Actor, *, upload: str) -> Scope:
    """The actor's scope where an upload belongs: only who may import there may touch it."""
    rows = tx.run(
        "SELECT u.project, w.id FROM uploads u JOIN workspaces w ON w.n = u.workspace WHERE u.id = :id", id=upload
    )
    if not rows:
        raise missing("upload", upload)
    project, workspace = rows[0]
    if project is not None:
        return enter_by_key(tx, actor, "import", project=project, what="upload", shown=upload)
    belongs = tx.run(
        "SELECT 1 FROM memberships m JOIN workspaces w ON w.n = m.workspace WHERE w.id = :id AND m.login = :login AND m.active",
        id=workspace,
        login=actor.login,
    )
    if not belongs:
        raise missing("upload", upload)
    return enter_workspace(tx, actor, "project.create", workspace=workspace)


def upload_for(tx: Tx, scope: Scope, upload: str) -> None:
    """Refuse an upload of another workspace."""
    rows = tx.run(
        "SELECT 1 FROM uploads WHERE id = :id AND workspace = :workspace", id=upload, workspace=scope.workspace
    )
    if not rows:
        raise missing("upload", upload)


def get_upload(tx: Tx, actor: Actor, upload: str) -> Upload:
    """An upload with its files."""
    enter_upload(tx, actor, upload=upload)
    rows = tx.run("SELECT name, size, sha256 FROM upload_files WHERE upload = :upload ORDER BY name", upload=upload)
    return Upload(upload, [UploadedFile(name, size, sha256, sha256 is not None) for name, size, sha256 in rows])


def abandoned(tx: Tx, before: str, *, limit: int = 100) -> list[str]:
    """Uploads that nothing has happened to since, and that no unfinished import reads."""
    rows = tx.run(
        "SELECT u.id FROM uploads u WHERE u.at < :before AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.workspace = u.workspace"
        " AND j.finished_at IS NULL AND j.kind = 'import') ORDER BY u.at LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [id_ for (id_,) in rows]
