"""Clearance in bulk judged item by item, money of the cases asked about, quicker lateness."""

from alembic import op

from gisapp.migrations import scripts

revision = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Judge and add up as before: the same answers, slower."""
    connection = op.get_bind()
    connection.exec_driver_sql(scripts.function("0015", "030_clocks.sql", "run_out"))
    connection.exec_driver_sql(scripts.function("0015", "020_land.sql", "steps_behind"))
    terms = (scripts.SQL / "0017" / "010_deadlines.sql").read_text(encoding="utf-8")
    former = terms[terms.index("CREATE OR REPLACE FUNCTION land.notice_fault(") :]
    connection.exec_driver_sql(former[: former.index("END $$;\n") + len("END $$;\n")])
    connection.exec_driver_sql(scripts.function("0008", "050_judge.sql", "item_fault"))
    connection.exec_driver_sql("DROP FUNCTION land.clearance_money(uuid[], date, bigint)")
    connection.exec_driver_sql(scripts.function("0008", "030_households.sql", "clearance_money"))
    connection.exec_driver_sql(
        "REVOKE ALL ON FUNCTION land.clearance_money(date, bigint) FROM PUBLIC;"
        "GRANT EXECUTE ON FUNCTION land.clearance_money(date, bigint) TO gisapp_read, gisapp_write"
    )
