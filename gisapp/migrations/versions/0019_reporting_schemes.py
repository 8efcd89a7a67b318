"""Reporting schemes are dated rows."""

from alembic import op

from gisapp.migrations import scripts

revision = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Schemes hold for ever again."""
    op.get_bind().exec_driver_sql(
        "ALTER TABLE land.reporting_scheme DROP CONSTRAINT reporting_scheme_forward,"
        " DROP COLUMN valid_from, DROP COLUMN valid_to"
    )
