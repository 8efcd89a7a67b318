"""Signing in and out: what dies when, what is slowed down, what never leaves."""

from __future__ import annotations

import datetime as dt
import math
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from gisapp.db import Database
from gisapp.security import accounts, sessions, tokens
from gisapp.security.model import BrowserSession, LoginThrottle, SecurityEvent, User
from gisapp.security.throttle import ALLOWANCES
from tests.conftest import TestDatabase
from tests.web.conftest import PASSWORD, Browser, session_of

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(autouse=True)
def nothing_counted(db: Database) -> None:
    """Every test begins without earlier failures and without known addresses."""
    with db.transaction() as session:
        session.execute(text("DELETE FROM account.login_throttle"))
        session.execute(text("UPDATE account.known_address SET last_login_at = '2000-01-01Z'"))


def test_a_user_signs_in_looks_around_and_signs_out(browser: Browser) -> None:
    assert browser.sign_in("viewer").status_code == 302
    assert browser.get("/").status_code == 200
    assert browser.post("/logout").status_code == 302
    assert browser.get("/").status_code == 302


def test_the_name_may_be_typed_in_capitals(browser: Browser) -> None:
    assert browser.sign_in(" Viewer").status_code == 302


def test_wrong_password_and_unknown_name_read_the_same(app: Flask) -> None:
    said = []
    for name in ("viewer", "nobody.here"):
        browser = Browser(app.test_client())
        answer = browser.sign_in(name, "not the right one at all")
        assert answer.status_code == 401
        said.append(answer.text.replace(name, "").replace(browser.token, ""))
    drop = [part.split('name="csrf')[0] for part in said]
    assert drop[0] == drop[1]
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in said[0]


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, browser: Browser) -> None:
    browser.sign_in("viewer")
    thief = Browser(app.test_client())
    thief.client.set_cookie("gisapp", browser.cookie())
    assert thief.get("/zones").status_code == 200
    browser.post("/logout")
    assert thief.get("/zones").status_code == 302


def test_every_login_gets_a_token_of_its_own_and_keeps_nothing_planted(browser: Browser) -> None:
    browser.get("/login")
    with browser.client.session_transaction() as cookie:
        cookie["sid"] = planted = "planted by somebody else"
        planted_token = cookie["csrf_token"]
    browser.sign_in("viewer")
    with browser.client.session_transaction() as cookie:
        first, csrf = cookie["sid"], cookie["csrf_token"]
    assert first != planted
    assert csrf != planted_token
    browser.post("/logout")
    browser.sign_in("viewer")
    with browser.client.session_transaction() as cookie:
        assert cookie["sid"] != first


@pytest.mark.parametrize(
    ("column", "age"),
    [
        ("seen_at", sessions.IDLE_LIMIT + dt.timedelta(seconds=1)),
        ("created_at", sessions.ABSOLUTE_LIMIT + dt.timedelta(seconds=1)),
    ],
)
def test_a_session_ends_by_itself(app: Flask, db: Database, column: str, age: dt.timedelta) -> None:
    browser = session_of(app, "leader")
    with browser.client.session_transaction() as cookie:
        sid = cookie["sid"]
    with db.transaction() as session:
        this = BrowserSession.token_sha256 == tokens.fingerprint(sid)
        session.execute(update(BrowserSession).where(this).values({column: NOW - age}))
    assert browser.get("/zones").status_code == 302


def test_using_a_session_moves_its_idle_limit(app: Flask, db: Database) -> None:
    browser = session_of(app, "leader")
    with browser.client.session_transaction() as cookie:
        this = BrowserSession.token_sha256 == tokens.fingerprint(cookie["sid"])
    with db.transaction() as session:
        before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=20)  # NOW is the run's beginning
        session.execute(update(BrowserSession).where(this).values(seen_at=before))
    assert browser.get("/zones").status_code == 200
    with db.transaction() as session:
        seen = session.scalar(select(BrowserSession.seen_at).where(this))
    assert seen is not None
    assert seen > before + dt.timedelta(minutes=15)


def test_closing_an_account_ends_its_sessions_and_tokens_at_once(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        user = accounts.create_user(session, "leaving", accounts.Role.VIEWER, PASSWORD)
        token = tokens.create_token(session, user, "script", NOW)
    browser = session_of(app, "leaving")
    bearer = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/me", headers=bearer).status_code == 200
    with db.transaction() as session:
        accounts.set_active(session, accounts.find_user(session, "leaving"), False, NOW)
    assert browser.get("/zones").status_code == 302
    assert app.test_client().get("/api/v1/me", headers=bearer).status_code == 401
    assert Browser(app.test_client()).sign_in("leaving").status_code == 401


def test_a_new_password_ends_the_other_sessions(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        accounts.create_user(session, "changing", accounts.Role.VIEWER, PASSWORD)
    here, elsewhere = session_of(app, "changing"), session_of(app, "changing")
    new = "ranh giới khu B đã đổi"
    answer = here.post("/account/password", present=PASSWORD, new=new, again=new)
    assert answer.status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert Browser(app.test_client()).sign_in("changing", new).status_code == 302


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"present": PASSWORD, "new": "ngắn", "again": "ngắn"}, "dễ đoán"),
        ({"present": PASSWORD, "new": "password123456", "again": "password123456"}, "dễ đoán"),
        ({"present": PASSWORD, "new": "viewerviewer99", "again": "viewerviewer99"}, "dễ đoán"),
        ({"present": PASSWORD, "new": "một câu đủ dài", "again": "một câu khác hẳn"}, "giống nhau"),
        ({"present": "sai", "new": "một câu đủ dài", "again": "một câu đủ dài"}, "không đúng"),
    ],
)
def test_a_bad_new_password_is_refused(app: Flask, form: dict[str, str], said: str) -> None:
    answer = session_of(app, "viewer").post("/account/password", **form)
    assert answer.status_code == 422
    assert said in answer.text


def test_guessing_a_name_is_slowed_down_and_says_for_how_long(app: Flask, db: Database) -> None:
    assert [_guess(app, "auditor", "10.1.0.9") for _try in range(5)] == [401] * 5
    _guessed_forty_times(db, "user")
    assert _guess(app, "auditor", "10.1.0.9") == 429
    answer = _try(app, "auditor", PASSWORD, "10.1.0.9")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_who_is_attacked_still_gets_in_from_a_known_address(app: Flask, db: Database) -> None:
    assert _try(app, "planner", PASSWORD, "10.2.0.1").status_code == 302
    _guess(app, "planner", "10.2.0.66")
    _guessed_forty_times(db, "user")
    assert _try(app, "planner", PASSWORD, "10.2.0.77").status_code == 429
    assert _try(app, "planner", PASSWORD, "10.2.0.1").status_code == 302


def test_one_address_trying_many_names_is_slowed_down(app: Flask, db: Database) -> None:
    statuses = [_guess(app, f"name{number}", "10.3.0.1") for number in range(20)]
    assert statuses == [401] * 20
    _guessed_forty_times(db, "address")
    assert _guess(app, "name20", "10.3.0.1") == 429


def test_the_wait_grows_and_is_forgotten() -> None:
    wait = ALLOWANCES["user"].wait_s
    nought = dt.timedelta()
    assert [wait(failures, nought) for failures in (4, 5, 6, 8, 40)] == [0, 1, 2, 8, 60]
    assert wait(40, dt.timedelta(seconds=59)) == 1
    assert wait(40, dt.timedelta(minutes=31)) == 0


def test_guesses_sent_at_once_are_all_counted(app: Flask, db: Database) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _n: _guess(app, "leader", "10.4.0.1"), range(12)))
    looked_at = statuses.count(401)
    assert looked_at + statuses.count(429) == 12
    with db.transaction() as session:
        assert session.scalar(select(func.max(LoginThrottle.failures))) == looked_at
    # five are free; each one more had to wait twice as long as the one before: 1 s, 2 s, 4 s ...
    waited_out = int(math.log2(time.monotonic() - began + 1))
    assert 5 <= looked_at <= 5 + waited_out


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://localhost@evil.example/",
        "\t//evil.example",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(browser: Browser, target: str) -> None:
    browser.client.get("/login", query_string={"next": target})
    browser.get("/login")
    form = {"username": "viewer", "password": PASSWORD, "next": target}
    answer = browser.post("/login", **form)
    if answer.status_code == 302:
        assert "\\" not in str(answer.location)
        assert urlsplit(urljoin("http://localhost/login", answer.location)).netloc == "localhost"


def test_signing_in_leads_back_to_where_one_wanted(browser: Browser) -> None:
    browser.get("/login?next=/zones?as_of%3D2024-06-30")
    form = {"username": "viewer", "password": PASSWORD, "next": "/zones?as_of=2024-06-30"}
    assert browser.post("/login", **form).location == "/zones?as_of=2024-06-30"


def test_passwords_cross_no_network_in_the_clear(app: Flask, db: Database) -> None:
    client = app.test_client()
    far = {"REMOTE_ADDR": "192.168.1.20"}
    answer = client.get("/login", environ_overrides=far)
    assert answer.status_code == 403
    assert "https://" in answer.text
    with db.transaction() as session:
        token = tokens.create_token(session, accounts.find_user(session, "viewer"), "s", NOW)
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=bearer, environ_overrides=far).status_code == 403
    safe = client.get("/login", base_url="https://localhost", environ_overrides=far)
    assert safe.status_code == 200


def test_the_cookie_is_bound_to_the_host_over_tls(app: Flask) -> None:
    answer = app.test_client().get("/login", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-gisapp=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_doors_are_recorded_without_what_was_typed(app: Flask, db: Database) -> None:
    browser = Browser(app.test_client())
    browser.sign_in("my secret password by mistake", "xxxxxxxxxxxxxxxx")
    browser.sign_in("viewer")
    browser.post("/logout")
    with db.transaction() as session:
        kinds = session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id.desc()))
        assert list(kinds)[:3] == ["logout", "login", "login-failed"]
        whole = session.scalar(text("SELECT string_agg(event::text, ' ') FROM account.event"))
    assert "mistake" not in str(whole)
    assert PASSWORD not in str(whole)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account.event SET kind = 'login'",
        "DELETE FROM account.event",
        "TRUNCATE account.event",
    ],
)
def test_security_events_are_only_added(module_database: TestDatabase, statement: str) -> None:
    for role in ("gisapp_write", "gisapp_owner"):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with module_database.connect(role) as connection, refused:
            connection.execute(statement)


def test_the_reading_login_sees_names_and_no_secrets(module_database: TestDatabase) -> None:
    with module_database.connect("gisapp_read") as connection:
        names = {row[0] for row in connection.execute("SELECT username FROM account.directory")}
        assert "planner" in names
        for table in ('"user"', "session", "api_token", "event", "login_throttle"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM account.{table}")


def test_tokens_work_on_program_paths_only_and_end_when_revoked(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        user = accounts.find_user(session, "viewer")
        token = tokens.create_token(session, user, "desktop GIS", NOW)
    client, bearer = app.test_client(), {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v1/me", headers=bearer)
    assert answer.json == {
        "name": "viewer",
        "role": "viewer",
        "permissions": ["read"],
        "boards": [],
        "zones": [],
    }
    assert client.get("/zones", headers=bearer).status_code == 302
    wrong = client.get("/api/v1/me", headers={"Authorization": "Bearer gis_wrong"})
    assert wrong.status_code == 401
    with db.transaction() as session:
        living = tokens.tokens_of(session, user.id, NOW)
        mine = next(one.id for one in living if one.name == "desktop GIS")
        assert tokens.revoke_token(session, user.id, mine, NOW)
    assert client.get("/api/v1/me", headers=bearer).status_code == 401


def test_a_token_is_shown_once_and_kept_as_a_hash(app: Flask, db: Database) -> None:
    browser = session_of(app, "viewer")
    answer = browser.post("/account/tokens", name="QGIS ở văn phòng")
    token = answer.text.split("gis_")[1].split("<")[0]
    assert token not in browser.get("/account").text
    with db.transaction() as session:
        stored = session.scalar(text("SELECT string_agg(t::text, '') FROM account.api_token t"))
    assert token not in str(stored)


def test_passwords_are_kept_as_argon2id(db: Database) -> None:
    with db.transaction() as session:
        records = session.scalars(select(User.password)).all()
    assert all(record.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for record in records)


def _try(app: Flask, name: str, password: str, address: str) -> TestResponse:
    browser = Browser(app.test_client())
    options = {"base_url": "https://localhost", "environ_overrides": {"REMOTE_ADDR": address}}
    page = browser.client.get("/login", **options)  # type: ignore[arg-type]
    token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    form = {"csrf_token": token, "username": name, "password": password}
    referrer = {"Referer": "https://localhost/login"}
    return browser.client.post("/login", data=form, headers=referrer, **options)  # type: ignore[arg-type]


def _guessed_forty_times(db: Database, kind: str) -> None:
    """The wait is long enough for the slowest machine: no test depends on a second."""
    with db.transaction() as session:
        now = dt.datetime.now(dt.UTC)
        rows = LoginThrottle.kind == kind
        session.execute(update(LoginThrottle).where(rows).values(failures=40, last_attempt_at=now))


def _guess(app: Flask, name: str, address: str) -> int:
    answer = _try(app, name, "a guess that is not right", address)
    return answer.status_code
