"""Who works on what: the items that wait at each stage, and the claims that were granted."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata


def _claimed(name: str, *columns: str, unique: bool = False) -> sa.Index:
    """An index over the claims that stand."""
    where = sa.text("state = 'claimed'")
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


queue = sa.Table(
    "queue",
    metadata,
    # An item stands here while its stage has a slot free, never when all are taken: a claim is one walk along this key
    # and meets nothing that others hold. Lanes are walked one after the other: 0 came back, 1 is fresh, 2 is for later.
    sa.Column("project", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("lane", Key, nullable=False),
    sa.Column("priority", Key, nullable=False),  # lower comes first; in lanes 0 and 2 the number of the return
    sa.Column("item", Key, nullable=False),
    sa.Column("granted", Key, nullable=False),  # slots taken: claims and answers
    sa.Column("wanted", Key, nullable=False),  # slots there are
    sa.PrimaryKeyConstraint("project", "stage", "lane", "priority", "item"),
    sa.Index("queue_item", "item", unique=True),
    sqlite_with_rowid=False,
)

turns = sa.Table(
    "turns",
    metadata,
    # The number of the last return to a queue. It only grows, so a return is never behind anybody's low-water mark.
    sa.Column("project", Key, primary_key=True),
    sa.Column("stage", Txt, primary_key=True),
    sa.Column("n", Key, nullable=False),
    sqlite_with_rowid=False,
)

low_water = sa.Table(
    "low_water",
    metadata,
    # Up to and with (priority, item) a lane holds nothing for this person; lowered when fresh items come in before it.
    sa.Column("project", Key, nullable=False),
    sa.Column("stage", Txt, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("lane", Key, nullable=False),
    sa.Column("priority", Key, nullable=False),
    sa.Column("item", Key, nullable=False),
    sa.Column("at", At, nullable=False, server_default=""),  # when the lane was last walked from its start
    sa.PrimaryKeyConstraint("project", "stage", "author", "lane"),
    sqlite_with_rowid=False,
)

exceptions = sa.Table(
    "exceptions",
    metadata,
    # Items that want another number of answers than their stage asks, or none for now.
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("wanted", Key),
    sa.Column("aside", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sent", Txt),  # the stage that skips sent it to
    sqlite_with_rowid=False,
)

recounts = sa.Table(
    "recounts",
    metadata,
    # Projects whose policy changed, and up to which item it has been applied.
    sa.Column("project", Key, primary_key=True),
    sa.Column("after", Key, nullable=False),
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
    # It takes none of the item's places: the item is gold, and the answer is for its author's sake only.
    sa.Column("apart", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", At, nullable=False),
    sa.Index("assignments_item", "item", "author"),
    _claimed("assignments_held", "item", "author", unique=True),  # nobody holds an item twice
    _claimed("assignments_open", "project", "author"),
    _claimed("assignments_until", "until"),
)

routes = sa.Table(
    "routes",
    metadata,
    # Which way an item took out of a stage where that depended on what was known of it, or on chance.
    sa.Column("item", Key, primary_key=True),
    sa.Column("stage", Txt, primary_key=True),
    sa.Column("visit", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("way", Txt, nullable=False),  # the stage that it went to
    sa.Column("probability", sa.Double, nullable=False),  # of the draw: every rate of a sample is weighted by it
    sa.Column("at", At, nullable=False),
    sqlite_with_rowid=False,
)

batches = sa.Table(
    "batches",
    metadata,
    # Items that a manager gave to a person or a group, or only moved in the queue.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("title", Txt, nullable=False),
    sa.Column("author", Key),  # whom they are for; neither this nor a team: for anybody
    sa.Column("team", Key),
    sa.Column("skill", Txt),  # whoever has it
    sa.Column("language", Txt),  # whoever speaks it
    sa.Column("is_move", sa.Boolean, nullable=False, server_default=sa.false()),  # for anybody: only moved in the queue
    sa.Column("priority", Key, nullable=False),  # higher comes first; 0 is normal
    sa.Column("deadline", At),
    sa.Column("late", Txt, nullable=False, server_default="release"),  # at the deadline: for anybody, or first: raise
    sa.Column("job", Txt),  # that puts its items in, where they are many
    sa.Column("exclusive", sa.Boolean, nullable=False),  # nobody else is given them until the deadline
    sa.Column("items", Key, nullable=False),  # how many there were
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("ended_at", At),
    sa.Index("batches_project", "project", "ended_at"),
)

batch_items = sa.Table(
    "batch_items",
    metadata,
    # Only of batches that stand: their rows go when the batch ends.
    sa.Column("batch", Key, primary_key=True),
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("reserved", sa.Boolean, nullable=False),
    sa.Index("batch_items_item", "item"),
    sa.Index("batch_items_project", "project"),
    sqlite_with_rowid=False,
)
