"""Transfers over HTTP: uploads, imports and exports as jobs, previews."""

import anyio.to_thread
from litestar import Response, get, post, put
from litestar.types import ControllerRouterHandler

from karat.formats import FORMATS
from karat.formats.base import Loss, Which
from karat.server.access import Actor
from karat.server.database import Database
from karat.server.jobs import queries as jobs
from karat.server.jobs.schemas import JobBody
from karat.server.state import App, Asked
from karat.server.transfers import actions, looking, queries, uploading
from karat.server.transfers.schemas import (
    FormatRow,
    From,
    NewExport,
    NewImport,
    NewUpload,
    PreviewBody,
    SchemaProposal,
    Upload,
)
from karat.server.transfers.uploading import UploadedFile
from karat.server.wire import decode


@get("/formats", opt={"right": "workspace.see"})
async def list_formats(actor: Actor) -> list[FormatRow]:
    """The file formats that are read and written."""
    return [FormatRow(f.name, f.title, f.about, f.read is not None, f.write is not None) for f in FORMATS.values()]


@post("/projects/{project:str}/uploads", opt={"right": "import"})
async def create_upload(project: str, actor: Actor, db: Database) -> NewUpload:
    """Begin an upload: a place to put files for an import into this project."""
    return NewUpload(await db.write(actions.create_upload, actor, project=project))


@post("/workspaces/{workspace:str}/uploads", opt={"right": "project.create"})
async def create_workspace_upload(workspace: str, actor: Actor, db: Database) -> NewUpload:
    """Begin an upload before there is a project, to have a schema proposed from it."""
    return NewUpload(await db.write(actions.create_upload, actor, workspace=workspace))


@get("/uploads/{upload:str}", opt={"right": "import"})
async def get_upload(upload: str, actor: Actor, db: Database) -> Upload:
    """An upload: which files are whole, and how much of the others has arrived."""
    return await db.read(queries.get_upload, actor, upload)


@put(
    "/uploads/{upload:str}/files/{name:path}",
    opt={"right": "import", "body": bytes, "accepts": "application/octet-stream"},
    request_max_body_size=None,
)
async def put_file(upload: str, name: str, request: Asked, actor: Actor, app: App) -> UploadedFile:
    """Send a file, whole or in parts with `Content-Range`, each from where the one before ended. It is written as it arrives."""
    checked = uploading.checked_name(name)
    limit = app.settings.max_upload_mb * 1_000_000
    part = uploading.part_of(request.headers.get("content-range"), limit=limit)
    await app.db.write(actions.begin_file, actor, upload)
    folder = app.settings.data / "uploads"
    file = await uploading.receive(request.stream(), folder, checked, part, limit=limit, blobs=app.blobs, upload=upload)
    return await app.db.write(actions.note_file, upload, file)


@post(
    "/projects/{project:str}/imports/preview",
    opt={"right": "import", "body": From, "returns": PreviewBody},
    status_code=200,
)
async def preview_import(project: str, body: bytes, actor: Actor, db: Database, app: App) -> Response[bytes]:
    """What an import would do: format, columns and their mapping, first rows, losses and rejects. Nothing is stored."""
    given = decode(body, From)
    schema = await db.read(queries.import_schema, actor, project, given)
    return _json(await anyio.to_thread.run_sync(looking.look, app, given, schema))


@post(
    "/workspaces/{workspace:str}/schemas/propose",
    opt={"right": "project.create", "body": From, "returns": SchemaProposal},
    status_code=200,
)
async def propose_schema(workspace: str, body: bytes, actor: Actor, db: Database, app: App) -> Response[bytes]:
    """A schema that would hold what a file has, and how its columns map to it."""
    given = decode(body, From)
    await db.read(queries.check_proposal, actor, workspace, given)
    return _json(await anyio.to_thread.run_sync(looking.look, app, given, None))


@post("/projects/{project:str}/imports", opt={"right": "import", "body": NewImport}, status_code=202)
async def start_import(project: str, body: bytes, actor: Actor, db: Database, app: App) -> JobBody:
    """Import an upload or a URI, as a job. The same data twice add nothing."""
    started = await db.write(actions.start_import, actor, project, decode(body, NewImport))
    app.jobs.submit(started.id, started.attempt)
    return await db.read(jobs.get, actor, started.id)


@post("/projects/{project:str}/exports", opt={"right": "export", "body": NewExport}, status_code=202)
async def start_export(project: str, body: bytes, actor: Actor, db: Database, app: App) -> JobBody:
    """Export a project, as a job; its files are fetched from the job."""
    started = await db.write(actions.start_export, actor, project, decode(body, NewExport))
    app.jobs.submit(started.id, started.attempt)
    return await db.read(jobs.get, actor, started.id)


@get("/projects/{project:str}/exports/losses", opt={"right": "export"})
async def export_losses(project: str, format: str, actor: Actor, db: Database, which: Which = "all") -> list[Loss]:
    """What a format cannot hold of this project, before anything is exported; the counts are 0."""
    return await db.read(queries.losses, actor, project, format_=format)


def _json(body: bytes) -> Response[bytes]:
    return Response(body, media_type="application/json")


ROUTES: list[ControllerRouterHandler] = [
    list_formats,
    create_upload,
    create_workspace_upload,
    get_upload,
    put_file,
    preview_import,
    propose_schema,
    start_import,
    start_export,
    export_losses,
]
