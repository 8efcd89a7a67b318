"""Plans on the web: the board, the steps with what they would change, who may take them, files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from gisapp.db import Database
from gisapp.demo.drafts import DRAFT_C, lots_to_upload
from gisapp.demo.layout import BLOCK_HEIGHT, BLOCK_WIDTH
from gisapp.demo.story import COURSES, sub_leases
from gisapp.security.permissions import Role
from planning.clocks import Moment
from planning.indicators.queries import land
from planning.plans.commands import NewLot, add_lots
from planning.plans.difference_sides import lots_of
from planning.plans.pipeline import plan_facts
from planning.records.commands import open_change, register_document
from planning.records.model import Change
from tests.conftest import TestDatabase
from tests.import_files import write_file
from tests.web.conftest import Browser

# one plan walked from its lots to its annulment: each test goes on where the one before stopped
TOLD_IN_ORDER = True
SignedIn = Callable[[Role | None], Browser]
C2, A3 = "/plans/QHPK-C/2", "/plans/QHPK-A/3"
DAY = date(2026, 11, 20)
DECISION = {"document": "77/QĐ-TEST", "issued": "2026-11-20", "issuer": "UBND tỉnh"}
BLOCK = BLOCK_WIDTH * BLOCK_HEIGHT


@pytest.fixture(scope="module")
def module_database(peopled_demo: TestDatabase) -> TestDatabase:
    """The demo board."""
    return peopled_demo


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the page's last form, without its token."""
    form = text[text.rindex("<form") :]
    found = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    found.pop("csrf_token", None)
    return found


def leasable(db: Database, zone: str, day: date) -> float:
    """The leasable area of a zone, m²."""
    with db.reading() as session:
        figure = land(session, Moment(day), zone=zone, flows=False).figures()["leasable_area"]
    return float(figure.answer.value or 0)


def test_the_board_names_the_next_actor_and_the_days(signed_in: SignedIn) -> None:
    text = signed_in(Role.VIEWER).get("/plans?as_of=2026-11-22").text
    for word in ("QHPK-C", "Sở Xây dựng (minh hoạ)", "48/30 ngày", "quá 18 ngày", "QHCT-A1"):
        assert word in text, word
    table = signed_in(Role.VIEWER).get("/plans?view=table&as_of=2026-11-22&step=appraisal").text
    assert "QHPK-C" in table and "QHPK-B" not in table
    file = signed_in(Role.VIEWER).get("/plans?format=csv&as_of=2026-11-22")
    assert file.mimetype == "text/csv" and "Sở Xây dựng" in file.text
    assert "QHPK-A · 3" in signed_in(Role.VIEWER).get("/plans?view=timeline").text
    assert "chưa đối chiếu văn bản" in signed_in(Role.VIEWER).get("/plans/deadlines").text
    past = signed_in(Role.VIEWER).get("/plans?as_of=2015-01-01").text
    assert "Chưa có quy hoạch nào vào ngày này." in past


def test_pages_of_a_plan_and_its_version(signed_in: SignedIn) -> None:
    viewer = signed_in(Role.VIEWER)
    plan = viewer.get("/plans/QHPK-A").text
    assert "40/QĐ-MH" in plan and "điều chỉnh cục bộ" in plan and "Lập điều chỉnh" not in plan
    version = viewer.get(A3).text
    assert "Phần hở, không lô nào phủ: 100.800,0 m²" in version and "/steps" not in version
    whole = viewer.get("/plans/QHPK-A/2").text
    assert "tiếp nhận nguyên trạng" in whole
    assert viewer.get("/plans/NOPE").status_code == 404
    assert viewer.get("/plans/QHPK-A/99").status_code == 404
    assert "Phê duyệt</h2>" in signed_in(Role.LEADER).get(C2).text
    assert "Sang bước khác" in signed_in(Role.PLANNER).get(C2).text
    assert "Phê duyệt</h2>" not in signed_in(Role.PLANNER).get(C2).text


def test_the_balance_closes_and_leaves_as_a_file(signed_in: SignedIn) -> None:
    viewer = signed_in(Role.VIEWER)
    page = viewer.get(f"{C2}/balance").text
    assert "268,84" in page and "lệch 0,00 m²" in page and "Theo quyết định" in page
    found = viewer.get("/api/v1/plans/QHPK-A/3/balance").json
    assert found["gap_m2"] == pytest.approx(BLOCK) and abs(found["closes_m2"]) < 0.01
    rows = sum(use["area_m2"] for use in found["uses"]) + found["gap_m2"]
    assert rows == pytest.approx(found["ground_m2"], abs=0.01)
    book = openpyxl.load_workbook(io.BytesIO(viewer.client.get(f"{A3}/balance?format=xlsx").data))
    sheet = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert sum(row[3] for row in sheet[1:-1]) == pytest.approx(sheet[-1][3])
    assert viewer.get(f"{A3}/balance?format=csv").mimetype == "text/csv"
    assert viewer.get(f"{A3}/lots").mimetype == "text/csv"


def test_a_gap_is_not_approved(signed_in: SignedIn) -> None:
    planner, leader = signed_in(Role.PLANNER), signed_in(Role.LEADER)
    steps = (("consultation", "2026-10-01"), ("appraisal", "2026-11-01"))
    for status, day in steps:
        form = {**DECISION, "issued": day, "status": status, "go": "preview"}
        shown = planner.post(f"{A3}/steps", **form)
        assert shown.status_code == 200 and "Bước này không đổi số liệu nào" in shown.text
        done = planner.post(f"{A3}/steps", **hidden(shown.text))
        assert done.status_code == 302, done.text
    refused = leader.post(f"{A3}/approval", **DECISION)
    assert refused.status_code == 422 and "chưa ai ký chấp nhận: phần hở" in refused.text
    assert "77/QĐ-TEST" in refused.text  # what was typed stays
    signed = leader.post(f"{A3}/waivers", **DECISION, fault="gap", reason="Chờ đo đạc")
    assert signed.status_code == 302
    assert "leader ký chấp nhận: Chờ đo đạc" in leader.get(A3).text
    assert leader.post(f"{A3}/approval", **DECISION).status_code == 200
    assert leader.post(f"{A3}/waivers", **DECISION, fault="x", reason="y").status_code == 422


def test_lots_come_and_the_signature_falls(signed_in: SignedIn, db: Database) -> None:
    with db.transaction() as session:
        plan = plan_facts(session, "QHPK-A")
        paper = register_document(
            session, number="1", issued_on=DAY, issuer="Tư vấn", actor="planner"
        )
        change = open_change(
            session, kind="act", reason="lots", actor="planner", effective_on=DAY,
            document_id=paper,
        )  # fmt: skip
        lots = [
            NewLot(
                each.symbol, each.category, "industrial" if each.category == "CN" else "none",
                each.shape, each.area_m2,
            )
            for each in lots_to_upload()
        ]  # fmt: skip
        add_lots(session, change, plan_version_id=dict(plan.versions)[3], lots=lots)
    page = signed_in(Role.LEADER).get(A3).text
    assert "Chưa duyệt được khi còn" not in page and "CX-31" in page
    uses = {**DECISION, "letters": "KT", "category": "HTKT", "leasable": "none"}
    assert signed_in(Role.PLANNER).post(f"{A3}/uses", **uses).status_code == 302
    assert "HTKT · " in signed_in(Role.VIEWER).get(A3).text
    back = {**uses, "category": "KT", "leasable": "industrial", "once": "back"}
    for _twice in range(2):
        assert signed_in(Role.PLANNER).post(f"{A3}/uses", **back).status_code == 302
    other = signed_in(Role.PLANNER).post(f"{A3}/uses", **{**back, "category": "GT"})
    assert other.status_code == 422
    assert (
        signed_in(Role.PLANNER).post(f"{A3}/uses", **{**uses, "category": "Q"}).status_code == 422
    )
    assert "QHPK-A, bản 3" in signed_in(Role.VIEWER).get(A3).text
    # what becomes green is the eastern half of a block: two leases lose all of it
    (lost,) = (each for each in lots_to_upload() if each.category == "CX")
    letting = [
        [each for each in lease.parcels if each.shape.centroid.within(lost.shape)]
        for lease in sub_leases(COURSES[0])
        if lease.ended is None
    ]
    broken = [sum(each.area_m2 for each in parcels) for parcels in letting if parcels]
    assert (len(broken), sum(broken)) == (2, lost.area_m2)
    shown = signed_in(Role.LEADER).get("/plans/differences?to=QHPK-A/3").text
    assert "phá vỡ 2 hợp đồng thuê, 5,04 ha" in shown


def test_one_lot_and_the_decisions_table(signed_in: SignedIn) -> None:
    planner = signed_in(Role.PLANNER)
    answer = planner.get("/api/v1/plans/in-force?zone=KCN-DEMO-A&x=2368700&y=477700").json
    (in_force,) = answer["levels"]["subdivision"]
    lot = {**DECISION, "category": "CN", "leasable": "industrial", "density_pct": "60,5",
           "storeys_max": "5", "floor_area_ratio": "3", "legal_area_m2": ""}  # fmt: skip
    kept = planner.post(f"/plans/QHPK-A/2/lots/{in_force['lots'][0]['lot_id']}", **lot)
    assert kept.status_code == 422 and "Chỉ sửa được phiên bản chưa duyệt" in kept.text
    lot_page = planner.get("/plans/QHPK-A/3").text
    own = re.search(r"/plans/QHPK-A/3/lots/[0-9a-f-]{36}", lot_page)
    assert own is not None and "Sửa lô của bản nháp" in planner.get(own[0]).text
    assert "Sửa lô của bản nháp" not in signed_in(Role.VIEWER).get(own[0]).text
    assert planner.post(own[0], **lot).status_code == 302
    edited = planner.get(own[0]).text
    assert "60,5 %" in edited and "<dd>5</dd>" in edited and "<dd>3,00</dd>" in edited
    nobody = planner.post(f"{A3}/lots/{in_force['lots'][0]['lot_id']}", **lot)
    assert nobody.status_code == 422 and "Không tìm thấy" in nobody.text
    bad = planner.post(f"{A3}/table", **DECISION, table="không phải bảng")
    assert bad.status_code == 422 and "không phải bảng" in bad.text
    table = "Công nghiệp; CN; 166,32\nTổng cộng;; 270,28"
    assert planner.post(f"{A3}/table", **DECISION, table=table).status_code == 302
    leader = signed_in(Role.LEADER)
    assert "không cộng đúng tổng" in leader.get(A3).text
    refused = leader.post(f"{A3}/approval", **DECISION)
    assert refused.status_code == 422 and "bảng của quyết định không cộng đúng" in refused.text
    whole = "Cả khu; CN; 270,28\nTổng cộng;; 270,28"
    assert planner.post(f"{A3}/table", **DECISION, table=whole).status_code == 302


def test_approval_moves_the_figures_exactly_as_it_said(signed_in: SignedIn, db: Database) -> None:
    leader, zone = signed_in(Role.LEADER), "KCN-DEMO-C"
    before = leasable(db, zone, DAY)
    shown = leader.post(f"{C2}/approval", **DECISION)
    assert "Bản nháp này phá vỡ 2 hợp đồng thuê, 6,72 ha." in shown.text
    assert "from=QHPK-C/1&amp;to=QHPK-C/2" in shown.text
    assert shown.status_code == 200 and "-10,08" in shown.text
    assert leasable(db, zone, DAY) == before  # nothing was kept
    form = hidden(shown.text)
    assert form["go"] == "write" and form["seen"]
    for _twice in range(2):
        assert leader.post(f"{C2}/approval", **form).status_code == 302
    after, day_before = leasable(db, zone, DAY), leasable(db, zone, DAY - timedelta(days=1))
    gained = sum(use == "CN" for use in DRAFT_C.values()) - sum(
        use != "CN" and block != (0, 4) for block, use in DRAFT_C.items()
    )
    assert after - day_before == gained * BLOCK == -BLOCK
    assert "Đã thay thế" in leader.get("/plans/QHPK-C/1").text
    again = leader.post(f"{C2}/approval", **{**form, "once": "other"})
    assert again.status_code == 422


def test_a_preview_that_grew_old_is_refused(signed_in: SignedIn) -> None:
    leader, planner = signed_in(Role.LEADER), signed_in(Role.PLANNER)
    form = hidden(leader.post(f"{A3}/approval", **DECISION).text)
    uses = {**DECISION, "letters": "KT", "category": "HTKT", "leasable": "none"}
    assert planner.post(f"{A3}/uses", **uses).status_code == 302
    stale = leader.post(f"{A3}/approval", **form)
    assert stale.status_code == 422 and "đã đổi sau khi bạn xem trước" in stale.text


def test_steps_nobody_may_skip(signed_in: SignedIn) -> None:
    planner = signed_in(Role.PLANNER)
    for status in ("approved", "annulled"):
        said = planner.post(f"{A3}/steps", **DECISION, status=status)
        assert said.status_code == 422 and "do lãnh đạo ghi" in said.text
    assert planner.post(f"{A3}/steps", **DECISION, status="nonsense").status_code == 422
    skipped = planner.post(f"{A3}/steps", **DECISION, status="published")
    assert skipped.status_code == 422 and "không đi thẳng" in skipped.text
    undated = {**DECISION, "issued": "hôm qua", "status": "drafting"}
    assert planner.post(f"{A3}/steps", **undated).status_code == 422
    early = {**DECISION, "day": "2026-11-01", "status": "drafting"}
    said = planner.post(f"{A3}/steps", **early)
    assert said.status_code == 422 and "trước ngày ban hành" in said.text


def test_annulment_back_to_its_first_day(signed_in: SignedIn, db: Database) -> None:
    leader, zone = signed_in(Role.LEADER), "KCN-DEMO-C"
    approved = leasable(db, zone, DAY)
    form = {**DECISION, "document": "5/BA", "day": "2026-11-20", "revive": "1"}
    shown = leader.post(f"{C2}/annulment", **form)
    assert shown.status_code == 200 and "+10,08" not in shown.text
    done = leader.post(f"{C2}/annulment", **hidden(shown.text))
    assert done.status_code == 302
    assert leasable(db, zone, DAY) == approved + BLOCK
    page = leader.get(C2).text
    assert "Số liệu chịu ảnh hưởng của việc huỷ" in page and "161,28" in page and "171,36" in page
    early = leader.post("/plans/QHPK-B/2/annulment", **{**DECISION, "day": "2020-01-01"})
    assert early.status_code == 422


def test_an_adjustment_begins_from_the_page(signed_in: SignedIn) -> None:
    planner = signed_in(Role.PLANNER)
    assert "Lập điều chỉnh" in planner.get("/plans/QHPK-B").text
    wrong = planner.post("/plans/QHPK-B/2/adjustments", **DECISION, kind="local", symbols="ZZ-1")
    assert wrong.status_code == 422
    assert planner.post("/plans/QHPK-B/2/adjustments", **DECISION, kind="x").status_code == 422
    form = {**DECISION, "kind": "local", "symbols": "CN-01, CN-02"}
    made = planner.post("/plans/QHPK-B/2/adjustments", **form)
    assert made.status_code == 302 and made.location.endswith("/plans/QHPK-B/3")
    assert "điều chỉnh cục bộ · bản 2" in planner.get("/plans/QHPK-B/3").text
    draft = planner.post("/plans/QHPK-B/3/adjustments", **{**form, "kind": "overall"})
    assert draft.status_code == 422 and "chưa từng được duyệt" in draft.text


def test_the_scope_of_an_adjustment_is_ticked_and_read_from_a_file(
    signed_in: SignedIn, tmp_path: Path, db: Database
) -> None:
    planner = signed_in(Role.PLANNER)
    address = "/plans/QHPK-A/2/adjustments"
    assert signed_in(Role.VIEWER).get(address).status_code == 403
    page = planner.get(address).text
    found = re.findall(
        r'name="lot" id="lot-\d+" value="([0-9a-f-]{36})".*?<label[^>]*>([^<]+)<', page
    )
    lots = {symbol: lot for lot, symbol in found}
    assert "CN-01" in lots and 'type="file"' in page
    form = {**DECISION, "kind": "local"}
    for wrong in ({}, {"lot": "x"}, {"lot": str(uuid4())}, {"lot": [lots["CN-01"], str(uuid4())]}):
        refused = planner.post(address, **form, **wrong)
        assert refused.status_code == 422, wrong
    assert "checked" in refused.text and "77/QĐ-TEST" in refused.text  # what was ticked stays

    def with_file(name: str, content: bytes) -> TestResponse:
        return planner.post(address, **form, scope=(io.BytesIO(content), name))

    assert with_file("pham-vi.gpkg", b"not a file").status_code == 422
    with db.reading() as session:
        version = dict(plan_facts(session, "QHPK-A").versions)[2]
        one = next(lot for lot in lots_of(session, Moment(DAY), version) if lot.symbol == "CN-01")
    drawn = write_file(tmp_path / "pham-vi.gpkg", [one.shape], {"TEN": ["phạm vi"]}).read_bytes()
    made = with_file("pham-vi.gpkg", drawn)
    assert made.status_code == 302, made.text
    assert "chờ lô mới cho 1 lô" in planner.get(made.location).text
    ticked = planner.post(address, **form, lot=[lots["CN-01"], lots["CN-02"]], symbols="CN-03")
    assert "chờ lô mới cho 3 lô" in planner.get(ticked.location).text
    steps = signed_in(Role.VIEWER).get("/api/v1/plans/QHPK-A").text
    assert "QHPK-A, bản 2: lập điều chỉnh cục bộ" in steps


def test_plans_on_a_spot(signed_in: SignedIn, app: Flask) -> None:
    viewer = signed_in(Role.VIEWER)
    page = viewer.get("/plans/here?zone=KCN-DEMO-A&x=2368700,0&y=477700").text
    assert "QHC-KKT" in page and "QHPK-A · bản 2" in page and "Không có quy hoạch cấp này" in page
    assert "Hãy chọn khu" in viewer.get("/plans/here?zone=KCN-DEMO-A&x=abc&y=1").text
    api = "/api/v1/plans/in-force"
    square = "POLYGON((477700 2368700,477710 2368700,477710 2368710,477700 2368700))"
    found = viewer.get(f"{api}?zone=KCN-DEMO-A&polygon={square}").json["levels"]["subdivision"]
    assert found[0]["lots"][0]["shared_m2"] == pytest.approx(50) and found[0]["number"] == 2
    early = viewer.get(f"{api}?zone=KCN-DEMO-A&x=2368700&y=477700&as_of=2022-01-01").json
    assert early["levels"]["subdivision"][0]["number"] == 1
    zone = viewer.get("/api/v1/zones").json["zones"][0]
    by_degree = viewer.get(f"{api}?lon={zone['lonlat'][0]}&lat={zone['lonlat'][1]}").json
    assert set(by_degree["levels"]) == {"general", "subdivision", "detailed"}
    for bad in ("", "?x=1", "?zone=KCN-DEMO-A&x=1", "?zone=KCN-DEMO-A&polygon=POINT(1 1)",
                "?lon=1&lat=1&x=1", "?zone=KCN-DEMO-A&polygon=rubbish"):  # fmt: skip
        assert viewer.get(api + bad).status_code == 422, bad
    assert viewer.get(f"{api}?parcel=00000000-0000-0000-0000-000000000000").status_code == 404
    listed = viewer.get("/api/v1/plans?level=general&as_of=2026-11-22").json["plans"]
    assert {(row["plan"], row["status"]) for row in listed} == {
        ("QHC-KKT", "task"), ("QHC-KKT", "published"),
    }  # fmt: skip
    steps = viewer.get("/api/v1/plans/QHPK-C").json["steps"]
    assert [step["status"] for step in steps][-1] in ("appraisal", "annulled", "approved")


def test_steps_have_words_wherever_they_are_told(signed_in: SignedIn) -> None:
    viewer = signed_in(Role.VIEWER)
    listed = viewer.get("/api/v1/plans?level=general&as_of=2026-11-22").json["plans"]
    assert {row["status_name"] for row in listed} == {"Nhiệm vụ quy hoạch", "Công bố"}
    found = viewer.get("/api/v1/search?q=qhpk-c&as_of=2026-10-10").json["results"]
    (draft, whole) = [each for each in found if each["kind"] == "plan"]
    assert draft["label"] == "QHPK-C, bản 2" and "Thẩm định" in draft["detail"]
    assert draft["url"].startswith("/plans/QHPK-C/2") and "Phê duyệt" in whole["detail"]
    page = viewer.get("/search?q=quy hoach phan khu&lang=en").text
    assert "QHPK-A, version 2" in page and "Approved" in page
    viewer.get("/?lang=vi")
    versions = viewer.get("/api/v1/zones/KCN-DEMO-A").json["plan_versions"]
    drafts = [each for each in versions if each["draft"]]
    assert {each["status_name"] for each in versions if each["in_force"]} == {"Phê duyệt"}
    assert drafts and not any(each["in_force"] for each in drafts)
    here = viewer.get("/api/v1/plans/in-force?zone=KCN-DEMO-A&x=2368700&y=477700").json["levels"]
    assert here["subdivision"][0]["status_name"] == "Phê duyệt"


def test_an_approval_is_not_undone_by_planners(signed_in: SignedIn, db: Database) -> None:
    steps = signed_in(Role.VIEWER).get("/api/v1/plans/QHPK-C").json["steps"]
    change = next(step["change"] for step in steps if step["status"] == "annulled")
    with db.reading() as session:
        known = str(session.scalar(select(Change.id).where(Change.number == change)))
    planner = signed_in(Role.PLANNER)
    said = planner.client.post(
        f"/api/v1/changes/{known}/undo",
        json={"reason": "nhầm"},
        headers={"X-CSRFToken": planner.token, "Idempotency-Key": "undo-annulment"},
    )
    assert said.status_code == 403 and said.json["type"].endswith("plan-approval-needs-leader")
