"""Hoàng Sa and Trường Sa are drawn and named on the national frame."""

from __future__ import annotations

import json
from importlib import resources

import pytest
import shapely

from layers.archipelagos import (
    ARCHIPELAGOS,
    HOANG_SA,
    TRUONG_SA,
    Archipelago,
    islands,
    national_frame,
    national_frame_text,
)

KM2_PER_SQUARE_DEGREE = 111.3 * 111.3 * 0.96


def test_labels_name_the_country() -> None:
    assert HOANG_SA.label == "Quần đảo Hoàng Sa (Việt Nam)"
    assert TRUONG_SA.label == "Quần đảo Trường Sa (Việt Nam)"
    assert [each.label_en for each in ARCHIPELAGOS] == [
        "Hoang Sa Archipelago (Viet Nam)",
        "Truong Sa Archipelago (Viet Nam)",
    ]


@pytest.mark.parametrize(
    ("archipelago", "count", "box"),
    [(HOANG_SA, 46, (111.1, 15.6, 112.8, 17.2)), (TRUONG_SA, 136, (110.6, 7.1, 117.9, 11.6))],
    ids=["hoang-sa", "truong-sa"],
)
def test_every_island_is_in_the_frame(
    archipelago: Archipelago, count: int, box: tuple[float, float, float, float]
) -> None:
    found = islands(archipelago)
    assert len(found) == count
    assert shapely.is_valid(found).all()
    assert shapely.box(*box).contains(shapely.union_all(found))
    assert (shapely.area(found) * KM2_PER_SQUARE_DEGREE > 0.25).all()
    west, south, east, north = archipelago.extent
    assert west < archipelago.longitude < east and south < archipelago.latitude < north


def test_the_frame_is_a_small_valid_coverage_of_34_provinces() -> None:
    assert len(national_frame_text().encode()) <= 150 * 1024
    provinces = national_frame()
    assert len(provinces) == len({each["properties"]["code"] for each in provinces}) == 34
    assert all(set(each["properties"]) == {"code", "name"} for each in provinces)
    names = {each["properties"]["code"]: each["properties"]["name"] for each in provinces}
    assert names["48"] == "Đà Nẵng"
    shapes = [shapely.from_geojson(json.dumps(each["geometry"])) for each in provinces]
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    area_km2 = sum(shape.area for shape in shapes) * KM2_PER_SQUARE_DEGREE
    assert 320_000 < area_km2 < 345_000


def test_source_and_licence_travel_with_the_data() -> None:
    data = resources.files("layers").joinpath("data")
    assert "terms are not stated" in " ".join(
        data.joinpath("SOURCE.txt").read_text(encoding="utf-8").split()
    )
    assert data.joinpath("LICENCE.txt").read_text(encoding="utf-8").startswith("MIT License")
