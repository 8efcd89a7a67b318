"""Thresholds of the legal clocks are entered as dated rows and confirmed by name."""

from alembic import op

from gisapp.migrations import scripts

revision = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take confirmations and what people entered away; the rows of the founding stay."""
    former = (scripts.SQL / "0020" / "010_clocks.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(former)
    op.get_bind().exec_driver_sql(scripts.function("0015", "040_judge.sql", "clock_fault"))
    op.get_bind().exec_driver_sql(
        "DROP FUNCTION land.clock_thresholds();"
        "DROP TABLE land.clock_threshold_confirmation;"
        "DROP FUNCTION land.threshold_confirmed_by_another();"
        "DROP TRIGGER c_next_version ON land.clock_threshold;"
        "DROP FUNCTION land.next_threshold_version();"
        "ALTER TABLE land.clock_threshold DISABLE TRIGGER a_kept;"
        "DELETE FROM land.clock_threshold WHERE NOT founding;"
        "ALTER TABLE land.clock_threshold ENABLE TRIGGER a_kept;"
        "ALTER TABLE land.clock_threshold DROP CONSTRAINT clock_threshold_plausible_check,"
        " DROP CONSTRAINT clock_threshold_by_check, DROP CONSTRAINT clock_threshold_version,"
        " DROP COLUMN version, DROP COLUMN founding,"
        " ADD CONSTRAINT one_threshold_a_day EXCLUDE USING gist (code WITH =, valid WITH &&)"
    )
