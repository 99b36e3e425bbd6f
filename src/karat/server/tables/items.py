"""Items, the content they refer to, and the two plain tables that search reads."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata


def _standing(name: str, *columns: str, only: str = "", unique: bool = False) -> sa.Index:
    """An index over the items that are not deleted."""
    where = sa.text(f"deleted_at IS NULL{only}")
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


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
    sa.Column(
        "uncertainty", sa.Double
    ),  # chance that a result is wrong, of the field where it is largest; null if not learned
    sa.Column("created_at", At, nullable=False),
    sa.Column("changed_at", At, nullable=False),
    sa.Column("deleted_at", At),
    sa.Column("masked", sa.Boolean, nullable=False, server_default=sa.false()),  # the id holds n, see `item_ids`
    sa.Index("items_id", "id", unique=True, sqlite_where=sa.text("NOT masked"), postgresql_where=sa.text("NOT masked")),
    # Each is a way to walk a project's items in one order. A deleted item stands in none of them, so that counting
    # along an index needs no look at the rows; an imported item has no answers yet, and costs nothing in the last three.
    _standing("items_key", "project", "key", unique=True),
    _standing("items_made", "project", "n"),
    _standing("items_changed", "project", "changed_at", "n"),
    _standing("items_state", "project", "state", "stage", "n"),
    _standing("items_responses", "project", "responses", "n", only=" AND responses > 0"),
    _standing("items_disagreement", "project", "disagreement", "n", only=" AND disagreement IS NOT NULL"),
    _standing("items_uncertainty", "project", "uncertainty", "n", only=" AND uncertainty IS NOT NULL"),
    sa.Index(
        "items_deleted",
        "deleted_at",
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    ),
)

secrets = sa.Table(
    "secrets",
    metadata,
    # What this installation keeps to itself, e.g. the mask of its items' ids. Backups hold it.
    sa.Column("name", Txt, primary_key=True),
    sa.Column("value", Txt, nullable=False),
)

item_revisions = sa.Table(
    "item_revisions",
    metadata,
    # Only earlier revisions stand here; the newest is the item's own row. A document holds those parts of the item
    # (streams, metadata, tags, split_group, extra, hash) that the next revision has otherwise.
    sa.Column("item", Key, sa.ForeignKey("items.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("revision", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("document", Json, nullable=False),
    sa.Column("at", At, nullable=False),
)

item_changes = sa.Table(
    "item_changes",
    metadata,
    # What a bulk operation did to each item; `operations.changes` would have to hold a million of them in one row.
    sa.Column("operation", Txt, sa.ForeignKey("operations.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("item", Key, primary_key=True),
    sa.Column("before", Key, nullable=False),  # revisions
    sa.Column("after", Key, nullable=False),
    sqlite_with_rowid=False,
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

words = sa.Table(
    "words",
    metadata,
    # The dictionary of search: fields, labels and metadata keys as integers. Text columns of `facts` hold values.
    key_column(),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", Txt, nullable=False),  # field, label, meta, tag, own
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
