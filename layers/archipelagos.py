"""Quần đảo Hoàng Sa and Quần đảo Trường Sa: on every national view, print and export.

Hoàng Sa belongs to Đà Nẵng, Trường Sa to Khánh Hòa. The frame drawn under national views is
``layers/data/national_frame.geojson``; where it is not drawn, the labels still are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True)
class Archipelago:
    """An archipelago of Vietnam: how it is labelled, and where, in WGS 84 degrees.

    ``longitude`` and ``latitude`` are where the label is centred; ``extent`` is west, south,
    east, north and holds every island; ``province_code`` is the statistical code since 2025.
    """

    name_vi: str
    name_en: str
    longitude: float
    latitude: float
    extent: tuple[float, float, float, float]
    province_code: str

    @property
    def label(self) -> str:
        """The label in Vietnamese, with the country, as national maps must show it."""
        return f"{self.name_vi} (Việt Nam)"

    @property
    def label_en(self) -> str:
        """The label in English, with the country."""
        return f"{self.name_en} (Viet Nam)"


HOANG_SA: Final = Archipelago(
    name_vi="Quần đảo Hoàng Sa",
    name_en="Hoang Sa Archipelago",
    longitude=112.0,
    latitude=16.4,
    extent=(111.0, 15.5, 113.0, 17.3),
    province_code="48",
)

TRUONG_SA: Final = Archipelago(
    name_vi="Quần đảo Trường Sa",
    name_en="Truong Sa Archipelago",
    longitude=114.3,
    latitude=9.6,
    extent=(110.5, 6.5, 118.0, 12.0),
    province_code="56",
)

ARCHIPELAGOS: Final = (HOANG_SA, TRUONG_SA)

ATTRIBUTION: Final = (
    "Khung địa giới 34 tỉnh: thanglequoc/vietnamese-provinces-database (MIT), "
    "bản đồ gốc của Bộ Nông nghiệp và Môi trường; chỉ để định hướng"
)


def national_frame_text() -> str:
    """Return the outlines of the 34 provinces, both archipelagos among them, as GeoJSON text.

    RFC 7946, WGS 84, properties ``code`` and ``name``. For orientation only: no legal boundary.
    """
    data = resources.files("layers").joinpath("data", "national_frame.geojson")
    return data.read_text(encoding="utf-8")


@cache
def national_frame() -> tuple[dict[str, Any], ...]:
    """Return the features of the national frame."""
    features: list[dict[str, Any]] = json.loads(national_frame_text())["features"]
    return tuple(features)


def islands(archipelago: Archipelago) -> NDArray[np.object_]:
    """Return the islands of an archipelago in the national frame, longitude and latitude."""
    (province,) = (
        feature
        for feature in national_frame()
        if feature["properties"]["code"] == archipelago.province_code
    )
    parts = shapely.get_parts(shapely.from_geojson(json.dumps(province["geometry"])))
    within = shapely.contains(shapely.box(*archipelago.extent), parts)
    return np.asarray(parts[within], dtype=object)
