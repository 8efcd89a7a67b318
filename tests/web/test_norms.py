"""The rulebook on the web: who enters, confirms and signs; results, outlook, files, the API."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.plans.norms_queries import rules
from tests import small_park
from tests.web.conftest import PASSWORD, Browser, session_of
from tests.web.test_differences import words

Actors = Callable[[Role | None], Browser]
PLAN = "/norms/plan?version=QHPK-TEST/2"
NEW = {
    "code": "service_share", "follows": "0", "name_vi": "Tỷ lệ đất dịch vụ", "name_en": "Services",
    "measure": "share", "comparison": "at_least", "threshold": "12,5", "above_storeys": "",
    "people": "", "regulation": "QC thử", "clause": "2.5", "source": "Công báo, trang 3",
    "valid_from": "2021-07-05", "valid_to": "", "reaches_by": "approval", "quote_vi": "Nguyên văn",
    "quote_en": "Wording", "categories": "DV", "zone_kinds": "industrial_park",
    "plan_levels": "subdivision",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def park(app: Flask) -> small_park.SmallPark:
    """The small park: its plan of 2024 has 6 ha of green land and 6 of services in 96 ha."""
    with database_of(app).transaction() as session:
        return small_park.build(session)


def rule_id(app: Flask, code: str) -> int:
    """The newest rule of a norm."""
    with database_of(app).reading() as session:
        return [rule for rule in rules(session) if rule.code == code][-1].id


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_role_may_read(signed_in: Actors, role: Role) -> None:
    for path in ("/norms", PLAN, "/norms/outlook", "/api/v1/norms",
                 "/api/v1/plans/norms?version=QHPK-TEST/2",
                 "/api/v1/norms/outlook?day=2027-01-01"):  # fmt: skip
        assert signed_in(role).get(path).status_code == 200, path


def test_the_book_shows_what_nobody_confirmed(signed_in: Actors) -> None:
    page = words(signed_in(Role.VIEWER).get("/norms").text)
    assert "chưa đối chiếu" in page
    assert "chưa có giá trị" in page
    assert "Xác nhận bằng tên tôi" not in page
    assert "Xác nhận bằng tên tôi" in words(signed_in(Role.LEADER).get("/norms").text)
    file = signed_in(Role.VIEWER).get("/norms?format=csv")
    assert file.mimetype == "text/csv"
    assert "green_share" in file.text


def test_an_administrator_enters_and_a_leader_confirms(signed_in: Actors, app: Flask) -> None:
    admin, leader = signed_in(Role.ADMIN), signed_in(Role.LEADER)
    admin.get("/norms/new")
    assert admin.post("/norms", **NEW).status_code == 302
    made = rule_id(app, "service_share")
    assert "Tỷ lệ đất dịch vụ" in words(admin.get("/norms").text)
    assert leader.get("/norms/new?code=service_share").status_code == 403
    leader.get("/norms")
    answer = leader.post(f"/norms/{made}/confirm", seen_in="Công báo số 9, trang 3")
    assert answer.status_code == 302
    page = words(leader.get("/norms").text)
    assert "Đã xác nhận quy tắc bằng tên leader." in page
    assert "Công báo số 9, trang 3" in page
    again = leader.post(f"/norms/{made}/confirm", seen_in="Công báo số 9, trang 3")
    assert again.status_code == 409
    assert admin.post(f"/norms/{made}/confirm", seen_in="tự xác nhận").status_code == 403


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"threshold": "mười"}, "Trị số"),
        ({"threshold": "1e99"}, "Trị số"),
        ({"threshold": "NaN"}, "Trị số"),
        ({"threshold": "10,12345"}, "Trị số"),
        ({"valid_from": "hôm qua"}, "Có hiệu lực từ"),
        ({"valid_from": ""}, "Có hiệu lực từ"),
        ({"valid_to": "2021-07-05"}, "Hết hiệu lực từ"),
        ({"above_storeys": "-1"}, "Chỉ lô cao hơn"),
        ({"measure": "beauty"}, "Đo gì"),
        ({"categories": ""}, "Loại đất được tính"),
        ({"quote_vi": " "}, "Trích nguyên văn"),
        ({"code": "Đất"}, "Mã"),
        ({"regulation": "x\x00y"}, "Văn bản"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(
    signed_in: Actors, fault: dict[str, str], said: str
) -> None:
    admin = signed_in(Role.ADMIN)
    admin.get("/norms/new")
    answer = admin.post("/norms", **{**NEW, "code": "wrong_field", **fault})
    assert answer.status_code == 422
    alert = re.search(r'role="alert">(.*?)</div>', answer.text, re.DOTALL)
    assert alert is not None
    assert said in words(alert[1])
    if "source" not in fault:
        assert 'value="Công báo, trang 3"' in answer.text


def test_who_is_second_is_told(signed_in: Actors) -> None:
    admin = signed_in(Role.ADMIN)
    admin.get("/norms/new")
    stale = admin.post("/norms", **{**NEW, "code": "green_share", "follows": "1"})
    assert stale.status_code == 422
    assert "vừa có lần ghi khác" in words(stale.text)


def test_results_of_a_version(signed_in: Actors) -> None:
    """6 of 96 ha are green; 36 ha are in no lot: green land cannot be told, services are 6 %."""
    page = words(signed_in(Role.LEADER).get(PLAN).text)
    assert "Theo quy chuẩn" in page
    assert "36,00 ha trong ranh giới chưa có lô" in page
    assert "6,00 / 96,00 ha quy hoạch" in page
    assert "chưa ai đối chiếu" in page
    later = words(signed_in(Role.LEADER).get(PLAN + "&rules_of=2027-01-01").text)
    assert "Đang xét theo quy tắc của ngày 01/01/2027" in later
    assert "Quy tắc chưa có giá trị trong sổ." in later
    file = signed_in(Role.VIEWER).get(PLAN + "&format=csv")
    assert "Không kiểm tra được" in file.text


def strict_rule(signed_in: Actors, app: Flask, code: str) -> int:
    """A rule the park fails: half of it factories is not enough."""
    admin = signed_in(Role.ADMIN)
    admin.get("/norms/new")
    made = admin.post(
        "/norms", **{**NEW, "code": code, "categories": "CX", "threshold": "90", "name_vi": code}
    )
    assert made.status_code == 302
    return rule_id(app, code)


def test_a_leader_lets_a_failing_rule_pass_and_withdraws(signed_in: Actors, app: Flask) -> None:
    made = strict_rule(signed_in, app, "strict_green")
    leader = signed_in(Role.LEADER)
    page = leader.get(PLAN).text
    (state,) = set(re.findall(r'name="lots_state" value="([0-9a-f]{32})"', page))
    form = {"version": "QHPK-TEST/2", "rule": str(made), "lots_state": state}
    assert leader.post("/norms/waivers", **form, reason="").status_code == 422
    assert (
        leader.post("/norms/waivers", **form, reason="được", until="2020-01-01").status_code == 422
    )
    assert leader.post("/norms/waivers", **form, reason="được", until="mai").status_code == 400
    stale = {**form, "lots_state": "0" * 32}
    assert leader.post("/norms/waivers", **stale, reason="được thôi").status_code == 409
    assert leader.post("/norms/waivers", **form, reason="Cây xanh ngoài ranh").status_code == 302
    after = words(leader.get(PLAN).text)
    assert "leader ký cho qua từ" in after
    assert "Cây xanh ngoài ranh" in after
    assert leader.post("/norms/waivers", **form, reason="lần nữa").status_code == 422
    (path,) = re.findall(r'action="(/norms/waivers/[0-9a-f-]+/withdraw)"', leader.get(PLAN).text)
    assert leader.post(path, reason="").status_code == 422
    assert leader.post(path, reason="Nhầm quy tắc").status_code == 302
    assert "ký cho qua từ" not in words(leader.get(PLAN).text)


@pytest.mark.parametrize("rule", ["", "x", "0", "999999", "1e5", "-1", "9" * 40])
def test_only_what_fails_is_signed_for(signed_in: Actors, rule: str) -> None:
    leader = signed_in(Role.LEADER)
    leader.get(PLAN)
    form = {"version": "QHPK-TEST/2", "rule": rule, "lots_state": "x", "reason": "vì thế"}
    assert leader.post("/norms/waivers", **form).status_code == 422


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"kind": "workers", "people": "5000", "source": "Thuyết minh, trang 12"}, 302),
        ({"kind": "cats", "people": "5", "source": "s"}, 422),
        ({"kind": "workers", "people": "0", "source": "s"}, 422),
        ({"kind": "workers", "people": "-5", "source": "s"}, 422),
        ({"kind": "workers", "people": "9" * 30, "source": "s"}, 422),
        ({"kind": "workers", "people": "5", "source": ""}, 422),
        ({"kind": "workers", "people": "5", "source": "s", "version": "NOPE/1"}, 404),
    ],
)
def test_a_planner_states_how_many_people(
    signed_in: Actors, form: dict[str, str], status: int
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(PLAN)
    assert planner.post("/norms/people", **{"version": "QHPK-TEST/2", **form}).status_code == status
    if status == 302:
        assert "5.000" in words(planner.get(PLAN).text)


def test_which_plans_would_fail(signed_in: Actors, app: Flask) -> None:
    admin = signed_in(Role.ADMIN)
    admin.get("/norms/new")
    asked = {**NEW, "code": "coming", "valid_from": "2040-01-01", "threshold": "90",
             "categories": "CX", "name_vi": "Rừng trong khu"}  # fmt: skip
    assert admin.post("/norms", **asked).status_code == 302
    page = words(signed_in(Role.LEADER).get("/norms/outlook?day=2040-01-01").text)
    assert "Rừng trong khu" in page
    assert "QHPK-TEST · bản 2" in page
    facts = signed_in(Role.LEADER).get("/api/v1/norms/outlook?day=2040-01-01").json
    assert facts is not None
    assert [each["newly_failing"] for each in facts["plans"]] == [["coming"]]
    empty = signed_in(Role.LEADER).get("/norms/outlook?as_of=1990-01-01")
    assert "Chưa có quy hoạch nào có hiệu lực" in words(empty.text)


def test_programs_get_value_threshold_and_denominator(signed_in: Actors) -> None:
    facts = signed_in(Role.VIEWER).get("/api/v1/plans/norms?version=QHPK-TEST/2").json
    assert facts is not None
    green = next(each for each in facts["results"] if each["code"] == "green_share")
    assert green["outcome"] == "not_checked"
    assert green["threshold"] == 10
    assert green["value"] == pytest.approx(6 / 96 * 100)
    assert green["whole_m2"] == pytest.approx(960_000)
    assert green["verified"] is False
    assert green["quote"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/norms/plan", 404),
        ("/norms/plan?version=NOPE/1", 404),
        (PLAN + "&rules_of=mai", 400),
        ("/norms/outlook?day=mai", 400),
        ("/api/v1/norms/outlook", 422),
        ("/api/v1/norms/outlook?day=mai", 422),
        ("/api/v1/plans/norms?version=NOPE/1", 404),
    ],
)
def test_bad_questions_are_told_so(signed_in: Actors, path: str, status: int) -> None:
    assert signed_in(Role.VIEWER).get(path).status_code == status


def test_who_may_not_see_the_zone_sees_no_result(app: Flask) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "far.leader", Role.LEADER, PASSWORD)
        user.scopes.append(UserScope(zone_code="KCN-EMPTY"))
    browser = session_of(app, "far.leader")
    assert browser.get(PLAN).status_code == 404
    assert "QHPK-TEST" not in browser.get("/norms/outlook").text
    form = {"version": "QHPK-TEST/2", "rule": "1", "lots_state": "x", "reason": "vì thế"}
    assert browser.post("/norms/waivers", **form).status_code == 404


def test_the_book_reads_in_english(signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    page = words(viewer.get("/norms?lang=en").text)
    assert "Share of green land" in page
    assert "not checked" in page
    viewer.get("/norms?lang=vi")


def test_programs_confirm_sign_and_withdraw(signed_in: Actors, app: Flask) -> None:
    """The same through the API; who asks twice with one key is answered once."""
    made = strict_rule(signed_in, app, "strict_api")
    leader = signed_in(Role.LEADER)
    facts = leader.get("/api/v1/plans/norms?version=QHPK-TEST/2").json
    assert facts is not None
    (failing,) = [each for each in facts["results"] if each["code"] == "strict_api"]
    assert failing["rule_id"] == made

    def send(path: str, key: str, **body: object) -> tuple[int, dict[str, str]]:
        answer = leader.client.post(
            f"/api/v1{path}", json=body,
            headers={"Idempotency-Key": key, "X-CSRFToken": leader.token},
        )  # fmt: skip
        return answer.status_code, answer.get_json()

    page = "Công báo số 9, trang 3"
    assert send(f"/norms/{made}/confirm", "c1", seen_in=page)[0] == 201
    assert send(f"/norms/{made}/confirm", "c1", seen_in=page)[0] == 201, "the same request again"
    assert send(f"/norms/{made}/confirm", "c2", seen_in=page)[0] == 409
    assert send("/norms/999999/confirm", "c3", seen_in=page)[0] == 404
    asked = {"version": "QHPK-TEST/2", "rule": made, "lots_state": facts["lots_state"]}
    assert send("/plans/norms/waivers", "w0", **asked, reason="x")[0] == 422
    status, answer = send("/plans/norms/waivers", "w1", **asked, reason="Cây xanh ngoài ranh")
    assert status == 201
    assert send("/plans/norms/waivers", "w2", **asked, reason="lần nữa")[0] == 422
    path = f"/plans/norms/waivers/{answer['id']}/withdraw"
    assert send(path, "x1", reason="Nhầm quy tắc")[0] == 200
    assert send(path, "x2", reason="Nhầm quy tắc")[0] == 422


def test_the_outlook_is_narrowed_sorted_and_taken_along(signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    address = "/norms/outlook?day=2040-01-01"
    found = words(viewer.get(address + "&q=qhpk&sort=-approved").text)
    assert "QHPK-TEST · bản 2" in found and "Theo quy tắc ngày 01/01/2040" in found
    none = words(viewer.get(address + "&q=kh%C3%B4ng-c%C3%B3").text)
    assert "Không có dòng nào hợp với bộ lọc." in none
    assert viewer.get(address + "&sort=newly").status_code == 400
    file = viewer.get(address + "&format=csv")
    assert file.mimetype == "text/csv" and "QHPK-TEST" in file.text
