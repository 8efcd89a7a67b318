"""Deadlines and terms are entered as dated rows and confirmed by name."""

from alembic import op

from gisapp.migrations import scripts

revision = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take confirmations and corrected rows away; the first row of a day stays."""
    op.get_bind().exec_driver_sql(scripts.function("0008", "050_judge.sql", "notice_fault"))
    op.get_bind().exec_driver_sql(
        "REVOKE INSERT ON land.plan_deadline, land.clearance_term FROM gisapp_write;"
        "DROP FUNCTION land.clearance_terms(boolean);"
        "DROP TABLE land.plan_deadline_confirmation, land.clearance_term_confirmation;"
        "DROP FUNCTION land.deadline_confirmed_by_another(), land.term_confirmed_by_another();"
        "DROP TRIGGER c_next_version ON land.clearance_term;"
        "DROP TRIGGER c_next_version ON land.plan_deadline;"
        "DROP FUNCTION land.next_term_version(), land.next_deadline_version();"
        "ALTER TABLE land.plan_deadline DROP CONSTRAINT deadline_plausible,"
        " DROP CONSTRAINT deadline_within_ten_years, DROP CONSTRAINT deadline_texts;"
        "ALTER TABLE land.clearance_term DISABLE TRIGGER a_kept;"
        "DELETE FROM land.clearance_term WHERE version > 1;"
        "ALTER TABLE land.clearance_term ENABLE TRIGGER a_kept;"
        "ALTER TABLE land.clearance_term DROP CONSTRAINT clearance_term_plausible_check,"
        " DROP CONSTRAINT clearance_term_texts_check, DROP COLUMN version,"
        " ADD CONSTRAINT clearance_term_key UNIQUE (code, valid_from)"
    )
