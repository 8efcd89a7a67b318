"""The register: records, two clocks, zones, parcels, plans, conformance, tenure, ground, seals."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0001"


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    connection = op.get_bind()
    for script in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(script.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Back to an empty database; the register's history goes with it."""
    op.get_bind().exec_driver_sql("DROP SCHEMA land CASCADE")
