"""Who there is: logins are global; memberships, authors and tokens belong to a workspace."""

import sqlalchemy as sa

from karat.server.tables.base import At, Json, Key, Txt, key_column, metadata

logins = sa.Table(
    "logins",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("email", Txt, nullable=False, unique=True),  # lower case
    sa.Column("name", Txt, nullable=False),
    sa.Column("password", Txt),  # argon2id; null until the first link was spent
    sa.Column("totp", Txt),  # secret of the second factor; null where there is none
    sa.Column("totp_pending", Txt),  # a secret of which no code was confirmed yet
    sa.Column("totp_used", Key),  # the last time step that was accepted, so that a code works once
    sa.Column("settings", Json, nullable=False, server_default="{}"),
    sa.Column("created_at", At, nullable=False),
)

workspaces = sa.Table(
    "workspaces",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("name", Txt, nullable=False),
    sa.Column("created_at", At, nullable=False),
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("login", Key, sa.ForeignKey("logins.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("role", Txt, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("author", Key, nullable=False),  # the person as an author of responses in this workspace
    # What managers say of the person, lists of words: a stage may ask for them.
    sa.Column("skills", Json, nullable=False, server_default="[]"),
    sa.Column("languages", Json, nullable=False, server_default="[]"),
    sa.Column("created_at", At, nullable=False),
    sa.Index("memberships_login", "login"),
)

teams = sa.Table(
    "teams",
    metadata,
    # Named groups of people, whom stages and batches of items may name.
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("created_at", At, nullable=False),
    sa.UniqueConstraint("workspace", "name"),
)

team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("team", Key, sa.ForeignKey("teams.n", ondelete="CASCADE"), primary_key=True),
    sa.Column("author", Key, primary_key=True),
    sa.Index("team_members_author", "author"),
    sqlite_with_rowid=False,
)

authors = sa.Table(
    "authors",
    metadata,
    key_column(),
    sa.Column("id", Txt, nullable=False, unique=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("type", Txt, nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("version", Txt, nullable=False, server_default=""),
    sa.Column("login", Key, sa.ForeignKey("logins.n")),
    sa.Column("created_at", At, nullable=False),
    sa.Index("authors_named", "workspace", "type", "name", "version"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("hash", Txt, nullable=False, unique=True),  # SHA-256 of the cookie
    sa.Column("login", Key, sa.ForeignKey("logins.n", ondelete="CASCADE"), nullable=False),
    sa.Column("agent", Txt, nullable=False, server_default=""),
    sa.Column("address", Txt, nullable=False, server_default=""),
    sa.Column("created_at", At, nullable=False),
    sa.Column("seen_at", At, nullable=False),
    sa.Column("expires_at", At, nullable=False),
    sa.Index("sessions_login", "login"),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("hash", Txt, nullable=False, unique=True),  # SHA-256 of the token
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("login", Key, sa.ForeignKey("logins.n", ondelete="CASCADE"), nullable=False),
    sa.Column("name", Txt, nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("created_at", At, nullable=False),
    sa.Column("expires_at", At, nullable=False),
    sa.Column("used_at", At),
    sa.Column("revoked_at", At),
    sa.Index("tokens_owner", "workspace", "login"),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("hash", Txt, nullable=False, unique=True),
    sa.Column("purpose", Txt, nullable=False),  # first, invite, reset
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE")),
    sa.Column("login", Key, sa.ForeignKey("logins.n", ondelete="CASCADE")),
    sa.Column("email", Txt),
    sa.Column("role", Txt),
    sa.Column("created_by", Key),
    sa.Column("token", Txt),  # the API token it was made with: revoked together
    sa.Column("created_at", At, nullable=False),
    sa.Column("expires_at", At, nullable=False),
    sa.Column("spent_at", At),
    sa.Index("links_workspace", "workspace"),
)
