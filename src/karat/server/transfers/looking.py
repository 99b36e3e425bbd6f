"""Previews on request: the source is brought here, a process looks into it, and nothing of it is kept."""

import shutil
import tempfile
from pathlib import Path

import msgspec

from karat.model.problem import Problem, Refused
from karat.server.media.fetching import fetch
from karat.server.media.places import Places
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.state import App
from karat.server.transfers.chunks import Failed
from karat.server.transfers.previewing import Answer, LookPlan, Previewed
from karat.server.transfers.schemas import From
from karat.server.transfers.uploading import local_copy

TIMEOUT_S = 60.0


def look(app: App, given: From, schema: bytes | None) -> bytes:
    """The preview, or the proposal where no schema is given, as JSON. It blocks: call it in a thread."""
    base = app.settings.data / "tmp"
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=base))
    try:
        path = _brought(app, given, folder)
        plan = LookPlan(
            path=str(path),
            format=given.format,
            mapping=given.mapping,
            schema=None if schema is None else msgspec.json.decode(schema),
        )
        return _answered(app, plan)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _brought(app: App, given: From, folder: Path) -> Path:
    if given.upload is not None:
        return local_copy(app.blobs, given.upload, folder)
    places = Places(app.settings.import_roots, app.settings.import_hosts)
    return fetch(given.uri or "", places, folder, limit=app.settings.max_upload_mb * 1_000_000).path


def _answered(app: App, plan: LookPlan) -> bytes:
    with Worker[Answer]("look", plan, Answer, limits=Limits(app.settings.worker_memory_mb)) as worker:
        try:
            answer = worker.receive(timeout_s=TIMEOUT_S)
        except WorkerDiedError as error:
            problem = Problem(
                "file",
                str(error),
                "a file that can be looked into",
                "Look whether it is damaged, name its format, or import it without a preview.",
            )
            raise Refused([problem], title="The file cannot be previewed") from None
    if isinstance(answer, Failed):
        raise Refused(answer.problems, title=answer.title)
    if not isinstance(answer, Previewed):
        raise Refused([Problem("file", "no answer", "a preview", "Try again.")], title="The file cannot be previewed")
    return answer.body
