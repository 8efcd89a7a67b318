"""The rulebook of planning norms: dated rules, who confirmed them, and signed waivers."""

import tomllib

from alembic import op
from sqlalchemy import text

from gisapp.migrations import scripts

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

SHIPPED_BY = "gisapp 0.1.0"


def upgrade() -> None:
    """Make the tables, then write the rules the register starts with."""
    scripts.run(revision)
    connection = op.get_bind()
    shipped = scripts.SQL / revision / "rules.toml"
    given = tomllib.loads(shipped.read_text(encoding="utf-8"))
    codes = dict.fromkeys(row["code"] for row in given["rule"])
    for code in codes:
        connection.execute(text("INSERT INTO land.norm (code) VALUES (:code)"), {"code": code})
    blank = {
        "valid_to": None, "categories": None, "people": None, "above_storeys": None,
        "threshold": None, "version": 1, "by": SHIPPED_BY,
    }  # fmt: skip
    for row in given["rule"]:
        values = {**blank, **given["common"], **given[row["book"]], **row}
        connection.execute(
            text(
                "INSERT INTO land.norm_rule (code, version, regulation, clause, quote_vi,"
                " quote_en, source, valid_from, valid_to, reaches_by, zone_kinds, plan_levels,"
                " measure, categories, people, above_storeys, comparison, threshold, name_vi,"
                " name_en, recorded_by) VALUES (:code, :version, :regulation, :clause, :quote_vi,"
                " :quote_en, :source, :valid_from, :valid_to, :reaches_by, :zone_kinds,"
                " :plan_levels, :measure, :categories, :people, :above_storeys, :comparison,"
                " CAST(:threshold AS numeric), :name_vi, :name_en, :by)"
            ),
            values,
        )


def downgrade() -> None:
    """Take the rulebook and its waivers away."""
    op.get_bind().exec_driver_sql(
        "DROP TABLE land.norm_waiver, land.norm_people, land.norm_confirmation, land.norm_rule,"
        " land.norm;"
        "DROP FUNCTION land.norm_waiver_is_fit(), land.lots_state(uuid),"
        " land.confirmed_by_another(), land.next_rule_version();"
        "DELETE FROM land.register_table WHERE name = 'land.norm_waiver'"
    )
