"""Projects on leased land and the resettlement area of the demo."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from gisapp.demo.founding import HOMES_1, HOMES_2, ZONE, Cast
from gisapp.demo.layout import COAST, resettlement_outline
from gisapp.demo.ledger import BOARD, PROVINCE, Event, learned, paper_of
from gisapp.demo.rights import firm
from gisapp.demo.story import COURSES, LAST_DAY, SubLease, sub_leases
from planning.projects.commands import (
    attach_parcels,
    create_project,
    note_progress,
    reach_milestone,
    set_capital,
    set_milestone,
    set_status,
)
from planning.resettlement.commands import (
    NewPlot,
    add_plots,
    create_area,
    report_progress,
    set_readiness,
)
from planning.tenure.commands import register_party

EVERY_NTH_LEASE = 3
REPORTED = (
    (HOMES_1, date(2022, 3, 31), 55, "San nền xong, đang thi công thoát nước và đường nội khu."),
    (HOMES_1, date(2022, 9, 30), 100, "Nghiệm thu toàn bộ hạ tầng."),
    (HOMES_2, date(2025, 9, 30), 15, "Bàn giao mặt bằng, san nền một nửa khu."),
    (HOMES_2, date(2026, 3, 31), 38, "San nền xong; đang thi công cống thoát nước."),
    (HOMES_2, date(2026, 6, 30), 52, "Đường trục chính thảm xong lớp một."),
    (
        HOMES_2,
        date(2026, 9, 30),
        68,
        "Lô LK-01 đến LK-08 có điện, nước; phần còn lại chờ trạm biến áp.",
    ),
)
"""Area, day, per cent of its infrastructure, what the report says."""
STEPS = (("land", 30, 30), ("construction", 180, 210), ("operation", 720, 780))


def works_events(cast: Cast) -> list[Event]:
    """Return what happened to projects and resettlement."""
    events = _resettlement(cast)
    for course in COURSES:
        for lease in sub_leases(course):
            if lease.order % EVERY_NTH_LEASE == 0 and lease.ended is None:
                events += _project(cast, lease)
    return events


def _stuck(lease: SubLease) -> bool:
    """Every fourth project never finishes building: it shows as late."""
    return lease.order // EVERY_NTH_LEASE % 4 == 1


def _project(cast: Cast, lease: SubLease) -> list[Event]:
    course, park = lease.course, lease.course.park
    foreign = lease.order % 2 == 0
    project_id = uuid4()
    code = f"DA-{park.code[-1]}{lease.order + 1:02d}"
    name, tax_code = firm(course, lease.order)
    granted = lease.signed - timedelta(days=20)

    def create(session: Session, change: int) -> None:
        create_project(
            session,
            change,
            id=project_id,
            code=code,
            zone_id=cast.zones[park.code],
            srid=park.frame.srid,
            kind="fdi" if foreign else "ddi",
            name_vi=f"Nhà máy {name.removeprefix('Công ty TNHH ')}",
            name_en=f"Factory {code} (demo)",
            valid_from=lease.signed,
            status="land_secured",
            investor_id=register_party(session, change, name_vi=name, tax_code=tax_code),
            certificate_no=f"GCN-{code}",
        )
        pieces = [cast.parcels[park.code, piece.name] for piece in lease.parcels]
        attach_parcels(session, change, project_id=project_id, parcels=pieces, day=lease.signed)
        millions = 4 + lease.order % 17 * 3
        registered = Decimal(millions * 1_000_000 if foreign else millions * 25_000_000_000)
        set_capital(
            session,
            change,
            project_id=project_id,
            currency="USD" if foreign else "VND",
            registered=registered,
            implemented=registered * (lease.order % 10) / 10,
            day=lease.signed,
        )
        for step, planned, _actual in STEPS:
            set_milestone(
                session,
                change,
                project_id=project_id,
                step=step,
                planned_on=lease.signed + timedelta(days=planned),
                day=lease.signed,
            )

    known = max(learned(lease.signed, lease.order + 3), _after(lease))
    reason = f"Dự án {code}"
    events = [Event(granted, known, f"GCN-{code}", BOARD, reason, create, document="certificate")]
    statuses = {"construction": "under_construction", "operation": "operating"}
    for step, _planned, actual in STEPS:
        day = lease.signed + timedelta(days=actual)
        if day > LAST_DAY or (step == "operation" and _stuck(lease)):
            break
        write = _reached(project_id, step, day, statuses.get(step))
        told = max(learned(day, lease.order), known)
        reason = f"Tiến độ {code}: {step}"
        events.append(Event(day, told, f"BC-{code}-{step}", BOARD, reason, write, document="other"))
    events += _progress(project_id, code, lease, known)
    return events


def _after(lease: SubLease) -> date:
    return lease.signed + timedelta(days=lease.recorded_after_days + 1)


def _reached(
    project_id: UUID, step: str, day: date, status: str | None
) -> Callable[[Session, int], None]:
    def write(session: Session, change: int) -> None:
        reach_milestone(session, change, project_id=project_id, step=step, day=day)
        if status is not None:
            set_status(session, change, project_id=project_id, day=day, status=status)

    return write


def _progress(project_id: UUID, code: str, lease: SubLease, known: date) -> list[Event]:
    events = []
    for round_number in range(1, 5):
        day = lease.signed + timedelta(days=200 * round_number)
        if day > LAST_DAY:
            break
        planned = Decimal(min(100, 27 * round_number))
        actual = min(planned, Decimal(35)) if _stuck(lease) else max(planned - 5, Decimal(0))

        def write(
            session: Session, change: int, day: date = day, planned: Decimal = planned,
            actual: Decimal = actual,
        ) -> None:  # fmt: skip
            note_progress(
                session,
                change,
                project_id=project_id,
                day=day,
                actual_pct=actual,
                planned_pct=planned,
            )

        number = f"KT-{code}-{round_number}"
        told = max(learned(day, round_number), known)
        events.append(
            Event(day, told, number, BOARD, f"Kiểm tra tiến độ {code}", write, document="minutes")
        )
    return events


def _resettlement(cast: Cast) -> list[Event]:
    area_id: list[UUID] = []
    approved, ready = date(2021, 4, 1), date(2022, 9, 30)

    def create(session: Session, change: int) -> None:
        made = create_area(
            session,
            change,
            code=HOMES_1,
            board_id=cast.boards["BQL-QN"],
            zone_id=cast.zones[ZONE],
            name_vi="Khu tái định cư Minh Hoạ 1",
            name_en="Minh Hoa resettlement area 1 (demo)",
            srid=COAST.srid,
            area=MultiPolygon([resettlement_outline()]),
            valid_from=approved,
            status="building",
            plots_planned=120,
            ready_on=ready,
        )
        area_id.append(made)
        cast.homes[HOMES_1] = made
        plots = [
            NewPlot(
                number=f"LK-{number:03d}",
                legal_area_m2=Decimal(120),
                ready_on=ready,
                shape=COAST.rectangle(
                    2475 + (number - 1) % 20 * 10, 225 + (number - 1) // 20 * 25, 10, 12
                ),
            )
            for number in range(1, 121)
        ]
        add_plots(session, change, area_id=made, plots=plots, valid_from=approved)

    def finish(session: Session, change: int) -> None:
        set_readiness(
            session, change, area_id=area_id[0], day=ready, status="completed", ready_on=ready
        )

    return [
        *(_reported(cast, *said) for said in REPORTED),
        Event(
            approved, learned(approved, 2), "15/QĐ-MH", PROVINCE, "Phê duyệt khu tái định cư",
            create,
        ),
        Event(
            ready, learned(ready, 4), "BBNT-TDC-1", BOARD, "Nghiệm thu khu tái định cư", finish,
            "minutes",
        ),
    ]  # fmt: skip


def _reported(cast: Cast, area: str, day: date, percent: int, note: str) -> Event:
    def write(session: Session, change: int) -> None:
        report_progress(
            session,
            change,
            area_id=cast.homes[area],
            day=day,
            percent=Decimal(percent),
            note=note,
            document_id=paper_of(session, change),
        )

    number, reason = f"BC-{area}-{day:%m%Y}", f"Tiến độ hạ tầng {area}"
    return Event(day, learned(day, 4), number, BOARD, reason, write, "other")
