"""The pipeline of plans: legal steps, approver and author apart, what was approved stays."""

from alembic import op

from gisapp.migrations import scripts

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the guards, then write the first rows of the deadline table."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the guards away, then what the steps were noted in."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        "DROP TRIGGER e_steps_in_order ON land.plan_status;"
        "DROP TRIGGER c_approved_lots_stay_in ON land.plan_lot;"
        "DROP TRIGGER c_approved_lots_stay_out ON land.plan_lot;"
    )
    connection.exec_driver_sql(
        "DROP TABLE land.plan_wait, land.plan_adjustment, land.plan_stated_area, land.plan_waiver;"
        "DELETE FROM land.register_table WHERE name IN ('land.plan_wait', 'land.plan_adjustment',"
        " 'land.plan_stated_area', 'land.plan_waiver')"
    )
    connection.exec_driver_sql(
        "DROP TABLE land.plan_transition, land.plan_deadline;"
        "DROP FUNCTION land.judge_plan_steps(), land.judge_plan_waiver(),"
        " land.approved_lots_stay(), land.hold_plan_version(uuid),"
        " land.plan_registered_whole(uuid), land.plan_authors(uuid)"
    )
