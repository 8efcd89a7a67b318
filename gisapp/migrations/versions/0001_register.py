"""The register: records, two clocks, zones, parcels, plans, conformance, tenure, ground, seals."""

from alembic import op

from gisapp.migrations import scripts

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Back to an empty database; the register's history goes with it."""
    op.get_bind().exec_driver_sql("DROP SCHEMA land CASCADE")
