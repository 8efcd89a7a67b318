"""The twenty legal planes and the codes that are refused."""

from __future__ import annotations

import pyproj
import pytest

from layers.crs import PLANES, is_legal, meridian_text, plane, province, provinces
from layers.crs.provinces import planes_since_2025
from layers.crs.registry import three_degree_plane
from layers.errors import (
    CrsDeprecated,
    CrsNotAPlane,
    CrsUnknown,
    CrsWebMercator,
    ProvinceUnknown,
)

LEGAL = {3405, 3406, *range(5896, 5900), *range(9205, 9219)}


def test_there_are_twenty_planes() -> None:
    assert set(PLANES) == LEGAL


@pytest.mark.parametrize("srid", sorted(LEGAL))
def test_every_plane_agrees_with_the_epsg_register(srid: int) -> None:
    ours = plane(srid)
    register = pyproj.CRS.from_epsg(srid).coordinate_operation
    assert register is not None
    values = {parameter.name: parameter.value for parameter in register.params}
    assert values["Longitude of natural origin"] == ours.central_meridian_deg
    assert values["Scale factor at natural origin"] == ours.scale
    assert (values["False easting"], values["False northing"]) == (500_000, 0)
    assert ours.private_srid == 980_000 + srid


def test_proj4_text_is_what_proj_reads_back() -> None:
    crs = pyproj.CRS.from_user_input(plane(5899).proj4)
    assert crs.is_bound
    assert "+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836" in plane(5899).proj4


@pytest.mark.parametrize(
    ("srid", "error"),
    [
        (6956, CrsDeprecated),
        (6959, CrsDeprecated),
        (3857, CrsWebMercator),
        (900913, CrsWebMercator),
        (4326, CrsNotAPlane),
        (4756, CrsNotAPlane),
        (32648, CrsUnknown),
        (9999, CrsUnknown),
        (0, CrsUnknown),
    ],
)
def test_other_codes_are_refused_with_a_reason(srid: int, error: type[Exception]) -> None:
    assert not is_legal(srid)
    with pytest.raises(error) as refused:
        plane(srid)
    assert refused.value.context["srid"] == srid  # type: ignore[attr-defined]


def test_a_deprecated_code_names_its_replacement() -> None:
    with pytest.raises(CrsDeprecated) as refused:
        plane(6959)
    assert refused.value.context["use_srid"] == 5899


def test_names_speak_of_meridians() -> None:
    assert plane(5899).meridian == "107°45'"
    assert plane(9211).name_vi == "VN-2000, kinh tuyến trục 106°00', múi chiếu 3°"
    assert plane(3405).name_en == "VN-2000, central meridian 105°00', 6° zone"
    assert meridian_text(104.5) == "104°30'"


def test_a_meridian_finds_its_three_degree_plane() -> None:
    assert three_degree_plane(105.0).epsg == 5897
    with pytest.raises(CrsUnknown):
        three_degree_plane(111.0)


def test_sixty_three_provinces_lie_on_legal_planes() -> None:
    table = provinces()
    assert len(table) == 63
    assert len({entry.code for entry in table}) == 63
    for entry in table:
        assert entry.plane.meridian == entry.meridian
        assert entry.plane.zone_width_deg == 3
        assert entry.status in {"verified", "verified-single"}


@pytest.mark.parametrize(
    ("name", "srid"),
    [("Quảng Ninh", 5899), ("22", 5899), ("quang binh", 9211), ("Hòa Bình", 9211), ("26", 5897)],
)
def test_a_province_is_found_by_name_or_code(name: str, srid: int) -> None:
    assert province(name).srid == srid


def test_a_merged_province_has_several_planes() -> None:
    assert [found.epsg for found in planes_since_2025("Phú Thọ")] == [5897, 9208, 9211]
    with pytest.raises(ProvinceUnknown):
        planes_since_2025("Atlantis")
    with pytest.raises(ProvinceUnknown):
        province("Atlantis")


def test_weakly_attested_rows_say_so() -> None:
    single = {entry.name for entry in provinces() if entry.status == "verified-single"}
    assert single == {"Nam Định", "Thái Bình", "Sóc Trăng", "Trà Vinh"}
