"""Legend and fill patterns of a stand-alone map, from the one table of styles."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layers.styling import Style

_STROKES = {
    "diagonal": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
    "back-diagonal": "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
    "horizontal": "M0,4 h8",
    "vertical": "M4,0 v8",
    "cross": "M0,0 l8,8 M8,0 l-8,8",
    "plus": "M4,2 v4 M2,4 h4",
    "grid": "M0,4 h8 M4,0 v8",
}
_ROUND = {
    "dots": '<circle cx="4" cy="4" r="1.3" fill="{ink}"/>',
    "rings": '<circle cx="4" cy="4" r="2" fill="none" stroke="{ink}"/>',
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: a style, its caption in the reader's language, its heading."""

    heading: str
    caption: str
    style: Style


def _identity(style: Style) -> str:
    return f"{style.layer}-{style.key}"


def pattern_definitions(styles: Iterable[Style]) -> str:
    """Return one hidden SVG that defines the fill pattern of every patterned style."""
    made = {
        _identity(style): _pattern(style)
        for style in styles
        if style.pattern != "none" and style.fill
    }
    return (
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
        + "".join(made.values())
        + "</defs></svg>"
    )


def pattern_css(styles: Iterable[Style]) -> str:
    """Return the rules that fill Leaflet's paths with those patterns."""
    rules = {
        f".land-{_identity(style)} {{ fill: url(#fill-{_identity(style)}); }}"
        for style in styles
        if style.pattern != "none" and style.fill
    }
    return "\n".join(sorted(rules))


def _pattern(style: Style) -> str:
    if style.pattern in _STROKES:
        line = f'stroke="{style.stroke}" stroke-width="0.9" fill="none"'
        drawn = f'<path d="{_STROKES[style.pattern]}" {line}/>'
    else:
        drawn = _ROUND[style.pattern].format(ink=style.stroke)
    return (
        f'<pattern id="fill-{_identity(style)}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{style.fill}"/>{drawn}</pattern>'
    )


def legend_html(entries: Sequence[Entry]) -> str:
    """Return headings and lines with a swatch each, in the order given."""
    parts: list[str] = []
    heading = None
    for entry in entries:
        if entry.heading != heading:
            parts.append(f"{'</ul>' if heading else ''}<h2>{html.escape(entry.heading)}</h2><ul>")
            heading = entry.heading
        parts.append(f"<li>{_swatch(entry.style)}<span>{html.escape(entry.caption)}</span></li>")
    return "".join(parts) + ("</ul>" if heading else "")


def _swatch(style: Style) -> str:
    plain = style.fill or "none"
    fill = f"url(#fill-{_identity(style)})" if style.pattern != "none" and style.fill else plain
    dash = " ".join(f"{dash:g}" for dash in style.dash) or "none"
    return (
        '<svg width="26" height="16" aria-hidden="true"><rect x="1" y="1" width="24" height="14" '
        f'fill="{fill}" fill-opacity="{style.opacity}" stroke="{style.stroke}" '
        f'stroke-width="{style.width}" stroke-dasharray="{dash}"/></svg>'
    )
