"""Printed figures read, kept as they stand, and what is computed beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from planning.incoming import RowRefused
from planning.recorded.errors import (
    FigureCurrencyMissing,
    FigureDiffersFromPrint,
    FigureUnitMissing,
    FigureUnreadable,
)
from planning.recorded.printed import (
    QUALIFIERS,
    UNITS,
    Printed,
    as_text,
    read_printed,
    settled,
    unit_of,
    vietnamese,
)
from planning.recorded.rules import Identity, agrees, checks, compared_from_growth, computed

D = Decimal


@pytest.mark.parametrize(
    ("text", "value", "value_to", "qualifier", "unit"),
    [
        ("2.717ha", "2717", None, "exact", "ha"),
        ("1.941,57 ha", "1941.57", None, "exact", "ha"),
        ("56,06%", "56.06", None, "exact", "percent"),
        ("10,367 tỷ USD", "10.367", None, "exact", "billion_usd"),
        ("132.134 tỷ đồng", "132134", None, "exact", "billion_vnd"),
        ("khoảng 42.500 người", "42500", None, "about", "person"),
        ("Hơn 1.000 ha", "1000", None, "more_than", "ha"),
        ("gần 60 %", "60", None, "nearly", "percent"),
        ("2-3 dự án", "2", "3", "exact", "project"),
        ("khoảng 10 – 12 ha", "10", "12", "about", "ha"),
        ("từ 5 đến 7 dự án", None, None, "", ""),
        ("5 đến 7 dự án", "5", "7", "exact", "project"),
        ("-38,9 %", "-38.9", None, "exact", "percent"),
        ("0,4 triệu USD", "0.4", None, "exact", "million_usd"),
        ("110", "110", None, "exact", None),
        ("1 250 000 đồng", "1250000", None, "exact", "vnd"),
        ("220 triệu động", "220", None, "exact", None),
    ],
)
def test_what_reports_print(
    text: str, value: str | None, value_to: str | None, qualifier: str, unit: str | None
) -> None:
    if value is None:
        with pytest.raises(FigureUnreadable):
            read_printed(text)
        return
    found = read_printed(text)
    assert found == Printed(D(value), D(value_to) if value_to else None, qualifier, unit)


@pytest.mark.parametrize("text", ["", "không có", "ha", "nhiều 5 ha", "1.2.3,4 ha"])
def test_a_text_without_a_number_is_refused(text: str) -> None:
    with pytest.raises(FigureUnreadable):
        read_printed(text)


@pytest.mark.parametrize("text", ["85 triệu", "1,2 tỷ", "3 million"])
def test_money_without_a_currency_is_refused(text: str) -> None:
    with pytest.raises(FigureCurrencyMissing):
        read_printed(text)
    with pytest.raises(FigureCurrencyMissing):
        unit_of(text.split()[-1])


def test_what_is_typed_and_what_is_printed_come_together() -> None:
    figure, text = settled("2.717ha")
    assert (figure, text) == (Printed(D(2717), None, "exact", "ha"), "2.717ha")
    assert settled(None, value=D("49.8"), unit="ha")[1] == "49,8 ha"
    assert settled("220 triệu động", value=D(220), unit="billion_vnd") == (
        Printed(D(220), None, "exact", "billion_vnd"), "220 triệu động",
    )  # fmt: skip
    kept, words = settled("không có", value=D(0), unit="dossier")
    assert (kept.value, words) == (D(0), "không có"), "a text stands where value and unit are given"
    for refused, said in (
        (FigureDiffersFromPrint, {"value": D("2.717")}),
        (FigureDiffersFromPrint, {"value": D(2717), "unit": "m2"}),
        (FigureDiffersFromPrint, {"value": D(2717), "value_to": D(3000)}),
    ):
        with pytest.raises(refused):
            settled("2.717ha", **said)
    wrong: list[tuple[str | None, Decimal | None, type[RowRefused]]] = [
        ("không có", None, FigureUnreadable),
        (None, None, FigureUnreadable),
        ("110", None, FigureUnitMissing),
        ("85 triệu", D(85), FigureCurrencyMissing),
    ]
    for printed, value, kind in wrong:
        with pytest.raises(kind):
            settled(printed, value=value)
    assert issubclass(FigureUnitMissing, RowRefused)


def test_a_figure_is_printed_as_it_is_read() -> None:
    for unit in UNITS:
        for qualifier in ("exact", *QUALIFIERS):
            made = Printed(D("1234.5"), D(2000), qualifier, unit)
            assert read_printed(as_text(made)) == made, as_text(made)
    assert [vietnamese(D(v)) for v in ("2717", "1941.57", "-38.9", "0", "100")] == [
        "2.717", "1.941,57", "-38,9", "0", "100",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "target", "printed"),
    [
        ("49.8", "87", "57.24"),
        ("12795.4", "20000", "63.98"),
        ("442.7", "700", "63.24"),
        ("143.6", "220", "65.27"),
        ("435", "700", "62.14"),
        ("1105.9", "1972.71", "56.06"),
    ],
)
def test_completion_comes_to_what_the_reports_print(value: str, target: str, printed: str) -> None:
    share = computed(D(value), D(target), None).completion
    assert share is not None and agrees(share, D(printed))
    assert not agrees(share, D(printed) + D("0.01"))


def test_growth_and_ratio_and_what_cannot_be_divided() -> None:
    found = computed(D("116.1"), None, D(100))
    assert (found.yoy_ratio, found.yoy_growth) == (D("1.161"), D("0.161"))
    assert computed(D(5), D(0), D(0)) == computed(D(5), None, None)
    assert computed(D(5), None, None).completion is None
    ago = compared_from_growth(D("12795.4"), D("16.1"))
    assert ago is not None and agrees(
        computed(D("12795.4"), None, ago).yoy_growth or D(0), D("16.1")
    )
    assert compared_from_growth(D(5), D(-100)) is None


def test_sums_are_held_where_all_their_members_are() -> None:
    carried = Identity("c", ("received", "carried"), ("resolved", "open"), "", "")
    by_origin = Identity("o", ("fdi", "ddi"), ("all",), "", "")
    values = {"received": D(15), "carried": D(4), "resolved": D(17), "open": D(2), "fdi": D(147),
              "ddi": D(204)}  # fmt: skip
    (check,) = checks([carried, by_origin], values)
    assert (check.left_sum, check.right_sum, check.holds) == (D(19), D(19), True)
    found = checks([by_origin], {**values, "all": D(350)})
    assert not found[0].holds and found[0].left_sum - found[0].right_sum == 1
