"""What reviewers said of answers."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

reviews = sa.Table(
    "reviews",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("assignment", Txt, nullable=False),
    sa.Column("response", Key, nullable=False),
    sa.Column("revision", Key, nullable=False),
    sa.Column("author", Key, nullable=False),  # whose answer it is
    sa.Column("reviewer", Key, nullable=False),
    sa.Column("verdict", Txt, nullable=False),  # accepted, fixed, rejected
    sa.Column("defects", Json, nullable=False, server_default="[]"),
    sa.Column("note", Txt, nullable=False, server_default=""),
    sa.Column("fix", Key),  # the response that stands instead, and its revision
    sa.Column("fix_revision", Key),
    sa.Column("probability", sa.Double, nullable=False),  # with which the item was drawn for this review
    sa.Column("counts", sa.Boolean, nullable=False, server_default=sa.true()),  # else it came too late to move the item
    sa.Column("active_ms", Key, nullable=False),  # of the whole item, at its first row; 0 at the others
    sa.Column("at", At, nullable=False),
    sa.Index("reviews_item", "item"),
    sa.Index("reviews_author", "project", "author", "at"),
    sa.Index("reviews_reviewer", "project", "reviewer", "at"),
    sa.Index("reviews_at", "project", "at"),
)

judgements = sa.Table(
    "judgements",
    metadata,
    # What was handed in for a claimed review, so that a repeat is told from another.
    sa.Column("assignment", Txt, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("digest", Txt, nullable=False),
    sa.Column("receipt", Json, nullable=False),
    sa.Column("fix", Key),  # the answer that was handed in with it, and its revision
    sa.Column("fix_revision", Key),
    sa.Index("judgements_item", "item"),
)
