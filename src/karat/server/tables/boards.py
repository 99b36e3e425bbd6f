"""What dashboards read: counts that a follower keeps, so that a page never looks at the answers themselves."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, metadata

rollups = sa.Table(
    "rollups",
    metadata,
    # Counts of items that only ever move by what an item gives more or less than before: see `boards.giving`.
    sa.Column("project", Key, primary_key=True),
    sa.Column("what", Txt, primary_key=True),  # stage, label, slice, week, verdict, stayed, wide
    sa.Column("a", Txt, primary_key=True),
    sa.Column("b", Txt, primary_key=True),
    sa.Column("day", Txt, primary_key=True),  # UTC; empty where days are not told apart
    sa.Column("n", Key, nullable=False),  # items
    sa.Column("x", sa.Double, nullable=False),
    sa.Column("y", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)

pair_sums = sa.Table(
    "pair_sums",
    metadata,
    # How near two authors are over the items that both answered, on a field as a whole or looking at one label.
    sa.Column("project", Key, primary_key=True),
    sa.Column("field", Key, primary_key=True),  # a word
    sa.Column("label", Key, primary_key=True),  # a word; 0 for the field as a whole
    sa.Column("a", Key, primary_key=True),  # of the two authors the one with the smaller key
    sa.Column("b", Key, primary_key=True),
    sa.Column("n", Key, nullable=False),
    sa.Column("differ", Key, nullable=False),  # of these items those on which they are not the same
    sa.Column("x", sa.Double, nullable=False),  # the sum of 1 - distance
    sqlite_with_rowid=False,
)

differing = sa.Table(
    "differing",
    metadata,
    # The items on which two authors are not the same: what a cell of the matrix opens.
    sa.Column("item", Key, primary_key=True),
    sa.Column("field", Key, primary_key=True),
    sa.Column("label", Key, primary_key=True),
    sa.Column("a", Key, primary_key=True),
    sa.Column("b", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("distance", sa.Double, nullable=False),
    sa.Index("differing_pair", "project", "a", "b", "field", "label", "item"),
    sqlite_with_rowid=False,
)

rolled = sa.Table(
    "rolled",
    metadata,
    # What an item gave to the counts when it was last looked at, so that looking again adds the difference alone.
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Index("rolled_project", "project", "item"),
    sqlite_with_rowid=False,
)

rolling = sa.Table(
    "rolling",
    metadata,
    # How far a project was walked by when its items changed.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("changed_at", At, nullable=False, server_default=""),
)

recounting = sa.Table(
    "recounting",
    metadata,
    # Projects of which every item is to be counted again, and how far that is.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("after", Key, nullable=False),
)
