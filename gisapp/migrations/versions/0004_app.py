"""The application's own tables: import jobs with their rows, idempotency keys, staging."""

from alembic import op

from gisapp.migrations import scripts

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the tables away; reports and receipts of imports go with them."""
    op.get_bind().exec_driver_sql(
        "DROP SCHEMA staging CASCADE; DROP FUNCTION app.gather_statistics(); "
        "DROP TABLE app.import_row, app.import_job, app.idempotency_key"
    )
