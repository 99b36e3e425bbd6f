"""The long work of fairness: a report over a whole project."""

from karat.server.fairness.report_job import KIND, ReportWork, make_report
from karat.server.jobs.kinds import JobKind

JOBS = [
    JobKind(name=KIND, title="Compare slices and groups", arguments=ReportWork, run=make_report),
]
