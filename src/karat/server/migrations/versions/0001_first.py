"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "appeals",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("against", TXT, nullable=False),
        sa.Column("thing", TXT, nullable=False),
        sa.Column("item", KEY, nullable=True),
        sa.Column("reason", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("outcome", TXT, server_default="", nullable=False),
        sa.Column("by", KEY, nullable=True),
        sa.Column("at", TXT, nullable=False),
        sa.Column("decided_at", TXT, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("appeals_pk")),
        sa.UniqueConstraint("id", name=op.f("appeals_id_key")),
        sa.UniqueConstraint(
            "project", "author", "against", "thing", name=op.f("appeals_project_author_against_thing_key")
        ),
    )
    op.create_index("appeals_item", "appeals", ["item"], unique=False)
    op.create_index("appeals_queue", "appeals", ["project", "state", "at"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("until", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("why", TXT, nullable=False),
        sa.Column("apart", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("assignments_pk")),
    )
    op.create_index(
        "assignments_held",
        "assignments",
        ["item", "author"],
        unique=True,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index("assignments_item", "assignments", ["item", "author"], unique=False)
    op.create_index(
        "assignments_open",
        "assignments",
        ["project", "author"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "assignments_until",
        "assignments",
        ["until"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", KEY, autoincrement=True, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=True),
        sa.Column("project", KEY, nullable=True),
        sa.Column("actor", KEY, nullable=True),
        sa.Column("name", TXT, nullable=False),
        sa.Column("thing", TXT, nullable=False),
        sa.Column("data", TXT, nullable=False),
        sa.Column("address", TXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("audit_pk")),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_workspace", "audit", ["workspace", "seq"], unique=False)
    op.create_table(
        "batch_items",
        sa.Column("batch", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "item", name=op.f("batch_items_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("batch_items_item", "batch_items", ["item"], unique=False)
    op.create_index("batch_items_project", "batch_items", ["project"], unique=False)
    op.create_table(
        "batches",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("title", TXT, nullable=False),
        sa.Column("author", KEY, nullable=True),
        sa.Column("team", KEY, nullable=True),
        sa.Column("skill", TXT, nullable=True),
        sa.Column("language", TXT, nullable=True),
        sa.Column("is_move", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("priority", KEY, nullable=False),
        sa.Column("deadline", TXT, nullable=True),
        sa.Column("late", TXT, server_default="release", nullable=False),
        sa.Column("job", TXT, nullable=True),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("items", KEY, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("ended_at", TXT, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("batches_pk")),
        sa.UniqueConstraint("id", name=op.f("batches_id_key")),
    )
    op.create_index("batches_project", "batches", ["project", "ended_at"], unique=False)
    op.create_table(
        "consensus",
        sa.Column("item", KEY, nullable=False),
        sa.Column("field", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("method", TXT, nullable=False),
        sa.Column("annotations", TXT, nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("posterior", TXT, nullable=True),
        sa.Column("run", TXT, server_default="", nullable=False),
        sa.Column("tie", sa.Boolean(), nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", "field", name=op.f("consensus_pk")),
    )
    op.create_index("consensus_project", "consensus", ["project", "item"], unique=False)
    op.create_table(
        "cursors",
        sa.Column("name", TXT, nullable=False),
        sa.Column("xid", KEY, nullable=False),
        sa.Column("seq", KEY, nullable=False),
        sa.Column("holder", TXT, server_default="", nullable=False),
        sa.Column("until", TXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("cursors_pk")),
    )
    op.create_table(
        "deliveries",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("webhook", KEY, nullable=False),
        sa.Column("event", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("tries", KEY, server_default="0", nullable=False),
        sa.Column("next_at", TXT, nullable=False),
        sa.Column("status", KEY, nullable=True),
        sa.Column("error", TXT, server_default="", nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("deliveries_pk")),
        sa.UniqueConstraint("id", name=op.f("deliveries_id_key")),
        sa.UniqueConstraint("webhook", "event", name=op.f("deliveries_webhook_event_key")),
    )
    op.create_index(
        "deliveries_next",
        "deliveries",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "differing",
        sa.Column("item", KEY, nullable=False),
        sa.Column("field", KEY, nullable=False),
        sa.Column("label", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("distance", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("item", "field", "label", "a", "b", name=op.f("differing_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("differing_pair", "differing", ["project", "a", "b", "field", "label", "item"], unique=False)
    op.create_table(
        "disagreements",
        sa.Column("project", KEY, nullable=False),
        sa.Column("field", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("distance", sa.Double(), nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.PrimaryKeyConstraint("item", "field", name=op.f("disagreements_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("disagreements_most", "disagreements", ["project", "field", "distance", "item"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("item", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("response", TXT, nullable=False),
        sa.Column("base", TXT, nullable=True),
        sa.Column("schema_version", KEY, nullable=False),
        sa.Column("seq", KEY, nullable=False),
        sa.Column("annotations", TXT, nullable=False),
        sa.Column("covers", TXT, nullable=False),
        sa.Column("applied", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", "author", name=op.f("drafts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("seq", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("project", KEY, nullable=True),
        sa.Column("actor", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("thing", TXT, nullable=False),
        sa.Column("data", TXT, nullable=False),
        sa.Column("xid", KEY, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("events_pk")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("events_order", "events", ["xid", "seq"], unique=False)
    op.create_index("events_project", "events", ["project", "seq"], unique=False)
    op.create_index(
        "events_reverted",
        "events",
        ["project", "at"],
        unique=False,
        sqlite_where=sa.text("name = 'response.reverted'"),
        postgresql_where=sa.text("name = 'response.reverted'"),
    )
    op.create_table(
        "exceptions",
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("wanted", KEY, nullable=True),
        sa.Column("aside", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sent", TXT, nullable=True),
        sa.PrimaryKeyConstraint("item", name=op.f("exceptions_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "facts",
        sa.Column("project", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("num", sa.Double(), nullable=True),
        sa.Column("txt", TXT, nullable=True),
        sa.Column("item", KEY, nullable=False),
        sa.Column("author", KEY, server_default="0", nullable=False),
    )
    op.create_index("facts_item", "facts", ["item", "author"], unique=False)
    op.create_index("facts_num", "facts", ["project", "key", "num", "item"], unique=False)
    op.create_index("facts_txt", "facts", ["project", "key", "txt", "item"], unique=False)
    op.create_table(
        "given",
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("given_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("given_project", "given", ["project", "item"], unique=False)
    op.create_table(
        "gold",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("response", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("use", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("source", TXT, nullable=False),
        sa.Column("hints", TXT, server_default="{}", nullable=False),
        sa.Column("reason", TXT, server_default="", nullable=False),
        sa.Column("most", KEY, nullable=True),
        sa.Column("uses", KEY, server_default="0", nullable=False),
        sa.Column("shuffle", KEY, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("retired_at", TXT, nullable=True),
        sa.Column("told_at", TXT, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("gold_pk")),
        sa.UniqueConstraint("id", name=op.f("gold_id_key")),
    )
    op.create_index("gold_draw", "gold", ["project", "use", "state", "shuffle"], unique=False)
    op.create_index("gold_item", "gold", ["item"], unique=True)
    op.create_table(
        "gold_answers",
        sa.Column("item", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("response", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("key_revision", KEY, nullable=False),
        sa.Column("use", TXT, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("fields", TXT, nullable=False),
        sa.Column("active_ms", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", "author", name=op.f("gold_answers_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("gold_answers_at", "gold_answers", ["project", "at", "item", "author"], unique=False)
    op.create_index("gold_answers_author", "gold_answers", ["project", "author", "at"], unique=False)
    op.create_table(
        "gold_batches",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("project", "author", "n", name=op.f("gold_batches_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gold_returns",
        sa.Column("author", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("lane", KEY, nullable=False),
        sa.Column("priority", KEY, nullable=False),
        sa.Column("free", KEY, server_default="1", nullable=False),
        sa.Column("passed", TXT, server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("author", "item", name=op.f("gold_returns_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("gold_returns_project", "gold_returns", ["project", "author"], unique=False)
    op.create_table(
        "gold_swaps",
        sa.Column("author", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.PrimaryKeyConstraint("author", "item", name=op.f("gold_swaps_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guideline_reads",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("project", "author", name=op.f("guideline_reads_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guidelines",
        sa.Column("project", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("document", TXT, nullable=False),
        sa.Column("note", TXT, server_default="", nullable=False),
        sa.Column("must_read", sa.Boolean(), nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("project", "version", name=op.f("guidelines_pk")),
    )
    op.create_index(
        "guidelines_must",
        "guidelines",
        ["project", "version"],
        unique=False,
        sqlite_where=sa.text("must_read"),
        postgresql_where=sa.text("must_read"),
    )
    op.create_table(
        "idempotency",
        sa.Column("actor", KEY, nullable=False),
        sa.Column("key", TXT, nullable=False),
        sa.Column("request", TXT, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("idempotency_pk")),
    )
    op.create_index("idempotency_at", "idempotency", ["at"], unique=False)
    op.create_table(
        "job_runners",
        sa.Column("id", TXT, nullable=False),
        sa.Column("beat", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("job_runners_pk")),
    )
    op.create_table(
        "judgements",
        sa.Column("assignment", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("digest", TXT, nullable=False),
        sa.Column("receipt", TXT, nullable=False),
        sa.Column("fix", KEY, nullable=True),
        sa.Column("fix_revision", KEY, nullable=True),
        sa.PrimaryKeyConstraint("assignment", name=op.f("judgements_pk")),
    )
    op.create_index("judgements_item", "judgements", ["item"], unique=False)
    op.create_table(
        "logins",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("email", TXT, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("password", TXT, nullable=True),
        sa.Column("totp", TXT, nullable=True),
        sa.Column("totp_pending", TXT, nullable=True),
        sa.Column("totp_used", KEY, nullable=True),
        sa.Column("settings", TXT, server_default="{}", nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("logins_pk")),
        sa.UniqueConstraint("email", name=op.f("logins_email_key")),
        sa.UniqueConstraint("id", name=op.f("logins_id_key")),
    )
    op.create_table(
        "low_water",
        sa.Column("project", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("lane", KEY, nullable=False),
        sa.Column("priority", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("at", TXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("project", "stage", "author", "lane", name=op.f("low_water_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "marks",
        sa.Column("project", KEY, nullable=False),
        sa.Column("field", KEY, nullable=False),
        sa.Column("label", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.PrimaryKeyConstraint("project", "field", "label", "item", "author", name=op.f("marks_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("marks_item", "marks", ["item", "author"], unique=False)
    op.create_table(
        "messages",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("thread", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("text", TXT, nullable=False),
        sa.Column("mentions", TXT, server_default="[]", nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("messages_pk")),
        sa.UniqueConstraint("id", name=op.f("messages_id_key")),
    )
    op.create_index("messages_item", "messages", ["item"], unique=False)
    op.create_index("messages_project", "messages", ["project"], unique=False)
    op.create_index("messages_thread", "messages", ["thread"], unique=False)
    op.create_table(
        "notice_choices",
        sa.Column("login", KEY, nullable=False),
        sa.Column("mail", TXT, nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("notice_choices_pk")),
    )
    op.create_table(
        "notices",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("login", KEY, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("project", KEY, nullable=True),
        sa.Column("name", TXT, nullable=False),
        sa.Column("thing", TXT, nullable=False),
        sa.Column("event", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("read_at", TXT, nullable=True),
        sa.Column("mail", TXT, server_default="none", nullable=False),
        sa.Column("mail_at", TXT, nullable=True),
        sa.Column("tries", KEY, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("notices_pk")),
        sa.UniqueConstraint("id", name=op.f("notices_id_key")),
        sa.UniqueConstraint("login", "event", "name", name=op.f("notices_login_event_name_key")),
    )
    op.create_index("notices_login", "notices", ["login", "at"], unique=False)
    op.create_index(
        "notices_mail",
        "notices",
        ["mail_at"],
        unique=False,
        sqlite_where=sa.text("mail = 'waiting'"),
        postgresql_where=sa.text("mail = 'waiting'"),
    )
    op.create_index(
        "notices_unread",
        "notices",
        ["login"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "operations",
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("actor", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("changes", TXT, nullable=False),
        sa.Column("undoes", TXT, nullable=True),
        sa.Column("undone_by", TXT, nullable=True),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("operations_pk")),
    )
    op.create_index("operations_project", "operations", ["project", "at"], unique=False)
    op.create_table(
        "pair_sums",
        sa.Column("project", KEY, nullable=False),
        sa.Column("field", KEY, nullable=False),
        sa.Column("label", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.Column("differ", KEY, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("project", "field", "label", "a", "b", name=op.f("pair_sums_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pairs",
        sa.Column("project", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.Column("same_wrong", sa.Double(), nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("evidence", sa.Double(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("project", "a", "b", name=op.f("pairs_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("pairs_evidence", "pairs", ["project", "evidence"], unique=False)
    op.create_table(
        "pay_contests",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("line", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("reason", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("outcome", TXT, server_default="", nullable=False),
        sa.Column("by", KEY, nullable=True),
        sa.Column("at", TXT, nullable=False),
        sa.Column("decided_at", TXT, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pay_contests_pk")),
        sa.UniqueConstraint("id", name=op.f("pay_contests_id_key")),
        sa.UniqueConstraint("line", name=op.f("pay_contests_line_key")),
    )
    op.create_index("pay_contests_queue", "pay_contests", ["project", "state", "at"], unique=False)
    op.create_table(
        "pay_corrections",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("reason", TXT, nullable=False),
        sa.Column("contest", KEY, nullable=True),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pay_corrections_pk")),
        sa.UniqueConstraint("id", name=op.f("pay_corrections_id_key")),
    )
    op.create_index("pay_corrections_project", "pay_corrections", ["project", "at"], unique=False)
    op.create_table(
        "pay_lines",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("period", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("inputs", TXT, nullable=False),
        sa.Column("parts", TXT, nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pay_lines_pk")),
        sa.UniqueConstraint("id", name=op.f("pay_lines_id_key")),
    )
    op.create_index("pay_lines_author", "pay_lines", ["project", "author"], unique=False)
    op.create_index("pay_lines_period", "pay_lines", ["period", "author"], unique=True)
    op.create_table(
        "pay_periods",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("begin_at", TXT, nullable=False),
        sa.Column("end_at", TXT, nullable=False),
        sa.Column("formula", KEY, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("job", TXT, nullable=False),
        sa.Column("lines", KEY, server_default="0", nullable=False),
        sa.Column("answers", KEY, server_default="0", nullable=False),
        sa.Column("total", KEY, server_default="0", nullable=False),
        sa.Column("digest", TXT, server_default="", nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("closed_at", TXT, nullable=True),
        sa.Column("closed_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pay_periods_pk")),
        sa.UniqueConstraint("id", name=op.f("pay_periods_id_key")),
        sa.UniqueConstraint("project", "number", name=op.f("pay_periods_project_number_key")),
    )
    op.create_table(
        "person_days",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("what", TXT, nullable=False),
        sa.Column("day", TXT, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("w", sa.Double(), nullable=False),
        sa.Column("ww", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("project", "author", "what", "day", name=op.f("person_days_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plants",
        sa.Column("item", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("planted", TXT, nullable=True),
        sa.Column("wrong", sa.Boolean(), nullable=True),
        sa.Column("taken", sa.Boolean(), nullable=True),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", "author", name=op.f("plants_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("plants_project", "plants", ["project", "author"], unique=False)
    op.create_table(
        "precedents",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("thread", KEY, nullable=True),
        sa.Column("item", KEY, nullable=True),
        sa.Column("about", TXT, nullable=False),
        sa.Column("text", TXT, nullable=False),
        sa.Column("field", TXT, nullable=True),
        sa.Column("label", TXT, nullable=True),
        sa.Column("clause", TXT, nullable=True),
        sa.Column("applies", TXT, server_default="{}", nullable=False),
        sa.Column("example", TXT, server_default="{}", nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("words", TXT, server_default="", nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("withdrawn_at", TXT, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("precedents_pk")),
        sa.UniqueConstraint("id", name=op.f("precedents_id_key")),
    )
    op.create_index("precedents_item", "precedents", ["item"], unique=False)
    op.create_index("precedents_project", "precedents", ["project", "at"], unique=False)
    op.create_index("precedents_thread", "precedents", ["thread"], unique=False)
    op.create_table(
        "presence",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("page", TXT, server_default="", nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("project", "author", name=op.f("presence_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue",
        sa.Column("project", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("lane", KEY, nullable=False),
        sa.Column("priority", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("granted", KEY, nullable=False),
        sa.Column("wanted", KEY, nullable=False),
        sa.PrimaryKeyConstraint("project", "stage", "lane", "priority", "item", name=op.f("queue_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("queue_item", "queue", ["item"], unique=True)
    op.create_table(
        "recounts",
        sa.Column("project", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.PrimaryKeyConstraint("project", name=op.f("recounts_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "resolutions",
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("response", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("resolutions_pk")),
    )
    op.create_table(
        "responses",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("head", KEY, nullable=False),
        sa.Column("last", KEY, server_default="1", nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("excluded", TXT, nullable=True),
        sa.Column("surplus", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("apart", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("active_ms", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("responses_pk")),
    )
    op.create_index("responses_at", "responses", ["project", "at"], unique=False)
    op.create_index("responses_author", "responses", ["project", "author", "at"], unique=False)
    op.create_index("responses_id", "responses", ["id"], unique=True)
    op.create_index("responses_item", "responses", ["item", "author"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("assignment", TXT, nullable=False),
        sa.Column("response", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("reviewer", KEY, nullable=False),
        sa.Column("verdict", TXT, nullable=False),
        sa.Column("defects", TXT, server_default="[]", nullable=False),
        sa.Column("note", TXT, server_default="", nullable=False),
        sa.Column("fix", KEY, nullable=True),
        sa.Column("fix_revision", KEY, nullable=True),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("counts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("active_ms", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("reviews_pk")),
        sa.UniqueConstraint("id", name=op.f("reviews_id_key")),
    )
    op.create_index("reviews_at", "reviews", ["project", "at"], unique=False)
    op.create_index("reviews_author", "reviews", ["project", "author", "at"], unique=False)
    op.create_index("reviews_item", "reviews", ["item"], unique=False)
    op.create_index("reviews_reviewer", "reviews", ["project", "reviewer", "at"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("response", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("replaces", KEY, server_default="0", nullable=False),
        sa.Column("item_revision", KEY, nullable=False),
        sa.Column("schema_version", KEY, nullable=False),
        sa.Column("guideline", KEY, nullable=True),
        sa.Column("state", TXT, nullable=False),
        sa.Column("covers", TXT, nullable=False),
        sa.Column("annotations", TXT, nullable=False),
        sa.Column("base", TXT, nullable=True),
        sa.Column("skip", TXT, nullable=True),
        sa.Column("cause", TXT, nullable=False),
        sa.Column("active_ms", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("extra", TXT, server_default="{}", nullable=False),
        sa.Column("body_hash", TXT, nullable=False),
        sa.PrimaryKeyConstraint("response", "revision", name=op.f("revisions_pk")),
    )
    op.create_table(
        "rolled",
        sa.Column("item", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("rolled_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("rolled_project", "rolled", ["project", "item"], unique=False)
    op.create_table(
        "rollups",
        sa.Column("project", KEY, nullable=False),
        sa.Column("what", TXT, nullable=False),
        sa.Column("a", TXT, nullable=False),
        sa.Column("b", TXT, nullable=False),
        sa.Column("day", TXT, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("project", "what", "a", "b", "day", name=op.f("rollups_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "routes",
        sa.Column("item", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("visit", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("way", TXT, nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("item", "stage", "visit", name=op.f("routes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secrets",
        sa.Column("name", TXT, nullable=False),
        sa.Column("value", TXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("secrets_pk")),
    )
    op.create_table(
        "shown_items",
        sa.Column("item", KEY, nullable=False),
        sa.Column("why", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.PrimaryKeyConstraint("item", "why", name=op.f("shown_items_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("shown_items_project", "shown_items", ["project", "why"], unique=False)
    op.create_table(
        "sittings",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("first", TXT, nullable=False),
        sa.Column("last", TXT, nullable=False),
        sa.PrimaryKeyConstraint("project", "author", "id", name=op.f("sittings_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standings",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("tries", KEY, server_default="0", nullable=False),
        sa.Column("since", TXT, nullable=False),
        sa.Column("until", TXT, server_default="", nullable=False),
        sa.Column("reason", TXT, server_default="", nullable=False),
        sa.Column("by", KEY, server_default="0", nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("project", "author", name=op.f("standings_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thread_people",
        sa.Column("thread", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.PrimaryKeyConstraint("thread", "author", name=op.f("thread_people_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("thread_people_author", "thread_people", ["project", "author"], unique=False)
    op.create_index("thread_people_item", "thread_people", ["item"], unique=False)
    op.create_table(
        "threads",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("kind", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("place", TXT, server_default="{}", nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("changed_at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("threads_pk")),
        sa.UniqueConstraint("id", name=op.f("threads_id_key")),
    )
    op.create_index("threads_author", "threads", ["project", "author", "changed_at"], unique=False)
    op.create_index("threads_item", "threads", ["item"], unique=False)
    op.create_index("threads_queue", "threads", ["project", "state", "changed_at"], unique=False)
    op.create_table(
        "turns",
        sa.Column("project", KEY, nullable=False),
        sa.Column("stage", TXT, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.PrimaryKeyConstraint("project", "stage", name=op.f("turns_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watches",
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("asked", KEY, server_default="0", nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("said_n", KEY, server_default="0", nullable=False),
        sa.Column("said_same", KEY, server_default="0", nullable=False),
        sa.Column("said_expected", sa.Double(), server_default="0", nullable=False),
        sa.Column("heard_n", KEY, server_default="0", nullable=False),
        sa.Column("heard_same", KEY, server_default="0", nullable=False),
        sa.Column("heard_expected", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("project", "author", name=op.f("watches_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "webhooks",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("url", TXT, nullable=False),
        sa.Column("secret", TXT, nullable=False),
        sa.Column("events", TXT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("webhooks_pk")),
        sa.UniqueConstraint("id", name=op.f("webhooks_id_key")),
    )
    op.create_index("webhooks_workspace", "webhooks", ["workspace"], unique=False)
    op.create_table(
        "workspaces",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("workspaces_pk")),
        sa.UniqueConstraint("id", name=op.f("workspaces_id_key")),
    )
    op.create_table(
        "attributes",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("title", TXT, nullable=False),
        sa.Column("purpose", TXT, nullable=False),
        sa.Column("options", TXT, nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.n"], name=op.f("attributes_workspace_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("attributes_pk")),
        sa.UniqueConstraint("id", name=op.f("attributes_id_key")),
        sa.UniqueConstraint("workspace", "title", name=op.f("attributes_workspace_title_key")),
    )
    op.create_table(
        "authors",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("type", TXT, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("version", TXT, server_default="", nullable=False),
        sa.Column("login", KEY, nullable=True),
        sa.Column("created_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["login"], ["logins.n"], name=op.f("authors_login_fk")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("authors_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("authors_pk")),
        sa.UniqueConstraint("id", name=op.f("authors_id_key")),
    )
    op.create_index("authors_named", "authors", ["workspace", "type", "name", "version"], unique=False)
    op.create_table(
        "blobs",
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("sha256", TXT, nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("media_type", TXT, nullable=False),
        sa.Column("facts", TXT, server_default="{}", nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("blobs_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace", "sha256", name=op.f("blobs_pk")),
    )
    op.create_table(
        "item_changes",
        sa.Column("operation", TXT, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("before", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["operation"], ["operations.id"], name=op.f("item_changes_operation_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("operation", "item", name=op.f("item_changes_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "jobs",
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("project", KEY, nullable=True),
        sa.Column("kind", TXT, nullable=False),
        sa.Column("arguments", TXT, nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("done", KEY, server_default="0", nullable=False),
        sa.Column("total", KEY, nullable=True),
        sa.Column("unit", TXT, server_default="items", nullable=False),
        sa.Column("result", TXT, nullable=True),
        sa.Column("problems", TXT, server_default="[]", nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.Column("started_at", TXT, nullable=True),
        sa.Column("finished_at", TXT, nullable=True),
        sa.Column("cancel", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("attempt", KEY, server_default="1", nullable=False),
        sa.Column("runs", KEY, server_default="0", nullable=False),
        sa.Column("runner", TXT, server_default="", nullable=False),
        sa.Column("resumed_at", TXT, nullable=True),
        sa.Column("resumed_done", KEY, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("jobs_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("jobs_pk")),
    )
    op.create_index(
        "jobs_open",
        "jobs",
        ["state"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("jobs_project", "jobs", ["project", "created_at"], unique=False)
    op.create_index("jobs_workspace", "jobs", ["workspace", "created_at"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", TXT, nullable=False),
        sa.Column("hash", TXT, nullable=False),
        sa.Column("purpose", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=True),
        sa.Column("login", KEY, nullable=True),
        sa.Column("email", TXT, nullable=True),
        sa.Column("role", TXT, nullable=True),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("token", TXT, nullable=True),
        sa.Column("created_at", TXT, nullable=False),
        sa.Column("expires_at", TXT, nullable=False),
        sa.Column("spent_at", TXT, nullable=True),
        sa.ForeignKeyConstraint(["login"], ["logins.n"], name=op.f("links_login_fk"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("links_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("links_pk")),
        sa.UniqueConstraint("hash", name=op.f("links_hash_key")),
    )
    op.create_index("links_workspace", "links", ["workspace"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("login", KEY, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("role", TXT, nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("skills", TXT, server_default="[]", nullable=False),
        sa.Column("languages", TXT, server_default="[]", nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["login"], ["logins.n"], name=op.f("memberships_login_fk"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.n"], name=op.f("memberships_workspace_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace", "login", name=op.f("memberships_pk")),
        sa.UniqueConstraint("id", name=op.f("memberships_id_key")),
    )
    op.create_index("memberships_login", "memberships", ["login"], unique=False)
    op.create_table(
        "projects",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("title", TXT, nullable=False),
        sa.Column("description", TXT, server_default="", nullable=False),
        sa.Column("state", TXT, nullable=False),
        sa.Column("revision", KEY, server_default="1", nullable=False),
        sa.Column("schema_version", KEY, nullable=False),
        sa.Column("policy_version", KEY, nullable=False),
        sa.Column("copies_imports", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("batched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("accept_upto", KEY, nullable=True),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.Column("changed_at", TXT, nullable=False),
        sa.Column("deleted_at", TXT, nullable=True),
        sa.Column("items", KEY, server_default="0", nullable=False),
        sa.Column("labeled", KEY, server_default="0", nullable=False),
        sa.Column("done", KEY, server_default="0", nullable=False),
        sa.Column("responses", KEY, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.n"], name=op.f("projects_workspace_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("projects_pk")),
        sa.UniqueConstraint("id", name=op.f("projects_id_key")),
    )
    op.create_index("projects_workspace", "projects", ["workspace", "state"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", TXT, nullable=False),
        sa.Column("hash", TXT, nullable=False),
        sa.Column("login", KEY, nullable=False),
        sa.Column("agent", TXT, server_default="", nullable=False),
        sa.Column("address", TXT, server_default="", nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.Column("seen_at", TXT, nullable=False),
        sa.Column("expires_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["login"], ["logins.n"], name=op.f("sessions_login_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pk")),
        sa.UniqueConstraint("hash", name=op.f("sessions_hash_key")),
    )
    op.create_index("sessions_login", "sessions", ["login"], unique=False)
    op.create_table(
        "teams",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("teams_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("teams_pk")),
        sa.UniqueConstraint("id", name=op.f("teams_id_key")),
        sa.UniqueConstraint("workspace", "name", name=op.f("teams_workspace_name_key")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", TXT, nullable=False),
        sa.Column("hash", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("login", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("scopes", TXT, nullable=False),
        sa.Column("created_at", TXT, nullable=False),
        sa.Column("expires_at", TXT, nullable=False),
        sa.Column("used_at", TXT, nullable=True),
        sa.Column("revoked_at", TXT, nullable=True),
        sa.ForeignKeyConstraint(["login"], ["logins.n"], name=op.f("tokens_login_fk"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("tokens_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("tokens_pk")),
        sa.UniqueConstraint("hash", name=op.f("tokens_hash_key")),
    )
    op.create_index("tokens_owner", "tokens", ["workspace", "login"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", TXT, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("project", KEY, nullable=True),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.n"], name=op.f("uploads_workspace_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("uploads_pk")),
    )
    op.create_index("uploads_at", "uploads", ["at"], unique=False)
    op.create_table(
        "board_votes",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("report", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("did", TXT, nullable=False),
        sa.Column("reason", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("undone_at", TXT, nullable=True),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("board_votes_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("board_votes_pk")),
        sa.UniqueConstraint("id", name=op.f("board_votes_id_key")),
    )
    op.create_index("board_votes_report", "board_votes", ["report"], unique=False)
    op.create_table(
        "counting",
        sa.Column("project", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("counting_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", name=op.f("counting_pk")),
    )
    op.create_table(
        "fairness_reports",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("job", TXT, nullable=False),
        sa.Column("answers", KEY, nullable=False),
        sa.Column("findings", TXT, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.n"], name=op.f("fairness_reports_project_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("fairness_reports_pk")),
        sa.UniqueConstraint("id", name=op.f("fairness_reports_id_key")),
        sa.UniqueConstraint("job", name=op.f("fairness_reports_job_key")),
    )
    op.create_index("fairness_reports_project", "fairness_reports", ["project", "n"], unique=False)
    op.create_table(
        "fairness_rules",
        sa.Column("project", KEY, nullable=False),
        sa.Column("slices", TXT, server_default="[]", nullable=False),
        sa.Column("board", TXT, nullable=True),
        sa.Column("told", TXT, server_default="{}", nullable=False),
        sa.Column("revision", KEY, server_default="1", nullable=False),
        sa.Column("changed_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.n"], name=op.f("fairness_rules_project_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project", name=op.f("fairness_rules_pk")),
    )
    op.create_table(
        "group_figures",
        sa.Column("project", KEY, nullable=False),
        sa.Column("attribute", KEY, nullable=False),
        sa.Column("key", TXT, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute"], ["attributes.n"], name=op.f("group_figures_attribute_fk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("group_figures_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", "attribute", "key", name=op.f("group_figures_pk")),
    )
    op.create_table(
        "group_gone",
        sa.Column("project", KEY, nullable=False),
        sa.Column("attribute", KEY, nullable=False),
        sa.Column("key", TXT, nullable=False),
        sa.Column("value", TXT, nullable=False),
        sa.Column("n", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute"], ["attributes.n"], name=op.f("group_gone_attribute_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project", "attribute", "key", "value", name=op.f("group_gone_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_places",
        sa.Column("project", KEY, nullable=False),
        sa.Column("attribute", KEY, nullable=False),
        sa.Column("key", TXT, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("cut", TXT, nullable=False),
        sa.Column("value", TXT, nullable=False),
        sa.Column("counted", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute"], ["attributes.n"], name=op.f("group_places_attribute_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project", "attribute", "key", "author", "cut", name=op.f("group_places_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("group_places_author", "group_places", ["author"], unique=False)
    op.create_table(
        "items",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("key", TXT, nullable=False),
        sa.Column("revision", KEY, server_default="1", nullable=False),
        sa.Column("hash", TXT, nullable=False),
        sa.Column("streams", TXT, nullable=False),
        sa.Column("metadata", TXT, server_default="{}", nullable=False),
        sa.Column("tags", TXT, server_default="[]", nullable=False),
        sa.Column("split_group", TXT, nullable=True),
        sa.Column("extra", TXT, server_default="{}", nullable=False),
        sa.Column("state", TXT, server_default="open", nullable=False),
        sa.Column("stage", TXT, server_default="label", nullable=False),
        sa.Column("responses", KEY, server_default="0", nullable=False),
        sa.Column("disagreement", sa.Double(), nullable=True),
        sa.Column("uncertainty", sa.Double(), nullable=True),
        sa.Column("created_at", TXT, nullable=False),
        sa.Column("changed_at", TXT, nullable=False),
        sa.Column("deleted_at", TXT, nullable=True),
        sa.Column("masked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("items_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("items_pk")),
    )
    op.create_index(
        "items_changed",
        "items",
        ["project", "changed_at", "n"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "items_deleted",
        "items",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "items_disagreement",
        "items",
        ["project", "disagreement", "n"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND disagreement IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND disagreement IS NOT NULL"),
    )
    op.create_index(
        "items_id",
        "items",
        ["id"],
        unique=True,
        sqlite_where=sa.text("NOT masked"),
        postgresql_where=sa.text("NOT masked"),
    )
    op.create_index(
        "items_key",
        "items",
        ["project", "key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "items_made",
        "items",
        ["project", "n"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "items_responses",
        "items",
        ["project", "responses", "n"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND responses > 0"),
        postgresql_where=sa.text("deleted_at IS NULL AND responses > 0"),
    )
    op.create_index(
        "items_state",
        "items",
        ["project", "state", "stage", "n"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "items_uncertainty",
        "items",
        ["project", "uncertainty", "n"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND uncertainty IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND uncertainty IS NOT NULL"),
    )
    op.create_table(
        "job_log",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("job", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("text", TXT, nullable=False),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name=op.f("job_log_job_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("job_log_pk")),
    )
    op.create_index("job_log_job", "job_log", ["job", "n"], unique=False)
    op.create_table(
        "job_steps",
        sa.Column("job", TXT, nullable=False),
        sa.Column("step", KEY, nullable=False),
        sa.Column("result", TXT, server_default="null", nullable=False),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name=op.f("job_steps_job_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job", "step", name=op.f("job_steps_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "overdue",
        sa.Column("project", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("overdue_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", name=op.f("overdue_pk")),
    )
    op.create_table(
        "pay_budgets",
        sa.Column("project", KEY, nullable=False),
        sa.Column("amount", KEY, nullable=True),
        sa.Column("stops", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("paid", KEY, server_default="0", nullable=False),
        sa.Column("counted_to", TXT, server_default="", nullable=False),
        sa.Column("per_answer", KEY, server_default="0", nullable=False),
        sa.Column("running", KEY, server_default="0", nullable=False),
        sa.Column("warned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("pay_budgets_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", name=op.f("pay_budgets_pk")),
    )
    op.create_table(
        "pay_formulas",
        sa.Column("project", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("document", TXT, nullable=False),
        sa.Column("since", TXT, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("pay_formulas_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", "version", name=op.f("pay_formulas_pk")),
    )
    op.create_table(
        "policies",
        sa.Column("project", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("document", TXT, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("policies_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", "version", name=op.f("policies_pk")),
    )
    op.create_table(
        "recounting",
        sa.Column("project", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("recounting_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", name=op.f("recounting_pk")),
    )
    op.create_table(
        "reports",
        sa.Column("project", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("upto_seq", KEY, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("reports_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", "name", name=op.f("reports_pk")),
    )
    op.create_table(
        "resources",
        sa.Column("project", KEY, nullable=False),
        sa.Column("kind", TXT, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("content", TXT, nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("resources_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", "kind", "name", name=op.f("resources_pk")),
    )
    op.create_table(
        "rolling",
        sa.Column("project", KEY, nullable=False),
        sa.Column("changed_at", TXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("rolling_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", name=op.f("rolling_pk")),
    )
    op.create_table(
        "rule_actions",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("did", TXT, nullable=False),
        sa.Column("share", sa.Double(), server_default="1", nullable=False),
        sa.Column("rule", TXT, nullable=False),
        sa.Column("evidence", TXT, nullable=False),
        sa.Column("reason", TXT, nullable=False),
        sa.Column("before", TXT, server_default="{}", nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.Column("undone_at", TXT, nullable=True),
        sa.Column("undone_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("rule_actions_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("rule_actions_pk")),
        sa.UniqueConstraint("id", name=op.f("rule_actions_id_key")),
    )
    op.create_index("rule_actions_project", "rule_actions", ["project", "at"], unique=False)
    op.create_index(
        "rule_actions_standing",
        "rule_actions",
        ["project", "author"],
        unique=False,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "schemas",
        sa.Column("project", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("document", TXT, nullable=False),
        sa.Column("yaml", TXT, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("schemas_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project", "version", name=op.f("schemas_pk")),
    )
    op.create_table(
        "statements",
        sa.Column("attribute", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("value", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute"], ["attributes.n"], name=op.f("statements_attribute_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute", "author", name=op.f("statements_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("statements_author", "statements", ["author"], unique=False)
    op.create_table(
        "team_members",
        sa.Column("team", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.ForeignKeyConstraint(["team"], ["teams.n"], name=op.f("team_members_team_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team", "author", name=op.f("team_members_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("team_members_author", "team_members", ["author"], unique=False)
    op.create_table(
        "upload_files",
        sa.Column("upload", TXT, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("sha256", TXT, nullable=True),
        sa.ForeignKeyConstraint(["upload"], ["uploads.id"], name=op.f("upload_files_upload_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("upload", "name", name=op.f("upload_files_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "views",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("body", TXT, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("changed_at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("views_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("views_pk")),
        sa.UniqueConstraint("id", name=op.f("views_id_key")),
        sa.UniqueConstraint("project", "name", name=op.f("views_project_name_key")),
    )
    op.create_table(
        "vocabularies",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("name", TXT, nullable=False),
        sa.Column("entries", KEY, nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("vocabularies_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("vocabularies_pk")),
    )
    op.create_index("vocabularies_name", "vocabularies", ["project", "name"], unique=False)
    op.create_table(
        "words",
        sa.Column("n", KEY, autoincrement=True, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("kind", TXT, nullable=False),
        sa.Column("text", TXT, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.n"], name=op.f("words_project_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name=op.f("words_pk")),
        sa.UniqueConstraint("project", "kind", "text", name=op.f("words_project_kind_text_key")),
    )
    op.create_table(
        "entries",
        sa.Column("vocabulary", KEY, nullable=False),
        sa.Column("id", TXT, nullable=False),
        sa.Column("title", TXT, nullable=False),
        sa.Column("aliases", TXT, server_default="[]", nullable=False),
        sa.Column("definition", TXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["vocabulary"], ["vocabularies.n"], name=op.f("entries_vocabulary_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vocabulary", "id", name=op.f("entries_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry_terms",
        sa.Column("vocabulary", KEY, nullable=False),
        sa.Column("term", TXT, nullable=False),
        sa.Column("entry", TXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["vocabulary"], ["vocabularies.n"], name=op.f("entry_terms_vocabulary_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vocabulary", "term", "entry", name=op.f("entry_terms_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "item_revisions",
        sa.Column("item", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("project", KEY, nullable=False),
        sa.Column("document", TXT, nullable=False),
        sa.Column("at", TXT, nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.n"], name=op.f("item_revisions_item_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item", "revision", name=op.f("item_revisions_pk")),
    )
    op.execute(
        "CREATE VIEW v_workspaces (workspace, name, created_at) AS SELECT w.id, w.name, w.created_at FROM workspaces w"
    )
    op.execute(
        "CREATE VIEW v_projects (workspace, project, title, state, schema_version, policy_version, items, labeled, done, responses, created_at, changed_at) AS SELECT w.id, p.id, p.title, p.state, p.schema_version, p.policy_version, p.items, p.labeled, p.done, p.responses, p.created_at, p.changed_at FROM projects p JOIN workspaces w ON w.n = p.workspace"
    )
    op.execute(
        "CREATE VIEW v_authors (workspace, author, type, name, version, created_at) AS SELECT w.id, a.id, a.type, a.name, a.version, a.created_at FROM authors a JOIN workspaces w ON w.n = a.workspace"
    )
    op.execute(
        "CREATE VIEW v_items (workspace, project, item, key, revision, state, stage, responses, disagreement, uncertainty, split_group, metadata, tags, created_at, changed_at) AS SELECT w.id, p.id, i.id, i.key, i.revision, i.state, i.stage, i.responses, i.disagreement, i.uncertainty, i.split_group, i.metadata, i.tags, i.created_at, i.changed_at FROM items i JOIN projects p ON p.n = i.project JOIN workspaces w ON w.n = p.workspace WHERE i.deleted_at IS NULL"
    )
    op.execute(
        "CREATE VIEW v_metadata (workspace, project, item, key, text, number) AS SELECT w.id, p.id, i.id, k.text, f.txt, f.num FROM facts f JOIN projects p ON p.n = f.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = f.item JOIN words k ON k.n = f.key AND k.kind = 'meta' WHERE f.author = 0 AND i.deleted_at IS NULL"
    )
    op.execute(
        "CREATE VIEW v_responses (workspace, project, item, response, revision, author, state, excluded, active_ms, annotations, at) AS SELECT w.id, p.id, i.id, r.id, r.head, a.id, r.state, r.excluded, r.active_ms, v.annotations, r.at FROM responses r JOIN projects p ON p.n = r.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = r.item JOIN authors a ON a.n = r.author LEFT JOIN revisions v ON v.response = r.n AND v.revision = r.head"
    )
    op.execute(
        "CREATE VIEW v_revisions (workspace, project, item, response, revision, author, item_revision, schema_version, guideline, state, cause, annotations, skip, active_ms, at) AS SELECT w.id, p.id, i.id, r.id, v.revision, a.id, v.item_revision, v.schema_version, v.guideline, v.state, v.cause, v.annotations, v.skip, v.active_ms, v.at FROM revisions v JOIN responses r ON r.n = v.response JOIN projects p ON p.n = r.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = r.item JOIN authors a ON a.n = r.author"
    )
    op.execute(
        "CREATE VIEW v_labels (workspace, project, item, author, field, label, n) AS SELECT w.id, p.id, i.id, a.id, f.text, l.text, m.n FROM marks m JOIN projects p ON p.n = m.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = m.item JOIN authors a ON a.n = m.author JOIN words f ON f.n = m.field AND f.kind = 'field' JOIN words l ON l.n = m.label"
    )
    op.execute(
        "CREATE VIEW v_reviews (workspace, project, item, review, stage, response, revision, author, reviewer, verdict, defects, probability, counts, active_ms, at) AS SELECT w.id, p.id, i.id, v.id, v.stage, r.id, v.revision, a.id, b.id, v.verdict, v.defects, v.probability, v.counts, v.active_ms, v.at FROM reviews v JOIN projects p ON p.n = v.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = v.item JOIN responses r ON r.n = v.response JOIN authors a ON a.n = v.author JOIN authors b ON b.n = v.reviewer"
    )
    op.execute(
        "CREATE VIEW v_consensus (workspace, project, item, field, method, annotations, score, posterior, tie, n, at) AS SELECT w.id, p.id, i.id, c.field, c.method, c.annotations, c.score, c.posterior, c.tie, c.n, c.at FROM consensus c JOIN projects p ON p.n = c.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = c.item"
    )
    op.execute(
        "CREATE VIEW v_results (workspace, project, item, response, revision, chosen_by, at) AS SELECT w.id, p.id, i.id, r.id, z.revision, a.id, z.at FROM resolutions z JOIN projects p ON p.n = z.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = z.item JOIN responses r ON r.n = z.response LEFT JOIN authors a ON a.n = z.by"
    )
    op.execute(
        "CREATE VIEW v_claims (workspace, project, item, stage, author, state, at, until) AS SELECT w.id, p.id, i.id, s.stage, a.id, s.state, s.at, s.until FROM assignments s JOIN projects p ON p.n = s.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = s.item JOIN authors a ON a.n = s.author"
    )
    op.execute(
        "CREATE VIEW v_routes (workspace, project, item, stage, visit, way, probability, at) AS SELECT w.id, p.id, i.id, t.stage, t.visit, t.way, t.probability, t.at FROM routes t JOIN projects p ON p.n = t.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = t.item"
    )
    op.execute(
        "CREATE VIEW v_gold_answers (workspace, project, item, author, given_as, score, active_ms, at) AS SELECT w.id, p.id, i.id, a.id, g.use, g.score, g.active_ms, g.at FROM gold_answers g JOIN projects p ON p.n = g.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = g.item JOIN authors a ON a.n = g.author"
    )
    op.execute(
        "CREATE VIEW v_threads (workspace, project, item, thread, kind, state, author, at, changed_at) AS SELECT w.id, p.id, i.id, t.id, t.kind, t.state, a.id, t.at, t.changed_at FROM threads t JOIN projects p ON p.n = t.project JOIN workspaces w ON w.n = p.workspace JOIN items i ON i.n = t.item JOIN authors a ON a.n = t.author"
    )
    op.execute(
        "CREATE VIEW v_events (seq, id, at, workspace, project, actor, name, thing, data) AS SELECT e.seq, e.id, e.at, w.id, p.id, a.id, e.name, e.thing, e.data FROM events e JOIN workspaces w ON w.n = e.workspace LEFT JOIN projects p ON p.n = e.project LEFT JOIN authors a ON a.n = e.actor"
    )
    op.execute(
        "CREATE VIEW v_person_days (workspace, project, author, what, day, n, sum, weight, squared_weight) AS SELECT w.id, p.id, a.id, d.what, d.day, d.n, d.x, d.w, d.ww FROM person_days d JOIN projects p ON p.n = d.project JOIN workspaces w ON w.n = p.workspace JOIN authors a ON a.n = d.author WHERE d.n > 0"
    )
    op.execute(
        "CREATE VIEW v_counts (workspace, project, what, a, b, day, n, x, y) AS SELECT w.id, p.id, c.what, c.a, c.b, c.day, c.n, c.x, c.y FROM rollups c JOIN projects p ON p.n = c.project JOIN workspaces w ON w.n = p.workspace WHERE c.n > 0"
    )
    op.execute(
        "CREATE VIEW v_pairs (workspace, project, field, label, a, b, n, differ, near) AS SELECT w.id, p.id, f.text, l.text, a.id, b.id, s.n, s.differ, s.x / s.n FROM pair_sums s JOIN projects p ON p.n = s.project JOIN workspaces w ON w.n = p.workspace JOIN words f ON f.n = s.field LEFT JOIN words l ON l.n = s.label AND s.label > 0 JOIN authors a ON a.n = s.a JOIN authors b ON b.n = s.b WHERE s.n > 0"
    )


def downgrade() -> None:
    """Remove every view and table."""
    for view in (
        "v_pairs",
        "v_counts",
        "v_person_days",
        "v_events",
        "v_threads",
        "v_gold_answers",
        "v_routes",
        "v_claims",
        "v_results",
        "v_consensus",
        "v_reviews",
        "v_labels",
        "v_revisions",
        "v_responses",
        "v_metadata",
        "v_items",
        "v_authors",
        "v_projects",
        "v_workspaces",
    ):
        op.execute(f"DROP VIEW {view}")
    for table in (
        "item_revisions",
        "entry_terms",
        "entries",
        "words",
        "vocabularies",
        "views",
        "upload_files",
        "team_members",
        "statements",
        "schemas",
        "rule_actions",
        "rolling",
        "resources",
        "reports",
        "recounting",
        "policies",
        "pay_formulas",
        "pay_budgets",
        "overdue",
        "job_steps",
        "job_log",
        "items",
        "group_places",
        "group_gone",
        "group_figures",
        "fairness_rules",
        "fairness_reports",
        "counting",
        "board_votes",
        "uploads",
        "tokens",
        "teams",
        "sessions",
        "projects",
        "memberships",
        "links",
        "jobs",
        "item_changes",
        "blobs",
        "authors",
        "attributes",
        "workspaces",
        "webhooks",
        "watches",
        "turns",
        "threads",
        "thread_people",
        "standings",
        "sittings",
        "shown_items",
        "secrets",
        "routes",
        "rollups",
        "rolled",
        "revisions",
        "reviews",
        "responses",
        "resolutions",
        "recounts",
        "queue",
        "presence",
        "precedents",
        "plants",
        "person_days",
        "pay_periods",
        "pay_lines",
        "pay_corrections",
        "pay_contests",
        "pairs",
        "pair_sums",
        "operations",
        "notices",
        "notice_choices",
        "messages",
        "marks",
        "low_water",
        "logins",
        "judgements",
        "job_runners",
        "idempotency",
        "guidelines",
        "guideline_reads",
        "gold_swaps",
        "gold_returns",
        "gold_batches",
        "gold_answers",
        "gold",
        "given",
        "facts",
        "exceptions",
        "events",
        "drafts",
        "disagreements",
        "differing",
        "deliveries",
        "cursors",
        "consensus",
        "batches",
        "batch_items",
        "audit",
        "assignments",
        "appeals",
    ):
        op.drop_table(table)
