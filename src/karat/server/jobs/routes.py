"""Jobs over HTTP: seen, stopped, started again, their files fetched."""

from typing import Annotated

import anyio.to_thread
from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from karat.ports.blobs import Blobs
from karat.server.access import Actor, missing
from karat.server.database import Database, Tx
from karat.server.jobs import actions, files, queries
from karat.server.jobs.schemas import JobBody, JobFile, JobState
from karat.server.ranges import send_blob
from karat.server.state import App, Asked
from karat.server.wire import Page, from_cursor, limited, page


@get("/jobs", opt={"right": "jobs.see"})
async def list_jobs(
    actor: Actor,
    db: Database,
    workspace: str | None = None,
    project: str | None = None,
    kind: str | None = None,
    in_state: Annotated[JobState | None, QueryParameter(name="state")] = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[JobBody]:
    """The jobs of the workspaces that you manage, the newest first; their logs are left out."""
    n = limited(limit)
    after = from_cursor(cursor, tuple[str, str])
    rows = await db.read(
        queries.listed, actor, workspace=workspace, project=project, kind=kind, state=in_state, limit=n + 1, after=after
    )
    return page(rows, n, lambda row: (row.created_at, row.id))


@get("/jobs/{job:str}", opt={"right": "jobs.see"})
async def get_job(job: str, actor: Actor, db: Database) -> JobBody:
    """One job: how far it is, what it said, what came of it."""
    return await db.read(queries.get, actor, job)


@post("/jobs/{job:str}/cancel", opt={"right": "jobs.change"}, status_code=202)
async def cancel_job(job: str, actor: Actor, db: Database) -> JobBody:
    """Ask a job to stop. What it has done so far stays."""
    await db.write(actions.cancel, actor, job)
    return await db.read(queries.get, actor, job)


@post("/jobs/{job:str}/retry", opt={"right": "jobs.change"}, status_code=202)
async def retry_job(job: str, actor: Actor, db: Database, app: App) -> JobBody:
    """Start a failed or cancelled job again; it goes on after what it had done."""
    started = await db.write(actions.retry, actor, job)
    app.jobs.submit(started.id, started.attempt)
    return await db.read(queries.get, actor, job)


@get("/jobs/{job:str}/files", opt={"right": "jobs.see"})
async def list_files(job: str, actor: Actor, db: Database, app: App) -> list[JobFile]:
    """The files that a job made."""
    await db.read(_see, actor, job)
    return await anyio.to_thread.run_sync(files.files_of, app.blobs, job)


@get(
    "/jobs/{job:str}/files/{name:path}",
    opt={"right": "jobs.see", "returns": bytes, "media": "application/octet-stream"},
)
async def get_file(job: str, name: str, request: Asked, actor: Actor, db: Database, app: App) -> Response[bytes]:
    """One file that a job made, whole or in part (`Range`)."""
    await db.read(_see, actor, job)
    found = await anyio.to_thread.run_sync(_file, app.blobs, job, name.lstrip("/"))
    return await send_blob(
        request,
        app.blobs,
        files.key_of(job, found.name),
        size=found.size,
        etag=found.sha256,
        media_type="application/octet-stream",
        filename=found.name,
    )


def _see(tx: Tx, actor: Actor, job: str) -> None:
    queries.enter_job(tx, actor, "jobs.see", job=job)


def _file(blobs: Blobs, job: str, name: str) -> JobFile:
    found = next((file for file in files.files_of(blobs, job) if file.name == name), None)
    if found is None:
        raise missing("file", name)
    return found


ROUTES: list[ControllerRouterHandler] = [list_jobs, get_job, cancel_job, retry_job, list_files, get_file]
