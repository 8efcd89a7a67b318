"""Phases of the demo's parks, and the figures of an invented report beside the register's own.

Every park is divided along its rows: the lower part went first. Areas follow from the layout alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from shapely import MultiPolygon

from gisapp.demo.layout import PARK_A, PARK_B, PARK_C
from gisapp.demo.ledger import BOARD, PROVINCE, Event, learned, paper_of
from planning.recorded.commands import FigureKey, NewFigure, record_figure
from planning.recorded.printed import settled
from planning.zones.phases import create_phase, set_state

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.demo.founding import Cast
    from gisapp.demo.layout import Park


@dataclass(frozen=True, slots=True)
class Said:
    """A phase of a park: its share of the rows from the bottom, and what went on since when."""

    park: Park
    number: str
    first: Decimal
    last: Decimal
    states: tuple[tuple[str, date], ...]


HALF, WHOLE = Decimal("0.5"), Decimal(1)
DECIDED = date(2021, 3, 1)
PHASES = (
    Said(PARK_A, "1", Decimal(0), HALF, (
        ("established", DECIDED), ("building", date(2022, 1, 10)), ("operating", date(2023, 7, 3)),
    )),
    Said(PARK_A, "2", HALF, WHOLE, (("planned", DECIDED), ("clearing", date(2024, 2, 5)))),
    Said(PARK_B, "1", Decimal(0), HALF, (
        ("established", DECIDED), ("clearing", date(2022, 6, 1)), ("building", date(2024, 5, 6)),
    )),
    Said(PARK_B, "2", HALF, WHOLE, (("planned", DECIDED), ("clearing", date(2025, 3, 3)))),
    Said(PARK_C, "1", Decimal(0), WHOLE, (
        ("established", DECIDED), ("operating", date(2024, 1, 8)),
    )),
)  # fmt: skip

REPORT = date(2026, 7, 6)
YEAR, HALF_YEAR = (date(2026, 1, 1), date(2026, 12, 31)), (date(2026, 1, 1), date(2026, 6, 30))
FIGURES = (
    ("projects_active", "Dự án còn hiệu lực", "stock", None, "21 dự án"),
    ("projects_fdi", "Dự án FDI", "stock", None, "9 dự án"),
    ("projects_ddi", "Dự án trong nước", "stock", None, "12 dự án"),
    ("employees", "Lao động trong các khu", "stock", None, "khoảng 3.200 người"),
    ("area_cleared_in_period", "Giải phóng mặt bằng trong kỳ", "flow", HALF_YEAR, "6,5 ha"),
    ("area_cleared_in_period", "Giải phóng mặt bằng", "target", YEAR, "18 ha"),
    ("projects_attracted", "Dự án dự kiến thu hút", "target", YEAR, "2-3 dự án"),
)
"""Indicator, name, kind, period (None: until the half-year's end), text as printed."""


def phase_events(cast: Cast) -> list[Event]:
    """Phases with their decisions, each state by a paper of its own, and one report."""
    events = [_founded(cast, said, place) for place, said in enumerate(PHASES)]
    for place, said in enumerate(PHASES):
        events += [_state(cast, said, each, place) for each in said.states[1:]]
    return [*events, _report(cast)]


def _founded(cast: Cast, said: Said, place: int) -> Event:
    park = said.park
    height = int(park.height * (said.last - said.first))
    lower = park.v + int(park.height * said.first)
    ground = park.frame.rectangle(park.u, lower, park.width, height)

    def write(session: Session, change: int) -> None:
        document = paper_of(session, change)
        phase = create_phase(
            session, change, zone_id=cast.zones[park.code], srid=park.frame.srid,
            number=said.number, name_vi=f"Giai đoạn {said.number}", name_en=f"Phase {said.number}",
            decision_id=document, valid_from=DECIDED, shape=MultiPolygon([ground]),
            legal_area_m2=Decimal(park.width * height),
        )  # fmt: skip
        cast.phases[park.code, said.number] = phase
        state, _day = said.states[0]
        set_state(session, change, phase, state=state, day=DECIDED, document_id=document)

    number = f"{120 + place}/QĐ-UBND (minh hoạ)"
    reason = f"Phân giai đoạn {said.number} của {park.code}"
    return Event(DECIDED, learned(DECIDED, place), number, PROVINCE, reason, write)


def _state(cast: Cast, said: Said, each: tuple[str, date], place: int) -> Event:
    state, day = each

    def write(session: Session, change: int) -> None:
        phase = cast.phases[said.park.code, said.number]
        document = paper_of(session, change)
        set_state(session, change, phase, state=state, day=day, document_id=document)

    number = f"{day:%d%m}/BC-BQL-{said.park.code}-{said.number} (minh hoạ)"
    reason = f"Trạng thái giai đoạn {said.number} của {said.park.code}"
    return Event(day, learned(day, place), number, BOARD, reason, write, "other")


def _report(cast: Cast) -> Event:
    def write(session: Session, change: int) -> None:
        document = paper_of(session, change)
        for page, (indicator, name, kind, period, text) in enumerate(FIGURES, start=1):
            figure, printed = settled(text)
            first, last = period or (None, HALF_YEAR[1])
            key = FigureKey(cast.boards["BQL-QN"], None, "both", indicator, kind, first, last)
            new = NewFigure(key, name, figure, printed, page=1 + page // 4)
            record_figure(session, change, new, day=REPORT, document_id=document)

    reason = "Báo cáo 6 tháng đầu năm 2026"
    return Event(REPORT, REPORT, "77/BC-BQL (minh hoạ)", BOARD, reason, write, "other")
