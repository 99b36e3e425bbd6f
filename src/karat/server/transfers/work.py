"""The jobs of transfers."""

from karat.server.jobs.kinds import JobKind
from karat.server.transfers import exporting, importing
from karat.server.transfers.schemas import NewExport, NewImport

JOBS = [
    JobKind(name="import", title="Import", arguments=NewImport, run=importing.run, unit="rows"),
    JobKind(name="export", title="Export", arguments=NewExport, run=exporting.run),
]
