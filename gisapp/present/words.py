"""Words of the field for codes of the register, in the reader's language."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONE_KINDS: dict[str, Any] = {
    "economic_zone": _l("Khu kinh tế"),
    "coastal_economic_zone": _l("Khu kinh tế ven biển"),
    "border_gate_economic_zone": _l("Khu kinh tế cửa khẩu"),
    "industrial_park": _l("Khu công nghiệp"),
    "export_processing_zone": _l("Khu chế xuất"),
    "high_tech_park": _l("Khu công nghệ cao"),
}

CERTAINTIES: dict[str, Any] = {
    "surveyed": _l("đo đạc thực địa, sai số 0,10 m"),
    "from_approved_drawing": _l("theo bản vẽ được duyệt 1/2000, sai số 0,4 m"),
    "digitised_raster": _l("số hoá từ bản đồ giấy, sai số 1 m"),
    "schematic": _l("sơ đồ, chờ đối chiếu"),
}


def named(words: Mapping[str, Any], code: str | None) -> str:
    """The word for a code; the code itself when there is no word yet; empty for nothing."""
    return "" if code is None else str(words.get(code, code))


def folded(text: str) -> str:
    """Text without accents and case, for finding ``Hải Hà`` by ``hai ha``."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
