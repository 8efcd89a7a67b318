"""How land is drawn, from one file, for the map, legends, charts, reports and exports alike."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from layers.styling.colour import contrast, over

if TYPE_CHECKING:
    from collections.abc import Mapping

PATTERNS: Final = (
    "none",
    "diagonal",
    "back-diagonal",
    "dots",
    "rings",
    "horizontal",
    "vertical",
    "cross",
    "plus",
    "grid",
)
OUTLINE_CONTRAST: Final = 3.0
"""Least contrast of an outline with the paper: WCAG 2.2, 1.4.11, graphical objects."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of thing is drawn: fill with its opacity and pattern, outline with its dash.

    Colours are ``#rrggbb``; widths and dashes are CSS pixels. ``fill`` is ``None`` for outlines.
    """

    layer: str
    key: str
    label_vi: str
    label_en: str
    stroke: str
    fill: str | None = None
    opacity: float = 1.0
    pattern: str = "none"
    width: float = 1.0
    dash: tuple[float, ...] = ()

    def seen_on(self, paper: str) -> str:
        """The colour of the fill as it is seen on paper of some colour."""
        return paper if self.fill is None else over(self.fill, self.opacity, paper)

    @property
    def texture(self) -> tuple[str, tuple[float, ...]]:
        """What tells it apart besides colour."""
        return self.pattern, self.dash


def outline(fill: str, ink: str, paper: str) -> str:
    """Darken a fill towards the ink until it stands out from the paper."""
    for step in range(21):
        darker = over(ink, step / 20, fill)
        if contrast(darker, paper) >= OUTLINE_CONTRAST:
            return darker
    return ink


@cache
def _data() -> Mapping[str, Any]:
    text = files("layers.styling").joinpath("styles.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def ink() -> str:
    """The colour of text on the map."""
    return str(_data()["ink"])


def paper() -> str:
    """The colour of the ground land is drawn on."""
    return str(_data()["paper"])


@cache
def styles(layer: str | None = None) -> tuple[Style, ...]:
    """Return the styles of a layer, or all, in the order of the legend."""
    return tuple(
        _read(entry) for entry in _data()["style"] if layer is None or entry["layer"] == layer
    )


def style(layer: str, key: str) -> Style:
    """Return one style. Raises KeyError when nothing is drawn under that name."""
    for each in styles(layer):
        if each.key == key:
            return each
    raise KeyError(f"{layer}/{key}")


def _read(entry: dict[str, Any]) -> Style:
    stroke = entry["stroke"] if "stroke" in entry else outline(entry["fill"], ink(), paper())
    return Style(**{**entry, "stroke": stroke, "dash": tuple(entry.get("dash", ()))})
