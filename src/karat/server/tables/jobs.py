"""Long work: what was asked, how far it is, what it said, and which steps are done."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("project", Key),
    sa.Column("kind", Txt, nullable=False),
    sa.Column("arguments", Json, nullable=False),
    sa.Column("state", Txt, nullable=False),  # queued, running, done, failed, cancelled
    sa.Column("done", Key, nullable=False, server_default="0"),
    sa.Column("total", Key),
    sa.Column("unit", Txt, nullable=False, server_default="items"),
    sa.Column("result", Json),
    sa.Column("problems", Json, nullable=False, server_default="[]"),
    sa.Column("by", Key, nullable=False),  # a login; 0 for what Karat does of its own accord
    sa.Column("created_at", At, nullable=False),
    sa.Column("started_at", At),
    sa.Column("finished_at", At),
    sa.Column("cancel", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("attempt", Key, nullable=False, server_default="1"),  # raised by a retry
    sa.Column("runs", Key, nullable=False, server_default="0"),  # how often this attempt was begun
    # The one run whose steps are accepted: a run that was given up for dead and wakes up again finds another name here.
    sa.Column("runner", Txt, nullable=False, server_default=""),
    # Where the present run began, so that its speed does not count what an earlier one did.
    sa.Column("resumed_at", At),
    sa.Column("resumed_done", Key, nullable=False, server_default="0"),
    sa.Index("jobs_workspace", "workspace", "created_at"),
    sa.Index("jobs_project", "project", "created_at"),
    sa.Index(
        "jobs_open",
        "state",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
)

job_steps = sa.Table(
    "job_steps",
    metadata,
    # Written in the same transaction as the step's rows: what makes a step happen exactly once.
    sa.Column("job", Txt, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", Key, primary_key=True),
    sa.Column("result", Json, nullable=False, server_default="null"),
    sqlite_with_rowid=False,
)

job_log = sa.Table(
    "job_log",
    metadata,
    key_column(),
    sa.Column("job", Txt, sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("text", Txt, nullable=False),
    sa.Index("job_log_job", "job", "n"),
)

job_runners = sa.Table(
    "job_runners",
    metadata,
    # PostgreSQL only: each server process says each second that it lives; the jobs of one that falls silent are taken over.
    sa.Column("id", Txt, primary_key=True),
    sa.Column("beat", sa.Double, nullable=False),  # seconds since 1970 by the database's clock
)
