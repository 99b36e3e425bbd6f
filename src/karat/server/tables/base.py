"""The column types that every table is made of."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
    }
)

# Byte order on both databases: keyset pages and sorted keys must not depend on a server's locale.
Txt = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

# JSON is text that msgspec wrote: nothing in a WHERE looks inside it (search reads `marks` and `facts`).
Json = Txt

# SQLite makes an alias of the row id only of INTEGER; PostgreSQL needs eight bytes.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# RFC 3339 in UTC with milliseconds, as on the wire; it sorts as text.
At = Txt


def key_column(name: str = "n") -> sa.Column[int]:
    """The integer key of a row, which never leaves the server."""
    return sa.Column(name, Key, primary_key=True, autoincrement=True)
