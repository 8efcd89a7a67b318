"""What goes wrong is said in the reader's language, with the right status, and leaks nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from apiflask import APIBlueprint
from flask import Blueprint, Flask
from pydantic import Field
from sqlalchemy import text
from werkzeug.test import TestResponse

from gisapp import create_app
from gisapp.api.models import Given
from gisapp.running import database, database_of
from gisapp.security.access import public
from layers.errors import CrsUnknown
from planning.errors import AlreadyExists, Conflict, NotFound, NotPermitted, RuleViolated
from tests.conftest import TestDatabase

KEY = "decode(repeat('00', 32), 'hex')"
PROBES = {
    "23505": f"INSERT INTO account.login_throttle VALUES ('user', {KEY}, 1, now()),"
    f" ('user', {KEY}, 1, now())",
    "23503": "INSERT INTO account.user_scope (user_id, zone_code)"
    " VALUES (gen_random_uuid(), 'NO-SUCH-ZONE')",
    "23502": f"INSERT INTO account.login_throttle VALUES ('user', {KEY}, NULL, now())",
    "23514": f"INSERT INTO account.login_throttle VALUES ('user', {KEY}, -1, now())",
    "42501": "DELETE FROM land.change",
    "57014": "SELECT pg_sleep(5)",
    "25006": "SELECT nextval('land.change_number')",
    "42601": "SELEC nothing FROM secret_place",
    "40001": "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$",
    "53100": "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$",
    "23P01": "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '23P01'; END $$",
}
EXPECTED = {
    "23505": (409, "already-exists"),
    "23503": (422, "value-refused"),
    "23502": (422, "value-missing"),
    "23514": (422, "value-refused"),
    "42501": (403, "history-is-kept"),
    "57014": (503, "took-too-long"),
    "25006": (503, "read-only"),
    "42601": (500, "internal"),
    "40001": (503, "try-again"),
    "53100": (507, "disk-full"),
    "23P01": (409, "conflict"),
}
DOMAIN = {
    "crs": (CrsUnknown(srid=9999), 422, "crs-unknown"),
    "found": (NotFound(kind="zone", key="KKT-X"), 404, "not-found"),
    "exists": (AlreadyExists(kind="zone", key="KKT-X"), 409, "already-exists"),
    "conflict": (Conflict(table="parcel"), 409, "conflict"),
    "rule": (RuleViolated(), 422, "rule-violated"),
    "permitted": (NotPermitted(), 403, "not-permitted"),
}


class Wanted(Given):
    """Input of the probing route."""

    count: int = Field(ge=1, le=10)
    kind: str | None = None


def _probes() -> Blueprint:
    probes = APIBlueprint("probes", __name__)

    @probes.get("/api/probe/sql/<state>")
    @public
    def sql(state: str) -> str:
        with database().transaction(seconds=0.2 if state == "57014" else 15) as session:
            if state == "25006":
                session.execute(text("SET TRANSACTION READ ONLY"))
            session.execute(text(PROBES[state]))
        return "done"

    @probes.get("/api/probe/domain/<name>")
    @public
    def domain(name: str) -> str:
        raise DOMAIN[name][0]

    @probes.get("/probe/surprise")
    @public
    def surprise() -> str:
        raise RuntimeError("secret detail /etc/passwd")

    @probes.get("/api/probe/input")
    @probes.input(Wanted, location="query")
    @public
    def wanted(query_data: Wanted) -> dict[str, int]:
        return {"count": query_data.count}

    return probes


@pytest.fixture(scope="module")
def app(module_database: TestDatabase) -> Iterator[Flask]:
    """The application with routes that go wrong in every way there is."""
    made = create_app(module_database.settings)
    made.register_blueprint(_probes())
    yield made
    database_of(made).close()


@pytest.fixture
def ask(app: Flask) -> Callable[..., TestResponse]:
    """Ask as a program would."""
    return app.test_client().get


@pytest.mark.parametrize("state", sorted(PROBES))
def test_what_the_database_refuses_gets_its_status(
    ask: Callable[..., TestResponse], state: str
) -> None:
    answer = ask(f"/api/probe/sql/{state}")
    status, code = EXPECTED[state]
    said = answer.json
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert said is not None
    assert said["type"] == f"urn:gisapp:problem:{code}"
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    assert said["errors"] == []
    assert len(said["request_id"]) == 32
    assert ("Retry-After" in answer.headers) == (status == 503)
    for leak in ("SELEC", "INSERT", "account.", "secret_place", "psycopg", "Traceback", "gisapp/"):
        assert leak not in answer.text


@pytest.mark.parametrize("name", sorted(DOMAIN))
def test_domain_errors_say_their_own_sentence(ask: Callable[..., TestResponse], name: str) -> None:
    _error, status, code = DOMAIN[name]
    answer = ask(f"/api/probe/domain/{name}")
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["type"].endswith(code)
    english = ask(f"/api/probe/domain/{name}?lang=en")
    assert english.json is not None
    assert english.json["detail"] != answer.json["detail"]


def test_numbers_in_sentences_and_facts_in_context(ask: Callable[..., TestResponse]) -> None:
    said = ask("/api/probe/domain/crs").json
    assert said is not None
    assert "9999" in said["detail"]
    assert said["context"] == {"srid": 9999}


def test_a_surprise_says_nothing_of_itself(ask: Callable[..., TestResponse]) -> None:
    answer = ask("/probe/surprise")
    assert answer.status_code == 500
    assert answer.mimetype == "text/html"
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["X-Request-Id"][:12] in answer.text


@pytest.mark.parametrize(
    ("query", "field", "vi", "en"),
    [
        ("", "count", "thiếu giá trị", "missing"),
        ("count=x", "count", "phải là số nguyên", "whole number"),
        ("count=99", "count", "phải từ 10 trở xuống", "at most 10"),
        ("count=1&foo=1", "foo", "không có trường này", "no such field"),
    ],
)
def test_wrong_input_names_the_field_in_both_languages(
    ask: Callable[..., TestResponse], query: str, field: str, vi: str, en: str
) -> None:
    for language, words in (("vi", vi), ("en", en)):
        with ask.__self__.session_transaction() as cookie:  # type: ignore[attr-defined]
            cookie["lang"] = language
        answer = ask(f"/api/probe/input?{query}")
        assert answer.status_code == 422
        assert answer.json is not None
        assert {"field": field, "message": answer.json["errors"][0]["message"]} in answer.json[
            "errors"
        ]
        assert words in answer.json["errors"][0]["message"]


def test_what_was_sent_is_not_repeated(ask: Callable[..., TestResponse]) -> None:
    assert "<script>" not in ask("/api/probe/input?count=<script>").text


@pytest.mark.parametrize("path", ["/no-such-page", "/api/v1/no-such", "/tiles/x", "/ogc/x"])
def test_what_is_not_there(ask: Callable[..., TestResponse], path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    for_program = path.startswith(("/api", "/tiles", "/ogc"))
    assert answer.mimetype == ("application/problem+json" if for_program else "text/html")


def test_a_wrong_method_names_the_right_ones(app: Flask) -> None:
    answer = app.test_client().get("/admin/users/x/active")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_pages_say_when_the_database_is_away(app: Flask, module_database: TestDatabase) -> None:
    nowhere = "postgresql+psycopg://nobody:x@127.0.0.1:1/none"
    settings = replace(
        module_database.settings, database_url_read=nowhere, database_url_write=nowhere
    )
    away = create_app(settings)
    client = away.test_client()
    assert client.get("/login").status_code == 200
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["checks"]["database"] is False
    with client.session_transaction() as cookie:
        cookie |= {"_user_id": "x", "sid": "y"}
    answer = client.get("/zones")
    assert answer.status_code == 503
    assert "Chưa kết nối được cơ sở dữ liệu" in answer.text
    assert "127.0.0.1" not in answer.text


def test_an_instance_in_order_is_ready(ask: Callable[..., TestResponse]) -> None:
    answer = ask("/readyz")
    assert answer.json == {
        "status": "ready",
        "checks": {"database": True, "migrations": True, "disk": True, "sandbox": True},
    }
