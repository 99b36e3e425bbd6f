"""What people ask, what was ruled, and what they appeal."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

threads = sa.Table(
    "threads",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("kind", Txt, nullable=False),  # question, comment
    sa.Column("state", Txt, nullable=False),  # open, answered, ruled, closed
    sa.Column("place", Json, nullable=False, server_default="{}"),
    sa.Column("author", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("changed_at", At, nullable=False),
    sa.Index("threads_item", "item"),
    sa.Index("threads_queue", "project", "state", "changed_at"),
    sa.Index("threads_author", "project", "author", "changed_at"),
)

messages = sa.Table(
    "messages",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("thread", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("text", Txt, nullable=False),
    sa.Column("mentions", Json, nullable=False, server_default="[]"),  # ids of authors
    sa.Column("at", At, nullable=False),
    sa.Index("messages_thread", "thread"),
    sa.Index("messages_item", "item"),
    sa.Index("messages_project", "project"),
)

thread_people = sa.Table(
    "thread_people",
    metadata,
    # Who reads a thread besides those who see all: whoever began it, and whoever was named in it.
    sa.Column("thread", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Index("thread_people_author", "project", "author"),
    sa.Index("thread_people_item", "item"),
    sqlite_with_rowid=False,
)

precedents = sa.Table(
    "precedents",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("thread", Key),
    sa.Column("item", Key),  # the example
    sa.Column("about", Txt, nullable=False),  # the question in the expert's words
    sa.Column("text", Txt, nullable=False),
    sa.Column("field", Txt),
    sa.Column("label", Txt),
    sa.Column("clause", Txt),
    sa.Column("applies", Json, nullable=False, server_default="{}"),  # metadata of the items that it is about
    sa.Column("example", Json, nullable=False, server_default="{}"),
    sa.Column("shown", sa.Boolean, nullable=False, server_default=sa.false()),  # the item too, once it is done
    sa.Column("words", Txt, nullable=False, server_default=""),  # of the item, to find similar ones by
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("withdrawn_at", At),
    sa.Index("precedents_project", "project", "at"),
    sa.Index("precedents_thread", "thread"),
    sa.Index("precedents_item", "item"),
)

appeals = sa.Table(
    "appeals",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("against", Txt, nullable=False),  # review, gold
    sa.Column("thing", Txt, nullable=False),  # the review's id, or the name of a batch of gold scores
    sa.Column("item", Key),
    sa.Column("reason", Txt, nullable=False),
    sa.Column("state", Txt, nullable=False),  # open, upheld, overturned
    sa.Column("outcome", Txt, nullable=False, server_default=""),
    sa.Column("by", Key),
    sa.Column("at", At, nullable=False),
    sa.Column("decided_at", At),
    sa.UniqueConstraint("project", "author", "against", "thing"),
    sa.Index("appeals_queue", "project", "state", "at"),
    sa.Index("appeals_item", "item"),
)
