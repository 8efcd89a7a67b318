"""Clearance cases, households behind a login of their own, resettlement plots and promises."""

from alembic import op
from sqlalchemy import text

from gisapp.migrations import scripts

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

TRIGGERED = ("handover_parcel", "resettlement_plot_version")
DEFINERS = (
    "changes_built_upon(bigint)",
    "reverse_change(bigint, bigint)",
    "broken_seals()",
    "orphans()",
)


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take cases, households and plots' shapes away; hand-overs and areas stay."""
    connection = op.get_bind()
    for function in DEFINERS:
        connection.exec_driver_sql(
            f"ALTER FUNCTION land.{function} SECURITY INVOKER RESET search_path"
        )
    everybody = "GRANT EXECUTE ON FUNCTION land.reverse_change(bigint, bigint) TO PUBLIC"
    connection.exec_driver_sql(everybody)
    for table in TRIGGERED:
        for trigger in ("c_touch_insert", "c_touch_update"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger} ON land.{table}")
    connection.exec_driver_sql("DROP TRIGGER c_ledger ON land.resettlement_plot")
    connection.exec_driver_sql("DROP SCHEMA household CASCADE")
    connection.exec_driver_sql(
        "DROP TABLE land.plot_assignment, land.resettlement_plot_shape, land.clearance_target,"
        " land.clearance_flag, land.clearance_step, land.clearance_item_parcel,"
        " land.clearance_item_version, land.clearance_item, land.clearance_followup,"
        " land.clearance_case_version, land.clearance_case, land.clearance_term,"
        " land.clearance_order, land.reporting_scheme, land.clearance_ledger"
    )
    connection.exec_driver_sql(
        "DROP FUNCTION land.clearance_money(date, bigint), land.plots_stay_apart(),"
        " land.open_clearance_ledger(), land.touch_clearance_ledger(uuid[]),"
        " land.touch_clearance(), land.touch_clearance_of_parcels(),"
        " land.notice_fault(uuid, text, date, boolean), land.item_fault(uuid),"
        " land.judge_clearance()"
    )
    connection.execute(
        text(
            "DELETE FROM land.register_table WHERE name ~"
            " '^household[.]|^land[.](clearance_|plot_assignment$|resettlement_plot_shape$)'"
        )
    )
