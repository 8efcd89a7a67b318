"""Clearance and resettlement for programs: exact totals for all, names for the officer alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests.db.clearing import CANARY, PERSON
from tests.web.clearing import PAPER, TO_PLAN, Held, lay_held
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
API = "/api/v1"


@pytest.fixture(scope="module")
def held(app: Flask) -> Held:
    """A case led to its payment; nobody writes on it."""
    return lay_held(app, *TO_PLAN, "paid")


def asked(browser: Browser, path: str) -> dict:
    answer = browser.get(API + path)
    assert answer.status_code == 200, (path, answer.text[:200])
    return answer.get_json()


@pytest.mark.parametrize("role", list(Role))
def test_everybody_is_told_counts_and_nobody_a_name(
    signed_in: Actors, held: Held, role: Role
) -> None:
    browser, case = signed_in(role), f"/clearance/cases/{held.code}"
    one = asked(browser, f"{case}?as_of=2025-02-01")
    assert (one["items"], one["households"], one["area_m2"]) == (2, 1, 20_000)
    assert one["granted"]["total"] == one["paid"]["total"] == 1_000_000_000
    assert (one["paid_share"], one["cleared_share"]) == (1, 0)
    listed = asked(browser, f"/clearance/cases?zone={held.zone}")["cases"]
    assert [each["code"] for each in listed] == [held.code]
    page = asked(browser, f"{case}/items?limit=1")
    assert (page["count"], page["next"], page["items"][0]["number"]) == (2, "1", "1")
    rest = asked(browser, f"{case}/items?limit=1&cursor=1")
    assert (rest["count"], rest["next"], rest["items"][0]["number"]) == (2, None, "2")
    assert page["items"][0]["named"] and "household_id" not in page["items"][0]
    whole = browser.get(f"{API}{case}/items/{held.case.items[0]}?as_of=2025-02-01")
    body = whole.get_json()
    assert [step["kind"] for step in body["steps"]] == [*TO_PLAN, "paid"]
    assert body["next"][0]["kind"] == "recovered"
    assert CANARY not in whole.text and str(held.case.household) not in whole.text


@pytest.mark.parametrize("role", list(Role))
def test_the_household_is_the_officers(signed_in: Actors, held: Held, role: Role) -> None:
    path = f"{API}/clearance/cases/{held.code}/items/{held.case.items[0]}/household"
    answer = signed_in(role).get(path)
    if role is not Role.OFFICER:
        assert answer.status_code == 403 and CANARY not in answer.text
        return
    told = answer.get_json()
    assert (told["head_name"], told["identity_no"]) == (CANARY, PERSON.identity_no)
    assert [each["money"]["total"] for each in told["amounts"]] == [1_000_000_000] * 2


def test_filters_and_what_is_refused(signed_in: Actors, held: Held) -> None:
    viewer, case = signed_in(Role.VIEWER), f"/clearance/cases/{held.code}"
    assert asked(viewer, f"{case}/items?state=paid")["count"] == 1
    assert asked(viewer, f"{case}/items?q=12/2")["items"][0]["number"] == "2"
    assert asked(viewer, f"{case}/items?state=handed_over")["count"] == 0
    assert viewer.get(f"{API}{case}/items?as_of=2024-08-01").status_code == 404, "not opened yet"
    for wrong in ("state=gone", "limit=0", "limit=2001", "flag=x", "nothing=1", "as_of=2025-02-30"):
        assert viewer.get(f"{API}{case}/items?{wrong}").status_code in (400, 422), wrong
    assert viewer.get(f"{API}/clearance/cases/NONE").status_code == 404
    assert viewer.get(f"{API}/clearance/targets?scheme=nothing").status_code == 404
    assert viewer.get(f"{API}/resettlement/areas/NONE").status_code == 404


def test_a_user_limited_to_another_board_finds_nothing(app: Flask, held: Held) -> None:
    other = lay_held(app)
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "narrow", Role.OFFICER, PASSWORD)
        user.scopes.append(UserScope(board_code=f"B-{other.zone}"))
    browser = session_of(app, "narrow")
    codes = {each["code"] for each in asked(browser, "/clearance/cases")["cases"]}
    assert codes == {other.code}
    case = f"{API}/clearance/cases/{held.code}"
    for path in (
        case,
        f"{case}/items",
        f"{case}/items/{held.case.items[0]}",
        f"{case}/items/{held.case.items[0]}/household",
        f"{API}/resettlement/areas/{held.home}",
        f"{API}/resettlement/areas/{held.home}/plots",
        f"/clearance/{held.code}/steps",
        f"/clearance/{held.code}/payments",
    ):
        assert browser.get(path).status_code == 404, path


def test_homes_targets_and_the_card(signed_in: Actors, held: Held) -> None:
    officer = signed_in(Role.OFFICER)
    officer.get(held.item())
    aim = {**PAPER, "whose": f"zone:{held.zone}", "year": "2025", "area": "2"}
    assert officer.post("/clearance/targets", **aim).status_code == 302
    told = asked(officer, f"/clearance/targets?as_of=2025-12-31&zone={held.zone}")["targets"]
    assert [(each["zone"], each["target_m2"], each["cleared_m2"]) for each in told] == [
        (held.zone, 20_000, 0)
    ]
    report = {**PAPER, "percent": "37,5", "note": "đã có điện", "issued": "2025-03-01"}
    address = f"/resettlement/{held.home}"
    assert officer.post(f"{address}/progress", **report).status_code == 302
    for wrong in ("101", "-1", "1,234", "x"):
        answer = officer.post(f"{address}/progress", **{**report, "percent": wrong})
        assert answer.status_code == 422, wrong
    area = asked(officer, f"/resettlement/areas/{held.home}")
    assert (area["progress_pct"], area["progress_on"]) == (37.5, "2025-03-01")
    assert (
        asked(officer, f"/resettlement/areas/{held.home}?as_of=2025-02-28")["progress_pct"] is None
    )
    (line,) = asked(officer, f"/resettlement/areas/{held.home}/progress")["progress"]
    assert (line["percent"], line["note"]) == (37.5, "đã có điện")
    assert asked(officer, f"/resettlement/areas/{held.home}/curve")["points"]
    given = {**PAPER, "plot": "LK-1", "case": held.code, "item": "1", "document": "21/QĐ"}
    assert officer.post(f"{address}/assign", **given).status_code == 302
    plots = {
        p["number"]: p for p in asked(officer, f"/resettlement/areas/{held.home}/plots")["plots"]
    }
    assert (plots["LK-1"]["case"], plots["LK-1"]["item"]) == (held.code, "1")
    card = asked(officer, f"/parcels/{held.case.ground.parcels[0]}?as_of=2025-02-01")["properties"]
    assert card["in_clearance"] and card["state"] == "not_cleared"
    (block,) = card["clearance"]
    assert (block["case_code"], block["number"], block["last_step"]) == (held.code, "1", "paid")
    assert block["waited_days"] == 22 and block["named"]


def test_a_plot_is_promised_taken_back_and_undone_on_screen(app: Flask, signed_in: Actors) -> None:
    own = lay_held(app, *TO_PLAN)
    officer, address = signed_in(Role.OFFICER), f"/resettlement/{own.home}"
    officer.get(address)
    given = {**PAPER, "plot": "LK-1", "case": own.code, "item": "1"}
    assert officer.post(f"{address}/assign", **given).status_code == 302
    answer = officer.post(f"{address}/assign", **{**given, "item": "2"})
    assert answer.status_code == 422 and "đã giao cho hộ khác" in answer.text
    for wrong in ({"plot": "LK-99"}, {"item": "99"}, {"case": "NONE"}, {"plot": ""}):
        assert officer.post(f"{address}/assign", **{**given, **wrong}).status_code in (404, 422)
    early = {**given, "plot": "LK-2", "issued": "2024-01-10"}
    answer = officer.post(f"{address}/assign", **early)
    assert (
        answer.status_code == 422 and "chưa có (hoặc không còn) vào ngày 10/01/2024" in answer.text
    )
    back = {**PAPER, "plot": "LK-1", "issued": "2025-02-10", "document": "31/QĐ"}
    assert officer.post(f"{address}/take-back", **back).status_code == 302
    again = {**given, "item": "2", "issued": "2025-02-11", "document": "32/QĐ"}
    assert officer.post(f"{address}/assign", **again).status_code == 302
    page = officer.get(address).text
    change = page.split('name="change" value="')[1].split('"')[0]
    assert officer.post(f"{address}/undo", change=change).status_code == 302
    plots = asked(officer, f"/resettlement/areas/{own.home}/plots")["plots"]
    assert all(plot["item"] is None for plot in plots)
    assert officer.post(f"{address}/undo", change="1").status_code == 422
    ready = {**PAPER, "status": "building", "ready_on": "2027-01-31", "document": "33/QĐ"}
    assert officer.post(f"{address}/readiness", **ready).status_code == 302
    viewer = signed_in(Role.VIEWER)
    for name in ("assign", "take-back", "undo", "progress", "readiness"):
        assert viewer.post(f"{address}/{name}", **PAPER).status_code == 403
