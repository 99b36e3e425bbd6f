"""Items, the content they refer to, and the two plain tables that search reads."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

items = sa.Table(
    "items",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("key", Txt, nullable=False),
    sa.Column("revision", Key, nullable=False, server_default="1"),
    sa.Column("hash", Txt, nullable=False),  # of the content, to tell the same item from a changed one
    sa.Column("streams", Json, nullable=False),
    sa.Column("metadata", Json, nullable=False, server_default="{}"),
    sa.Column("tags", Json, nullable=False, server_default="[]"),
    sa.Column("split_group", Txt),
    sa.Column("extra", Json, nullable=False, server_default="{}"),
    sa.Column("state", Txt, nullable=False, server_default="open"),  # open, labeled, done
    sa.Column("stage", Txt, nullable=False, server_default="label"),
    sa.Column("responses", Key, nullable=False, server_default="0"),  # submitted heads that are not excluded
    sa.Column("disagreement", sa.Double),  # mean distance between authors; null below two responses
    sa.Column("created_at", At, nullable=False),
    sa.Column("changed_at", At, nullable=False),
    sa.Column("deleted_at", At),
    sa.Index("items_id", "id", unique=True),
    sa.Index("items_key", "project", "key", unique=True, sqlite_where=sa.text("deleted_at IS NULL"), postgresql_where=sa.text("deleted_at IS NULL")),
    sa.Index("items_changed", "project", "changed_at", "n"),
    sa.Index("items_state", "project", "state", "n"),
)

item_revisions = sa.Table(
    "item_revisions",
    metadata,
    # Only earlier revisions stand here; the newest is the item's own row.
    sa.Column("item", Key, sa.ForeignKey("items.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("revision", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("document", Json, nullable=False),
    sa.Column("at", At, nullable=False),
)

blobs = sa.Table(
    "blobs",
    metadata,
    # Per workspace, so that equal content never tells one tenant of another.
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("sha256", Txt, primary_key=True),
    sa.Column("size", Key, nullable=False),
    sa.Column("media_type", Txt, nullable=False),
    sa.Column("facts", Json, nullable=False, server_default="{}"),
    sa.Column("at", At, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("project", Key),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
)

words = sa.Table(
    "words",
    metadata,
    # The dictionary of search: fields, labels and metadata keys as integers. Text columns of `facts` hold values.
    key_column(),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", Txt, nullable=False),  # field, label, meta
    sa.Column("text", Txt, nullable=False),
    sa.UniqueConstraint("project", "kind", "text"),
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("project", Key, nullable=False),
    sa.Column("field", Key, nullable=False),
    sa.Column("label", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("n", Key, nullable=False),
    sa.PrimaryKeyConstraint("project", "field", "label", "item", "author"),
    sa.Index("marks_item", "item", "author"),
    sqlite_with_rowid=False,
)

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("project", Key, nullable=False),
    sa.Column("key", Key, nullable=False),
    sa.Column("num", sa.Double),
    sa.Column("txt", Txt),
    sa.Column("item", Key, nullable=False),
    sa.Column("author", Key, nullable=False, server_default="0"),  # 0 for metadata, which no author said
    sa.Index("facts_num", "project", "key", "num", "item"),
    sa.Index("facts_txt", "project", "key", "txt", "item"),
    sa.Index("facts_item", "item", "author"),
)
