"""The overview and the pages behind its figures: what they say, on any day, in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask

from gisapp.present.headlines import quarter_ends, year_earlier
from gisapp.present.spark import spark
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from planning.clocks import moment
from tests import quang_ninh
from tests.web.conftest import PASSWORD, Browser

DAY = "as_of=2025-03-31"


@pytest.fixture(scope="module", autouse=True)
def ground(app: Flask) -> None:
    """The parks of Quảng Ninh, and a reader who may see one of them."""
    with database_of(app).transaction() as session:
        quang_ninh.build(session)
        user = accounts.create_user(session, "nguoi-kcn", Role.VIEWER, PASSWORD)
        accounts.change_user(
            session, user, role=Role.VIEWER, full_name=None, places=["KCN-QN1"], at=moment(session),
            actor_id=None,
        )  # fmt: skip


@pytest.fixture
def reader(signed_in: Callable[[Role | None], Browser]) -> Browser:
    """A leader's browser."""
    return signed_in(Role.LEADER)


def words(browser: Browser, path: str) -> str:
    """The text of a page without marks, spaces made single."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    plain = unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\u00a0", " ")
    return " ".join(plain.split())


def test_five_figures_with_their_denominator(reader: Browser) -> None:
    said = words(reader, f"/?{DAY}&lang=vi")
    for part in (
        "1.972,71 ha",
        "1.105,90 ha",
        "56,06 %",
        "trên diện tích đất công nghiệp và đất dịch vụ: 1.972,71 ha",
        "775,43 ha",
        "đã GPMB tất cả 2.717,00 ha",
        "Không có việc quá hạn.",
        "Cộng, đất nằm trong hai khu tính một lần 3.224,00",
    ):
        assert part in said, part
    assert "+14,01 điểm %" in said, "a quarter of the sub-leases came since the day a year before"


def test_english(reader: Browser) -> None:
    said = words(reader, f"/?{DAY}&lang=en")
    assert "1,972.71 ha" in said and "+14.01 points" in said and "Nothing is overdue." in said


@pytest.mark.parametrize(
    ("ratio", "value", "base"),
    [
        ("occupancy_rate_d82", "56,06 %", "trên diện tích đất công nghiệp có thể cho thuê"),
        ("leased_to_state_allocated", "56,96 %", "trên diện tích Nhà nước đã giao, cho thuê"),
        ("leased_to_cleared", "40,70 %", "trên diện tích đã giải phóng mặt bằng"),
    ],
)
def test_the_denominator_switch(reader: Browser, ratio: str, value: str, base: str) -> None:
    said = words(reader, f"/?{DAY}&lang=vi&ratio={ratio}")
    figures = said.partition("Quỹ đất của từng khu")[0]
    assert value in figures and f"{base}: " in figures


def test_the_decree_of_the_day_rules_unless_asked(reader: Browser) -> None:
    assert "Lấp đầy (NĐ 82)" in words(reader, "/?as_of=2022-07-14&lang=vi")
    assert "Lấp đầy (NĐ 35)" in words(reader, "/?as_of=2022-07-15&lang=vi")


def test_comparison_with_a_chosen_day(reader: Browser) -> None:
    said = words(reader, f"/?{DAY}&compare=2025-01-31&lang=vi")
    assert "+276,48 ha" in said


def test_bands_are_drawn_to_one_scale(reader: Browser) -> None:
    page = reader.get(f"/?{DAY}").text
    natural = re.findall(r'class="state-natural" x="0.00" y="0" width="([\d.]+)"', page)
    assert natural == ["1000.00", "465.26", "465.26"]
    leased, available = (
        re.findall(rf'class="state-{state}" x="([\d.]+)" y="0" width="([\d.]+)"', page)[0]
        for state in ("leased", "available")
    )
    assert leased == ("0.00", "343.02")
    assert available == ("343.02", "259.20"), "what is available begins where the leased ends"


def test_every_number_leads_to_its_rows(reader: Browser) -> None:
    page = reader.get(f"/?{DAY}&lang=vi").text
    targets = {
        unescape(link) for link in re.findall(r'href="(/(?:zones/[^"]+/)?figures/[^"]+)"', page)
    }
    assert len(targets) > 20
    for target in targets:
        assert "as_of=2025-03-31" in target
        assert reader.get(target).status_code == 200, target


def test_rows_add_up(reader: Browser) -> None:
    said = words(reader, f"/zones/KKT-QN/figures/leased_area?{DAY}&lang=vi")
    assert "1.105,90 ha" in said and "Cộng 11.059.000,0 11.059.000,0" in said
    assert "TL-2025" in said and "Nhà đầu tư" in said
    left = words(reader, f"/figures/remaining_to_clear?{DAY}&lang=vi")
    assert "507,00 ha" in left and "Cộng 5.070.000,0" in left
    assert "Chưa khoanh đất không phải giải phóng mặt bằng" in left


def test_a_ratio_shows_both_sides_and_its_clause(reader: Browser) -> None:
    said = words(reader, f"/figures/allocation_rate?{DAY}&lang=vi")
    assert "71,46 %" in said and "Tử số 1.941,57 ha" in said and "Mẫu số 2.717,00 ha" in said
    assert "chưa đối chiếu" in said
    decree = words(reader, f"/figures/occupancy_rate_d82?{DAY}&lang=vi")
    assert "từ 10/07/2018 đến trước 15/07/2022 không hiệu lực vào ngày này" in decree
    assert "QHPK-1, bản 1 · BC-QI/2025" in decree


def test_rows_as_a_file(reader: Browser) -> None:
    answer = reader.get(f"/zones/KCN-QN1/figures/cleared_area?{DAY}&lang=vi&format=csv")
    assert answer.mimetype == "text/csv"
    assert len(answer.text.splitlines()) == 13


def test_all_indicators_on_one_page(reader: Browser) -> None:
    said = words(reader, f"/figures?{DAY}&lang=vi")
    assert "occupancy_rate_d35" in said and "leased_to_cleared" in said
    assert "đã đối chiếu nguồn" in said and "chưa đối chiếu" in said


def test_a_zone_page_has_its_figures(reader: Browser) -> None:
    said = words(reader, f"/zones/KCN-QN2?{DAY}&lang=vi")
    assert "986,36 ha" in said and "56,06 %" in said and "417,84 ha" in said


def test_who_sees_one_park_gets_the_figures_of_one_park(browser: Browser) -> None:
    browser.sign_in("nguoi-kcn")
    said = words(browser, f"/?{DAY}&lang=vi")
    assert "552,95 ha" in said and "KCN-QN2" not in said and "KKT-QN" not in said
    assert browser.get(f"/zones/KCN-QN2/figures/leased_area?{DAY}").status_code == 404
    assert "552,95 ha" in words(browser, f"/figures/leased_area?{DAY}&lang=vi")


def test_before_anything_was(reader: Browser) -> None:
    said = words(reader, "/?as_of=2018-12-31&lang=vi")
    assert "Vào ngày 31/12/2018 sổ chưa có khu nào." in said
    assert words(reader, "/figures?as_of=2018-12-31&lang=vi")
    assert words(reader, "/figures/occupancy_rate_d35?as_of=2018-12-31&lang=vi")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?compare=soon", 400),
        ("/?ratio=leased_area", 400),
        ("/figures/gold", 404),
        ("/zones/KHAC/figures/leased_area", 404),
        (f"/figures/leased_area?{DAY}&sort=gold", 400),
    ],
)
def test_bad_addresses(reader: Browser, path: str, status: int) -> None:
    assert reader.get(path).status_code == status


def test_days_of_comparison() -> None:
    assert year_earlier(date(2024, 2, 29)) == date(2023, 2, 28)
    assert quarter_ends(date(2025, 3, 31), 2) == [
        date(2024, 9, 30),
        date(2024, 12, 31),
        date(2025, 3, 31),
    ]


def test_a_line_needs_two_points() -> None:
    assert spark([None, Decimal(1)], "") is None
    level = spark([Decimal(1), Decimal(1)], "")
    assert level is not None and level.points == "3.0,13.0 93.0,13.0"


def test_map_and_table_name_the_same_zones(reader: Browser) -> None:
    page = reader.get(f"/?{DAY}").text
    shapes = re.findall(
        r'<a href="[^"]+" data-zone="([^"]+)" aria-label="[^"]+" class="([^"]+)"', page
    )
    rows = re.findall(r'<tr data-zone="([^"]+)"', page)
    assert {code for code, _kind in shapes} <= set(rows)
    assert {kind for _code, kind in shapes} <= {
        "holds",
        "level-none",
        *(f"level-{n}" for n in range(5)),
    }
    assert "js/overview.js" in page
    assert "Mọi khu vẽ cùng một tỷ lệ; các khu ở xa nhau" in page
