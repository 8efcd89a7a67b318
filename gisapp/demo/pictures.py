"""A picture for the demo's inspections, drawn here: a steel frame half clad."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gisapp.photos import keep
from layers.raster.photos import THUMBNAIL_SIDE, Pixels, jpeg, smaller
from planning.projects.inspections import Picture

if TYPE_CHECKING:
    from gisapp.config import Settings

WIDTH, HEIGHT = 1_280, 960


@cache
def _files() -> tuple[bytes, bytes]:
    drawn = _drawn()
    return jpeg(drawn), jpeg(smaller(drawn, THUMBNAIL_SIDE))


def site_picture() -> Picture:
    """The picture as the register keeps it."""
    whole, small = (hashlib.sha256(content).hexdigest() for content in _files())
    return Picture(whole, small, whole, len(_files()[0]), WIDTH, HEIGHT)


def keep_site_picture(settings: Settings) -> None:
    """Put the picture's files where photos lie."""
    for content in _files():
        keep(settings, content)


def _drawn() -> Pixels:
    rows = np.linspace(0, 1, HEIGHT)[:, None, None]
    top, low = np.array([[[96, 132, 176]]]), np.array([[[236, 214, 184]]])
    made = np.repeat(top + (low - top) * np.minimum(rows * 1.5, 1), WIDTH, axis=1)
    ground = int(HEIGHT * 0.72)
    made[ground:] = (146, 122, 92)
    made[ground + 40 :] = (128, 106, 80)
    roof = int(HEIGHT * 0.34)
    made[roof : roof + 16, 160:1_120] = (74, 82, 92)
    for left in range(160, 1_121, 120):
        made[roof:ground, left : left + 14] = (84, 92, 102)
    for level in (int(HEIGHT * 0.46), int(HEIGHT * 0.59)):
        made[level : level + 8, 160:1_134] = (98, 106, 116)
    made[roof + 16 : ground, 174:520] = (188, 196, 204)
    made[roof + 16 : ground : 22, 174:520] = (164, 172, 182)
    made[ground - 120 : ground, 300:380] = (70, 78, 88)
    for row in range(110):
        half = row // 2
        made[ground - 110 + row, 1_190 - half : 1_190 + half] = (168, 140, 98)
    drawn: Pixels = np.clip(made, 0, 255).astype(np.uint8)
    return drawn
