"""The trail of the door as the auditor reads it: only the auditor, filtered, paged, as a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from gisapp.pages.audit import KINDS
from gisapp.running import database_of
from gisapp.security import accounts, events
from gisapp.security.events import EventKind
from gisapp.security.permissions import Role
from tests.web.conftest import Browser

Actors = Callable[[Role | None], Browser]


@pytest.fixture(scope="module", autouse=True)
def trail(app: Flask) -> None:
    """A hundred and twenty events about the viewer, done by the administrator."""
    with database_of(app).transaction() as db:
        viewer, admin = (accounts.find_user(db, str(role)) for role in (Role.VIEWER, Role.ADMIN))
        for number in range(120):
            events.record(
                db, EventKind.USER_CHANGED, user_id=viewer.id, actor_id=admin.id, step=number
            )
        events.record(db, EventKind.REFUSED, user_id=viewer.id, path="<script>alert(1)</script>")


def _rows(page: str) -> list[str]:
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    return re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []


def test_every_kind_of_event_has_its_word() -> None:
    assert set(KINDS) == {str(kind) for kind in EventKind}


def test_only_the_auditor_opens_it_and_finds_it_in_the_menu(signed_in: Actors) -> None:
    for role in Role:
        answer = signed_in(role).get("/audit")
        assert answer.status_code == (200 if role is Role.AUDITOR else 403), role
    assert 'href="/audit"' in signed_in(Role.AUDITOR).get("/").text
    assert 'href="/audit"' not in signed_in(Role.ADMIN).get("/").text


def test_events_are_told_newest_first_and_paged(signed_in: Actors) -> None:
    auditor = signed_in(Role.AUDITOR)
    first = auditor.get("/audit?kind=user-changed").text
    assert len(_rows(first)) == 50
    assert "step: 119" in _rows(first)[0]
    third = auditor.get("/audit?kind=user-changed&page=3").text
    assert len(_rows(third)) >= 20
    oldest = auditor.get("/audit?kind=user-changed&sort=at&who=viewer").text
    assert "step: 0" in _rows(oldest)[0]


def test_a_person_an_address_and_days_narrow_the_list(signed_in: Actors) -> None:
    auditor = signed_in(Role.AUDITOR)
    refused = auditor.get("/audit?kind=refused&who=VIEWER").text
    assert "Bị từ chối quyền" in _rows(refused)[0]
    assert "<script>alert(1)" not in refused
    assert _rows(auditor.get("/audit?who=nobody-of-that-name").text) == []
    assert _rows(auditor.get("/audit?who=%25").text) == []
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date().isoformat()
    assert len(_rows(auditor.get(f"/audit?kind=user-changed&since={today}").text)) == 50
    assert _rows(auditor.get("/audit?kind=user-changed&until=2020-01-01").text) == []


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=2026-02-30", "page=0", "sort=kind", "page=x"]
)
def test_bad_questions_are_refused(signed_in: Actors, query: str) -> None:
    assert signed_in(Role.AUDITOR).get(f"/audit?{query}").status_code == 400


def test_the_file_holds_all_that_fits_the_filter(signed_in: Actors) -> None:
    answer = signed_in(Role.AUDITOR).get("/audit?kind=user-changed&format=csv")
    assert answer.mimetype == "text/csv"
    assert len(answer.text.strip().splitlines()) == 121
    assert "Sửa người dùng" in answer.text


def test_the_page_changes_nothing(app: Flask, signed_in: Actors) -> None:
    count = text("SELECT count(*) FROM account.event")
    with database_of(app).transaction() as db:
        before = db.scalar(count)
    signed_in(Role.AUDITOR).get("/audit")
    with database_of(app).transaction() as db:
        assert db.scalar(count) == before
