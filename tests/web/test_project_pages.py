"""Projects on screen: the list and its files, one project, every form, refusals in words."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.clocks import moment
from planning.projects import rates, register, sightings
from tests.db.project_ground import Built, lay_project, permitted
from tests.photo_files import NO_PHOTOS, exif, photo_jpeg, photo_png, upload
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
PAPER = {"document": "12/BC", "issued": "2025-03-10", "issuer": "Ban Quản lý"}
_places = itertools.count(1)


def lay_own(app: Flask, kind: str = "fdi") -> Built:
    """A project on ground nobody else writes on: tests may run in any order."""
    place = next(_places)
    with database_of(app).transaction() as session:
        return lay_project(session, f"DA-{place}", place * 120, kind=kind)


@pytest.fixture(scope="module")
def seen(app: Flask) -> Built:
    """A permitted project everybody reads and nobody writes on."""
    made = lay_own(app)
    with database_of(app).transaction() as session:
        permitted(session, made)
    return made


@pytest.fixture
def own(app: Flask) -> Built:
    """A project to write on."""
    return lay_own(app)


def line_of(app: Flask, built: Built) -> register.ProjectLine:
    with database_of(app).reading() as db:
        return register.line(db, moment(db), built.code)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_projects(signed_in: Actors, seen: Built, role: Role) -> None:
    browser = signed_in(role)
    text = browser.get("/projects").text
    assert seen.code in text
    assert "12,00" in text and "triệu USD" in text
    page = browser.get(f"/projects/{seen.code}?as_of=2026-06-30").text
    assert "điều chỉnh lần 1" in page and "Tăng vốn" in page
    assert "10/01/2024 – 10/01/2074" in page
    assert "Mốc “Khởi công” dự kiến 01/09/2024, chậm 667 ngày" in page
    assert ("Ghi vào sổ" in page) == (role is Role.PLANNER)


def test_a_day_before_an_amendment_does_not_know_it(signed_in: Actors, seen: Built) -> None:
    page = signed_in(Role.LEADER).get(f"/projects/{seen.code}?as_of=2025-01-31").text
    assert "điều chỉnh lần 1" not in page
    assert "Giấy chứng nhận đăng ký đầu tư" in page
    assert signed_in(Role.LEADER).get(f"/projects/{seen.code}?as_of=2023-12-31").status_code == 404


def test_the_list_filters_sorts_and_leaves_as_files(
    app: Flask, signed_in: Actors, seen: Built
) -> None:
    public = lay_own(app, kind="public")
    browser = signed_in(Role.LEADER)
    late = browser.get("/projects?lateness=any&as_of=2026-06-30&sort=-late_days").text
    assert seen.code in late and "Chậm trên 1 năm" in late
    rows = browser.get("/projects?lateness=any&as_of=2024-02-29").text
    assert f"/projects/{seen.code}" not in rows
    assert f"/projects/{seen.code}?" not in browser.get("/projects?kind=public").text
    assert f"/projects/{public.code}" in browser.get("/projects?kind=public").text
    assert "Không có dòng nào" in browser.get("/projects?q=khong-co").text
    assert browser.get("/projects?sort=nonsense").status_code == 400
    book = openpyxl.load_workbook(
        io.BytesIO(browser.client.get(f"/projects?q={seen.code}&format=xlsx").data)
    )
    heads, row = list(book.active.iter_rows(values_only=True))[:2]
    told = dict(zip(heads, row, strict=True))
    assert told["Mã"] == seen.code
    assert told["Vốn đăng ký (triệu USD)"] == 12
    assert told["Đất (ha)"] == 2
    text = browser.get(f"/projects?q={seen.code}&format=csv").data.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(seen.code)


def test_names_that_a_spreadsheet_would_run_are_defused(app: Flask, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    own = lay_own(app)
    planner.get("/projects")
    sent = planner.post(
        "/projects", code="da-cong-thuc", zone=f"KCN-{own.code}", kind="ddi", status="certified",
        name="=HYPERLINK(1)", investor="+cmd", **PAPER,
    )  # fmt: skip
    assert sent.status_code == 302
    text = planner.get("/projects?q=DA-CONG-THUC&format=csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "'+cmd" in text


def test_a_project_is_opened_with_its_parcels(app: Flask, signed_in: Actors, own: Built) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get("/projects")
    form = {
        "code": f"{own.code}-moi", "zone": f"KCN-{own.code}", "kind": "ddi", "status": "certified",
        "name": "Kho lạnh", "parcels": "12/3, 12/4", **PAPER,
    }  # fmt: skip
    assert planner.post("/projects", once=f"n-{own.code}", **form).status_code == 302
    assert planner.post("/projects", once=f"n-{own.code}", **form).status_code == 302, "sent twice"
    found = line_of(app, Built(own.id, f"{own.code}-MOI".upper(), own.ground))
    assert found.parcels == 2
    again = planner.post("/projects", once=f"m-{own.code}", **form)
    assert again.status_code == 422 and "đã có" in again.text.casefold()
    lost = planner.post("/projects", **{**form, "code": "DA-LOST", "parcels": "12/99"})
    assert "Trong khu không có đúng một thửa mang số “12/99”" in lost.text


FORMS = {
    "progress": ({"actual_pct": "55,5", "planned_pct": "60"}, "Đã ghi tiến độ."),
    "milestones": ({"step": "land", "actual_on": "2025-03-01"}, "Đã ghi mốc."),
    "certificates": ({"certificate": "irc", "changes": ["capital"]}, "Đã ghi: Giấy chứng nhận"),
    "capital": ({"currency": "usd", "registered": "15.000.000"}, "Đã ghi vốn."),
    "disbursement": (
        {"currency": "USD", "period_from": "2025-01-01", "period_to": "2025-03-31",
         "planned": "1.000.000", "actual": "750.000,5"},
        "Đã ghi giải ngân.",
    ),
    "workers": ({"total": "1.200", "foreigners": "35"}, "Đã ghi lao động."),
    "status": ({"status": "operating", "add": "12/3", "drop": "12/1"}, "Đã ghi."),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_writes_once(app: Flask, signed_in: Actors, own: Built, form: str) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    values, word = FORMS[form]
    for _time in range(2):
        sent = planner.post(f"/projects/{own.code}/{form}", once=f"k-{own.code}", **values, **PAPER)
        assert sent.status_code == 302
    with database_of(app).reading() as db:
        changes = sightings.changes_of(db, moment(db), own.id)
    assert sum(change.document == "12/BC" for change in changes) == 1
    assert word in planner.get(f"/projects/{own.code}").text


def test_what_was_written_is_read_back(app: Flask, signed_in: Actors, own: Built) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    for form, (values, _word) in FORMS.items():
        assert planner.post(f"/projects/{own.code}/{form}", **values, **PAPER).status_code == 302
    line = line_of(app, own)
    assert (line.workers, line.foreigners, line.status) == (1_200, 35, "operating")
    assert line.actual_pct == 55.5 and line.parcels == 2
    page = planner.get(f"/projects/{own.code}").text
    assert "750.000,50\u00a0USD" in page and "15.000.000\u00a0USD" in page
    assert "money-chart" in page and "12/3" in page
    assert "01/03/2025" in page, "the day land was received"


BAD = [
    ("milestones", {"step": "operation", "planned_on": "2023-12-31"}, "sớm hơn ngày dự án bắt đầu"),
    ("milestones", {"step": "operation", "planned_on": "2024-08-31"}, "phải theo thứ tự"),
    ("milestones", {"step": "permit"}, "“dự kiến ngày” còn trống"),
    ("milestones", {"step": "moon", "planned_on": "2025-01-01"}, "“mốc”"),
    ("certificates", {"certificate": "irc", "amendment": "1"}, "phải đi sau văn bản gốc"),
    ("capital", {"currency": "USX", "registered": "1"}, "không phải mã tiền tệ"),
    ("capital", {"currency": "", "registered": "1"}, "“loại tiền”"),
    ("capital", {"currency": "USD", "registered": "-5"}, "không âm"),
    ("capital", {"currency": "VND", "registered": "10,5"}, "đồng không có số lẻ"),
    ("capital", {"currency": "USD", "registered": "1.5"}, "“vốn đăng ký”"),
    ("capital", {"currency": "USD", "registered": "nhiều"}, "“vốn đăng ký”"),
    ("progress", {"actual_pct": "101"}, "0 đến 100"),
    ("progress", {"actual_pct": "-1"}, "0 đến 100"),
    ("workers", {"total": "5", "foreigners": "6"}, "từ 0 đến tổng số"),
    ("workers", {"total": "5,5"}, "“tổng số lao động”"),
    (
        "disbursement",
        {"currency": "USD", "period_from": "2025-04-01", "period_to": "2025-03-31", "planned": "1"},
        "ngày cuối kỳ sớm hơn",
    ),
    (
        "disbursement",
        {"currency": "USD", "period_from": "2025-04-01", "period_to": "2025-06-30", "actual": "1"},
        "trước khi kỳ bắt đầu",
    ),
    ("status", {"status": "flying"}, "“trạng thái”"),
    ("status", {"status": "operating", "drop": "12/4"}, "Không"),
]


@pytest.mark.parametrize("place", range(len(BAD)), ids=lambda n: f"{BAD[n][0]}-{n}")
def test_what_is_wrong_is_said_on_the_page_and_nothing_is_kept(
    app: Flask, signed_in: Actors, own: Built, place: int
) -> None:
    form, values, word = BAD[place]
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    with database_of(app).reading() as db:
        before = sightings.changes_of(db, moment(db), own.id)
    answer = planner.post(f"/projects/{own.code}/{form}", **values, **PAPER)
    assert answer.status_code == 422
    problem = answer.text.split('role="alert"')[1].split("</div>")[0]
    assert word in problem, problem
    assert "CONSTRAINT" not in answer.text and "psycopg" not in answer.text
    with database_of(app).reading() as db:
        assert sightings.changes_of(db, moment(db), own.id) == before


def test_a_milestone_after_the_end_is_explained(app: Flask, signed_in: Actors, seen: Built) -> None:
    own = lay_own(app)
    with database_of(app).transaction() as session:
        permitted(session, own)
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    sent = planner.post(
        f"/projects/{own.code}/milestones", step="operation", planned_on="2074-01-11", **PAPER
    )
    assert "sau ngày dự án kết thúc (10/01/2074)" in sent.text
    assert "Mốc “vận hành” (11/01/2074)" in sent.text


def test_periods_that_overlap_count_nothing_twice(signed_in: Actors, own: Built) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    year = {"currency": "USD", "period_from": "2025-01-01", "period_to": "2025-12-31"}
    path = f"/projects/{own.code}/disbursement"
    assert planner.post(path, planned="5", **year, **PAPER).status_code == 302
    quarter = {**year, "period_to": "2025-03-31", "planned": "1"}
    assert "một đồng chỉ tính một lần" in planner.post(path, **quarter, **PAPER).text
    more = {**PAPER, "document": "13/BC", "issued": "2025-06-01"}
    assert planner.post(path, actual="20.000.000", **year, **more).status_code == 302
    page = planner.get(f"/projects/{own.code}").text
    assert "nhiều hơn vốn đăng ký" in page, "more than registered is said, not refused"


def test_currencies_are_added_by_a_dated_rate_or_not_at_all(
    app: Flask, signed_in: Actors, own: Built
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    money = {"currency": "JPY", "registered": "100.000.000"}
    planner.post(f"/projects/{own.code}/capital", **money, **PAPER)
    page = planner.get(f"/projects/{own.code}?as_of=2025-03-10").text
    assert "không cộng các loại tiền: chưa có tỷ giá của JPY" in page
    for currency, rate in (("JPY", "170,25"), ("USD", "25.000")):
        sent = planner.post("/projects/rates", currency=currency, rate=rate, **PAPER)
        assert sent.status_code == 302
    page = planner.get(f"/projects/{own.code}?as_of=2025-03-10").text
    assert "317,03\u00a0tỷ đ" in page, "12 m USD x 25,000 + 100 m JPY x 170.25"
    assert "1 JPY = 170,25 đ, ngày 10/03/2025, theo 12/BC" in page
    before = planner.get(f"/projects/{own.code}?as_of=2025-03-09").text
    assert "quy đổi" not in before, "no rate that day"
    wrong = planner.post("/projects/rates", currency="VND", rate="1", **PAPER)
    assert "đồng không cần tỷ giá với chính nó" in wrong.text
    with database_of(app).reading() as db:
        assert set(rates.rates(db, moment(db))) == {"JPY", "USD"}


def inspect(planner: Browser, built: Built, *files: object, **more: str) -> object:
    values = {"day": "2025-03-10", "body": "Đang đổ móng", **more}
    return planner.post(f"/projects/{built.code}/notes", photos=list(files), **values)


def test_an_inspection_keeps_its_photos(app: Flask, signed_in: Actors, own: Built) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    files = [upload(photo_jpeg(exif())), upload(photo_png(), "b.png")]
    assert inspect(planner, own, *files, caption="Móng").status_code == 302  # type: ignore[attr-defined]
    with database_of(app).reading() as db:
        visit = sightings.inspections(db, moment(db), project_id=own.id)[0]
    assert [photo.caption for photo in visit.photos] == ["Móng", "Móng"]
    placed = next(photo for photo in visit.photos if photo.lon is not None)
    assert placed.lon == pytest.approx(107.25)
    viewer = signed_in(Role.VIEWER)
    page = viewer.get(f"/projects/{own.code}").text
    assert "Đang đổ móng" in page and f"/api/v1/photos/{placed.id}/thumbnail" in page
    for part in ("file", "thumbnail"):
        sent = viewer.client.get(f"/api/v1/photos/{placed.id}/{part}")
        assert sent.mimetype == "image/jpeg" and b"0912345678" not in sent.data
    told = viewer.get(f"/api/v1/projects/{own.code}").json
    east, north = told["photo_places"][str(placed.id)]
    assert 300_000 < east < 700_000 and 2_300_000 < north < 2_400_000, "metres of the plane"
    gone = planner.post(f"/projects/{own.code}/photos/{placed.id}/withdraw")
    assert gone.status_code == 302
    assert viewer.get(f"/api/v1/photos/{placed.id}/file").status_code == 404
    again = planner.post(f"/projects/{own.code}/photos/{placed.id}/withdraw")
    assert again.status_code == 422


@pytest.mark.parametrize(("content", "word"), NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_an_image_that_is_none_is_refused_in_words(
    signed_in: Actors, own: Built, content: bytes, word: str
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    sent = inspect(planner, own, upload(content))
    assert sent.status_code == 422  # type: ignore[attr-defined]
    problem = sent.text.split('role="alert"')[1].split("</div>")[0]  # type: ignore[attr-defined]
    assert word in problem.casefold() or word in problem, problem
    assert "Đang đổ móng" in sent.text  # type: ignore[attr-defined]
    assert "Chưa có ghi chú hay ảnh nào" in planner.get(f"/projects/{own.code}").text


def test_people_are_shown_to_those_who_edit_alone(
    app: Flask, signed_in: Actors, own: Built
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    body = "Gặp ông Nguyễn Văn A, CCCD 001 085 012 345"
    inspect(planner, own, upload(photo_jpeg()), body=body)
    page = planner.get(f"/projects/{own.code}").text
    assert body in page and "có dữ liệu cá nhân" in page, "a number of a person marks it by itself"
    with database_of(app).reading() as db:
        at = moment(db)
        photo = sightings.inspections(db, at, project_id=own.id, personal=True)[0].photos[0]
    for role in (Role.VIEWER, Role.LEADER, Role.AUDITOR, Role.ADMIN):
        browser = signed_in(role)
        for path in (f"/projects/{own.code}", f"/api/v1/projects/{own.code}", "/projects"):
            answer = browser.get(path)
            assert "Nguyễn Văn A" not in answer.text and str(photo.id) not in answer.text
        assert browser.get(f"/api/v1/photos/{photo.id}/file").status_code == 404
        assert browser.get(f"/api/v1/photos/{photo.id}/thumbnail").status_code == 404
    for role in (Role.PLANNER, Role.OFFICER):
        sent = signed_in(role).client.get(f"/api/v1/photos/{photo.id}/file")
        assert sent.status_code == 200


def test_who_is_limited_to_a_zone_sees_its_projects_alone(
    app: Flask, signed_in: Actors, seen: Built
) -> None:
    own = lay_own(app)
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    inspect(planner, own, upload(photo_jpeg()))
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "one-zone", Role.PLANNER, PASSWORD)
        user.scopes.append(UserScope(zone_code=f"KCN-{seen.code}"))
    limited = session_of(app, "one-zone")
    page = limited.get("/projects").text
    assert seen.code in page and f">{own.code}<" not in page
    assert limited.get(f"/projects/{own.code}").status_code == 404
    assert limited.get(f"/api/v1/projects/{own.code}").status_code == 404
    with database_of(app).reading() as db:
        photo = sightings.inspections(db, moment(db), project_id=own.id)[0].photos[0]
    assert limited.get(f"/api/v1/photos/{photo.id}/file").status_code == 404
    limited.get(f"/projects/{seen.code}")
    sent = limited.post(f"/projects/{own.code}/progress", actual_pct="1", **PAPER)
    assert sent.status_code == 404


def test_the_api_says_the_same(signed_in: Actors, seen: Built) -> None:
    browser = signed_in(Role.VIEWER)
    told = browser.get("/api/v1/projects?as_of=2026-06-30&limit=2000").json
    found = {each["code"]: each for each in told["projects"]}[seen.code]
    assert found["lateness"] == "overdue" and found["late_days"] == 667
    assert found["capital"] == [
        {"currency": "USD", "registered": 12_000_000.0, "implemented": 3_000_000.0}
    ]
    whole = browser.get(f"/api/v1/projects/{seen.code}?as_of=2026-06-30").json
    assert [each["amendment"] for each in whole["certificates"]] == [0, 1]
    assert whole["box"][2] - whole["box"][0] == 200
    assert whole["late_step"] == "construction"
    one = browser.get("/api/v1/projects?limit=1").json
    assert one["next"] == one["projects"][0]["code"]
    rest = browser.get(f"/api/v1/projects?limit=2000&cursor={one['next']}").json
    assert one["next"] not in {each["code"] for each in rest["projects"]}
    assert browser.get("/api/v1/projects?lateness=never").status_code == 422
    assert browser.get("/api/v1/projects/NO-SUCH").status_code == 404
    assert browser.get("/api/v1/projects/NO%00SUCH").status_code in (400, 404)
