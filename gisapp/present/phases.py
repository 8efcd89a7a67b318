"""Phases of zones in words: states with their colours, lists, a zone's bar, a board's sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.zones.phases import STANDINGS, STATES, UNCLASSIFIED, PhaseRow, ZoneStanding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from planning.zones.phases import Tally

PHASE_STATES: Final[dict[str, tuple[str, Any]]] = {
    "planned": ("off", _l("Trong quy hoạch")),
    "established": ("info", _l("Đã thành lập")),
    "clearing": ("warn", _l("Đang giải phóng mặt bằng")),
    "building": ("info", _l("Đang xây dựng hạ tầng")),
    "operating": ("good", _l("Đang hoạt động")),
    UNCLASSIFIED: ("off", _l("Chưa phân loại")),
}
"""A chip's colour and the words, by state of a phase."""

ZONE_STANDINGS: Final[dict[str, tuple[str, Any]]] = {
    "operating": ("good", _l("Đang hoạt động")),
    "operating_building": ("good", _l("Vừa hoạt động vừa xây dựng hạ tầng")),
    "operating_clearing": ("good", _l("Vừa hoạt động vừa giải phóng mặt bằng")),
    "operating_partly": ("good", _l("Hoạt động một phần")),
    "building": ("info", _l("Đang xây dựng hạ tầng")),
    "building_clearing": ("info", _l("Vừa xây dựng hạ tầng vừa giải phóng mặt bằng")),
    "clearing": ("warn", _l("Đang giải phóng mặt bằng")),
    "established": ("info", _l("Đã thành lập")),
    "planned": ("off", _l("Trong quy hoạch")),
    UNCLASSIFIED: ("off", _l("Chưa phân loại")),
}
"""The same of a whole zone."""


@dataclass(frozen=True)
class Part:
    """A stretch of a zone's bar: a state, its m², where it begins and how long it is (of 100)."""

    state: str
    label: str
    area_m2: Decimal
    start: float
    share: float


@dataclass(frozen=True)
class PhaseLine:
    """A phase in a list of many zones."""

    standing: ZoneStanding
    phase: PhaseRow

    @property
    def counted_m2(self) -> Decimal:
        """The area it counts for."""
        return self.phase.counted_m2(self.standing.zone)


def state_chip(state: str) -> tuple[str, str]:
    """A phase's state as a chip."""
    colour, word = PHASE_STATES[state]
    return colour, str(word)


def standing_chip(standing: str) -> tuple[str, str]:
    """What a zone is doing, as a chip."""
    colour, word = ZONE_STANDINGS[standing]
    return colour, str(word)


def phase_name(phase: PhaseRow) -> str:
    """A phase's name in the reader's language."""
    return (language() == "en" and phase.name_en) or phase.name_vi


def bar(standing: ZoneStanding) -> list[Part]:
    """A zone's ground by state, in the order a park goes through them; empty without ground."""
    sums = {state: standing.by_state.get(state) for state in reversed(STATES)}
    sums[UNCLASSIFIED] = max(standing.unclassified_m2, standing.unclassified_m2 * 0)
    known = {state: area for state, area in sums.items() if area}
    whole = sum(known.values())
    parts, start = [], 0.0
    for state, area in known.items():
        share = float(area / whole * 100)
        parts.append(Part(state, state_chip(state)[1], area, round(start, 3), round(share, 3)))
        start += share
    return parts


def phase_columns() -> list[Column]:
    """Columns of the list of phases; the file made of them can be brought in again."""
    return [
        Column(
            key="zone", label=_("Khu"), strong=True, nowrap=True,
            value=lambda line: line.standing.zone.code,
            link=lambda line: dated_url("zones.show", code=line.standing.zone.code) + "#phases",
        ),
        Column(
            key="number", label=_("Giai đoạn"), nowrap=True, value=lambda line: line.phase.number
        ),
        Column(key="name", label=_("Tên"), nowrap=True, value=lambda line: phase_name(line.phase)),
        Column(
            key="area_m2", label=_("Diện tích"), kind="hectares", unit="ha", total=True,
            value=lambda line: line.counted_m2,
        ),
        Column(
            key="state", label=_("Trạng thái"), kind="chip",
            value=lambda line: state_chip(line.phase.standing),
        ),
        Column(
            key="state_since", label=_("Trạng thái từ ngày"), kind="day", nowrap=True,
            value=lambda line: line.phase.state_since,
        ),
        Column(
            key="state_document", label=_("Theo văn bản"), nowrap=True,
            value=lambda line: line.phase.state_document,
        ),
        Column(
            key="decision", label=_("Quyết định"), nowrap=True,
            value=lambda line: line.phase.decision,
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class TallyLine:
    """A line of the board's table: a state, how many zones, how many phases, m²."""

    key: str
    chip: tuple[str, str]
    zones: int | None
    phases: int | None
    area_m2: Decimal | None


def zone_lines(found: Tally) -> list[TallyLine]:
    """Zones by what they do; every zone in one line."""
    return [
        TallyLine(key, standing_chip(key), found.zones[key], None, None)
        for key in STANDINGS
        if found.zones[key] or key == UNCLASSIFIED
    ]


def area_lines(found: Tally) -> list[TallyLine]:
    """Ground and phases by state; every piece of ground in one line."""
    return [
        TallyLine(key, state_chip(key), None, found.phases[key], found.area_m2[key])
        for key in (*reversed(STATES), UNCLASSIFIED)
    ]


def states_to_choose() -> Sequence[tuple[str, str]]:
    """States a phase may be given."""
    return [(state, state_chip(state)[1]) for state in STATES]
