"""Words of the field: kinds of zone, levels of plan, lot categories, cadastral purposes, states.

Codes are what the database stores; names are for people. Lot categories and purposes are data
(`planning/data/*.csv`) and
carry whether their source was verified: no statutory list of planning symbols or colours was found,
so a plan keeps its own
raw symbol beside the normalised category.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

ZONE_KINDS: Final = {
    "economic_zone": ("Khu kinh tế", "Economic zone"),
    "coastal_economic_zone": ("Khu kinh tế ven biển", "Coastal economic zone"),
    "border_gate_economic_zone": ("Khu kinh tế cửa khẩu", "Border-gate economic zone"),
    "industrial_park": ("Khu công nghiệp", "Industrial park"),
    "export_processing_zone": ("Khu chế xuất", "Export processing zone"),
    "high_tech_park": ("Khu công nghệ cao", "High-tech park"),
}
PLAN_LEVELS: Final = {
    "general": ("Quy hoạch chung", "General plan"),
    "subdivision": ("Quy hoạch phân khu 1/2000", "Subdivision plan 1/2000"),
    "detailed": ("Quy hoạch chi tiết 1/500", "Detailed plan 1/500"),
}
PLAN_STATUSES: Final = (
    "proposed",
    "task",
    "drafting",
    "consultation",
    "appraisal",
    "approved",
    "published",
    "superseded",
    "annulled",
)
IN_FORCE_STATUSES: Final = ("approved", "published")
CERTAINTIES: Final = {
    "surveyed": ("Đo đạc thực địa", "Surveyed"),
    "from_approved_drawing": ("Theo bản vẽ được duyệt", "From the approved drawing"),
    "digitised_raster": ("Số hoá từ bản quét", "Digitised from a scan"),
    "schematic": ("Sơ đồ", "Schematic"),
}


@dataclass(frozen=True, slots=True)
class LotCategory:
    """A normalised use of planning lots and whether such lots can be let to investors."""

    code: str
    name_vi: str
    name_en: str
    group: str
    leasable: str
    colour: str
    source_status: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """A cadastral land-use purpose (mục đích sử dụng đất) of the national list."""

    code: str
    name_vi: str
    name_en: str
    parent: str
    level: str
    status: str
    colour: str
    colour_status: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files("planning").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def lot_categories() -> dict[str, LotCategory]:
    """Return the normalised lot categories by code."""
    return {row["code"]: LotCategory(**row) for row in _rows("lot_categories.csv")}


@cache
def purposes() -> dict[str, Purpose]:
    """Return the cadastral land-use purposes by code."""
    return {row["code"]: Purpose(**row) for row in _rows("cadastral_purposes.csv")}


def category_of_symbol(symbol: str) -> str | None:
    """Propose the category of a raw lot symbol ("CN-01" → "CN"), the longest known prefix; None
    when none fits.

    A proposal only: KT is storage in one plan and utilities in another, so the plan version's own
    table decides.
    """
    letters = re.match(r"[A-ZĐ]+", symbol.strip().upper().replace("Đ", "D"))
    if letters is None:
        return None
    known = sorted(lot_categories(), key=len, reverse=True)
    return next((code for code in known if letters.group().startswith(code)), None)
