"""Land rights on the web: list, picture, idle land, forms and what they refuse; the API beside."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.tenure.commands import Grant, NewParty, let
from tests.db.ground import change, lay
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
PAPER = {"document": "15/HĐ", "issued": "2025-01-10", "issuer": "Hạ tầng", "day": "2025-01-10"}
_grounds = itertools.count(1)


@dataclass(frozen=True)
class Own:
    """A zone of six hectares, four of them leased by the State to a developer, one sub-let."""

    zone: str
    tract: UUID
    child: UUID
    parcels: list[UUID]
    developer: str


@pytest.fixture
def own(app: Flask) -> Own:
    place = next(_grounds)
    zone = f"KCN-Q{place}"
    with database_of(app).transaction() as session:
        ground = lay(session, 6, code=zone, column=place * 120)
        number = change(session, ground.document_id)
        developer = NewParty(f"Hạ tầng {place}", f"57001000{place:02d}")
        tract = let(session, number, Grant(
            "state_lease", ground.zone_id, f"QĐ {place}", developer, ground.parcels[:4],
            date(2021, 1, 1), date(2070, 12, 31), lessor=NewParty("UBND tỉnh", kind="authority"),
            payment_mode="annual",
        ))  # fmt: skip
        child = let(session, number, Grant(
            "sub_lease", ground.zone_id, f"HĐ {place}", NewParty(f"=Nhà máy {place}"),
            ground.parcels[:1], date(2022, 1, 1), date(2040, 12, 31),
        ))  # fmt: skip
    return Own(zone, tract.id, child.id, ground.parcels, developer.name_vi)


def once(browser: Browser, path: str) -> dict[str, str]:
    """The key of the first form of a page."""
    found = re.search(r'name="once" value="([^"]+)"', browser.get(path).text)
    assert found
    return {"once": found[1]}


def granted(own: Own, **facts: Any) -> dict[str, Any]:
    return {
        **PAPER, "kind": "sub_lease", "number": "HĐ mới", "zone": own.zone, "parcels": "12/2",
        "lessee": "Công ty Mới", "lessee_tax_code": "5700100099", "term_ends": "2050-12-31",
        **facts,
    }  # fmt: skip


def test_everybody_reads_the_two_tiers(own: Own, signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    page = viewer.get(f"/rights?zone={own.zone}").text
    assert own.developer in page and "2 dòng" in page
    picture = viewer.get(f"/rights/{own.tract}").text
    assert f"/rights/{own.child}" in picture and "/prolong" not in picture
    assert "100,00" in picture or "1,00" in picture
    assert viewer.get(f"/rights/{own.child}").status_code == 200
    assert viewer.get("/rights/00000000-0000-0000-0000-000000000009").status_code == 404


def test_a_list_leaves_as_a_file_nothing_runs_in(own: Own, signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    answer = viewer.client.get(f"/rights?zone={own.zone}&format=xlsx")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert sheet.max_row == 3
    assert [c.data_type for c in cells if "=Nhà máy" in str(c.value)] == ["s"]
    text = viewer.get(f"/rights?zone={own.zone}&format=csv&sort=-difference_m2").text
    assert "'=Nhà máy" in text and "HĐ" in text


@pytest.mark.parametrize("query", ["sort=nothing", "page=0", "expiring=7", "expiring=x"], ids=str)
def test_a_list_asked_for_nonsense(own: Own, signed_in: Actors, query: str) -> None:
    assert signed_in(Role.VIEWER).get(f"/rights?{query}").status_code == 400


def test_what_ends_soon_is_found(own: Own, signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    near = viewer.get(f"/rights?zone={own.zone}&expiring=24&as_of=2039-06-01").text
    assert "1 dòng" in near and "=Nhà máy" in near
    told = viewer.get(f"/api/v1/rights/expiring?zone={own.zone}&months=24&as_of=2039-06-01").json
    assert [line["kind"] for line in told["rights"]] == ["sub_lease"]
    assert {each["months"]: each["rights"] for each in told["within"]} == {
        6: 0,
        12: 0,
        24: 1,
        60: 1,
    }


def test_idle_land_adds_up(own: Own, signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    told = viewer.get(f"/api/v1/zones/{own.zone}/idle").json
    uses = told["uses_m2"]
    assert (uses["let"], uses["unplanned"], uses["idle"]) == (10_000, 30_000, 0)
    assert sum(uses.values()) == 40_000 and told["parcels"] == []
    page = viewer.get(f"/rights/idle?zone={own.zone}").text
    assert own.developer in page


def test_one_right_for_programs(own: Own, signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    told = viewer.get(f"/api/v1/rights/{own.child}").json
    assert told["right"]["measured_m2"] == 10_000 and told["right"]["apart"] is False
    assert told["tract"]["id"] == str(own.tract) and len(told["parcels"]) == 1
    gone = viewer.get(f"/api/v1/rights/{own.child}?as_of=2041-01-01").json
    assert gone["right"] is None and len(gone["terms"]) == 1
    page = viewer.get("/api/v1/rights?limit=1").json
    assert len(page["rights"]) == 1 and page["next"] == 1
    assert viewer.get("/api/v1/rights?limit=0").status_code == 422


def test_a_reader_of_one_zone_sees_no_other(app: Flask, own: Own, signed_in: Actors) -> None:
    name = "elsewhere"
    with database_of(app).transaction() as db:
        lay(db, 1, code="KCN-ELSEWHERE", column=9_000)
        user = accounts.create_user(db, name, Role.PLANNER, PASSWORD)
        db.flush()
        db.add(UserScope(user_id=user.id, zone_code="KCN-ELSEWHERE"))
    there = session_of(app, name)
    assert there.get(f"/rights/{own.tract}").status_code == 404
    assert there.get(f"/api/v1/rights/{own.tract}").status_code == 404
    assert own.developer not in there.get("/rights").text
    assert own.developer not in there.get("/rights/parties").text
    there.get("/rights/new")
    refused = there.post("/rights", **granted(own))
    assert refused.status_code in (404, 422)


def test_a_sub_lease_is_granted_once(own: Own, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    key = once(planner, "/rights/new?kind=sub_lease")
    answers = [planner.post("/rights", **granted(own), **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    found = planner.get(f"/api/v1/rights?zone={own.zone}&number=HĐ mới").json["rights"]
    assert [(one["lessor"], one["contract_area_m2"]) for one in found] == [(own.developer, 10_000)]
    other = planner.post("/rights", **granted(own, number="HĐ khác"), **key)
    assert other.status_code == 422


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "outside the tract": ({"parcels": "12/5"}, "Không có quyền nào của Nhà nước"),
    "longer than the tract": ({"term_ends": "2071-01-01"}, "vượt thời hạn"),
    "land that is let": ({"parcels": "12/1"}, "đã thuộc HĐ"),
    "a parcel nobody has": ({"parcels": "12/99"}, "Không đọc được thửa"),
    "nonsense for parcels": ({"parcels": "abc"}, "Không đọc được thửa"),
    "no parcels": ({"parcels": " "}, "chưa có thửa nào"),
    "the end before the beginning": ({"term_ends": "2024-12-31"}, "trước ngày đầu"),
    "more than the tract": ({"contract_area": "90.000"}, "vượt diện tích"),
    "an area of nought": ({"contract_area": "0"}, "Diện tích theo hợp đồng"),
    "an area that is none": ({"contract_area": "một"}, "Diện tích theo hợp đồng"),
    "an endless fraction": ({"contract_area": "1,2345"}, "Diện tích theo hợp đồng"),
    "a tax code that is none": ({"lessee_tax_code": "12"}, "Mã số thuế"),
    "a day that is none": ({"term_ends": "2025-02-30"}, "Ngày hết hạn"),
    "no document": ({"document": ""}, "Số văn bản"),
    "a document of tomorrow": ({"issued": "2199-01-01"}, "2199"),
    "a kind nobody knows": ({"kind": "ownership"}, ""),
    "a board after it lost its power": (
        {"kind": "state_lease", "lessor": "Ban QL", "lessor_kind": "board", "parcels": "12/5"},
        "260.6",
    ),
    "a reservation without a last day": ({"kind": "reservation", "term_ends": ""}, "Ngày hết hạn"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_grant_is_refused_in_words(own: Own, signed_in: Actors, name: str) -> None:
    facts, words = REFUSED[name]
    planner = signed_in(Role.PLANNER)
    planner.get("/rights/new")
    answer = planner.post("/rights", **granted(own, **facts))
    assert answer.status_code in (400, 422)
    assert words in answer.text
    assert planner.get(f"/api/v1/rights?zone={own.zone}").json["count"] == 2


def test_a_right_lives_on_forms(own: Own, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    path = f"/rights/{own.child}"
    key = once(planner, path)
    done = planner.post(f"{path}/prolong", **PAPER, term_ends="2060-12-31", **key)
    assert done.status_code == 302, done.text
    later = {**PAPER, "day": "2025-03-01"}
    shorter = planner.post(
        f"{path}/prolong", **later, term_ends="2060-12-31", **once(planner, path)
    )
    assert shorter.status_code == 422 and "đang có hạn đến" in shorter.text
    longer = planner.post(f"{path}/prolong", **later, term_ends="2090-12-31", **once(planner, path))
    assert longer.status_code == 422 and "vượt thời hạn" in longer.text
    moved = planner.post(
        f"{path}/transfer", **later, lessee="Bên nhận", lessee_tax_code="5700100088",
        **once(planner, path),
    )  # fmt: skip
    assert moved.status_code == 302
    appendix = {**PAPER, "day": "2025-04-01"}
    changed = planner.post(
        f"{path}/change", **appendix, parcels="12/1-2", contract_area="20.000,5",
        **once(planner, path),
    )  # fmt: skip
    assert changed.status_code == 302, changed.text
    empty = planner.post(f"{path}/change", **appendix, **once(planner, path))
    assert empty.status_code == 422
    told = planner.get(f"/api/v1{path}").json["right"]
    assert (told["lessee"], told["contract_area_m2"]) == ("Bên nhận", 20_000.5)
    tract = planner.post(
        f"/rights/{own.tract}/end", **appendix, **once(planner, f"/rights/{own.tract}")
    )
    assert tract.status_code == 422 and "chấm dứt các hợp đồng này trước" in tract.text
    last = {**PAPER, "day": "2025-05-01"}
    part = planner.post(f"{path}/end", **last, parcels="12/2", **once(planner, path))
    assert part.status_code == 302, part.text
    ended = planner.post(f"{path}/end", **{**last, "day": "2025-06-01"}, **once(planner, path))
    assert ended.status_code == 302
    assert planner.get(f"/api/v1{path}").json["right"] is None


def test_a_reservation_is_made_and_cancelled(own: Own, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    form = granted(own, kind="reservation", number="GC 1", term_ends="2199-06-30")
    made = planner.post("/rights", **form, **once(planner, "/rights/new?kind=reservation"))
    assert made.status_code == 302
    path = made.location
    taken = planner.post("/rights", **granted(own, lessee="Ai khác", lessee_tax_code=""))
    assert taken.status_code == 422 and "GC 1" in taken.text
    wrong = planner.post(f"/rights/{own.child}/end", **PAPER, what="cancel", **once(planner, path))
    assert wrong.status_code == 422 and "không phải giữ chỗ" in wrong.text
    gone = planner.post(f"{path}/end", **{**PAPER, "day": "2025-02-01"}, what="cancel",
                        **once(planner, path))  # fmt: skip
    assert gone.status_code == 302


def test_only_planners_write(own: Own, signed_in: Actors) -> None:
    for role in (Role.VIEWER, Role.LEADER, Role.OFFICER, Role.AUDITOR, Role.ADMIN):
        browser = signed_in(role)
        browser.get("/rights")
        assert browser.post("/rights", **granted(own)).status_code == 403
        assert browser.post(f"/rights/{own.tract}/end", **PAPER).status_code == 403


def test_a_party_has_names_over_time(own: Own, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    told = planner.get(f"/api/v1/rights/{own.tract}").json["right"]
    path = f"/rights/parties/{told['lessee_id']}"
    assert own.tract and f"/rights/{own.tract}" in planner.get(path).text
    form = {**PAPER, "name": f"{own.developer} mới", **once(planner, path)}
    assert planner.post(f"{path}/name", **form).status_code == 302
    page = planner.get(path).text
    assert f"{own.developer} mới" in page
    before = planner.get(f"/api/v1/rights/{own.tract}?as_of=2025-01-09").json["right"]["lessee"]
    assert before == own.developer
    empty = planner.post(f"{path}/name", **{**PAPER, "name": " "}, **once(planner, path))
    assert empty.status_code == 422
    fixed = {**PAPER, "day": "2025-02-01", "name": "Tên đúng", **once(planner, path)}
    assert planner.post(f"{path}/correction", **fixed).status_code == 302
    assert "Tên đúng" in planner.get(path).text


def test_powers_are_shown_with_their_clauses(signed_in: Actors) -> None:
    page = signed_in(Role.VIEWER).get("/rights/powers").text
    assert "Luật Đất đai 2024, Điều 260.6" in page and "01/08/2024" in page
    assert "chưa kiểm chứng" in page and "đã đối chiếu nguồn" in page
