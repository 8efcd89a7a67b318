"""Accounts: users, roles, signed-in browsers, API tokens, login throttle, security events."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0002"


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    connection = op.get_bind()
    for script in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(script.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take schema ``account`` away; users, tokens and security events go with it."""
    op.get_bind().exec_driver_sql("DROP SCHEMA account CASCADE")
