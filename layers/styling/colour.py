"""Colours as eyes see them: contrast, mixing over paper, three kinds of colour blindness, distance.

Contrast is that of WCAG 2.2. Colour blindness is simulated by the matrices of Machado, Oliveira and
Fernandes (2009) at full severity, in linear RGB. Distance is CIEDE2000 (Sharma, Wu, Dalal 2005).
"""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from types import MappingProxyType
from typing import Final

Triple = tuple[float, float, float]

VISIONS: Final = MappingProxyType(
    {
        "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        "protanopia": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deuteranopia": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritanopia": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
    }
)

_D65: Final = (0.95047, 1.0, 1.08883)
_TO_XYZ: Final = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def linear(colour: str) -> Triple:
    """Read ``#rrggbb`` as linear light, each channel 0 to 1."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _light(red), _light(green), _light(blue)


def _light(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(colour: str, opacity: float, paper: str) -> str:
    """The colour seen when one lies over another with an opacity of 0 to 1."""
    mixed = (
        round(
            int(colour[place : place + 2], 16) * opacity
            + int(paper[place : place + 2], 16) * (1 - opacity)
        )
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def distance(one: str, other: str, vision: str = "normal") -> float:
    """CIEDE2000 between two colours as an eye of that kind sees them; under 2 is hard to tell."""
    return _ciede2000(_lab(_seen(one, vision)), _lab(_seen(other, vision)))


def _seen(colour: str, vision: str) -> Triple:
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, light, strict=True))))
        for row in VISIONS[vision]
    )
    return red, green, blue


def _lab(light: Triple) -> Triple:
    x, y, z = (
        _cube_root(sum(weight * part for weight, part in zip(row, light, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _D65, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(share: float) -> float:
    return float(share ** (1 / 3)) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116


def _ciede2000(one: Triple, other: Triple) -> float:
    mean_c = (hypot(one[1], one[2]) + hypot(other[1], other[2])) / 2
    stretch = 1 + 0.5 * (1 - sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    (c1, h1), (c2, h2) = (
        (hypot(lab[1] * stretch, lab[2]), degrees(atan2(lab[2], lab[1] * stretch)) % 360)
        for lab in (one, other)
    )
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    mean_l, mean_c = (one[0] + other[0]) / 2, (c1 + c2) / 2
    mean_h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    weight = (
        1
        - 0.17 * cos(radians(mean_h - 30))
        + 0.24 * cos(radians(2 * mean_h))
        + 0.32 * cos(radians(3 * mean_h + 6))
        - 0.20 * cos(radians(4 * mean_h - 63))
    )
    scale_l = 1 + 0.015 * (mean_l - 50) ** 2 / sqrt(20 + (mean_l - 50) ** 2)
    scale_c, scale_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * weight
    twist = -sin(radians(60 * exp(-(((mean_h - 275) / 25) ** 2))))
    twist *= 2 * sqrt(mean_c**7 / (mean_c**7 + 25**7))
    parts = ((other[0] - one[0]) / scale_l, (c2 - c1) / scale_c, d_hue / scale_h)
    return sqrt(sum(part**2 for part in parts) + twist * parts[1] * parts[2])
