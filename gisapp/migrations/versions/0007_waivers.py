"""Waivers of findings: named on both sides, never on one's own work."""

from alembic import op

from gisapp.migrations import scripts

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the waivers away, with what was waived."""
    op.get_bind().exec_driver_sql(
        "DROP FUNCTION land.authors_of(land.waiver);"
        "DROP TABLE land.waiver;"
        "DROP FUNCTION land.waiver_is_fit(), land.waiver_not_undone();"
        "DELETE FROM land.register_table WHERE name = 'land.waiver'"
    )
