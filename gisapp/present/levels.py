"""Plans of two levels on one ground, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.present import differences as uses
from gisapp.present.day import dated_url
from gisapp.present.formats import hectares
from gisapp.present.tables import Column, Filter
from gisapp.present.words import folded
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


def agreement(pair: LevelPair) -> tuple[str, str]:
    """Whether a pair agrees, in a word; the area stands beside it."""
    sound = verdict(pair)[0]
    return sound, _("thống nhất") if sound == "good" else _("khác cấp trên")


def wrong_m2(pair: LevelPair) -> float:
    """Ground of the lower plan that does not agree with the higher one."""
    sums = pair.sums
    return sums[DIFFERS] + sums[BEYOND]


def pair_columns() -> list[Column]:
    """The columns of the list of pairs; the lower plan leads to its own comparison."""

    def alone(pair: LevelPair) -> str:
        return dated_url("levels.show", version=pair.lower.key)

    return [
        Column(key="lower", label=_("Quy hoạch"), strong=True, link=alone,
               value=lambda pair: uses.version_name(pair.lower)),
        Column(key="zone", label=_("Khu"), value=lambda pair: pair.lower.zone, nowrap=True),
        Column(key="lower_no", label=_("Quyết định"),
               value=lambda pair: pair.lower.decision_number, nowrap=True),
        Column(key="higher", label=_("Quy hoạch cấp trên"),
               value=lambda pair: uses.version_name(pair.higher)),
        Column(key="higher_no", label=_("Quyết định cấp trên"),
               value=lambda pair: pair.higher.decision_number, nowrap=True),
        Column(key="verdict", label=_("Kết quả"), kind="chip", value=agreement),
        Column(key="wrong", label=_("Khác cấp trên"), kind="hectares", unit="ha", total=True,
               value=wrong_m2),
        Column(key="ground", label=_("Diện tích"), kind="hectares", unit="ha", total=True,
               value=lambda pair: pair.ground_m2),
    ]  # fmt: skip


def pair_filters() -> list[Filter]:
    """What narrows the list of pairs."""
    return [
        Filter("q", _("Tìm mã, tên, khu, quyết định")),
        Filter("level", _("Cấp"), [(level, str(word)) for level, word in LEVELS.items()][1:]),
        Filter("agree", _("Kết quả"), [("no", _("khác cấp trên")), ("yes", _("thống nhất"))]),
    ]


def wanted_pair(pair: LevelPair, filters: list[Filter]) -> bool:
    """Whether the filters let a pair through."""
    text, level, agree = (each.current for each in filters)
    said = [
        f"{one.code} {one.name_vi} {one.name_en or ''} {one.zone} {one.decision_number or ''}"
        for one in (pair.lower, pair.higher)
    ]
    return (
        (not level or pair.lower.level == level)
        and (not agree or (verdict(pair)[0] == "good") == (agree == "yes"))
        and folded(text) in folded(" ".join(said))
    )
