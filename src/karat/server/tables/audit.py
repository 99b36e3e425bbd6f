"""What happened: events for consumers, the audit trail for people, bulk operations that can be undone."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, metadata

_reverted = sa.text("name = 'response.reverted'")

events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", Key, primary_key=True, autoincrement=True),
    sa.Column("id", Txt, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("workspace", Key, nullable=False),
    sa.Column("project", Key),
    sa.Column("actor", Key, nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("thing", Json, nullable=False),
    sa.Column("data", Json, nullable=False),
    # PostgreSQL commits out of seq order: readers stop below the oldest transaction still open (0 on SQLite).
    sa.Column("xid", Key, nullable=False, server_default="0"),
    sa.Index("events_project", "project", "seq"),
    sa.Index("events_order", "xid", "seq").ddl_if(dialect="postgresql"),
    # Few rows of many: what was taken back, so that pay can be counted as things stood at any time.
    sa.Index("events_reverted", "project", "at", sqlite_where=_reverted, postgresql_where=_reverted),
    sqlite_autoincrement=True,
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", Key, primary_key=True, autoincrement=True),
    sa.Column("at", At, nullable=False),
    sa.Column("workspace", Key),
    sa.Column("project", Key),
    sa.Column("actor", Key),  # a login; null for the operator at the command line
    sa.Column("name", Txt, nullable=False),
    sa.Column("thing", Json, nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("address", Txt, nullable=False, server_default=""),
    sa.Index("audit_workspace", "workspace", "seq"),
    sqlite_autoincrement=True,
)

operations = sa.Table(
    "operations",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("actor", Key, nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("changes", Json, nullable=False),  # [{thing, before, after}]
    sa.Column("undoes", Txt),
    sa.Column("undone_by", Txt),
    sa.Column("at", At, nullable=False),
    sa.Index("operations_project", "project", "at"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("actor", Key, primary_key=True),
    sa.Column("key", Txt, primary_key=True),
    sa.Column("request", Txt, nullable=False),  # SHA-256 of method, path and body
    sa.Column("status", Key, nullable=False),
    sa.Column("body", Txt, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Index("idempotency_at", "at"),
)
