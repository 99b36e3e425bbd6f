"""Projects with every version of their schema and of their workflow policy, what they bring themselves, and the views saved of their items."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

projects = sa.Table(
    "projects",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("title", Txt, nullable=False),
    sa.Column("description", Txt, nullable=False, server_default=""),
    sa.Column("state", Txt, nullable=False),  # active, archived, bin
    sa.Column("revision", Key, nullable=False, server_default="1"),  # the ETag
    sa.Column("schema_version", Key, nullable=False),
    sa.Column("policy_version", Key, nullable=False),
    sa.Column("copies_imports", sa.Boolean, nullable=False, server_default=sa.false()),  # what its policy says
    sa.Column("batched", sa.Boolean, nullable=False, server_default=sa.false()),  # whether a batch stands in it
    # With at most so many answers items are accepted: that is what a board signed; null where none is asked.
    sa.Column("accept_upto", Key),
    sa.Column("created_by", Key, nullable=False),
    sa.Column("created_at", At, nullable=False),
    sa.Column("changed_at", At, nullable=False),
    sa.Column("deleted_at", At),
    # Counts are kept by the actions that change them, since counting 1 M rows for a page is too slow.
    sa.Column("items", Key, nullable=False, server_default="0"),
    sa.Column("labeled", Key, nullable=False, server_default="0"),
    sa.Column("done", Key, nullable=False, server_default="0"),
    sa.Column("responses", Key, nullable=False, server_default="0"),
    sa.Index("projects_workspace", "workspace", "state"),
)

schemas = sa.Table(
    "schemas",
    metadata,
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", Key, primary_key=True),
    sa.Column("document", Json, nullable=False),
    sa.Column("yaml", Txt, nullable=False),  # as a person wrote it, comments included
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
)

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", Key, primary_key=True),
    sa.Column("document", Json, nullable=False),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
)

resources = sa.Table(
    "resources",
    metadata,
    # What a project brings itself. A panel's name is its hash, so that a version of the schema means one file for ever.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", Txt, primary_key=True),  # panel, words
    sa.Column("name", Txt, primary_key=True),
    sa.Column("content", Txt, nullable=False),
    sa.Column("size", Key, nullable=False),  # bytes
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
)

views = sa.Table(
    "views",
    metadata,
    # Saved views of the table of items.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("body", Json, nullable=False),  # filter, order, columns
    sa.Column("by", Key, nullable=False),
    sa.Column("changed_at", At, nullable=False),
    sa.UniqueConstraint("project", "name"),
)
