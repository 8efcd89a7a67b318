"""Colours of land: one source, told apart by every eye, and never by colour alone."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from layers import styling
from layers.styling import PATTERNS, Style, colour, outline, style, styles
from planning.vocabulary import lot_categories

ROOT = Path(__file__).resolve().parents[2]
LEAST_DISTANCE = 8.0
FILLED = [each for each in styles() if each.fill is not None]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ],
)
def test_distance_is_ciede2000(one: colour.Triple, other: colour.Triple, expected: float) -> None:
    """The published test pairs of Sharma, Wu and Dalal."""
    assert colour._ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


def test_contrast_is_wcag() -> None:
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("vision", colour.VISIONS)
@pytest.mark.parametrize("layer", sorted({each.layer for each in FILLED}))
def test_two_kinds_are_told_apart_by_every_eye(layer: str, vision: str) -> None:
    """By colour, or else by pattern or dash, whatever kind of colour blindness looks."""
    alike = [
        (one.key, other.key)
        for one, other in combinations([each for each in FILLED if each.layer == layer], 2)
        if one.texture == other.texture and _distance(one, other, vision) < LEAST_DISTANCE
    ]
    assert not alike


def _distance(one: Style, other: Style, vision: str) -> float:
    ground = styling.paper()
    return colour.distance(one.seen_on(ground), other.seen_on(ground), vision)


@pytest.mark.parametrize("each", styles(), ids=lambda each: f"{each.layer}/{each.key}")
def test_outlines_stand_out_from_the_paper(each: Style) -> None:
    assert colour.contrast(each.stroke, styling.paper()) >= styling.OUTLINE_CONTRAST - 0.01


@pytest.mark.parametrize("each", FILLED, ids=lambda each: f"{each.layer}/{each.key}")
def test_labels_read_on_every_fill(each: Style) -> None:
    """Ink on a halo of paper reads everywhere; on the fill itself it must not vanish."""
    best = max(
        colour.contrast(text, each.seen_on(styling.paper()))
        for text in (styling.ink(), styling.paper())
    )
    assert best >= 4.5


def test_late_is_told_from_on_time_without_colour() -> None:
    assert style("projects", "late").texture != style("projects", "on_time").texture


def test_every_category_of_the_vocabulary_is_drawn_in_its_colour() -> None:
    drawn = {each.key: (each.fill or "").lower() for each in styles("plan-lots")}
    assert drawn == {code: each.colour.lower() for code, each in lot_categories().items()}


def test_patterns_are_known_and_texts_complete() -> None:
    for each in styles():
        assert each.pattern in PATTERNS
        assert each.label_vi.strip()
        assert each.label_en.strip()
    assert len({(each.layer, each.key) for each in styles()}) == len(styles())


def test_pages_and_map_share_the_colours_of_parcel_states() -> None:
    """The style sheet's variables are the same colours as the map's."""
    light = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8").split("}")[0]
    variables = dict(re.findall(r"--state-([a-z-]+): (#[0-9a-f]{6})", light))
    for each in styles("parcels"):
        expected = each.stroke if each.key == "late" else each.fill
        assert variables[each.key.replace("_", "-")] == expected
    assert variables["resettlement"] == style("resettlement", "resettlement").fill


def test_outline_darkens_only_as_far_as_needed() -> None:
    assert outline("#164a86", "#1b2530", "#ffffff") == "#164a86"
    assert colour.contrast(outline("#ffffff", "#1b2530", "#ffffff"), "#ffffff") >= 3
