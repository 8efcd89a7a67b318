"""Open changes outside the register, and undoing a committed one."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0005"


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    connection = op.get_bind()
    for script in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(script.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take open changes away; what they committed stays in the register."""
    op.get_bind().exec_driver_sql(
        "DROP TABLE app.draft_operation, app.draft;"
        "DROP FUNCTION land.reverse_change(bigint, bigint), land.changes_built_upon(bigint),"
        " land.carriers(bigint),"
        " land.rewritten_columns(regclass)"
    )
