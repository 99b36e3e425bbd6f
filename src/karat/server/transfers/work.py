"""The jobs of transfers."""

from karat.server.jobs.kinds import JobKind
from karat.server.transfers import importing
from karat.server.transfers.schemas import NewImport

JOBS = [
    JobKind(name="import", title="Import", arguments=NewImport, run=importing.run, unit="rows"),
]
