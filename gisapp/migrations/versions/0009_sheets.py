"""Scanned sheets: what they are, how they are placed, and what is made of them."""

from alembic import op

from gisapp.migrations import scripts

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take sheets away with what was made of them; files stay where they lie."""
    op.get_bind().exec_driver_sql(
        "DROP TABLE app.sheet_raster, app.sheet_job;"
        "DROP TABLE land.sheet_reference, land.sheet_version, land.sheet;"
        "DELETE FROM land.register_table"
        " WHERE name IN ('land.sheet', 'land.sheet_version', 'land.sheet_reference')"
    )
