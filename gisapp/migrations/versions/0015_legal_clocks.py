"""Legal clocks of projects: thresholds, suspensions, the one extension, reminders; the digest."""

from alembic import op

from gisapp.migrations import scripts

revision = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

WATCHED = ("project_parcel", "project_milestone", "handover_parcel", "handover_version")


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take clocks and digest away; lateness is counted again as revision 0011 counts it."""
    connection = op.get_bind()
    for table in WATCHED:
        connection.exec_driver_sql(f"DROP TRIGGER g_clock_needs_land ON land.{table}")
    former = (scripts.SQL / "0011" / "040_lateness.sql").read_text(encoding="utf-8")
    connection.exec_driver_sql(former.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    connection.exec_driver_sql(
        "DROP TABLE app.digest_message, app.digest_run, app.digest_choice, app.digest_rule,"
        " land.reminder_letter, land.reminder_draft, land.project_extension,"
        " land.project_suspension, land.clock_threshold;"
        "DROP FUNCTION land.letter_after_its_draft(), land.judge_clock_of_handover(),"
        " land.judge_clock_of_project(), land.judge_clock(uuid), land.clock_fault(uuid),"
        " land.clock_severities(uuid[], date, bigint), land.project_clocks(uuid[], date, bigint),"
        " land.run_out(date, integer[], datemultirange),"
        " land.late_step(uuid, text, date, bigint), land.steps_behind(uuid, text, date, bigint),"
        " land.stopped_days(uuid, date, date, bigint, date, date),"
        " land.board_days(uuid, date, date, bigint),"
        " land.longest_wait(date[], date[], date, date),"
        " land.project_land(uuid, date, bigint);"
        "DELETE FROM land.register_table WHERE name IN ('land.project_suspension',"
        " 'land.project_extension', 'land.reminder_letter')"
    )
