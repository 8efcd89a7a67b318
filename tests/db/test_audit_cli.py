"""``gisapp audit`` from the command line, on a demo that somebody tampers with."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from gisapp.cli import gisapp
from gisapp.db import owner_engine
from gisapp.demo.load import load_demo
from tests.conftest import TestDatabase


def test_a_flipped_row_is_found(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = owner_engine(fresh_database.settings)
    with Session(engine) as session, session.begin():
        load_demo(session)
    engine.dispose()
    settings = fresh_database.settings
    monkeypatch.setenv("GISAPP_DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("GISAPP_DATABASE_URL_READ", settings.database_url_read or "")
    monkeypatch.setenv("GISAPP_DATABASE_URL_WRITE", settings.database_url_write or "")
    monkeypatch.setenv("GISAPP_SECRET_KEY", settings.secret_key or "")
    runner = CliRunner()
    assert runner.invoke(gisapp, ["audit", "seal"]).exit_code == 0
    clean = runner.invoke(gisapp, ["audit", "verify", "--json"], standalone_mode=False)
    assert (clean.return_value, json.loads(clean.output)) == (0, [])
    with fresh_database.server.connect("postgres", fresh_database.name) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE land.land_right_version SET contract_area_m2 = contract_area_m2 + 1 "
            "WHERE number = '05/HĐTLĐ-A' AND closed_by IS NULL"
        )
    found = runner.invoke(gisapp, ["audit", "verify", "--json"], standalone_mode=False)
    assert found.return_value == 2
    assert [each["fault"] for each in json.loads(found.output)] == ["content"]
