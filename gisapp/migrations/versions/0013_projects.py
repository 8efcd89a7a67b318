"""Projects: currencies and rates, certificates, terms, disbursement, workers, inspections."""

from alembic import op

from gisapp.migrations import scripts

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None

JUDGED = ("project_version", "project_milestone", "project_term", "project_certificate")


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the new facts and rules away; photos stay where they lie."""
    connection = op.get_bind()
    for table in JUDGED:
        for trigger in ("c_touch_insert", "c_touch_update", "f_judge"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger} ON land.{table}")
    connection.exec_driver_sql(
        "DROP FUNCTION land.judge_project(), land.touch_projects(), land.milestone_rank(text),"
        " land.lateness(text, integer),"
        " land.project_starts_on(uuid), land.project_ends_on(uuid, daterange);"
        "DROP TABLE land.photo, land.inspection_version, land.inspection,"
        " land.project_workers, land.project_disbursement, land.project_term,"
        " land.project_certificate, land.exchange_rate;"
        "ALTER TABLE land.project_capital DROP CONSTRAINT project_capital_currency_fkey;"
        "DROP TABLE land.currency;"
        "DELETE FROM land.register_table WHERE name IN ('land.photo', 'land.inspection_version',"
        " 'land.inspection', 'land.project_workers', 'land.project_disbursement',"
        " 'land.project_term', 'land.project_certificate', 'land.exchange_rate')"
    )
