"""Who works on what: the queue of each stage, and the claims that were granted."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, metadata

queue = sa.Table(
    "queue",
    metadata,
    # An item stands here while its stage still wants answers; a claim is one walk along this key.
    sa.Column("project", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("priority", Key, nullable=False),  # lower comes first
    sa.Column("item", Key, nullable=False),
    sa.Column("granted", Key, nullable=False, server_default="0"),  # claims and answers that hold a slot
    sa.PrimaryKeyConstraint("project", "stage", "priority", "item"),
    sa.Index("queue_item", "item"),
    sqlite_with_rowid=False,
)

low_water = sa.Table(
    "low_water",
    metadata,
    # Everything before (priority, item) is known to hold nothing for this person; lowered when an item reopens.
    sa.Column("project", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("priority", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.PrimaryKeyConstraint("project", "stage", "author"),
    sqlite_with_rowid=False,
)

assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("until", At, nullable=False),
    sa.Column("state", Txt, nullable=False),  # claimed, done, skipped, expired, released
    sa.Column("why", Json, nullable=False),  # policy version, use, probability; never leaves for the person
    sa.Column("at", At, nullable=False),
    sa.Index("assignments_item", "item", "author"),
    sa.Index("assignments_open", "project", "author", sqlite_where=sa.text("state = 'claimed'"), postgresql_where=sa.text("state = 'claimed'")),
    sa.Index("assignments_until", "until", sqlite_where=sa.text("state = 'claimed'"), postgresql_where=sa.text("state = 'claimed'")),
)
