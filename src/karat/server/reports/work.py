"""The long work of reports: agreement over a whole project, and the consensus of every item."""

from karat.server.jobs.kinds import JobKind
from karat.server.reports.agreement_job import RefreshWork, refresh
from karat.server.reports.consensus_job import merge_all
from karat.server.reports.consensus_work import ConsensusWork

JOBS = [
    JobKind(name="reports.refresh", title="Compute agreement", arguments=RefreshWork, run=refresh),
    JobKind(name="consensus.merge", title="Compute the consensus", arguments=ConsensusWork, run=merge_all),
]
