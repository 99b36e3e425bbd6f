"""What authors said: immutable revisions, the head that stands, drafts, and what was derived from them."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

responses = sa.Table(
    "responses",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("head", Key, nullable=False),  # the revision that stands; 0 where the only one was withdrawn
    sa.Column(
        "last", Key, nullable=False, server_default="1"
    ),  # the newest revision, which an undo may have left behind
    sa.Column("state", Txt, nullable=False),  # of the head: submitted, skipped, withdrawn
    sa.Column("excluded", Json),  # {by, reason}: out of consensus, quota and release, never deleted for that
    sa.Column("surplus", sa.Boolean, nullable=False, server_default=sa.false()),  # came after its claim expired
    sa.Column("apart", sa.Boolean, nullable=False, server_default=sa.false()),  # to a gold item: always excluded
    sa.Column("active_ms", Key, nullable=False),  # of all revisions together
    sa.Column("at", At, nullable=False),  # of the head
    sa.Index("responses_id", "id", unique=True),
    sa.Index("responses_item", "item", "author"),
    sa.Index("responses_author", "project", "author", "at"),
    sa.Index("responses_at", "project", "at"),
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("response", Key, primary_key=True),
    sa.Column("revision", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("replaces", Key, nullable=False, server_default="0"),  # the head before it, to which an undo goes back
    sa.Column("item_revision", Key, nullable=False),
    sa.Column("schema_version", Key, nullable=False),
    sa.Column("guideline", Key),  # the version that was in force when it was handed in; null where none was
    sa.Column("state", Txt, nullable=False),
    sa.Column("covers", Json, nullable=False),
    sa.Column("annotations", Json, nullable=False),
    sa.Column("base", Json),
    sa.Column("skip", Json),
    sa.Column("cause", Txt, nullable=False),
    sa.Column("active_ms", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("by", Key, nullable=False),  # who wrote it down; the author says whose words it is
    sa.Column("extra", Json, nullable=False, server_default="{}"),
    sa.Column("body_hash", Txt, nullable=False),  # tells a repeat from another body under the same number
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("item", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("response", Txt, nullable=False),
    sa.Column("base", Json),
    sa.Column("schema_version", Key, nullable=False),
    sa.Column("seq", Key, nullable=False),
    sa.Column("annotations", Json, nullable=False),
    sa.Column("covers", Json, nullable=False),
    sa.Column("applied", Json, nullable=False),  # {client: n}: the last operation of each client
    sa.Column("at", At, nullable=False),
    sqlite_with_rowid=False,
)

consensus = sa.Table(
    "consensus",
    metadata,
    sa.Column("item", Key, primary_key=True),
    sa.Column("field", Txt, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("method", Txt, nullable=False),
    sa.Column("annotations", Json, nullable=False),
    sa.Column("score", sa.Double),  # in [0, 1]: how probable the result is, or how far the answers agree with it
    sa.Column("posterior", Json),  # of each option how probable it is, where no annotation says so itself
    sa.Column("run", Txt, nullable=False, server_default=""),  # the job that learned the model; empty where none was
    sa.Column("tie", sa.Boolean, nullable=False),
    sa.Column("n", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Index("consensus_project", "project", "item"),
)

resolutions = sa.Table(
    "resolutions",
    metadata,
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("response", Key, nullable=False),
    sa.Column("revision", Key, nullable=False),
    sa.Column("by", Key, nullable=False),  # the author who chose the result; 0 for the consensus
    sa.Column("at", At, nullable=False),
)
