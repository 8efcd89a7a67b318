"""The leadership's map as one file: what a zone, a board or the register looks like on a day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import geopandas as gpd
from sqlalchemy.orm import Session

from gisapp.messages import render
from layers.exporting import geojson_stream
from layers.maps import Drawing, standalone_map
from layers.maps.inset import national_inset
from layers.maps.legend import Entry
from layers.styling import Style, style, styles
from planning.clocks import Moment
from planning.errors import NotFound
from planning.exported import export_source, manifest

SINGLE_SHAPES: Final = 5000
"""More parcels than this are joined by state: the file has to open on an office computer."""

_STYLE_OF: Final[Mapping[str, str]] = {
    "zones": "",
    "plan-lots": "category_code",
    "parcels": "status",
    "resettlement": "",
    "projects": "late",
}
_SINGLE_STYLE: Final = {"zones": "zone", "resettlement": "resettlement"}
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "zones": ("zone_code", "name", "area"),
    "plan-lots": ("symbol", "category", "area", "decision_no"),
    "parcels": ("sheet_no", "parcel_no", "state", "area", "land_use_code", "document_no"),
    "resettlement": ("name", "area"),
    "projects": ("id", "name", "progress_pct", "late_days"),
}
_HIDDEN_AT_FIRST: Final = frozenset({"plan-lots", "projects"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished map document and how many features it draws."""

    html: str
    features: int


def map_sheet(
    session: Session,
    at: Moment,
    zone_ids: tuple[UUID, ...] | None,
    *,
    title: str,
    language: str,
    vendor: Path,
) -> Sheet:
    """Return the self-contained map of some zones at a moment.

    Raises NotFound when there is nothing to draw, MapNotSelfContained when it would fetch anything.
    """
    drawings, shapes = [], []
    for layer in ("zones", "plan-lots", "parcels", "resettlement", "projects"):
        features = _features(session, layer, at, zone_ids, language)
        if not features:
            continue
        shapes.append(gpd.GeoDataFrame.from_features(features, crs=4326))
        drawings.append(_drawing(layer, features, language))
    if not shapes:
        raise NotFound(kind="map_features", key=title)
    facts = manifest(session, at, zone_ids)
    lines = [
        render("sheet-day", {"as_of": at.as_of}, language),
        *(
            render("sheet-plan", asdict(plan), language)
            for plan in facts.plans
            if plan.level == "subdivision"
        ),
    ]
    west, south, east, north = shapes[0].total_bounds
    document = standalone_map(
        title=title,
        lines=lines,
        notice=render("sheet-demo", {}, language) if facts.is_demo else None,
        drawings=drawings,
        bounds=(west, south, east, north),
        inset_svg=national_inset(language, here=((west + east) / 2, (south + north) / 2)),
        vendor=vendor,
        language=language,
    )
    return Sheet(document, sum(len(frame) for frame in shapes))


def _features(
    session: Session, layer: str, at: Moment, zone_ids: tuple[UUID, ...] | None, language: str
) -> list[dict[str, Any]]:
    read = json.loads(b"".join(geojson_stream(session, export_source(layer, at, zone_ids))))
    features = [_shown(layer, feature, language) for feature in read["features"]]
    return _joined(features) if len(features) > SINGLE_SHAPES else features


def _shown(layer: str, feature: dict[str, Any], language: str) -> dict[str, Any]:
    facts = feature["properties"]
    key = _style_key(layer, facts)
    drawn = style(layer, key)
    area = facts.get("legal_area_m2") or facts.get("gis_area_m2")
    texts = {
        "style": key,
        "name": facts.get(f"name_{language}") or facts.get("name_vi"),
        "state": _label(drawn, language),
        "category": _label(drawn, language),
        "area": None if area is None else render("sheet-area", {"ha": area / 10_000}, language),
    }
    shown = {name: texts.get(name, facts.get(name)) for name in ("style", *_FIELDS[layer])}
    properties = {name: "" if value is None else str(value) for name, value in shown.items()}
    return {"type": "Feature", "geometry": feature["geometry"], "properties": properties}


def _style_key(layer: str, facts: Mapping[str, Any]) -> str:
    if layer == "projects":
        return "late" if facts["late_days"] else "on_time"
    return _SINGLE_STYLE.get(layer) or str(facts[_STYLE_OF[layer]])


def _joined(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    frame = gpd.GeoDataFrame.from_features(features, crs=4326)
    joined = frame.dissolve("style", as_index=False, aggfunc="first")
    answer: list[dict[str, Any]] = json.loads(joined.to_json())["features"]
    return answer


def _drawing(layer: str, features: list[dict[str, Any]], language: str) -> Drawing:
    used = {feature["properties"]["style"] for feature in features}
    looks = {each.key: each for each in styles(layer) if each.key in used}
    heading = render(f"layer-{layer}", {}, language)
    return Drawing(
        caption=heading,
        features={"type": "FeatureCollection", "features": features},
        styles=looks,
        fields=tuple(_captions(layer, language)),
        label="name" if layer == "zones" else None,
        shown=layer not in _HIDDEN_AT_FIRST,
        legend=tuple(Entry(heading, _label(look, language), look) for look in looks.values()),
    )


def _captions(layer: str, language: str) -> Iterator[tuple[str, str]]:
    for name in _FIELDS[layer]:
        yield name, render(f"field-{name.replace('_', '-')}", {}, language)


def _label(drawn: Style, language: str) -> str:
    return drawn.label_en if language == "en" else drawn.label_vi
