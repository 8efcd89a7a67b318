"""Lettering of the demo's drawn plans: strokes of a pen, because no font comes with the software.

Capitals and digits on a net 4 wide and 6 high, marks of Vietnamese above and below.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]

_GAP: Final = 1.8
_SPACE: Final = 3.0
_ROUND: Final = "163645413010010516"
_GLYPHS: Final = {
    "A": "002640 1232", "B": "00063645443303 3342413000", "C": "4536160501103041",
    "D": "00062644422000", "Đ": "00062644422000 0323", "E": "46060040 0333",
    "G": "45361605011030414323", "H": "0006 4046 0343", "I": "0006", "K": "0006 460340",
    "L": "060040", "M": "0006234640", "N": "00064046", "O": _ROUND, "P": "00063645443303",
    "Q": f"{_ROUND} 2240", "R": "00063645443303 2340", "S": "453616050413334241301001",
    "T": "0646 2620", "U": "060110304146", "V": "062046", "X": "0046 0640", "Y": "062346 2320",
    "0": _ROUND, "1": "152620", "2": "05163645440040", "3": "05163645443323 334241301001",
    "4": "30360242", "5": "460604344341301001", "6": "4536160501103041423303", "7": "064610",
    "8": "13040516364544331302011030414233", "9": "0110304145361605041343",
    "-": "1333", "/": "0046", ".": "0001", ":": "0102 0405", "=": "0242 0444",
    "(": "26150111", ")": "06151101", ",": "1100",
}  # fmt: skip
_HOOK: Final = ((1.4, 7.6), (2.0, 8.2), (2.7, 7.7), (2.0, 6.9))
_MARKS: Final = {
    "\u0301": ((1.7, 6.9), (2.8, 8.2)), "\u0300": ((2.3, 6.9), (1.2, 8.2)), "\u0309": _HOOK,
    "\u0303": ((0.9, 7.0), (1.5, 7.7), (2.4, 7.1), (3.1, 7.8)), "\u0323": ((2, -1.5), (2, -1.2)),
    "\u0302": ((1, 6.7), (2, 7.6), (3, 6.7)), "\u0306": ((1, 7.6), (2, 6.8), (3, 7.6)),
    "\u031b": ((3.8, 5.4), (4.8, 6.0), (4.8, 6.9)),
}  # fmt: skip
_SEATED: Final = ("\u0302", "\u0306")
"""What stands on the letter itself; a tone is written beside it."""


def strokes(text: str) -> tuple[list[Stroke], float]:
    """Return the strokes of a text, (x right, y up) from its lower left corner, and its width.

    Heights are those of the net: capitals are 6 high. What there is no glyph for leaves a space.
    """
    drawn: list[Stroke] = []
    x = 0.0
    for letter in unicodedata.normalize("NFC", text.upper()):
        parts = unicodedata.normalize("NFD", letter)
        base, marks = parts[0], parts[1:]
        glyph = _GLYPHS.get(letter) or _GLYPHS.get(base)
        if glyph is None:
            x += _SPACE
            continue
        lines = [_line(part) for part in glyph.split()]
        wide = max(float(line[:, 0].max()) for line in lines)
        seated = any(mark in _SEATED for mark in marks)
        for mark in marks:
            beside = 1.6 if seated and mark not in (*_SEATED, "\u0323", "\u031b") else 0.0
            lines.append(np.add(_MARKS[mark], (wide / 2 - 2 + beside, 0.0)))
        drawn += [np.add(line, (x, 0.0)) for line in lines]
        x += wide + _GAP
    return drawn, max(x - _GAP, 0.0)


def _line(points: str) -> Stroke:
    return np.array(list(map(int, points)), dtype=np.float64).reshape(-1, 2)
