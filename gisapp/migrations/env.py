"""Alembic's entry: runs the migrations on the connection it is handed, inside its transaction."""

from __future__ import annotations

from alembic import context

from gisapp.migrations import VERSION_SCHEMA

# without parameters psycopg takes the SQL files as they are: a % is a %, many statements in one go
connection = context.config.attributes["connection"].execution_options(no_parameters=True)
context.configure(
    connection=connection,
    target_metadata=None,
    version_table_schema=VERSION_SCHEMA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
