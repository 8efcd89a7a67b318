"""Columns of a list: put away by their reader, remembered by the browser, gone from files too."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.conftest import Browser, session_of

ALL = "cols=username.full_name.role.places.state.created_at"


@pytest.fixture
def admin(app: Flask) -> Browser:
    """An administrator's browser with no choice yet."""
    return session_of(app, "admin")


def _heads(page: str) -> list[str]:
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", head).split()) for head in heads]


def test_a_choice_is_remembered_and_the_page_comes_with_it(admin: Browser) -> None:
    path = "/admin"
    assert "Phạm vi" in _heads(admin.get(path).text)
    answer = admin.get(f"{path}?{ALL}&col=username&col=role&q=a&role=")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{path}?q=a&role="
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = admin.get(path).text
    assert _heads(page) == ["Tên đăng nhập", "Vai trò"]
    assert "2/6" in page
    assert "script" not in re.findall(r"<details class=.drop columns.*?</details>", page, re.S)[0]


def test_the_file_holds_what_is_shown(admin: Browser) -> None:
    admin.get(f"/admin?{ALL}&col=role")
    first = admin.get("/admin?format=csv")
    if first.mimetype == "text/csv":
        assert first.text.splitlines()[0].count(";") == 1
    assert _heads(admin.get("/admin").text) == ["Tên đăng nhập", "Vai trò"]


def test_the_first_column_stays_and_all_come_back(admin: Browser) -> None:
    admin.get(f"/admin?{ALL}")
    assert _heads(admin.get("/admin").text) == ["Tên đăng nhập"]
    admin.get(f"/admin?{ALL}&" + "&".join(f"col={key}" for key in ALL[5:].split(".")))
    assert len(_heads(admin.get("/admin").text)) == 6


@pytest.mark.parametrize(
    "cols", ["", "....", "<script>", "a" * 500, "username;x=1", "places%0d%0aX-Evil:1"]
)
def test_nonsense_hides_nothing_and_leads_nowhere_else(admin: Browser, cols: str) -> None:
    answer = admin.get(f"/admin?cols={cols}&_external=1&next=//evil.example")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin?")
    assert "X-Evil" not in answer.headers
    assert len(_heads(admin.get("/admin").text)) == 6


def test_one_list_does_not_hide_columns_of_another(admin: Browser) -> None:
    before = _heads(admin.get("/zones").text)
    admin.get(f"/admin?{ALL}&col=username")
    assert _heads(admin.get("/zones").text) == before
