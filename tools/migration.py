"""Writes the first migration anew from the tables. Only until the first release: from then on each change is a new step."""

import re
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from karat.server.migrations import FOLDER
from karat.server.tables import metadata
from karat.server.tables.views import VIEWS

FILE = FOLDER / "versions" / "0001_first.py"
BEGIN = '''"""The tables of the first version."""

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
'''
END = '''

def downgrade() -> None:
    """Remove every view and table."""
    for view in ({views}):
        op.execute(f"DROP VIEW {{view}}")
    for table in ({names}):
        op.drop_table(table)
'''
SHORT = {
    "sa.Text().with_variant(sa.TEXT(collation='C'), 'postgresql')": "TXT",
    "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')": "KEY",
    "sa.Boolean(), server_default=sa.text('0')": "sa.Boolean(), server_default=sa.false()",
    "sa.Boolean(), server_default=sa.text('1')": "sa.Boolean(), server_default=sa.true()",
}


def migration() -> str:
    """The text of the first migration."""
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        script = produce_migrations(context, metadata)
        up = render_python_code(script.upgrade_ops, migration_context=context)
        down = render_python_code(script.downgrade_ops, migration_context=context)
    up = re.sub(r"(?m)^\s*# ###.*\n?", "", up)
    for long, short in SHORT.items():
        up = up.replace(long, short)
    names = ", ".join(f'"{name}"' for name in re.findall(r"drop_table\('(\w+)'\)", down))
    views = "\n".join(f"    op.execute({view.statement!r})" for view in VIEWS)
    gone = ", ".join(f'"{view.name}"' for view in reversed(VIEWS))
    tables = "\n".join(_line(line) for line in up.splitlines())
    return f"{BEGIN}{tables}\n{views}{END.format(names=names, views=gone)}"


def _line(line: str) -> str:
    """An index that one database has is made there only."""
    indented = line if line.startswith("    ") else f"    {line}"
    for table in metadata.sorted_tables:
        for index in table.indexes:
            only = index._ddl_if
            if only is not None and "create_index" in line and repr(index.name) in line:
                return f'    if op.get_bind().dialect.name == "{only.dialect}":\n        {line.strip()}'
    return indented


def main(file: Path = FILE) -> None:
    """Write it."""
    file.write_text(migration())
    ruff = str(Path(sys.executable).parent / "ruff")
    subprocess.run([ruff, "format", "--quiet", str(file)], check=True)
    subprocess.run([ruff, "check", "--fix", "--quiet", str(file)], check=True)


if __name__ == "__main__":
    main()
