"""The national inset that every exported map carries, with both archipelagos drawn and labelled."""

import html
import json
from functools import cache
from typing import Final

import shapely

from layers.archipelagos import ARCHIPELAGOS, Archipelago, islands, national_frame

WIDTH, HEIGHT = 168, 236
_WEST, _SOUTH, _EAST, _NORTH = 101.9, 6.6, 118.0, 23.7
_COARSE_DEG: Final = 0.06
_HALF_LABEL: Final = 46
_HALO: Final = 'paint-order="stroke" stroke="#fff" stroke-width="2.5"'


def _place(longitude: float, latitude: float) -> tuple[float, float]:
    across = (longitude - _WEST) / (_EAST - _WEST) * WIDTH
    return across, (_NORTH - latitude) / (_NORTH - _SOUTH) * HEIGHT


@cache
def _mainland_path() -> str:
    shapes = [shapely.from_geojson(json.dumps(item["geometry"])) for item in national_frame()]
    whole = shapely.simplify(shapely.union_all(shapes), _COARSE_DEG)
    large = [part for part in shapely.get_parts(whole) if part.area > _COARSE_DEG**2]
    return " ".join(_ring(part.exterior.coords) for part in large)


def _ring(coords: object) -> str:
    points = (_place(x, y) for x, y, *_ in coords)  # type: ignore[attr-defined]
    return "M" + " ".join(f"{across:.1f},{down:.1f}" for across, down in points) + "Z"


def _archipelago(group: Archipelago, language: str) -> str:
    dots = "".join(
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="0.9" fill="#1b2530"/>'
        for across, down in (_place(each.centroid.x, each.centroid.y) for each in islands(group))
    )
    across, down = _place(group.longitude, group.extent[3])
    across = min(max(across, _HALF_LABEL), WIDTH - _HALF_LABEL)
    name = group.name_en if language == "en" else group.name_vi
    country = "(Viet Nam)" if language == "en" else "(Việt Nam)"
    words = f'text-anchor="middle" font-size="8.5" fill="#1b2530" {_HALO}'
    return (
        f'<g>{dots}<text x="{across:.1f}" y="{down - 6:.1f}" {words}>{html.escape(name)}</text>'
        f'<text x="{across:.1f}" y="{down + 3:.1f}" {words}>{country}</text></g>'
    )


def national_inset(language: str = "vi", here: tuple[float, float] | None = None) -> str:
    """Return the inset as SVG; `here` (lon, lat) marks where the map lies."""
    mark = ""
    if here is not None:
        across, down = _place(*here)
        at = f'cx="{across:.1f}" cy="{down:.1f}"'
        mark = (
            f'<circle {at} r="4" fill="none" stroke="#b3261e" stroke-width="1.6"/>'
            f'<circle {at} r="1.4" fill="#b3261e"/>'
        )
    groups = "".join(_archipelago(group, language) for group in ARCHIPELAGOS)
    title = "Viet Nam" if language == "en" else "Việt Nam"
    spoken = "; ".join(g.label_en if language == "en" else g.label for g in ARCHIPELAGOS)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{html.escape(f"{title}: {spoken}")}">'
        f'<path d="{_mainland_path()}" fill="#e6ebf0" stroke="#5a6775" stroke-width="0.6"/>'
        f"{groups}{mark}</svg>"
    )
