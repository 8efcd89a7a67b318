"""Pages of documents, plausible changes, holdings that keep their ground, one home for lateness."""

from alembic import op

from gisapp.migrations import scripts

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Take the rules away; rows stay as they were recorded, but the pages of documents."""
    op.get_bind().exec_driver_sql(
        "DROP FUNCTION land.days_behind(uuid, text, date, bigint);"
        "DROP TRIGGER g_item_on_ground ON land.clearance_item_parcel;"
        "DROP TRIGGER g_project_on_ground ON land.project_parcel;"
        "DROP TRIGGER g_handover_on_ground ON land.handover_parcel;"
        "DROP TRIGGER g_right_on_ground ON land.land_right_parcel;"
        "DROP TRIGGER g_holdings_keep_ground ON land.parcel_version;"
        "DROP FUNCTION land.ground_is_held();"
        "DROP TRIGGER change_20_effect_near ON land.change;"
        "DROP FUNCTION land.effect_within_a_year();"
        "ALTER TABLE land.document DROP CONSTRAINT document_issued_by_then;"
        "ALTER TABLE land.change DROP CONSTRAINT change_day_plausible,"
        " DROP CONSTRAINT change_actor_is_an_account;"
        "ALTER TABLE app.draft DROP COLUMN document_page;"
        "DROP TABLE land.citation;"
        "DELETE FROM land.register_table WHERE name = 'land.citation'"
    )
