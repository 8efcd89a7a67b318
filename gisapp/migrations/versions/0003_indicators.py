"""Indicator definitions: dated, versioned rules of counting, and the indexes their sums read."""

import tomllib
from datetime import date

from alembic import op
from sqlalchemy import text

from gisapp.migrations import scripts

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

ALWAYS = date(1945, 9, 2)


def upgrade() -> None:
    """Make the tables, then write the first version of every definition."""
    scripts.run(revision)
    connection = op.get_bind()
    definitions = scripts.SQL / revision / "definitions.toml"
    given = tomllib.loads(definitions.read_text(encoding="utf-8"))["definition"]
    connection.execute(
        text("INSERT INTO land.indicator (code, position) VALUES (:code, :position)"),
        [{"code": row["code"], "position": place} for place, row in enumerate(given, start=1)],
    )
    blank = {"valid_to": None, "terms": None, "numerator": None, "denominator": None}
    defaults = {"version": 1, "valid_from": ALWAYS, "scope": "all"}
    connection.execute(
        text(
            "INSERT INTO land.indicator_definition (code, version, valid_from, valid_to, kind,"
            " unit, scope, area_basis, terms, numerator, denominator, name_vi, name_en, clause_vi,"
            " clause_en, source, verification) VALUES (:code, :version, :valid_from, :valid_to,"
            " :kind, :unit, :scope, CASE :unit WHEN 'count' THEN NULL ELSE 'legal' END, :terms,"
            " :numerator, :denominator, :name_vi, :name_en, :clause_vi, :clause_en, :source,"
            " :verification)"
        ),
        [{**blank, **defaults, **row} for row in given],
    )


def downgrade() -> None:
    """Take the definitions away, and the indexes back to those of the register."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP TABLE land.indicator_definition, land.indicator")
