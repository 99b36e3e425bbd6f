"""What was computed from responses, and how far each consumer of events has read."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, metadata

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", Txt, primary_key=True),  # agreement, method, consensus, knowledge:<field> …
    sa.Column("body", Json, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("upto_seq", Key, nullable=False),  # the last event it counts in; later answers make it stale
)

disagreements = sa.Table(
    "disagreements",
    metadata,
    # Only items whose authors differ in the field; where they agree there is no row.
    sa.Column("project", Key, nullable=False),
    sa.Column("field", Key, nullable=False),  # a word
    sa.Column("item", Key, nullable=False),
    sa.Column("distance", sa.Double, nullable=False),  # mean over the pairs of authors, in (0, 1]
    sa.Column("n", Key, nullable=False),  # authors
    sa.PrimaryKeyConstraint("item", "field"),
    sa.Index("disagreements_most", "project", "field", "distance", "item"),
    sqlite_with_rowid=False,
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("name", Txt, primary_key=True),
    sa.Column("xid", Key, nullable=False),  # 0 on SQLite, where seq alone is the order of commits
    sa.Column("seq", Key, nullable=False),
    # One machine at a time follows; another takes over when the lease has run out.
    sa.Column("holder", Txt, nullable=False, server_default=""),
    sa.Column("until", At, nullable=False, server_default=""),
)

overdue = sa.Table(
    "overdue",
    metadata,
    # Projects of which every item is to be looked at again, and how far that is.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("after", Key, nullable=False),
)
