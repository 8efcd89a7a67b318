"""Coordinate tables as decisions print them."""

from __future__ import annotations

import pytest
from shapely.geometry import box

from layers.coordinate_table import CoordinateTable, rows_of, understand
from layers.crs import replane
from layers.errors import OutlineInvalid, TableFarAway, TableUnreadable, TableWrongMeridian

PLANE = 5899
GROUND = box(430_000, 2_310_000, 440_000, 2_320_000)
TABLE = """Điểm\tX (m)\tY (m)
1\t2.315.000,00\t432.000,00
2\t2.315.000,00\t432.100,50
3\t2.314.950,00\t432.100,50
4\t2.314.950,00\t432.000,00
1\t2.315.000,00\t432.000,00
"""


def table(text: str, **said: object) -> CoordinateTable:
    return understand(rows_of(text), PLANE, GROUND, **said)  # type: ignore[arg-type]


def codes(found: CoordinateTable) -> list[str]:
    return [each.code for each in found.findings]


def test_a_printed_table_is_understood() -> None:
    found = table(TABLE, stated_area_m2=5025.0)
    assert (found.order, found.was_closed, codes(found)) == ("xy", True, [])
    assert found.corners[0] == (432_000.0, 2_315_000.0)
    assert found.area_m2 == pytest.approx(5025)
    assert [(edge.start, edge.end) for edge in found.edges] == [
        ("1", "2"), ("2", "3"), ("3", "4"), ("4", "1"),
    ]  # fmt: skip
    assert [round(edge.length_m, 2) for edge in found.edges] == [100.5, 50, 100.5, 50]
    assert [round(edge.azimuth_deg) for edge in found.edges] == [90, 180, 270, 0]


@pytest.mark.parametrize(
    "line", ["1 2315000,00 432000,00", "1;2315000.00;432000.00", "1 2,315,000.00 432,000.00"]
)
def test_decimal_comma_or_point(line: str) -> None:
    assert rows_of(line) == [("1", 2_315_000.0, 432_000.0)]


def test_exchanged_columns_an_open_end_and_a_repeated_point_are_told() -> None:
    found = table("432000 2315000\n432100 2315000\n432100 2315000\n432100 2314950\n")
    assert codes(found) == ["table-order-yx", "table-point-repeated", "table-not-closed"]
    assert found.area_m2 == pytest.approx(2500)


def test_stated_area_and_edges_are_held_against_the_computed() -> None:
    found = table(TABLE, stated_area_m2=5052.0, stated_edges_m=[100.5, 55.0])
    assert codes(found) == ["table-edge-differs", "table-area-differs"]
    assert found.findings[0].context["stated_m"] == 55.0


def test_a_table_of_the_neighbouring_meridian_is_named() -> None:
    there = replane(box(432_000, 2_314_000, 432_100, 2_314_100), PLANE, 9217)
    rows = [(str(n), y, x) for n, (x, y) in enumerate(there.exterior.coords)]
    with pytest.raises(TableWrongMeridian) as refused:
        understand(rows, PLANE, GROUND)
    assert refused.value.context["proposed_srid"] == 9217
    with pytest.raises(TableFarAway):
        understand([(n, x + 400_000, y) for n, x, y in rows], PLANE, GROUND)


def test_crossing_sides_and_unreadable_lines_are_refused() -> None:
    with pytest.raises(OutlineInvalid) as refused:
        table("2315000 432000\n2315100 432100\n2315000 432100\n2315100 432000\n")
    assert refused.value.context["reason"] == "self-intersection"
    with pytest.raises(TableUnreadable) as unread:
        rows_of("1 2315000 432000\n2 một 432000\n")
    assert unread.value.context["line"] == 2
    with pytest.raises(OutlineInvalid):
        table("2315000 432000\n2315100 432100\n")
