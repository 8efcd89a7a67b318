"""Who answers for the days: land that came nine months late, a stop, an extension, land left idle.

What the legal clocks must say of each is a closed formula; `AWAITED` holds the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from gisapp.clock_letters import letter_facts
from gisapp.demo.ledger import BOARD, PROVINCE, Event, instant, learned, paper_of
from gisapp.demo.permitted import certificate, visit
from gisapp.demo.rights import firm
from gisapp.demo.story import COURSES, DIRECT, SubLease, sub_leases
from planning.clocks import Moment
from planning.legal_clocks.commands import extend, issue_reminder, suspend
from planning.legal_clocks.model import ReminderDraft
from planning.legal_clocks.queries import clocks, land_parts, suspensions
from planning.projects.commands import (
    attach_parcels,
    create_project,
    note_progress,
    reach_milestone,
    set_capital,
    set_milestone,
    set_status,
)
from planning.projects.queries import find_project
from planning.tenure.commands import register_party
from planning.zones.queries import boards, find_zone

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.demo.founding import Cast

PROMISED, HANDED = date(2024, 9, 30), DIRECT.day
NINE_MONTHS: Final = (HANDED - PROMISED).days
LATE_LAND, OWN_FAULT = "DA-A91", "DA-A04"
CERTIFIED = date(2024, 3, 15)
BEGUN, OPENING = date(2025, 10, 20), date(2026, 5, 31)
STORM = (date(2025, 7, 28), date(2025, 10, 26))
STANDS_SINCE = date(2026, 4, 6)
EXTENDED_ON, EXTENDED_MONTHS = date(2026, 10, 12), 12
IDLE: Final = (
    ("DA-C91", ("KCN-DEMO-C", 23), "breached"),
    ("DA-B91", ("KCN-DEMO-B", 22), "warning"),
)
"""Code, park and order of the lease nobody builds on, and what its clock says."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a clock says on a day: state, day of breach, days that are not the investor's."""

    code: str
    clock: str
    state: str
    breach_on: date
    board_days: int = 0
    stopped_days: int = 0


def _operation(code: str) -> date:
    """The day a leased project was to run: 720 days after its contract."""
    return _leases()[code] + timedelta(days=720)


def _leases() -> dict[str, date]:
    return {
        f"DA-{course.park.code[-1]}{lease.order + 1:02d}": lease.signed
        for course in COURSES
        for lease in sub_leases(course)
    }


def _years(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def awaited(day: date) -> list[Awaited]:
    """What the clocks of these projects must say on a day after all of it was known."""
    stood = (day - STANDS_SINCE).days + 1
    stopped = (STORM[1] - STORM[0]).days
    moved = OPENING + timedelta(days=NINE_MONTHS)
    slow, stands, blown = (_operation(code) for code in ("DA-B04", "DA-A16", "DA-C04"))
    return [
        Awaited(LATE_LAND, "schedule", "running", _years(moved, 2), board_days=NINE_MONTHS),
        Awaited(OWN_FAULT, "schedule", "breached", _years(_operation(OWN_FAULT), 2)),
        Awaited("DA-B04", "schedule", "extended", _years(slow, 3)),
        Awaited(
            "DA-A16", "schedule", "stopped", _years(stands, 2) + timedelta(days=stood),
            stopped_days=stood,
        ),
        Awaited(
            "DA-C04", "schedule", "warning", _years(blown, 2) + timedelta(days=stopped),
            stopped_days=stopped,
        ),
        *(
            Awaited(code, "idle", state, _years(_of(*lease)[1], 1))
            for code, lease, state in IDLE
        ),
    ]  # fmt: skip


def _of(park: str, order: int) -> tuple[SubLease, date]:
    lease = next(
        lease
        for course in COURSES
        if course.park.code == park
        for lease in sub_leases(course)
        if lease.order == order
    )
    return lease, lease.signed


def fairness_events(cast: Cast) -> list[Event]:
    """Return what these projects did, and what was decided about their clocks."""
    return [
        *_late_land(cast),
        *(_idle(cast, code, *lease) for code, lease, _state in IDLE),
        *_stops(),
        _extension(),
        *_letters(),
    ]


def _late_land(cast: Cast) -> list[Event]:
    """Land promised for 30/09/2024 came on 30/06/2025."""

    def create(session: Session, change: int) -> None:
        project = create_project(
            session,
            change,
            code=LATE_LAND,
            zone_id=cast.zones[DIRECT.park.code],
            srid=DIRECT.park.frame.srid,
            kind="fdi",
            name_vi="Nhà máy pin lưu trữ Minh Hoạ",
            name_en="Storage battery factory (demo)",
            valid_from=CERTIFIED,
            investor_id=register_party(
                session, change, name_vi=DIRECT.investor, tax_code=DIRECT.tax_code
            ),
            certificate_no=f"GCN-{LATE_LAND}",
        )
        pieces = [cast.parcels[DIRECT.park.code, name] for name in DIRECT.names]
        attach_parcels(session, change, project_id=project, parcels=pieces, day=CERTIFIED)
        set_capital(
            session, change, project_id=project, currency="USD", registered=Decimal(42_000_000),
            implemented=Decimal(9_500_000), day=CERTIFIED,
        )  # fmt: skip
        for step, planned in (
            ("land", PROMISED),
            ("construction", date(2024, 12, 31)),
            ("operation", OPENING),
        ):
            set_milestone(
                session, change, project_id=project, step=step, planned_on=planned, day=CERTIFIED
            )

    def reach(step: str, day: date, status: str) -> Callable[[Session, int], None]:
        def write(session: Session, change: int) -> None:
            project = find_project(session, LATE_LAND)
            reach_milestone(session, change, project_id=project, step=step, day=day)
            set_status(session, change, project_id=project, day=day, status=status)

        return write

    handed, begun = (
        reach("land", HANDED, "land_secured"),
        reach("construction", BEGUN, "under_construction"),
    )
    return [
        Event(
            CERTIFIED, learned(CERTIFIED, 1), f"GCN-{LATE_LAND}", BOARD, f"Dự án {LATE_LAND}",
            create, "certificate",
        ),
        Event(
            HANDED, learned(HANDED, 4), f"BBGĐ-{LATE_LAND}", BOARD,
            f"Bàn giao đất trên thực địa {LATE_LAND}", handed, "minutes",
        ),
        Event(
            BEGUN, learned(BEGUN, 1), f"BC-{LATE_LAND}-KC", BOARD, f"Khởi công {LATE_LAND}", begun,
            "other",
        ),
        Event(
            CERTIFIED, learned(CERTIFIED, 1), f"GCN-{LATE_LAND}", BOARD,
            f"Giấy chứng nhận của {LATE_LAND}", certificate(LATE_LAND, 0, CERTIFIED), "certificate",
        ),
        _seen(LATE_LAND, date(2026, 3, 31), 70, 25),
        _seen(LATE_LAND, date(2026, 9, 30), 100, 48),
        visit(
            LATE_LAND, date(2026, 10, 14),
            "Đang lắp khung mái xưởng 1 và đổ móng xưởng 2. Nhà đầu tư nhận đất muộn chín tháng,"
            " tiến độ từ ngày nhận đất đúng cam kết.",
        ),
    ]  # fmt: skip


def _seen(code: str, day: date, planned: int, actual: int) -> Event:
    def write(session: Session, change: int) -> None:
        note_progress(
            session, change, project_id=find_project(session, code), day=day,
            actual_pct=Decimal(actual), planned_pct=Decimal(planned),
        )  # fmt: skip

    number, reason = f"KT-{code}-{day:%m%Y}", f"Kiểm tra tiến độ {code}"
    return Event(day, learned(day, 1), number, BOARD, reason, write, "minutes")


def _idle(cast: Cast, code: str, park: str, order: int) -> Event:
    """A project whose land lies as it was handed over."""
    lease, signed = _of(park, order)

    def create(session: Session, change: int) -> None:
        name, tax_code = firm(lease.course, order)
        project = create_project(
            session,
            change,
            code=code,
            zone_id=cast.zones[park],
            srid=lease.course.park.frame.srid,
            kind="ddi",
            name_vi=f"Kho {name.removeprefix('Công ty TNHH ')}",
            name_en=f"Warehouse {code} (demo)",
            valid_from=signed,
            status="land_secured",
            investor_id=register_party(session, change, name_vi=name, tax_code=tax_code),
            certificate_no=f"GCN-{code}",
        )
        pieces = [cast.parcels[park, piece.name] for piece in lease.parcels]
        attach_parcels(session, change, project_id=project, parcels=pieces, day=signed)
        set_capital(
            session, change, project_id=project, currency="VND",
            registered=Decimal(60_000_000_000), implemented=Decimal(0), day=signed,
        )  # fmt: skip
        for step, planned, actual in (
            ("land", signed, signed),
            ("construction", signed + timedelta(days=300), None),
            ("operation", signed + timedelta(days=720), None),
        ):
            set_milestone(
                session, change, project_id=project, step=step, planned_on=planned,
                actual_on=actual, day=signed,
            )  # fmt: skip

    known = signed + timedelta(days=lease.recorded_after_days + 1)
    number = f"GCN-{code}"
    return Event(signed, known, number, BOARD, f"Dự án {code}", create, "certificate")


def _stops() -> list[Event]:
    """A storm stopped one project for ninety days; the province stops another until it says so."""
    events = []
    for code, since, until, cause, why in (
        ("DA-C04", *STORM, "force_majeure", "Bão số 3 làm ngập công trường và hỏng vật tư"),
        ("DA-A16", STANDS_SINCE, None, "authority", "Chờ di dời đường điện 110 kV qua khu đất"),
    ):

        def write(
            session: Session, change: int, code: str = code, since: date = since,
            until: date | None = until, cause: str = cause, why: str = why,
        ) -> None:  # fmt: skip
            suspend(
                session, change, project_id=find_project(session, code), cause=cause, reason=why,
                since=since, until=until, document_id=paper_of(session, change),
            )  # fmt: skip

        day, number = until or since, f"TD-{code}"
        reason = f"Tạm dừng đồng hồ {code}"
        events.append(Event(day, learned(day, 0), number, PROVINCE, reason, write))
    return events


def _extension() -> Event:
    def write(session: Session, change: int) -> None:
        extend(
            session, change, project_id=find_project(session, "DA-B04"), months=EXTENDED_MONTHS,
            day=EXTENDED_ON, document_id=paper_of(session, change),
        )  # fmt: skip

    known = learned(EXTENDED_ON, 0)
    reason = f"Gia hạn tiến độ DA-B04 thêm {EXTENDED_MONTHS} tháng"
    return Event(EXTENDED_ON, known, "GH-DA-B04", PROVINCE, reason, write)


def _letters() -> list[Event]:
    """A reminder issued before the term ran out, and one drafted since, with the facts of each."""
    sent, checked = date(2025, 11, 20), date(2026, 11, 3)

    def issue(session: Session, change: int) -> None:
        draft = _draft(session, change, date(2025, 11, 17))
        issue_reminder(
            session, change, draft_id=draft, day=sent, document_id=paper_of(session, change)
        )

    seen = _seen(OWN_FAULT, checked, 100, 36)

    def check(session: Session, change: int) -> None:
        seen.write(session, change)
        _draft(session, change, checked)

    reason = f"Văn bản nhắc {OWN_FAULT}"
    return [
        Event(sent, learned(sent, 0), f"CV-{OWN_FAULT}-1", BOARD, reason, issue, "notice"),
        replace(seen, write=check),
    ]


def _draft(session: Session, change: int, day: date) -> UUID:
    """Keep a reminder as it would have been drafted on that day."""
    at = Moment(day, change)
    project = find_project(session, OWN_FAULT)
    (row,) = (each for each in clocks(session, at, project_id=project) if each.clock == "schedule")
    zone = find_zone(session, row.zone, at)
    board = next(each for each in boards(session, at) if each.code == zone.board_code)
    facts = letter_facts(
        row, land_parts(session, at, project), suspensions(session, at, project), as_of=day,
        board=board.name_vi, province=board.province_name, zone_name=zone.name_vi,
    )  # fmt: skip
    made = insert(ReminderDraft).values(
        project_id=project, clock=row.clock, as_of=day, known=change, breach_on=row.breach_on,
        facts=facts, drafted_by="planner", drafted_at=instant(day, 0),
    )  # fmt: skip
    return session.execute(made.returning(ReminderDraft.id)).scalar_one()
