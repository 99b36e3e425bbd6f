"""What people and other programs are told, and who looks at what just now."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

_unread = sa.text("read_at IS NULL")
_waiting = sa.text("state = 'waiting'")

notices = sa.Table(
    "notices",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("login", Key, nullable=False),
    sa.Column("workspace", Key, nullable=False),
    sa.Column("project", Key),
    sa.Column("name", Txt, nullable=False),
    sa.Column("thing", Json, nullable=False),  # what it is about, by its id; never any content
    sa.Column("event", Key, nullable=False),  # of which it was made: seen twice, it is told once
    sa.Column("at", At, nullable=False),
    sa.Column("read_at", At),
    sa.Column("mail", Txt, nullable=False, server_default="none"),  # none, waiting, sent, failed
    sa.Column("mail_at", At),
    sa.Column("tries", Key, nullable=False, server_default="0"),
    sa.UniqueConstraint("login", "event", "name"),
    sa.Index("notices_login", "login", "at"),
    sa.Index("notices_unread", "login", sqlite_where=_unread, postgresql_where=_unread),
    sa.Index(
        "notices_mail",
        "mail_at",
        sqlite_where=sa.text("mail = 'waiting'"),
        postgresql_where=sa.text("mail = 'waiting'"),
    ),
)

notice_choices = sa.Table(
    "notice_choices",
    metadata,
    sa.Column("login", Key, primary_key=True),
    sa.Column("mail", Txt, nullable=False),  # off, each, daily
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("workspace", Key, nullable=False),
    sa.Column("url", Txt, nullable=False),
    sa.Column("secret", Txt, nullable=False),
    sa.Column("events", Json, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),
    sa.Index("webhooks_workspace", "workspace"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("webhook", Key, nullable=False),
    sa.Column("event", Key, nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("state", Txt, nullable=False),  # waiting, sent, failed
    sa.Column("tries", Key, nullable=False, server_default="0"),
    sa.Column("next_at", At, nullable=False),
    sa.Column("status", Key),
    sa.Column("error", Txt, nullable=False, server_default=""),
    sa.Column("at", At, nullable=False),
    sa.UniqueConstraint("webhook", "event"),
    sa.Index("deliveries_next", "next_at", sqlite_where=_waiting, postgresql_where=_waiting),
)

presence = sa.Table(
    "presence",
    metadata,
    # Who is where in a project: the page, and the item that is open there, 0 for none. A row that was not renewed for a
    # minute counts no more.
    sa.Column("project", Key, primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Column("item", Key, nullable=False),
    sa.Column("page", Txt, nullable=False, server_default=""),
    sa.Column("at", At, nullable=False),
    sqlite_with_rowid=False,
)
