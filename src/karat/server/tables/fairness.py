"""What people state of themselves of their own will, what was found of slices and groups, and what the board said of it."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

attributes = sa.Table(
    "attributes",
    metadata,
    # What a workspace asks people about themselves, who may leave it out.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("title", Txt, nullable=False),
    sa.Column("purpose", Txt, nullable=False),  # why it is asked: shown before the question
    sa.Column("options", Json, nullable=False),  # what may be stated
    sa.Column("created_at", At, nullable=False),
    sa.UniqueConstraint("workspace", "title"),
)

statements = sa.Table(
    "statements",
    metadata,
    # What a person stated. Only they are ever shown it; withdrawn, the row is gone, and so are its places below.
    sa.Column("attribute", Key, sa.ForeignKey("attributes.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("value", Txt, nullable=False),
    sa.Index("statements_author", "author"),
    sqlite_with_rowid=False,
)

group_places = sa.Table(
    "group_places",
    metadata,
    # Who was counted where in the figures of groups that a project published last, and what of theirs was counted: new
    # figures are published only where enough people have changed that the difference tells nothing of one of them.
    sa.Column("project", Key, primary_key=True),
    sa.Column("attribute", Key, sa.ForeignKey("attributes.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", Txt, primary_key=True),  # of metadata, by which it was cut into slices; empty: all items
    sa.Column("author", Key, primary_key=True),
    sa.Column("cut", Txt, primary_key=True),  # the slice; empty: all items
    sa.Column("value", Txt, nullable=False),
    sa.Column("counted", Txt, nullable=False),  # two digests
    sa.Index("group_places_author", "author"),
    sqlite_with_rowid=False,
)

group_gone = sa.Table(
    "group_gone",
    metadata,
    # How many have withdrawn since then; nothing says who.
    sa.Column("project", Key, primary_key=True),
    sa.Column("attribute", Key, sa.ForeignKey("attributes.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", Txt, primary_key=True),
    sa.Column("value", Txt, primary_key=True),
    sa.Column("n", Key, nullable=False),
    sqlite_with_rowid=False,
)

group_figures = sa.Table(
    "group_figures",
    metadata,
    # The figures of groups that a project published last, rounded, of at least k people each: of all items, and by the
    # slices of each key.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("attribute", Key, sa.ForeignKey("attributes.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", Txt, primary_key=True),
    sa.Column("body", Json, nullable=False),
    sa.Column("at", At, nullable=False),
)

fairness_rules = sa.Table(
    "fairness_rules",
    metadata,
    # By what a project is cut into slices, and who is its board.
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("slices", Json, nullable=False, server_default="[]"),
    sa.Column("board", Json),  # null: nothing waits for a board
    sa.Column(
        "told", Json, nullable=False, server_default="{}"
    ),  # what its people were told last, so that it is told once
    sa.Column("revision", Key, nullable=False, server_default="1"),
    sa.Column("changed_at", At, nullable=False),
)

fairness_reports = sa.Table(
    "fairness_reports",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("job", Txt, nullable=False, unique=True),
    sa.Column("answers", Key, nullable=False),  # that stood when it was made
    sa.Column("findings", Json, nullable=False),  # what differs, by name: a board that signed knows these
    sa.Column("body", Json, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Index("fairness_reports_project", "project", "n"),
)

board_votes = sa.Table(
    "board_votes",
    metadata,
    # A member of the board has signed a report, or waived with a reason.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), nullable=False),
    sa.Column("report", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("did", Txt, nullable=False),  # signed, waived
    sa.Column("reason", Txt, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("undone_at", At),
    sa.Index("board_votes_report", "report"),
)
