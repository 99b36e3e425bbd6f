"""What is known of the people of a project: sums by person and day, and what each item gave to them."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

person_days = sa.Table(
    "person_days",
    metadata,
    # Sums that only ever move by what an item gives more or less than before; a page reads these and no answer.
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("what", Txt, primary_key=True),  # answers, right:<field>, review, defect:<code> …: see `team.giving`
    sa.Column("day", Txt, primary_key=True),  # UTC; empty where days are not told apart
    sa.Column("n", Key, nullable=False),
    sa.Column("x", sa.Double, nullable=False),  # the sum of values, each times its weight
    sa.Column("w", sa.Double, nullable=False),  # the sum of weights: 1, or 1 / the probability of the draw
    sa.Column("ww", sa.Double, nullable=False),  # the sum of their squares
    sqlite_with_rowid=False,
)

given = sa.Table(
    "given",
    metadata,
    # What an item gave to the sums when it was last counted, so that counting it again adds the difference alone.
    sa.Column("item", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Index("given_project", "project", "item"),
    sqlite_with_rowid=False,
)

counting = sa.Table(
    "counting",
    metadata,
    # Projects of which every item is to be counted again, and how far that is.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("after", Key, nullable=False),
)

watches = sa.Table(
    "watches",
    metadata,
    # What is watched of a person, as values of constant size: charts and tests that go on from answer to answer.
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("asked", Key, nullable=False, server_default="0"),  # at how many answers the rules were asked, in tens
    sa.Column("body", Json, nullable=False),  # see `team.watching.Watch`
    # How often doubtful answers of theirs were given by others too, and they gave those of others: what is usual of pairs.
    *(
        sa.Column(f"{way}_{sum_}", sa.Double if sum_ == "expected" else Key, nullable=False, server_default="0")
        for way in ("said", "heard")
        for sum_ in ("n", "same", "expected")
    ),
    sqlite_with_rowid=False,
)

sittings = sa.Table(
    "sittings",
    metadata,
    # When people sat down to work: answers less than half an hour apart. Known by its first answer to be counted.
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("id", At, primary_key=True),
    sa.Column("first", At, nullable=False),
    sa.Column("last", At, nullable=False),
    sqlite_with_rowid=False,
)

pairs = sa.Table(
    "pairs",
    metadata,
    # Two people who answered the same items: a test of whether they share answers, see `karat.quality.annotators.copying`.
    sa.Column("project", Key, primary_key=True),
    sa.Column("a", Key, primary_key=True),
    sa.Column("b", Key, primary_key=True),
    sa.Column("n", Key, nullable=False),
    sa.Column("same_wrong", sa.Double, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("evidence", sa.Double, nullable=False),
    sa.Column("since", sa.Text),  # the day on which the test first said so
    sa.Index("pairs_evidence", "project", "evidence"),
    sqlite_with_rowid=False,
)

plants = sa.Table(
    "plants",
    metadata,
    # Suggestions on items with a known answer: planted wrong ones, and the model's own. What became of them.
    sa.Column("item", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("planted", Json),  # by annotation what was put in its place; null: the suggestion is as the model gave it
    sa.Column("wrong", sa.Boolean),  # whether what was suggested differs from the key; null until an answer was scored
    sa.Column("taken", sa.Boolean),  # whether a wrong suggestion was handed in as it was
    sa.Column("at", At, nullable=False),
    sa.Index("plants_project", "project", "author"),
    sqlite_with_rowid=False,
)

_stands = sa.text("undone_at IS NULL")

rule_actions = sa.Table(
    "rule_actions",
    metadata,
    # What a rule or a manager did about somebody, on what evidence; it holds until it is undone.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("did", Txt, nullable=False),  # pause, raise_review, requeue, train, notify
    sa.Column("share", sa.Double, nullable=False, server_default="1"),  # of raise_review
    sa.Column("rule", Txt, nullable=False),  # the measure; empty where a manager did it
    sa.Column("evidence", Json, nullable=False),
    sa.Column("reason", Txt, nullable=False),  # in words, for the person concerned
    sa.Column("before", Json, nullable=False, server_default="{}"),  # what undoing puts back
    sa.Column("by", Key, nullable=False),  # the author who did it; 0 for a rule
    sa.Column("at", At, nullable=False),
    sa.Column("undone_at", At),
    sa.Column("undone_by", Key),
    sa.Index("rule_actions_standing", "project", "author", sqlite_where=_stands, postgresql_where=_stands),
    sa.Index("rule_actions_project", "project", "at"),
)
