"""Zones by phase, and figures as reports print them."""

from alembic import op

from gisapp.migrations import scripts

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take phases and recorded figures away."""
    op.get_bind().exec_driver_sql(
        "DROP TRIGGER f_keeps_phases ON land.zone_boundary;"
        "DROP TABLE land.zone_phase_state, land.zone_phase_version, land.zone_phase,"
        " land.zone_phase_limit, land.recorded_figure_version, land.recorded_figure,"
        " land.figure_unit, land.figure_identity, land.figure_counterpart;"
        "DROP FUNCTION land.judge_phases(), land.phases_count_plane(),"
        " land.zone_phase_fault(uuid);"
        "DELETE FROM land.register_table WHERE name ~ '^land[.](zone_phase|recorded_figure)'"
    )
