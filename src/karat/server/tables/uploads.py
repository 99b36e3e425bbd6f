"""Files on their way in, before anything is imported from them."""

import sqlalchemy as sa

from karat.server.tables.base import At, Key, Txt, metadata

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", Txt, primary_key=True),
    sa.Column("workspace", Key, sa.ForeignKey("workspaces.n", ondelete="CASCADE"), nullable=False),
    sa.Column("project", Key),
    sa.Column("by", Key, nullable=False),
    sa.Column("at", At, nullable=False),  # of the last file; an upload that nothing happens to is removed
    sa.Index("uploads_at", "at"),
)

upload_files = sa.Table(
    "upload_files",
    metadata,
    sa.Column("upload", Txt, sa.ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", Txt, primary_key=True),
    sa.Column("size", Key, nullable=False),  # bytes that have arrived
    sa.Column("sha256", Txt),  # null while parts are missing
    sqlite_with_rowid=False,
)
