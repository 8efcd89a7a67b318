"""Headers of every kind of answer, limits of what comes in, and the files for the browser."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from flask import Flask

from gisapp import resources
from gisapp.security.headers import content_security_policy
from gisapp.security.permissions import Role
from tests.web.conftest import Browser
from tests.web.routes import calls

Actors = Callable[[Role | None], Browser]


def test_every_answer_carries_the_security_headers(app: Flask, signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    paths = {call.path for call in calls(app) if call.method == "GET"} | {"/no-such-page"}
    for path in paths:
        headers = browser.client.get(path).headers
        assert headers["Content-Security-Policy"] == content_security_policy(), path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "geolocation=()" in headers["Permissions-Policy"], path
        assert len(headers["X-Request-Id"]) == 32, path
        assert "Server" not in headers or "Werkzeug" not in headers["Server"], path


def test_the_policy_lets_nothing_foreign_or_inline_run() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy().split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["style-src-attr"] == "'unsafe-inline'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe-eval" not in content_security_policy()


def test_a_configured_background_map_adds_its_host_for_images_only() -> None:
    with_map = content_security_policy("https://map.example:8443/{z}/{x}/{y}.png")
    policy = dict(part.split(" ", 1) for part in with_map.split("; "))
    assert policy.pop("img-src") == "'self' data: blob: https://map.example:8443"
    assert "map.example" not in str(policy)


@pytest.mark.parametrize("path", ["/", "/zones", "/account", "/login", "/no-such-page"])
def test_pages_are_kept_by_nobody(signed_in: Actors, path: str) -> None:
    assert signed_in(Role.VIEWER).get(path).headers["Cache-Control"] == "private, no-store"


def test_tls_is_remembered_over_tls_only(app: Flask) -> None:
    client = app.test_client()
    over_tls = client.get("/login", base_url="https://localhost")
    assert over_tls.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in client.get("/login").headers


def test_a_foreign_host_name_is_not_answered(app: Flask) -> None:
    answer = app.test_client().get("/login", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_a_body_over_the_limit_is_refused(app: Flask, signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    headers = {"X-CSRFToken": browser.token}
    big = {"name": "x" * (2 * 1024 * 1024)}
    browser.get("/account")
    answer = browser.client.post("/account/tokens", data=big, headers=headers)
    assert answer.status_code == 413
    assert "quá lớn" in answer.text


def test_files_for_the_browser_are_kept_for_a_year_under_their_build(app: Flask) -> None:
    client, build = app.test_client(), app.config["BUILD_ID"]
    answer = client.get(f"/static/{build}/css/tokens.css", buffered=True)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_file_of_another_build_is_not_kept(app: Flask) -> None:
    answer = app.test_client().get("/static/0123456789ab/css/tokens.css", buffered=True)
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["../setup.cfg", "..%2Fsetup.cfg", "vendor/../../setup.cfg", "css/../../x"]
)
def test_no_other_file_is_served(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/static/{app.config['BUILD_ID']}/{name}").status_code == 404


def test_every_third_party_file_is_the_one_that_was_copied() -> None:
    for entry in resources.vendor_manifest():
        path = resources.STATIC / "vendor" / entry["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_pages_ask_for_nothing_from_elsewhere_and_hold_nothing_inline(signed_in: Actors) -> None:
    for path in ("/", "/zones", "/admin", "/account", "/api/docs", "/login", "/no-such-page"):
        page = signed_in(Role.ADMIN).get(path).text
        links = re.findall(r'(?:src|href|action)="([^"]*)"', page)
        assert links, path
        assert [link for link in links if not link.startswith(("/", "#", "data:image/"))] == []
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|javascript:", page), path
