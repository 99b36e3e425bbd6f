"""Vocabularies of a project, by whose entries things are named; each entry is found by the words of its names."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

vocabularies = sa.Table(
    "vocabularies",
    metadata,
    # One that is being written is not current yet; the newest that is stands for its name.
    key_column(),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("entries", Key, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Index("vocabularies_name", "project", "name"),
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("vocabulary", Key, sa.ForeignKey("vocabularies.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", Txt, primary_key=True),
    sa.Column("title", Txt, nullable=False),
    sa.Column("aliases", Json, nullable=False, server_default="[]"),
    sa.Column("definition", Txt, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

entry_terms = sa.Table(
    "entry_terms",
    metadata,
    # Each name of an entry, folded, from each of its words on: what was typed is a beginning of one of these.
    sa.Column("vocabulary", Key, sa.ForeignKey("vocabularies.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("term", Txt, primary_key=True),
    sa.Column("entry", Txt, primary_key=True),
    sqlite_with_rowid=False,
)
