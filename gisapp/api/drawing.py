"""How maps are drawn: styles of land, and the frame of the country with both archipelagos."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
import shapely
from flask import Response

from gisapp.api.models import api_blueprint
from gisapp.api.written import as_json
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from layers import styling
from layers.archipelagos import ARCHIPELAGOS, ATTRIBUTION, Archipelago, islands, national_frame_text
from planning.published import MAP_LAYERS, SINGLE_PARCELS_TO_M_PX

api = api_blueprint("drawing", __name__, "Bản đồ · map")

_HOUR_S = 3600


@api.get("/map/styles")
@api.doc(summary="Màu và ký hiệu bản đồ · how land is drawn")
@requires(Permission.READ)
def styles() -> Response:
    """Every style of the map and its legend, and how far out parcels are drawn one by one."""
    return _kept(
        as_json(
            {
                "ink": styling.ink(),
                "paper": styling.paper(),
                "layers": list(MAP_LAYERS),
                "single_parcels_to_m_px": SINGLE_PARCELS_TO_M_PX,
                "styles": [asdict(each) for each in styling.styles()],
            }
        )
    )


@api.get("/map/national-frame")
@api.doc(summary="Khung cả nước, có Hoàng Sa và Trường Sa · the national frame")
@requires(Permission.READ)
def national_frame() -> Response:
    """Outlines of the provinces, and both archipelagos of Việt Nam with islands and names."""
    return _kept(
        as_json(
            {
                "provinces": orjson.Fragment(national_frame_text()),
                "archipelagos": [_drawn(each) for each in ARCHIPELAGOS],
                "attribution": ATTRIBUTION,
            }
        )
    )


def _drawn(archipelago: Archipelago) -> dict[str, Any]:
    places = shapely.get_coordinates(shapely.point_on_surface(islands(archipelago)))
    return {
        "label_vi": archipelago.label,
        "label_en": archipelago.label_en,
        "lonlat": (archipelago.longitude, archipelago.latitude),
        "islands": [(round(float(x), 4), round(float(y), 4)) for x, y in places],
    }


def _kept(answer: Response) -> Response:
    answer.cache_control.private = True
    answer.cache_control.max_age = _HOUR_S
    return answer
