"""A folium map whose script, styles, images and data all lie in the one document.

folium links a dozen files on five hosts by default; here the map class links none, Leaflet is
written into the document, and the result is searched for anything that would still be fetched.
"""

import base64
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import folium
from branca.element import Element, Figure
from jinja2 import Template
from shapely.geometry import shape

from layers.maps.errors import MapAssetMissing, MapNotSelfContained
from layers.maps.legend import Entry, legend_html, pattern_css, pattern_definitions
from layers.styling import Style

Bounds = tuple[float, float, float, float]
_FETCHES: Final = re.compile(
    r"<(?:script|link|img|iframe|source|object|embed)\b[^>]*?(?:src|href|data)\s*=\s*[\"']?"
    r"(?!data:)[^\"'\s>]+",
    re.IGNORECASE,
)
_CSS_URL: Final = re.compile(r"url\(\s*['\"]?(?!data:|#)([^'\")]+)['\"]?\s*\)")
_PAGE_CSS: Final = """
html, body { font: 15px/1.4 "Be Vietnam Pro", "Segoe UI", Roboto, sans-serif; color: #1b2530; }
.leaflet-container { background: #f6f8fa; font: inherit; }
.sheet-head { position: fixed; z-index: 1000; left: 56px; top: 12px; max-width: 60%;
  background: #fff; padding: 8px 14px; border-radius: 6px; box-shadow: 0 1px 4px #0003; }
.sheet-head h1 { font-size: 17px; font-weight: 600; margin: 0; }
.sheet-head p { margin: 2px 0 0; color: #5a6775; font-size: 13px; }
.sheet-head .notice { color: #8a5200; }
.sheet-side { position: fixed; z-index: 1000; right: 12px; bottom: 12px; width: 236px;
  max-height: 62vh; overflow: auto; background: #fff; padding: 10px 12px; border-radius: 6px;
  box-shadow: 0 1px 4px #0003; font-size: 13px; }
.sheet-side h2 { font-size: 13px; font-weight: 600; margin: 8px 0 4px; }
.sheet-side h2:first-child { margin-top: 0; }
.sheet-side ul { list-style: none; margin: 0; padding: 0; }
.sheet-side li { display: flex; gap: 8px; align-items: center; margin: 2px 0; }
.sheet-inset { position: fixed; z-index: 1000; left: 12px; bottom: 12px; background: #fff;
  padding: 6px; border-radius: 6px; box-shadow: 0 1px 4px #0003; }
.leaflet-bottom.leaflet-left { left: 200px; bottom: 4px; }
.name span { position: absolute; transform: translate(-50%, -120%); white-space: nowrap;
  background: #ffffffd9; font-weight: 600; padding: 0 5px; border-radius: 4px; }
.foliumpopup th { font-weight: 600; color: #5a6775; white-space: nowrap; }
.foliumpopup td { font-variant-numeric: tabular-nums; }
@media (max-width: 700px) { .sheet-side { display: none; } .sheet-head { max-width: 80%; } }
@media print { .leaflet-control { display: none; } * { print-color-adjust: exact; } }
"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A layer of the map: GeoJSON features (lon, lat) whose `style` property names a style.

    `fields` are the properties a click shows, with their captions; values are texts. `label` is a
    property written on the map.
    """

    caption: str
    features: Mapping[str, Any]
    styles: Mapping[str, Style]
    fields: Sequence[tuple[str, str]] = ()
    label: str | None = None
    shown: bool = True
    legend: Sequence[Entry] = field(default_factory=tuple)


class _Raw(Element):
    """Text that goes into the document as it is: braces in it are not template marks."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _OfflineMap(folium.Map):
    """folium's map without its links to other hosts."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium reads the class attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


class _Script(folium.MacroElement):
    """A line of script on the map; values come in as JSON."""

    def __init__(self, **values: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.values = values


class _Scale(_Script):
    """A metric scale, beside the inset and not under it."""

    _template = Template(
        "{% macro script(this, kwargs) %}L.control.scale({imperial: false, maxWidth: 160})"
        ".addTo({{ this._parent.get_name() }});{% endmacro %}"
    )


class _Name(_Script):
    """A name on the map; folium's own marker would first ask for an image of its icon."""

    _template = Template(
        "{% macro script(this, kwargs) %}L.marker({{ this.values.place|tojson }}, {interactive: "
        "false, icon: L.divIcon({html: {{ this.values.text|tojson }}, className: 'name',"
        " iconSize: [0, 0]})}).addTo({{ this._parent.get_name() }});{% endmacro %}"
    )


def standalone_map(
    *,
    title: str,
    lines: Sequence[str],
    notice: str | None,
    drawings: Sequence[Drawing],
    bounds: Bounds,
    inset_svg: str,
    vendor: Path,
    language: str = "vi",
) -> str:
    """Return the whole document.

    `bounds` is (west, south, east, north) in WGS 84 degrees. `inset_svg` is the national inset with
    both archipelagos; every export carries it. `vendor` is the folder with `leaflet/leaflet.js`.

    Raises:
        MapAssetMissing: Leaflet is not installed there.
        MapNotSelfContained: something in the document would be fetched.
    """
    west, south, east, north = bounds
    sheet = _OfflineMap(
        tiles=None, control_scale=False, zoom_control=True, attribution_control=False
    )
    for drawing in drawings:
        _draw(drawing).add_to(sheet)
    for drawing in drawings:
        for label in _labels(drawing) if drawing.label else ():
            label.add_to(sheet)
    _Scale().add_to(sheet)
    folium.LayerControl(collapsed=True).add_to(sheet)
    sheet.fit_bounds([[south, west], [north, east]])
    page = sheet.get_root()
    if not isinstance(page, Figure):
        raise TypeError("a folium map stands in a figure")
    page.title = html.escape(title)  # the template writes it as it is
    used = [style for drawing in drawings for style in drawing.styles.values()]
    _carry(page, vendor, pattern_css(used))
    entries = [entry for drawing in drawings for entry in drawing.legend]
    page.html.add_child(_Raw(pattern_definitions(used)))
    page.html.add_child(_Raw(_head(title, lines, notice)))
    page.html.add_child(_Raw(f'<div class="sheet-side">{legend_html(entries)}</div>'))
    page.html.add_child(_Raw(f'<div class="sheet-inset">{inset_svg}</div>'))
    document = page.render()
    document = document.replace("<html>", f'<html lang="{html.escape(language)}">', 1)
    _check(document)
    return document


def _draw(drawing: Drawing) -> folium.GeoJson:
    looks = {
        key: {
            "className": f"land-{style.layer}-{key}",
            "color": style.stroke,
            "weight": style.width,
            "dashArray": " ".join(f"{dash:g}" for dash in style.dash) or None,
            "fill": style.fill is not None,
            "fillColor": style.fill,
            "fillOpacity": style.opacity if style.fill else 0,
        }
        for key, style in drawing.styles.items()
    }
    popup = None
    if drawing.fields:
        names, captions = zip(*drawing.fields, strict=True)
        popup = folium.GeoJsonPopup(fields=list(names), aliases=[html.escape(c) for c in captions])
    return folium.GeoJson(
        _escaped(drawing.features),
        name=html.escape(drawing.caption),
        show=drawing.shown,
        style_function=lambda feature: looks[feature["properties"]["style"]],
        popup=popup,
    )


def _labels(drawing: Drawing) -> Iterator[folium.MacroElement]:
    """A name at the northern edge of each shape, where it hides least."""
    for feature in drawing.features["features"]:
        west, _south, east, north = shape(feature["geometry"]).bounds
        name = html.escape(str(feature["properties"].get(drawing.label, "")))
        yield _Name(place=[north, (west + east) / 2], text=f"<span>{name}</span>")


def _escaped(collection: Mapping[str, Any]) -> dict[str, Any]:
    """Texts become HTML, because folium's pop-up writes them as HTML."""
    features = [
        {
            **feature,
            "properties": {
                name: html.escape(value) if isinstance(value, str) else value
                for name, value in feature["properties"].items()
            },
        }
        for feature in collection["features"]
    ]
    return {"type": "FeatureCollection", "features": features}


def _carry(page: Figure, vendor: Path, extra_css: str) -> None:
    script = _read(vendor / "leaflet" / "leaflet.js").replace("</script", "<\\/script")
    style = _inlined(_read(vendor / "leaflet" / "leaflet.css"), vendor / "leaflet")
    page.header.add_child(_Raw(f"<script>{script}</script>"))
    page.header.add_child(_Raw(f"<style>{style}\n{_PAGE_CSS}\n{extra_css}</style>"))


def _read(path: Path) -> str:
    if not path.is_file():
        raise MapAssetMissing(file=path.name)
    return path.read_text(encoding="utf-8")


def _inlined(css: str, folder: Path) -> str:
    def data_url(found: re.Match[str]) -> str:
        image = folder / found.group(1)
        if not image.is_file():
            raise MapAssetMissing(file=image.name)
        coded = base64.b64encode(image.read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{coded})"

    return _CSS_URL.sub(data_url, css)


def _head(title: str, lines: Sequence[str], notice: str | None) -> str:
    told = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    warned = f'<p class="notice">{html.escape(notice)}</p>' if notice else ""
    return f'<div class="sheet-head"><h1>{html.escape(title)}</h1>{told}{warned}</div>'


def _check(document: str) -> None:
    found = _FETCHES.search(document)
    if found is not None:
        raise MapNotSelfContained(tag=found.group()[:120])
