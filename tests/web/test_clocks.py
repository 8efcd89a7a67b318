"""Legal clocks and the digest on screen: what pages say, who may write, letters, files, the API."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from docx import Document as WordDocument
from flask import Flask

from gisapp.digest.letter import unsubscribe_token
from gisapp.digest.model import DigestChoice, DigestRule
from gisapp.running import database_of, settings
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests.db.clocked_project import hand, lay_site, plan
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
DAY = "as_of=2026-06-01"
PAPER = {"document": "12/QĐ", "issued": "2025-01-10", "issuer": "UBND tỉnh"}
_columns = itertools.count(0, 300)


@pytest.fixture
def code(app: Flask) -> str:
    """A project of its own: land promised 01/09/2024, handed over 273 days late, never used."""
    column = next(_columns)
    name = f"DA-W{column}"
    with database_of(app).transaction() as session:
        site = lay_site(session, code=name, column=column, land=date(2024, 9, 1))
        plan(session, site, "construction", date(2025, 3, 1))
        hand(session, site, date(2025, 6, 1))
    return name


def test_the_list_tells_whose_days_they_are(signed_in: Actors, code: str) -> None:
    page = signed_in(Role.LEADER).get(f"/projects/clocks?{DAY}&q={code}").text
    assert code in page and "Đã quá hạn" in page and "273" in page
    assert "01/06/2026" in page
    english = signed_in(Role.LEADER).get(f"/projects/clocks?{DAY}&q={code}&lang=en").text
    assert "In breach" in english
    signed_in(Role.LEADER).get("/projects/clocks?lang=vi")
    for asked in (f"{DAY}&state=stopped", "as_of=2024-01-01"):
        assert (
            f"/projects/{code}/" not in signed_in(Role.LEADER).get(f"/projects/clocks?{asked}").text
        )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_leaves_as_a_file(signed_in: Actors, code: str, kind: str) -> None:
    answer = signed_in(Role.VIEWER).client.get(f"/projects/clocks?{DAY}&q={code}&format={kind}")
    if kind == "csv":
        assert f"{code};" in answer.data.decode("utf-8-sig")
        return
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert rows[0][0] == "Dự án"
    # the schedule of a project whose land came late has run 92 days, the other clock is over
    assert {(row[0], row[6]) for row in rows[1:]} == {(code, 365), (code, 184)}


def test_the_page_shows_every_fact(signed_in: Actors, code: str) -> None:
    page = signed_in(Role.VIEWER).get(f"/projects/{code}/clocks?{DAY}").text
    for said in ("Biên bản BB-2025-06-01", "Luật Đất đai 2024, Điều 81.8", "chưa kiểm chứng",
                 "Mốc theo tiến độ dự án", "không tính cho nhà đầu tư"):  # fmt: skip
        assert said in page
    assert f"/projects/{code}/clocks/suspend" not in page
    assert signed_in(Role.VIEWER).get("/projects/KHONG-CO/clocks").status_code == 404
    # the red of the schedule says whose days it holds
    own = signed_in(Role.VIEWER).get(f"/projects/{code}?{DAY}").text
    assert "đất giao chậm 273 ngày, tạm dừng 0 ngày" in own


def test_a_stop_and_an_extension_move_the_day(signed_in: Actors, code: str) -> None:
    planner = signed_in(Role.PLANNER)
    path = f"/projects/{code}/clocks"
    stop = {"cause": "force_majeure", "reason": "Bão số 3", "since": "2025-09-01",
            "until": "2025-10-01", "once": f"{code}-1"}  # fmt: skip
    assert planner.post(f"{path}/suspend", **PAPER, **stop).status_code == 302
    assert "01/07/2026" in planner.get(f"{path}?{DAY}").text
    again = planner.post(f"{path}/suspend", **PAPER, **{**stop, "once": f"{code}-2"})
    assert again.status_code == 422 and "lần tạm dừng khác" in again.text
    early = planner.post(
        f"{path}/suspend",
        **PAPER,
        **{**stop, "since": "2025-05-01", "until": "2025-05-02", "once": f"{code}-3"},
    )
    assert early.status_code == 422 and "chưa được bàn giao đất" in early.text
    long = planner.post(f"{path}/extend", **PAPER, day="2026-07-02", months="25", once=f"{code}-4")
    assert long.status_code == 422 and "tối đa 24 tháng" in long.text
    given = planner.post(f"{path}/extend", **PAPER, day="2026-07-02", months="6", once=f"{code}-5")
    assert given.status_code == 302
    assert "01/01/2027" in planner.get(f"{path}?as_of=2026-08-01").text
    twice = planner.post(f"{path}/extend", **PAPER, day="2026-08-02", months="6", once=f"{code}-6")
    assert twice.status_code == 422 and "gia hạn một lần" in twice.text


def test_a_letter_is_printed_kept_and_issued(signed_in: Actors, code: str) -> None:
    planner = signed_in(Role.PLANNER)
    page = planner.get(f"/projects/{code}/clocks/idle/letter?as_of=2026-03-01").text
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính gửi", "Căn cứ Luật Đất đai 2024",
                 "chậm 273 ngày so với ngày dự kiến 01/09/2024",
                 "hết vào ngày 01/06/2026"):  # fmt: skip
        assert said in page
    old = planner.get(f"/projects/{code}/clocks/idle/letter?as_of=2024-01-01")
    assert old.status_code == 422 and "không có gì để nhắc" in old.text
    made = planner.post(f"/projects/{code}/clocks/idle/draft", once=f"{code}-d")
    assert made.status_code == 302
    shown = planner.get(f"/projects/{code}/clocks").text
    draft = re.search(r"letter\?draft=([0-9a-f-]{36})", shown)
    assert draft is not None
    word = planner.client.get(f"/projects/{code}/clocks/idle/letter?draft={draft[1]}&format=docx")
    told = "\n".join(line.text for line in WordDocument(io.BytesIO(word.data)).paragraphs)
    assert "Kính gửi" in told and "bàn giao ngày 01/06/2025" in told
    issued = planner.post(
        f"/projects/{code}/clocks/issue", **{**PAPER, "issued": date.today().isoformat()},  # noqa: DTZ011
        draft=draft[1], once=f"{code}-i",
    )  # fmt: skip
    assert issued.status_code == 302
    assert "đã nhắc" in planner.get(f"/projects/{code}/clocks").text


@pytest.mark.parametrize("act", ["suspend", "resume", "extend", "issue", "idle/draft"])
def test_only_planners_write(signed_in: Actors, code: str, act: str) -> None:
    for role in (Role.VIEWER, Role.LEADER, Role.OFFICER, Role.AUDITOR, Role.ADMIN):
        assert signed_in(role).post(f"/projects/{code}/clocks/{act}").status_code == 403


def test_the_api_tells_the_same(signed_in: Actors, code: str) -> None:
    viewer = signed_in(Role.VIEWER)
    one = viewer.get(f"/api/v1/projects/{code}/clocks?{DAY}").json
    assert one is not None
    idle = next(each for each in one["clocks"] if each["clock"] == "idle")
    assert (idle["state"], idle["breach_on"], idle["board_days"]) == ("breached", "2026-06-01", 273)
    assert {fact["kind"] for fact in one["evidence"]} >= {"handover", "milestone_planned"}
    assert all(fact["change"] and fact["document_number"] for fact in one["evidence"])
    every = viewer.get(f"/api/v1/clocks?{DAY}&state=open&zone=KCN-{code}").json
    assert every is not None and every["total"] == 2
    assert viewer.get("/api/v1/clocks?state=other").status_code == 422
    assert viewer.get("/api/v1/projects/KHONG/clocks").status_code == 404


def test_who_sees_one_zone_sees_its_clocks_alone(app: Flask, code: str) -> None:
    other = f"DA-W{next(_columns)}"
    with database_of(app).transaction() as session:
        site = lay_site(session, code=other, column=int(other[4:]))
        hand(session, site, date(2025, 6, 1))
        user = accounts.create_user(session, f"hep-{code.lower()}", Role.VIEWER, PASSWORD)
        session.add(UserScope(user_id=user.id, zone_code=f"KCN-{other}"))
    narrow = session_of(app, f"hep-{code.lower()}")
    for path in (f"/projects/clocks?{DAY}", f"/digest?{DAY}", f"/api/v1/clocks?{DAY}"):
        page = narrow.get(path).text
        assert other in page and code not in page
    assert narrow.get(f"/projects/{code}/clocks").status_code == 404
    assert narrow.get(f"/projects/{code}/clocks/idle/letter?{DAY}").status_code == 404


def test_the_digest_tells_what_presses_in_both_languages(signed_in: Actors, code: str) -> None:
    viewer = signed_in(Role.VIEWER)
    assert f"Dự án {code}" in viewer.get(f"/digest?{DAY}").text
    assert f"Project {code}" in viewer.get(f"/digest?{DAY}&lang=en").text
    viewer.get("/digest?lang=vi")
    assert f"Dự án {code}" not in viewer.get(f"/digest?{DAY}&rule=rights").text
    assert viewer.get("/digest?week=1999-W01").status_code == 404


def test_a_reader_chooses_and_may_leave_by_the_link(app: Flask, signed_in: Actors) -> None:
    officer = signed_in(Role.OFFICER)
    bad = officer.post("/digest/mine", wanted="yes", email="x@\nBcc: y")
    assert bad.status_code == 422
    kept = officer.post("/digest/mine", wanted="yes", email="can.bo@board.example", rule="clocks")
    assert kept.status_code == 302
    with database_of(app).transaction() as session:
        user = accounts.find_user(session, "officer")
        choice = session.get(DigestChoice, user.id)
        assert user.email == "can.bo@board.example"
        assert choice is not None and choice.wanted and "rights" in choice.muted
    with app.app_context():
        token = unsubscribe_token(settings().secret_key or "", user.id)
    stranger = Browser(app.test_client())
    assert stranger.get("/digest/unsubscribe/guess").status_code == 404
    page = stranger.get(f"/digest/unsubscribe/{token}")
    assert (
        page.status_code == 200 and "officer" not in page.text and "board.example" not in page.text
    )
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    assert stranger.post(f"/digest/unsubscribe/{token}", token=found[1]).status_code == 200
    with database_of(app).transaction() as session:
        choice = session.get(DigestChoice, user.id)
        assert choice is not None and not choice.wanted and "rights" in choice.muted


def test_an_administrator_switches_a_rule_on_beside_its_count(
    app: Flask, signed_in: Actors, code: str
) -> None:
    admin = signed_in(Role.ADMIN)
    page = admin.get("/digest/rules").text
    assert page.count("thư") > 6 and "30 ngày qua" in page
    for lead in ("0", "731", "x", "-1"):
        assert admin.post("/digest/rules/rights", lead_days=lead).status_code == 422
    assert admin.post("/digest/rules/rights", lead_days="90", enabled="yes").status_code == 302
    with database_of(app).transaction() as session:
        rule = session.get(DigestRule, "rights")
        assert rule is not None and rule.enabled and rule.lead_days == 90
        assert rule.changed_by == "admin"
    assert admin.post("/digest/rules/rights", lead_days="180").status_code == 302
    assert signed_in(Role.LEADER).get("/digest/rules").status_code == 403
    assert admin.post("/digest/rules/other").status_code == 404
