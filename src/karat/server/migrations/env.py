"""What Alembic runs: the steps, on the connection and in the transaction of whoever asked."""

from alembic import context

from karat.server.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
