"""Numbers, areas, days and lists as people of either language read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.exceptions import BadRequest

from gisapp.present import day, formats, tables
from gisapp.present.pipeline import Band, Segment, Track


@pytest.fixture(params=["vi", "en"])
def reader(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """A request by a reader of either language."""
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1105.9, 1, "1.105,9", "1,105.9"),
        (Decimal("1972.7"), 2, "1.972,70", "1,972.70"),
        (0, 0, "0", "0"),
        (2.5, 0, "3", "3"),
        (Decimal("0.125"), 2, "0,13", "0.13"),
        (-0.001, 2, "0,00", "0.00"),
        (-1234.5, 1, "-1.234,5", "-1,234.5"),
        (None, 2, "–", "–"),
        (float("nan"), 2, "–", "–"),
    ],
)
def test_numbers(reader: str, value: float, decimals: int, vi: str, en: str) -> None:
    assert formats.number(value, decimals) == {"vi": vi, "en": en}[reader]


def test_areas_ratios_and_days(reader: str) -> None:
    vietnamese = reader == "vi"
    assert formats.hectares(11_059_000) == ("1.105,90" if vietnamese else "1,105.90")
    assert formats.square_metres(Decimal("750.04")) == ("750,0" if vietnamese else "750.0")
    assert formats.percent(Decimal("0.5606")) == ("56,06\u00a0%" if vietnamese else "56.06\u00a0%")
    assert formats.percent(None) == formats.hectares(None) == formats.day(None) == "–"
    assert formats.day(dt.date(2026, 11, 21)) == ("21/11/2026" if vietnamese else "21 Nov 2026")
    late = dt.datetime(2026, 11, 21, 18, 30, tzinfo=dt.UTC)
    assert formats.instant(late) == ("01:30 22/11/2026" if vietnamese else "22 Nov 2026 01:30")
    assert formats.day(late) == formats.day(dt.date(2026, 11, 22))


@given(some.decimals(-(10**12), 10**12, places=6))
def test_no_number_is_shown_more_wrong_than_its_last_digit(value: Decimal) -> None:
    with _vietnamese():
        shown = formats.number(value, 2)
    read = Decimal(shown.replace(".", "").replace(",", "."))
    assert abs(read - value) <= Decimal("0.005")


def _vietnamese():  # type: ignore[no-untyped-def]
    from flask_babel import Babel

    app = Flask("formats")
    Babel(app, default_locale="vi")
    return app.test_request_context("/")


@pytest.mark.parametrize(
    "query",
    [
        "as_of=2024-02-30",
        "as_of=31/12/2024",
        "as_of=1900-01-01",
        "as_of=9999-12-31",
        "as_of=x",
        "known_at=yesterday",
        "known_at=2999-01-01",
        "known_at=2024-01-01T25:00",
        "known_at=9999-12-31T23:59:59-14:00",
        "known_at=0001-01-01T00:00%2B14:00",
    ],
)
def test_what_is_no_day_is_refused(app: Flask, query: str) -> None:
    with app.test_request_context(f"/?{query}"), pytest.raises(day.DayRefused):
        day.shown_day()


def test_the_day_is_carried_by_every_address(app: Flask) -> None:
    with app.test_request_context("/zones?as_of=2024-06-30&known_at=2024-07-10"):
        shown = day.shown_day()
        assert shown.as_of == dt.date(2024, 6, 30)
        assert shown.known_at is not None
        assert shown.known_at.isoformat() == "2024-07-10T23:59:59.999999+07:00"
        assert shown.is_past_or_coming
        url = day.dated_url("zones.show", code="KCN-A")
    assert url == "/zones/KCN-A?as_of=2024-06-30&known_at=2024-07-10T23:59:59%2B07:00"
    with app.test_request_context(url):
        assert day.shown_day().as_of == dt.date(2024, 6, 30)


def test_an_instant_without_an_offset_is_legal_time(app: Flask) -> None:
    with app.test_request_context("/?known_at=2024-07-10T09:30"):
        known = day.shown_day().known_at
    assert known == dt.datetime(2024, 7, 10, 2, 30, tzinfo=dt.UTC)


def test_today_and_all_that_is_known_leave_addresses_clean(app: Flask) -> None:
    today = day.today().isoformat()
    with app.test_request_context(f"/?as_of={today}&known_at={today}"):
        assert day.shown_day().known_at is None
        assert day.dated_url("zones.listing") == "/zones"


def test_days_people_ask_for(app: Flask) -> None:
    shown = day.ShownDay(dt.date(2026, 1, 15), None, dt.date(2026, 1, 15))
    with app.test_request_context("/"):
        ends = [value for _label, value in shown.landmarks()]
    assert ends == [dt.date(2025, 12, 31)] * 3


COLUMNS = [
    tables.Column(key="name", label="Tên"),
    tables.Column(key="area", label="Diện tích", kind="hectares", unit="ha", total=True),
    tables.Column(key="since", label="Từ ngày", kind="day"),
]
ROWS = [
    {"name": "Đồng Nai", "area": 30_000, "since": dt.date(2021, 1, 1)},
    {"name": "Ân Thi", "area": None, "since": None},
    {"name": "=cmd|' /C calc'!A0", "area": Decimal("12345.6"), "since": dt.date(2020, 1, 1)},
    {"name": "Bình Dương", "area": 20_000, "since": dt.date(2022, 1, 1)},
]


def _names(app: Flask, query: str) -> list[str]:
    with app.test_request_context(f"/?{query}"):
        shown = tables.listing(ROWS, COLUMNS, default_sort="name")
    return [row["name"].split("|")[0] for row in shown.rows]


def test_lists_are_sorted_as_vietnamese_is_and_what_is_unknown_comes_last(app: Flask) -> None:
    assert _names(app, "") == ["=cmd", "Ân Thi", "Bình Dương", "Đồng Nai"]
    assert _names(app, "sort=-area") == ["Đồng Nai", "Bình Dương", "=cmd", "Ân Thi"]
    assert _names(app, "sort=area") == ["=cmd", "Bình Dương", "Đồng Nai", "Ân Thi"]


@pytest.mark.parametrize("query", ["sort=nothing", "page=0", "page=x", "page=-1", "page=²"])
def test_wrong_orders_and_pages_are_refused(app: Flask, query: str) -> None:
    with app.test_request_context(f"/?{query}"), pytest.raises(BadRequest):
        tables.listing(ROWS, COLUMNS, default_sort="name")


def test_totals_and_pages(app: Flask) -> None:
    rows = [{"name": str(number), "area": 10_000, "since": None} for number in range(120)]
    with app.test_request_context("/?page=3"):
        shown = tables.listing(rows, COLUMNS, default_sort="name")
    assert (shown.pages, shown.first, shown.last, len(shown.rows)) == (3, 101, 120, 20)
    assert shown.totals == {"area": 1_200_000}


@pytest.mark.parametrize(
    ("lang", "line"),
    [("vi", "Đồng Nai;3;2021-01-01"), ("en", "Đồng Nai,3,2021-01-01")],
)
def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(app: Flask, lang: str, line: str) -> None:
    with app.test_request_context(f"/?lang={lang}&format=csv"):
        shown = tables.listing(ROWS, COLUMNS, default_sort="name")
        text = tables.as_csv(shown, "x").get_data(as_text=True)
    lines = text.lstrip("\ufeff").split("\r\n")
    assert text.startswith("\ufeff")
    assert line in lines
    assert any(found.startswith("'=cmd|") for found in lines)
    assert "1,23456" in text if lang == "vi" else "1.23456" in text


def test_bands_are_to_scale() -> None:
    track = Track("x", [Segment("leased", "x", Decimal(250))])
    band = Band("A", "A", "/", Decimal(500), Decimal(1000), [track])
    assert band.width(Decimal(250)) == "250.00"
    assert Band("A", "A", "/", None, 0, []).width(5) == "0"
