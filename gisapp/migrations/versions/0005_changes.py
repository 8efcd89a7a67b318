"""Open changes outside the register, and undoing a committed one."""

from alembic import op

from gisapp.migrations import scripts

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take open changes away; what they committed stays in the register."""
    op.get_bind().exec_driver_sql(
        "DROP TABLE app.draft_operation, app.draft;"
        "DROP FUNCTION land.reverse_change(bigint, bigint), land.changes_built_upon(bigint),"
        " land.carriers(bigint),"
        " land.rewritten_columns(regclass)"
    )
