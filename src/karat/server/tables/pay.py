"""What work is paid by, what was paid for which period, what was said against it, and how much there is."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

pay_formulas = sa.Table(
    "pay_formulas",
    metadata,
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", Key, primary_key=True),
    sa.Column("document", Json, nullable=False),
    sa.Column("since", At, nullable=False),  # periods that begin at this time or later go by it; empty: the first
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
)

pay_periods = sa.Table(
    "pay_periods",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("number", Key, nullable=False),
    sa.Column("begin_at", At, nullable=False),
    sa.Column("end_at", At, nullable=False),
    sa.Column("formula", Key, nullable=False),  # its version
    sa.Column("state", Txt, nullable=False),  # computing, draft, closed; of a closed one nothing changes any more
    sa.Column("job", Txt, nullable=False),
    sa.Column("lines", Key, nullable=False, server_default="0"),
    sa.Column("answers", Key, nullable=False, server_default="0"),
    sa.Column("total", Key, nullable=False, server_default="0"),
    sa.Column("digest", Txt, nullable=False, server_default=""),  # SHA-256 of its lines
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Column("closed_at", At),
    sa.Column("closed_by", Key),
    sa.UniqueConstraint("project", "number"),
)

pay_lines = sa.Table(
    "pay_lines",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("period", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("inputs", Json, nullable=False),  # all that it takes to make the parts again
    sa.Column("parts", Json, nullable=False),
    sa.Column("amount", Key, nullable=False),  # the sum of the parts, in the currency's smallest unit
    sa.Index("pay_lines_period", "period", "author", unique=True),
    sa.Index("pay_lines_author", "project", "author"),
)

pay_contests = sa.Table(
    "pay_contests",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("line", Key, nullable=False, unique=True),  # each line is contested once
    sa.Column("author", Key, nullable=False),
    sa.Column("reason", Txt, nullable=False),
    sa.Column("state", Txt, nullable=False),  # open, upheld, corrected
    sa.Column("outcome", Txt, nullable=False, server_default=""),
    sa.Column("by", Key),
    sa.Column("at", At, nullable=False),
    sa.Column("decided_at", At),
    sa.Index("pay_contests_queue", "project", "state", "at"),
)

pay_corrections = sa.Table(
    "pay_corrections",
    metadata,
    # What a manager decided: it comes with the period in which it was decided.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("project", Key, nullable=False),
    sa.Column("author", Key, nullable=False),
    sa.Column("amount", Key, nullable=False),
    sa.Column("reason", Txt, nullable=False),
    sa.Column("contest", Key),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Index("pay_corrections_project", "project", "at"),
)

pay_budgets = sa.Table(
    "pay_budgets",
    metadata,
    sa.Column("project", Key, sa.ForeignKey("projects.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("amount", Key),  # null: no limit
    sa.Column(
        "stops", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # whether items get no more than they must
    sa.Column("paid", Key, nullable=False, server_default="0"),  # by closed periods
    sa.Column("counted_to", At, nullable=False, server_default=""),  # up to when lines say what was done
    sa.Column(
        "per_answer", Key, nullable=False, server_default="0"
    ),  # millionths of the smallest unit, all work included
    sa.Column("running", Key, nullable=False, server_default="0"),  # what the draft of the running period comes to
    sa.Column(
        "warned", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # managers were told that it will not do
    sa.Column("at", At, nullable=False),
)
