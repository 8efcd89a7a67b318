"""Make layers/data/national_frame.geojson from the full outlines of the 34 provinces.

    python scripts/national_frame.py provinces34.geojson layers/data/national_frame.geojson

Shared borders are simplified once for both sides. Every island of Hoàng Sa and Trường Sa is kept;
elsewhere islands below 2 km² are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from layers.archipelagos import ARCHIPELAGOS
from layers.geometry import right_handed

MAINLAND_TOLERANCE: Final = 0.013
"""Degrees: triangles below its square are levelled (Visvalingam)."""
ISLAND_TOLERANCE: Final = 0.001
SMALLEST_KM2: Final = 2.0
KM2_PER_SQUARE_DEGREE: Final = 111.3 * 111.3 * 0.95
DECIMALS: Final = 4


def in_an_archipelago(polygon: Polygon) -> bool:
    """Whether an island belongs to Hoàng Sa or Trường Sa."""
    return any(shapely.box(*each.extent).contains(polygon) for each in ARCHIPELAGOS)


def frame(source: dict[str, Any]) -> dict[str, Any]:
    """Simplify the provinces of a feature collection."""
    features = source["features"]
    outlines = shapely.coverage_clean(
        shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    )
    islands: list[list[Polygon]] = []
    rest = []
    for outline in outlines:
        parts = list(shapely.get_parts(outline))
        far = [part for part in parts if in_an_archipelago(part)]
        islands.append([shapely.simplify(part, ISLAND_TOLERANCE) for part in far])
        near = [part for part in parts if not in_an_archipelago(part)]
        largest = max(near, key=lambda part: part.area)
        rest.append(
            MultiPolygon(
                [
                    part
                    for part in near
                    if part is largest or part.area * KM2_PER_SQUARE_DEGREE >= SMALLEST_KM2
                ]
            )
        )
    simplified = shapely.coverage_simplify(np.array(rest), MAINLAND_TOLERANCE)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": feature["properties"]["code"],
                    "name": feature["properties"]["name"],
                },
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [rings(part) for part in [*shapely.get_parts(near), *far]],
                },
            }
            for feature, near, far in zip(features, simplified, islands, strict=True)
        ],
    }


def rings(polygon: Polygon) -> list[list[list[float]]]:
    """Write a polygon's rings as RFC 7946 wants them."""
    turned = right_handed(polygon)
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
        for ring in (turned.exterior, *turned.interiors)
    ]


def main() -> None:
    """Read the source named first, write the frame to the path named second."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    made = frame(json.loads(source.read_text(encoding="utf-8")))
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        for feature in made["features"]
    )
    target.write_text(
        '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
