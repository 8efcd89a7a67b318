"""Infrastructure of resettlement areas, statistics of every table, readings of households."""

from alembic import op

from gisapp.migrations import scripts

revision = "0018"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the table and the index away, and gather the statistics of 0004 again."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        "DROP INDEX land.audit_event_household;"
        "DROP TABLE land.resettlement_progress;"
        "DELETE FROM land.register_table WHERE name = 'land.resettlement_progress'"
    )
    connection.exec_driver_sql(
        (scripts.SQL / "0004" / "020_statistics.sql")
        .read_text(encoding="utf-8")
        .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    )
