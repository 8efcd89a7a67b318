"""Indicators over HTTP and on the command line: values, what they rest on, who may ask."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security.permissions import Role
from tests import quang_ninh
from tests.conftest import TestDatabase
from tests.web.conftest import Browser

DAY = "as_of=2025-03-31"


@pytest.fixture(scope="module", autouse=True)
def ground(app: Flask) -> None:
    """The parks of Quảng Ninh in the module's database."""
    with database_of(app).transaction() as session:
        quang_ninh.build(session)


@pytest.fixture
def reader(signed_in: Callable[[Role | None], Browser]) -> Browser:
    """A viewer's browser."""
    return signed_in(Role.VIEWER)


def one(answer: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """The one indicator of an answer."""
    [found] = answer["indicators"]
    return found


@pytest.mark.parametrize(
    "path",
    ["/api/v1/zones/KKT-QN/indicators", "/api/v1/boards/BQL-QN/indicators", "/api/v1/indicators"],
)
def test_zone_board_and_all(reader: Browser, path: str) -> None:
    answer = reader.get(f"{path}?{DAY}&lang=vi&definition=occupancy_rate_d82").json
    found = one(answer)
    assert answer["as_of"] == "2025-03-31"
    assert answer["zones"] == ["KKT-QN", "KCN-QN1", "KCN-QN2"]
    assert {plan["decision"] for plan in answer["plans"]} == {"BC-QI/2025"}
    assert found["display"] == "56,06\u00a0%"
    assert found["value"] == pytest.approx(56.06, abs=0.005)
    assert found["measured_value"] == pytest.approx(found["value"])
    assert found["area_basis"] == "legal"
    assert found["numerator"]["value"] == 11_059_000  # type: ignore[index]
    assert found["denominator"] == {
        "code": "leasable_area",
        "name": "Diện tích đất công nghiệp có thể cho thuê",
        "value": 19_727_100,
        "measured_value": pytest.approx(19_727_100),
        "unit": "m2",
        "display": "1.972,71\u00a0ha",
    }
    assert found["definition"]["in_force"] is False  # type: ignore[index]
    assert found["definition"]["version"] == 1  # type: ignore[index]


def test_every_indicator_in_english(reader: Browser) -> None:
    answer = reader.get(f"/api/v1/zones/KCN-QN1/indicators?{DAY}&lang=en").json
    by_code = {each["code"]: each for each in answer["indicators"]}
    assert by_code["allocation_rate"]["display"] == "71.46\u00a0%"
    assert by_code["leased_to_state_allocated"]["display"] == "56.96\u00a0%"
    assert by_code["leased_to_cleared"]["display"] == "40.70\u00a0%"
    assert by_code["cleared_area"]["display"] == "1,358.50\u00a0ha"
    assert by_code["late_projects"]["value"] == 0
    assert {each["definition"]["verification"] for each in by_code.values()} == {
        "verified",
        "unverified",
    }
    assert by_code["to_clear_area"]["notes"][0]["text"].startswith("No land is marked")


def test_undefined_is_null(reader: Browser) -> None:
    path = "/api/v1/boards/BQL-QN/indicators?as_of=2019-06-01&definition=occupancy_rate_d35"
    found = one(reader.get(path).json)
    assert found["value"] is None and found["display"] == "–"
    assert {"indicator-undefined", "indicator-no-plan-in-force"} <= {
        note["code"]
        for note in found["notes"]  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/zones/KHAC/indicators", 404),
        ("/api/v1/boards/KHAC/indicators", 404),
        ("/api/v1/indicators?definition=gold", 404),
        ("/api/v1/indicators?definition=GOLD!", 422),
        ("/api/v1/indicators?scope=moon", 422),
        ("/api/v1/indicators?as_of=2025-02-30", 400),
        ("/api/v1/indicators?known_at=yesterday", 400),
        ("/api/v1/zones/KCN-QN1/indicators?as_of=2018-12-31", 404),
    ],
)
def test_bad_questions(reader: Browser, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"]


def test_command_line(module_database: TestDatabase) -> None:
    settings = module_database.settings
    environ = {
        "GISAPP_DATABASE_URL": settings.database_url or "",
        "GISAPP_DATABASE_URL_READ": settings.database_url_read or "",
        "GISAPP_DATABASE_URL_WRITE": settings.database_url_write or "",
        "GISAPP_SECRET_KEY": settings.secret_key or "",
        "GISAPP_DATA_DIR": str(settings.data_dir),
    }

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gisapp.cli", "indicators", *arguments],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    done = call("--board", "BQL-QN", "--as-of", "31/03/2025", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    rates = {each["code"]: each["display"] for each in answer["indicators"]}
    assert rates["occupancy_rate_d82"] == "56,06\u00a0%"
    assert answer["board"] == "BQL-QN"
    table = call("--zone", "KCN-QN1", "--as-of", "2025-03-31", "--definition", "clearance_rate")
    assert table.returncode == 0
    assert "clearance_rate" in table.stdout and "90,57\u00a0%" in table.stdout
    assert call("--zone", "KHAC").returncode == 2
    assert call("--zone", "KCN-QN1", "--board", "BQL-QN").returncode == 2
