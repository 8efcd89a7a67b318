"""Lessors' powers as data, one user a parcel, reservations that expire, land within its right."""

from alembic import op

from gisapp.migrations import scripts

revision = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the rules away; rights stay as they were recorded."""
    op.get_bind().exec_driver_sql(
        "DROP TRIGGER g_land_within_terms ON land.land_right_parcel;"
        "DROP TRIGGER g_terms_keep_land ON land.land_right_version;"
        "DROP TRIGGER d_reservation_expires ON land.land_right_version;"
        "DROP TRIGGER d_lessor_has_power ON land.land_right_version;"
        "DROP FUNCTION land.right_lives(), land.reservation_expires(), land.lessor_has_power();"
        "ALTER TABLE land.land_right_parcel DROP CONSTRAINT let_or_reserved;"
        "DROP TABLE land.lessor_power"
    )
