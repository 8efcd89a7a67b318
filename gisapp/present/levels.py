"""Plans of two levels on one ground, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.present.formats import hectares
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.plans.levels import BEYOND, DIFFERS, OPEN, SAME, WITHIN

if TYPE_CHECKING:
    from planning.plans.levels import LevelCell
    from planning.plans.levels_queries import LevelPair

VERDICTS: dict[str, tuple[str, Any]] = {
    DIFFERS: ("bad", _l("khác cấp trên")),
    BEYOND: ("bad", _l("ngoài quy hoạch cấp trên")),
    OPEN: ("off", _l("chưa có lô ở một cấp")),
    WITHIN: ("info", _l("nằm trong chức năng cấp trên")),
    SAME: ("good", _l("cùng loại đất")),
}
LEVELS: dict[str, Any] = {
    "general": _l("Quy hoạch chung"),
    "subdivision": _l("Quy hoạch phân khu"),
    "detailed": _l("Quy hoạch chi tiết"),
}
_LOTS = 6


def verdict(pair: LevelPair) -> tuple[str, str]:
    """One sentence about a pair, and how it sounds."""
    sums = pair.sums
    wrong = sums[DIFFERS] + sums[BEYOND]
    if hectares(wrong) != hectares(0):
        return "bad", _("khác cấp trên %(area)s ha", area=hectares(wrong))
    return "good", _("thống nhất với cấp trên")


def lots(cell: LevelCell) -> str:
    """The largest lots of a cell with their ground."""
    said = [f"{symbol} ({hectares(area)})" for symbol, area in cell.lots[:_LOTS]]
    more = len(cell.lots) - _LOTS
    return ", ".join(said) + (f", … (+{more})" if more > 0 else "")
