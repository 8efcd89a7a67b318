"""Faults of a plan version are signed for before it is approved, and the database says so."""

from alembic import op

from gisapp.migrations import scripts

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the rule away and put the guard of 0006 back as it was."""
    op.get_bind().exec_driver_sql(
        "DROP TRIGGER d_on_present_lots ON land.plan_waiver;"
        "DROP TRIGGER f_faults_signed ON land.plan_status;"
        "DROP FUNCTION land.plan_waiver_on_present_lots();"
        "DROP FUNCTION land.judge_plan_faults();"
        "DROP FUNCTION land.plan_comes_into_force(uuid);"
        "DROP FUNCTION land.plan_faults_unsigned(uuid);"
        "DROP FUNCTION land.plan_faults(uuid)"
    )
    before = scripts.function("0006", "020_guards.sql", "approved_lots_stay")
    op.get_bind().exec_driver_sql(
        f"{before};"
        "DROP FUNCTION land.plan_lots_in_order(uuid, bigint);"
        "DROP FUNCTION land.plan_lots_known(uuid)"
    )
