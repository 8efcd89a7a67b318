"""Accounts: users, roles, signed-in browsers, API tokens, login throttle, security events."""

from alembic import op

from gisapp.migrations import scripts

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take schema ``account`` away; users, tokens and security events go with it."""
    op.get_bind().exec_driver_sql("DROP SCHEMA account CASCADE")
