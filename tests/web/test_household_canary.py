"""A name planted in a household never shows up where it may not: pages, tiles, files, logs."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from gisapp.lists import LEAVING
from gisapp.running import database_of
from gisapp.security.permissions import Role
from tests.db.clearing import CANARY, PERSON, PLAN, Case, lay_case, lead
from tests.web.conftest import Browser
from tests.web.routes import calls

Actors = Callable[[Role | None], Browser]
TO_PLAN = ("notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
SECRETS = [
    CANARY,
    *(str(PERSON.identity_no), str(PERSON.phone), str(PERSON.bank_account), "Thôn Chim Yến"),
]
OTHERS = [role for role in Role if role is not Role.OFFICER]


@pytest.fixture(scope="module")
def case(app: Flask) -> Case:
    with database_of(app).households() as session:
        made = lay_case(session)
        lead(session, made, *TO_PLAN, "paid")
    return made


def places(app: Flask, case: Case, role: Role) -> Iterator[str]:
    """What shows the land of the case; for two roles everything that opens without an address."""
    zone = "zone=KCN-1"
    yield from (
        "/clearance",
        "/clearance/GPMB-KCN-1",
        "/clearance?format=csv",
        "/clearance/GPMB-KCN-1?format=csv",
        "/clearance/GPMB-KCN-1?format=xlsx",
        f"/clearance/GPMB-KCN-1/items/{case.items[0]}",
        f"/clearance/GPMB-KCN-1/items/{case.items[0]}/household",
        f"/api/v1/parcels/{case.ground.parcels[0]}",
        f"/api/v1/parcels/{case.ground.parcels[0]}/history",
        "/api/v1/search?q=Hoang+Yen",
        "/search?q=09123456",
        *(f"/lists/{name}?format={form}" for name in LEAVING for form in ("csv", "xlsx")),
    )
    if role in (Role.AUDITOR, Role.PLANNER):
        for call in calls(app):
            bare = "0000-0000" not in call.path and "nothing" not in call.path
            if call.method == "GET" and bare and "log" not in call.path:
                yield call.path
    if role is Role.PLANNER:
        yield from (
            f"/api/v1/parcels?{zone}",
            f"/exports/parcels.geojson?{zone}",
            f"/exports/rights.geojson?{zone}",
            f"/exports/parcels.gpkg?{zone}",
            f"/exports/map.html?{zone}",
            f"/exports/package.zip?{zone}",
            "/tiles/parcels/5899/7/0/0.mvt?zone=KCN-1",
        )


def told(body: bytes) -> bytes:
    """What a file says, its members unpacked."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_is_shown_it(
    app: Flask,
    signed_in: Actors,
    case: Case,
    role: Role,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = signed_in(role)
    caplog.set_level(logging.DEBUG)
    for path in places(app, case, role):
        with browser.client.get(path) as answer:
            body = told(answer.data)
        assert not any(secret.encode() in body for secret in SECRETS), path
        if path.startswith("/clearance/"):
            alone = f"{PLAN.compensation:,.0f} · ".replace(",", ".")
            assert alone.encode() not in body, path
    logged = "".join(capsys.readouterr()) + caplog.text
    assert not any(secret in logged for secret in SECRETS)


def test_what_the_officer_writes_wrong_is_not_logged(
    signed_in: Actors,
    case: Case,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    officer = signed_in(Role.OFFICER)
    caplog.set_level(logging.DEBUG)
    address = f"/clearance/GPMB-KCN-1/items/{case.items[0]}/household"
    officer.get(address)
    person = {"head_name": CANARY, "document": "1", "issuer": "x", "issued": "2025-01-01"}
    for more in (
        {"identity_no": "abc"},
        {"members": "9999999"},
        {"head_name": CANARY * 40},
        {"phone": "\x00"},
    ):
        assert officer.post(address, **{**person, **more}).status_code in (400, 422)
    logged = "".join(capsys.readouterr()) + caplog.text
    assert not any(secret in logged for secret in SECRETS)


def test_neither_the_trail_nor_the_register_holds_it(app: Flask, case: Case) -> None:
    """Only schema household does: every text of every other table is looked through."""
    with database_of(app).transaction() as db:
        tables = db.execute(
            text(
                "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
                " WHERE table_schema IN ('land', 'app', 'account') AND table_type = 'BASE TABLE'"
            )
        ).scalars()
        for table in tables:
            readable = db.scalar(text("SELECT has_table_privilege(:t, 'SELECT')"), {"t": table})
            if not readable:
                continue
            found = db.scalar(
                text(
                    f"SELECT count(*) FROM {table} AS held"
                    " WHERE EXISTS (SELECT FROM unnest(CAST(:secrets AS text[])) AS secret"
                    " WHERE position(secret IN held::text) > 0)"
                ),
                {"secrets": SECRETS},
            )
            assert found == 0, table
