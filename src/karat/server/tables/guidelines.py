"""What a project's people go by: its guideline in all versions, and who has read which."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, metadata

_must = sa.text("must_read")

guidelines = sa.Table(
    "guidelines",
    metadata,
    sa.Column("project", Key, primary_key=True),
    sa.Column("version", Key, primary_key=True),
    sa.Column("document", Json, nullable=False),  # text, definitions, examples
    sa.Column("note", Txt, nullable=False, server_default=""),
    sa.Column("must_read", sa.Boolean, nullable=False),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    # A claim asks whether a version must be read that the person has not.
    sa.Index("guidelines_must", "project", "version", sqlite_where=_must, postgresql_where=_must),
)

guideline_reads = sa.Table(
    "guideline_reads",
    metadata,
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("version", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sqlite_with_rowid=False,
)

shown_items = sa.Table(
    "shown_items",
    metadata,
    # Items that everybody may look at, since they are examples; those of rulings only once they are done.
    sa.Column("item", Key, primary_key=True),
    sa.Column("why", Txt, primary_key=True),  # guideline, ruling
    sa.Column("project", Key, nullable=False),
    sa.Index("shown_items_project", "project", "why"),
    sqlite_with_rowid=False,
)
