"""The jobs of transfers, and the removal of uploads that nobody used."""

import datetime as dt
from typing import TYPE_CHECKING

from karat.model.ids import stamp
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.memory import give_back
from karat.server.transfers import actions, exporting, importing, queries, uploading
from karat.server.transfers.schemas import NewExport, NewImport

if TYPE_CHECKING:
    from karat.server.state import App


def remove_abandoned_uploads(app: "App") -> int:
    """Delete uploads that nothing has happened to for `upload_hours`; how many there were."""
    before = stamp(app.db.read_now(lambda tx: tx.clock.now()) - dt.timedelta(hours=app.settings.upload_hours))
    found = app.db.read_now(queries.abandoned, before)
    for upload in found:
        uploading.remove(app.blobs, app.settings.data / "uploads", upload)
    if found:
        app.db.write_now(actions.forget_uploads, found)
    return len(found)


def bring(job: Running, given: NewImport) -> dict[str, object]:
    """An import, and on the way out what others left lying."""
    result = importing.run(job, given)
    give_back()
    remove_abandoned_uploads(job.app)
    return result


JOBS = [
    JobKind(name="import", title="Import", arguments=NewImport, run=bring, unit="rows"),
    JobKind(name="export", title="Export", arguments=NewExport, run=exporting.run),
]
