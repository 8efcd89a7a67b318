"""Thời hạn: entered and confirmed by name, corrected by a further row, never overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from gisapp.running import database_of
from gisapp.security.permissions import Role
from planning.clearance.terms import NewTerm as Term
from planning.clearance.terms import TermRow, confirm_term, enter_term, term_book, terms
from planning.legal_clocks.thresholds import ThresholdRow, confirm_threshold, threshold_book
from planning.plans.deadlines import Deadline, deadlines
from planning.records.model import AuditEvent
from tests.web.conftest import Browser
from tests.web.test_differences import words

Actors = Callable[[Role | None], Browser]
NEW = {
    "step": "appraisal", "level": "", "least_days": "", "most_days": "25", "follows": "0",
    "waits_for_vi": "Cơ quan thẩm định", "waits_for_en": "Appraiser", "clause_vi": "Điều 9 khoản 1",
    "clause_en": "Article 9.1", "source": "Công báo, trang 3", "valid_from": "2027-01-01",
    "valid_to": "",
}  # fmt: skip
TERM = {
    "from_step": "plan_approved", "days": "45", "months": "", "clause": "Luật mới, Điều 9.1",
    "valid_from": "2027-01-01", "valid_to": "", "follows": "0",
}  # fmt: skip

THRESHOLD: dict[str, Any] = {
    "months": "18", "counts_from": "first_part", "project_kinds": ["fdi", "public"],
    "clause": "Luật mới, Điều 9.1", "source": "Công báo số 9", "valid_from": "2027-01-01",
    "valid_to": "", "follows": "0",
}  # fmt: skip


def book(app: Flask) -> list[Deadline]:
    with database_of(app).reading() as session:
        return deadlines(session)


def newest(app: Flask, code: str) -> TermRow:
    with database_of(app).reading() as session:
        return next(row for row in term_book(session) if row.term.code == code)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN], ids=str)
def test_only_an_administrator_looks_and_writes(signed_in: Actors, role: Role) -> None:
    reader = signed_in(role)
    reader.get("/plans/deadlines")
    for path in ("/admin/deadlines", "/admin/deadlines/plans/new",
                 "/admin/deadlines/clearance/payment/new",
                 "/admin/deadlines/clocks/idle/new"):  # fmt: skip
        assert reader.get(path).status_code == 403, path
    assert reader.post("/admin/deadlines/plans", **NEW).status_code == 403
    assert reader.post("/admin/deadlines/plans/1/confirm", seen_in="trang 3").status_code == 403
    assert reader.post("/admin/deadlines/clearance/payment", **TERM).status_code == 403
    assert reader.post("/admin/deadlines/clearance/1/confirm", seen_in="trang 3").status_code == 403
    assert reader.post("/admin/deadlines/clocks/idle", **THRESHOLD).status_code == 403
    assert reader.post("/admin/deadlines/clocks/1/confirm", seen_in="trang 3").status_code == 403


def test_a_deadline_is_entered_corrected_and_confirmed(signed_in: Actors, app: Flask) -> None:
    admin = signed_in(Role.ADMIN)
    page = words(admin.get("/admin/deadlines").text)
    assert "chưa kiểm chứng" in page and "Ghi theo trí nhớ" in page
    assert admin.post("/admin/deadlines/plans", **NEW).status_code == 302
    first = next(row for row in book(app) if row.valid_from == date(2027, 1, 1))
    assert (first.recorded_by, first.version, first.verified) == ("admin", 1, False)
    assert "Điều 9 khoản 1" in admin.get(f"/admin/deadlines/plans/new?after={first.id}").text
    again = {**NEW, "most_days": "20", "follows": "1"}
    assert admin.post("/admin/deadlines/plans", **again).status_code == 302
    assert admin.post("/admin/deadlines/plans", **again).status_code == 422
    rows = [row for row in book(app) if row.valid_from == date(2027, 1, 1)]
    assert [(row.most_days, row.standing) for row in rows] == [(20, True), (25, False)]
    own = admin.post(f"/admin/deadlines/plans/{rows[0].id}/confirm", seen_in="tự xác nhận")
    assert own.status_code == 403
    seed = next(row for row in book(app) if row.step == "task")
    path = f"/admin/deadlines/plans/{seed.id}/confirm"
    assert admin.post(path, seen_in="Công báo số 9, trang 3").status_code == 302
    assert admin.post(path, seen_in="Công báo số 9, trang 3").status_code == 409
    assert admin.post("/admin/deadlines/plans/99999/confirm", seen_in="trang 3").status_code == 404
    assert "admin," in words(signed_in(Role.VIEWER).get("/plans/deadlines").text)
    with database_of(app).reading() as session:
        events = set(session.scalars(select(AuditEvent.action)))
    assert {"deadline-entered", "deadline-confirmed"} <= events


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("step", "published"), ("level", "village"), ("valid_from", ""),
        ("valid_from", "31/12/2026"),
        ("valid_from", "0001-01-01"), ("valid_to", "2026-12-31"), ("most_days", "0"),
        ("most_days", "9999"), ("most_days", "mười"), ("least_days", "26"), ("clause_vi", " "),
        ("source", "x" * 501), ("waits_for_vi", "a\x00b"), ("follows", "7777777777777"),
    ],
    ids=lambda value: repr(value)[:24],
)  # fmt: skip
def test_a_field_that_does_not_hold_is_named(
    signed_in: Actors, app: Flask, field: str, value: str
) -> None:
    admin, before = signed_in(Role.ADMIN), len(book(app))
    admin.get("/admin/deadlines/plans/new")
    answer = admin.post(
        "/admin/deadlines/plans", **{**NEW, "valid_from": "2031-01-01", field: value}
    )
    if field == "follows":
        assert answer.status_code == 302
        return
    assert answer.status_code in (400, 422), answer.status_code
    assert len(book(app)) == before


@pytest.mark.parametrize(
    "change",
    [{"days": "", "months": ""}, {"days": "9", "months": "1"}, {"from_step": "meeting"},
     {"days": "0"}, {"clause": ""}, {"valid_to": "2020-01-01"}],
    ids=str,
)  # fmt: skip
def test_a_term_that_does_not_hold_is_refused(
    signed_in: Actors, app: Flask, change: dict[str, str]
) -> None:
    admin = signed_in(Role.ADMIN)
    admin.get("/admin/deadlines/clearance/recovery/new")
    asked = {**TERM, "valid_from": "2029-01-01", **change}
    answer = admin.post("/admin/deadlines/clearance/recovery", **asked)
    assert answer.status_code == 422 and "Xem lại rồi ghi" in words(answer.text)
    assert newest(app, "recovery").term.valid_from == date(2024, 8, 1)
    assert admin.get("/admin/deadlines/clearance/nothing/new").status_code == 404


def test_a_term_follows_and_binds_only_when_somebody_else_confirmed(
    signed_in: Actors, app: Flask
) -> None:
    admin = signed_in(Role.ADMIN)
    assert "Điều 94.3" in admin.get("/admin/deadlines/clearance/payment/new").text
    assert admin.post("/admin/deadlines/clearance/payment", **TERM).status_code == 302
    made = newest(app, "payment")
    assert (made.term.days, made.term.bound, made.verified) == (45, "within", False)
    own = admin.post(f"/admin/deadlines/clearance/{made.id}/confirm", seen_in="tự xác nhận")
    assert own.status_code == 403
    with database_of(app).transaction() as session:
        confirm_term(session, made.id, seen_in="Công báo số 9", actor="chi")
    assert newest(app, "payment").confirmed_by == "chi"
    assert "Công báo số 9" in admin.get("/admin/deadlines").text
    with database_of(app).reading() as session:
        dated = [(t.valid_from, t.valid_to) for t in terms(session) if t.code == "payment"]
    assert dated == [
        (date(2014, 7, 1), date(2024, 8, 1)), (date(2024, 8, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), None),
    ]  # fmt: skip


def test_a_correction_stands_in_words_but_binds_when_confirmed(app: Flask) -> None:
    asked = Term("notice_validity", "notice", None, 18, date(2024, 8, 1), None, "Điều 85.5 sửa đổi")
    with database_of(app).transaction() as session:
        made = enter_term(session, asked, follows=1, actor="admin")
        binding = "SELECT months FROM land.clearance_terms({}) WHERE code = 'notice_validity'"

        def months(only: str) -> list[int]:
            rows = session.connection().exec_driver_sql(binding.format(only))
            return [row[0] for row in rows]

        assert (months("false"), months("true")) == ([18], [12])
        confirm_term(session, made, seen_in="Công báo số 9", actor="chi")
        assert months("true") == [18]


def law(app: Flask, code: str) -> list[ThresholdRow]:
    with database_of(app).reading() as session:
        return [row for row in threshold_book(session) if row.said.code == code]


def test_a_threshold_of_the_clocks_waits_for_another_name(signed_in: Actors, app: Flask) -> None:
    admin = signed_in(Role.ADMIN)
    page = words(admin.get("/admin/deadlines?lang=vi").text)
    assert "Ngưỡng của đồng hồ pháp lý" in page and "Luật Đất đai 2024, Điều 81.8" in page
    assert "có sẵn khi lập sổ" in page and "chờ xác nhận" not in page
    form = words(admin.get("/admin/deadlines/clocks/idle/new").text)
    assert "Tính từ ngày bàn giao" in form and "Áp dụng cho dự án" in form
    assert "Áp dụng cho dự án" not in words(admin.get("/admin/deadlines/clocks/urgent/new").text)
    assert admin.post("/admin/deadlines/clocks/idle", **THRESHOLD).status_code == 302
    made = law(app, "idle")[0]
    assert (made.said.months, made.said.project_kinds, made.recorded_by, made.waits) == (
        18, ("fdi", "public"), "admin", True,
    )  # fmt: skip
    page = words(admin.get("/admin/deadlines").text)
    assert "chờ xác nhận" in page and "từ phần đất bàn giao đầu tiên" in page
    own = admin.post(f"/admin/deadlines/clocks/{made.id}/confirm", seen_in="tự xác nhận")
    assert own.status_code == 403
    again = admin.post("/admin/deadlines/clocks/idle", **THRESHOLD)
    assert again.status_code == 422 and "vừa có lần ghi khác" in words(again.text)
    with database_of(app).transaction() as session:
        confirm_threshold(session, made.id, seen_in="Công báo số 9, trang 3", actor="chi")
    page = words(admin.get("/admin/deadlines").text)
    assert "chờ xác nhận" not in page and "Công báo số 9, trang 3" in page
    founding = law(app, "warning")[0]
    path = f"/admin/deadlines/clocks/{founding.id}/confirm"
    assert admin.post(path, seen_in="Quy chế của ban").status_code == 302
    assert admin.post(path, seen_in="Quy chế của ban").status_code == 409
    assert admin.post("/admin/deadlines/clocks/99999/confirm", seen_in="trang").status_code == 404
    with database_of(app).reading() as session:
        events = set(session.scalars(select(AuditEvent.action)))
    assert {"threshold-entered", "threshold-confirmed"} <= events


@pytest.mark.parametrize(
    "change",
    [{"months": ""}, {"months": "0"}, {"months": "601"}, {"months": "mười"}, {"counts_from": "x"},
     {"project_kinds": []}, {"project_kinds": ["all"]}, {"clause": " "}, {"source": "x" * 501},
     {"valid_from": ""}, {"valid_from": "0001-01-01"}, {"valid_to": "2020-01-01"}],
    ids=str,
)  # fmt: skip
def test_a_threshold_that_does_not_hold_is_refused(
    signed_in: Actors, app: Flask, change: dict[str, str]
) -> None:
    admin, before = signed_in(Role.ADMIN), len(law(app, "schedule"))
    admin.get("/admin/deadlines/clocks/schedule/new?lang=vi")
    answer = admin.post(
        "/admin/deadlines/clocks/schedule", **{**THRESHOLD, "valid_from": "2029-01-01", **change}
    )
    assert answer.status_code == 422 and "Xem lại rồi ghi" in words(answer.text)
    assert len(law(app, "schedule")) == before
    assert admin.get("/admin/deadlines/clocks/nothing/new").status_code == 404
    assert admin.post("/admin/deadlines/clocks/nothing", **THRESHOLD).status_code == 404
