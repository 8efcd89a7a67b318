"""Indicator definitions: what the database keeps, and refuses."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from planning.indicators.queries import definitions
from tests.conftest import TestDatabase


def test_definitions_are_only_ever_added(fresh_database: TestDatabase) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute(
            "INSERT INTO land.indicator_definition (code, version, valid_from, valid_to, kind,"
            " unit, scope, area_basis, numerator, denominator, name_vi, name_en, clause_vi,"
            " clause_en, source, verification)"
            " SELECT code, 2, valid_from, '2027-01-01', kind, unit, scope, area_basis, numerator,"
            " denominator, name_vi, name_en, clause_vi, clause_en, source, verification"
            " FROM land.indicator_definition WHERE code = 'occupancy_rate_d35'"
        )
    with fresh_database.database.reading() as session:
        editions = [each for each in definitions(session) if each.code == "occupancy_rate_d35"]
    assert [(each.version, each.valid_to) for each in editions] == [
        (1, None),
        (2, date(2027, 1, 1)),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE land.indicator_definition SET name_vi = 'khác'",
        "DELETE FROM land.indicator_definition",
        "TRUNCATE land.indicator_definition",
        "DELETE FROM land.indicator",
        "INSERT INTO land.indicator_definition (code, version, valid_from, kind, unit, scope,"
        " area_basis, name_vi, name_en, clause_vi, clause_en, source, verification)"
        " VALUES ('leased_area', 9, '2020-01-01', 'ratio', 'percent', 'all', 'legal', 'a', 'a',"
        " 'a', 'a', 'a', 'verified')",
        "INSERT INTO land.indicator_definition (code, version, valid_from, kind, unit, scope,"
        " area_basis, terms, name_vi, name_en, clause_vi, clause_en, source, verification)"
        " VALUES ('leased_area', 9, '2020-01-01', 'stock', 'm2', 'all', NULL, '{cleared}', 'a',"
        " 'a', 'a', 'a', 'a', 'verified')",
    ],
)
def test_the_database_refuses_the_rest(fresh_database: TestDatabase, statement: str) -> None:
    with fresh_database.connect("gisapp_owner") as owner, pytest.raises(psycopg.Error):
        owner.execute(statement)
    with fresh_database.database.transaction() as session, pytest.raises(DBAPIError):
        session.execute(text(statement))
