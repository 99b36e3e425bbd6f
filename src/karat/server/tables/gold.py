"""Items with a known answer, who was given them, how the answers did, and where people stand in the course."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

gold = sa.Table(
    "gold",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("response", Key, nullable=False),  # of an author of type gold: the key
    sa.Column("revision", Key, nullable=False),
    sa.Column("use", Txt, nullable=False),  # hidden, practice, test
    sa.Column("state", Txt, nullable=False),  # active, retired
    sa.Column("source", Txt, nullable=False),  # response, result, import
    sa.Column("hints", Json, nullable=False, server_default="{}"),  # by field, for practice
    sa.Column("reason", Txt, nullable=False, server_default=""),  # why it was retired
    sa.Column("most", Key),  # to how many people it is given; null: to everybody
    sa.Column("uses", Key, nullable=False, server_default="0"),  # to how many it was given
    sa.Column("shuffle", Key, nullable=False),  # a random place: where a draw begins to look
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("retired_at", At),
    sa.Column("told_at", At),  # when somebody was first told what its key says: from then on it judges nobody
    sa.Index("gold_item", "item", unique=True),
    sa.Index("gold_draw", "project", "use", "state", "shuffle"),
)

gold_swaps = sa.Table(
    "gold_swaps",
    metadata,
    # For which waiting item a person got a gold one instead: once for each, so that what comes next looks ordinary.
    sa.Column("author", Key, primary_key=True),
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sqlite_with_rowid=False,
)

gold_returns = sa.Table(
    "gold_returns",
    metadata,
    # Gold that a person gave back or left for later: it comes to them again where an ordinary item would, and no more
    # once an ordinary one would be others'.
    sa.Column("author", Key, primary_key=True),
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("lane", Key, nullable=False),
    sa.Column("priority", Key, nullable=False),
    sa.Column("free", Key, nullable=False, server_default="1"),  # places that an ordinary item would have free
    sa.Column("passed", Json, nullable=False, server_default="[]"),  # who else would have taken one of them
    sa.Index("gold_returns_project", "project", "author"),
    sqlite_with_rowid=False,
)

gold_answers = sa.Table(
    "gold_answers",
    metadata,
    # What somebody's answer to a gold item came to, given as gold or as ordinary work.
    sa.Column("item", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("response", Key, nullable=False),
    sa.Column("revision", Key, nullable=False),
    sa.Column("key_revision", Key, nullable=False),
    sa.Column("use", Txt, nullable=False),  # hidden, practice, test, work; disputed: not counted
    sa.Column("score", sa.Double, nullable=False),  # 1 minus the mean distance of its fields to the key
    sa.Column("fields", Json, nullable=False),  # by field the distance
    sa.Column("active_ms", Key, nullable=False),
    sa.Column("at", At, nullable=False),  # when it was first scored
    sa.Index("gold_answers_author", "project", "author", "at"),
    sa.Index("gold_answers_at", "project", "at", "item", "author"),
    sqlite_with_rowid=False,
)

gold_batches = sa.Table(
    "gold_batches",
    metadata,
    # What a person is told of their gold score: written once, never again changed by an edit.
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("n", Key, primary_key=True),  # answers so far: 20, 30, …
    sa.Column("body", Json, nullable=False),
    sa.Column("at", At, nullable=False),  # from which day it is told
    sqlite_with_rowid=False,
)

standings = sa.Table(
    "standings",
    metadata,
    # Where a person stands in a project's course; no row: at its beginning.
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("state", Txt, nullable=False),  # practice, test, pilot, working, failed
    sa.Column("tries", Key, nullable=False, server_default="0"),  # tests that were failed
    sa.Column("since", At, nullable=False),  # what was answered before it does not count
    sa.Column("until", At, nullable=False, server_default=""),  # when the next test may begin
    sa.Column("reason", Txt, nullable=False, server_default=""),
    sa.Column("by", Key, nullable=False, server_default="0"),  # who decided; 0 for the course itself
    sa.Column("at", At, nullable=False),
    sqlite_with_rowid=False,
)
