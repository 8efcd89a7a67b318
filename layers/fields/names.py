"""Column names as people write them: "Diện tích (m²)", DIEN_TICH and dientich are one."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

DBF_NAME: Final = 10  # longer names are cut in a DBF
_SHORTEST_CUT: Final = 6  # what is left must still say something
_UNIT: Final = re.compile(
    r"[(\[]\s*(m2|m²|ha|%|vnd|usd|đồng|dong|triệu đồng|trieu dong|tr\.?đ|tỷ đồng|ty dong|năm|nam)"
    r"\s*[)\]]",
    re.IGNORECASE,
)
_HA: Final = re.compile(r"([(\[]\s*ha\s*[)\]]|[_\s.]ha)$", re.IGNORECASE)
_MILLIONS: Final = re.compile(r"(trieu|trđ|tr\.đ|triệu)", re.IGNORECASE)
_BILLIONS: Final = re.compile(r"(tỷ|tỉ|[(_\s]ty\b)", re.IGNORECASE)


def fold(name: str) -> str:
    """Small letters without diacritics, blanks, signs and a unit in brackets."""
    bare = unicodedata.normalize("NFC", name)
    bare = _UNIT.sub("", bare).replace("đ", "d").replace("Đ", "d").replace("²", "2")
    letters = unicodedata.normalize("NFD", bare)
    return "".join(c for c in letters.lower() if c.isascii() and c.isalnum())


def without_unit(folded: str) -> str:
    """A folded name without a unit at its end ("dientichha", "dientichm2" to "dientich")."""
    return re.sub(r"(m2|ha)$", "", folded)


def unit_in(name: str) -> str | None:
    """The unit a heading states: ha, m2, trieu (millions), ty (billions), or None."""
    text = unicodedata.normalize("NFC", name.strip())
    if _HA.search(text):
        return "ha"
    if re.search(r"m2|m²", text, re.IGNORECASE):
        return "m2"
    if _MILLIONS.search(text):
        return "trieu"
    return "ty" if _BILLIONS.search(text) else None


def is_cut_of(column: str, alias: str) -> bool:
    """Whether a column name is this alias as a DBF cuts it (``dientich_1`` is not)."""
    folded = fold(column)
    return (
        len(column) == DBF_NAME
        and len(folded) >= _SHORTEST_CUT
        and len(alias) > len(folded)
        and alias.startswith(folded)
    )
