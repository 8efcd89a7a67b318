"""Hand-overs, State leases, sub-leases and reservations of the demo parks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gisapp.demo.clearing import hand_over_steps
from gisapp.demo.founding import ZONE, Cast
from gisapp.demo.layout import fields
from gisapp.demo.ledger import BOARD, PROVINCE, Event, learned
from gisapp.demo.story import (
    CORRECTED,
    CORRECTION_DAY,
    CORRECTION_M2,
    COURSES,
    DIRECT,
    RESERVED_FROM,
    RESERVED_TO,
    TRACT_ENDS,
    Course,
    SubLease,
    reserved,
    sub_leases,
    wave_of,
)
from planning.clearance.commands import hand_over
from planning.tenure.commands import correct_right, end_right, grant_right, register_party

FIRMS = (
    "Điện tử", "Cơ khí", "Dệt may", "Nhựa kỹ thuật", "Linh kiện ô tô", "Thực phẩm", "Bao bì",
    "Vật liệu mới",
    "Nội thất", "Thiết bị điện", "Logistics", "Dược phẩm",
)  # fmt: skip
COUNTRIES = ("Việt Nam", "Nhật Bản", "Hàn Quốc", "Đài Loan", "Singapore", "CHLB Đức")


def firm(course: Course, order: int) -> tuple[str, str]:
    """Return name and tax code of an invented company; the name says that it is invented."""
    trade, country = FIRMS[order % len(FIRMS)], COUNTRIES[order % len(COUNTRIES)]
    letter = course.park.code[-1]
    code = f"99{ord(letter):03d}{order + 1:05d}"
    return f"Công ty TNHH {trade} Minh Hoạ {letter}{order + 1:02d} ({country})", code


@dataclass(slots=True)
class Deeds:
    """Ids of rights granted, by wave and by order."""

    state_leases: dict[tuple[str, int], UUID] = field(default_factory=dict)
    sub_leases: dict[tuple[str, int], UUID] = field(default_factory=dict)


def tenure_events(cast: Cast, deeds: Deeds) -> list[Event]:
    """Return every hand-over and right of the three parks, and the road land of the economic
    zone.
    """
    events = [_road_handover(cast), _direct_lease(cast)]
    for course in COURSES:
        events += _wave_events(cast, deeds, course)
        for lease in sub_leases(course):
            events += _lease_events(cast, deeds, lease)
        events += _reservation(cast, course)
    return events


def _road_handover(cast: Cast) -> Event:
    day = date(2023, 8, 1)
    row = [piece for piece in fields() if piece.block == 0]

    def write(session: Session, change: int) -> None:
        parcels = [cast.parcels[ZONE, piece.name] for piece in row]
        hand_over(
            session, change, zone_id=cast.zones[ZONE], number="BBBG-KKT-1", day=day, parcels=parcels
        )

    reason = "Bàn giao mặt bằng tuyến đường nối hai KCN"
    return Event(day, learned(day, 2), "BBBG-KKT-1", BOARD, reason, write, document="minutes")


def _wave_events(cast: Cast, deeds: Deeds, course: Course) -> list[Event]:
    park, letter = course.park, course.park.code[-1]
    events = []
    for number, wave in enumerate(course.waves):
        pieces = [piece for piece in park.parcels() if wave_of(course, piece.block) == number]
        names = [piece.name for piece in pieces]
        area = sum((piece.area_m2 for piece in pieces), Decimal(0))
        minutes = f"BBBG-{letter}-{number + 1}"

        def clear(
            session: Session, change: int, names: list[str] = names, day: date = wave.handed_over,
            minutes: str = minutes, area: Decimal = area,
        ) -> None:  # fmt: skip
            hand_over(
                session,
                change,
                zone_id=cast.zones[park.code],
                number=minutes,
                day=day,
                parcels=[cast.parcels[park.code, name] for name in names],
                stated_area_m2=area,
            )
            hand_over_steps(session, change, cast, park, day)

        reason = f"Bàn giao mặt bằng KCN {letter} đợt {number + 1}"
        known = learned(wave.handed_over, number + 1)
        events.append(
            Event(wave.handed_over, known, minutes, BOARD, reason, clear, document="minutes")
        )
        if wave.state_lease is None:
            continue
        decision = f"{50 + 10 * number}/QĐ-MH-{letter}"
        day = wave.state_lease
        write = _state_lease(cast, deeds, course, number, names, area, day, decision)
        reason = f"Cho thuê đất KCN {letter} đợt {number + 1}"
        events.append(Event(day, learned(day, number), decision, PROVINCE, reason, write))
    return events


def _state_lease(
    cast: Cast, deeds: Deeds, course: Course, wave: int, names: list[str], area: Decimal, day:
    date, number: str
) -> Callable[[Session, int], None]:  # fmt: skip
    park = course.park
    deeds.state_leases[park.code, wave] = uuid4()

    def write(session: Session, change: int) -> None:
        grant_right(
            session,
            change,
            id=deeds.state_leases[park.code, wave],
            kind="state_lease",
            zone_id=cast.zones[park.code],
            number=number,
            lessor_id=register_party(session, change, name_vi=PROVINCE, kind="authority"),
            lessee_id=register_party(
                session, change, name_vi=course.developer, tax_code=course.developer_tax_code
            ),
            contract_area_m2=area,
            valid_from=day,
            term_ends=TRACT_ENDS,
            payment_mode="annual",
            parcels=[cast.parcels[park.code, name] for name in names],
        )

    return write


def _direct_lease(cast: Cast) -> Event:
    """Half a block without a developer: the State leases it to the investor itself."""
    zone, pieces = DIRECT.park.code, DIRECT.pieces()

    def write(session: Session, change: int) -> None:
        grant_right(
            session,
            change,
            kind="state_lease",
            zone_id=cast.zones[zone],
            number=DIRECT.number,
            lessor_id=register_party(session, change, name_vi=PROVINCE, kind="authority"),
            lessee_id=register_party(
                session, change, name_vi=DIRECT.investor, tax_code=DIRECT.tax_code
            ),
            contract_area_m2=sum((piece.area_m2 for piece in pieces), Decimal(0)),
            valid_from=DIRECT.day,
            term_ends=TRACT_ENDS,
            payment_mode="annual",
            parcels=[cast.parcels[zone, piece.name] for piece in pieces],
        )

    reason = "Cho thuê đất trực tiếp, không qua chủ đầu tư hạ tầng"
    return Event(DIRECT.day, learned(DIRECT.day, 3), DIRECT.number, PROVINCE, reason, write)


def _lease_events(cast: Cast, deeds: Deeds, lease: SubLease) -> list[Event]:
    course, park = lease.course, lease.course.park
    key = (park.code, lease.order)
    deeds.sub_leases[key] = uuid4()
    corrected = key == CORRECTED
    name, tax_code = firm(course, lease.order)
    area = lease.area_m2 - CORRECTION_M2 if corrected else lease.area_m2

    def grant(session: Session, change: int) -> None:
        lessor = register_party(
            session, change, name_vi=course.developer, tax_code=course.developer_tax_code
        )
        grant_right(
            session,
            change,
            id=deeds.sub_leases[key],
            kind="sub_lease",
            parent_id=deeds.state_leases[park.code, lease.wave],
            zone_id=cast.zones[park.code],
            number=lease.number,
            lessor_id=lessor,
            lessee_id=register_party(session, change, name_vi=name, tax_code=tax_code),
            contract_area_m2=area,
            valid_from=lease.signed,
            term_ends=lease.term_ends,
            payment_mode="one_off" if lease.order % 2 else "annual",
            parcels=[cast.parcels[park.code, piece.name] for piece in lease.parcels],
        )

    known = lease.signed + timedelta(days=lease.recorded_after_days)
    reason = f"Cho thuê lại đất: {name}"
    events = [
        Event(
            lease.signed, known, lease.number, course.developer, reason, grant, document="contract"
        )
    ]
    if lease.ended is not None:
        day = lease.ended

        def stop(session: Session, change: int) -> None:
            end_right(session, change, right_id=deeds.sub_leases[key], day=day)

        number = f"TL-{lease.number}"
        reason = f"Thanh lý hợp đồng {lease.number}"
        paper = course.developer
        known = learned(day, lease.order)
        events.append(Event(day, known, number, paper, reason, stop, document="contract"))
    if corrected:

        def correct(session: Session, change: int) -> None:
            correct_right(
                session, change, right_id=deeds.sub_leases[key], contract_area_m2=lease.area_m2
            )

        reason = f"Đính chính diện tích hợp đồng {lease.number}"
        events.append(
            Event(
                CORRECTION_DAY, CORRECTION_DAY, f"ĐC-{lease.number}", BOARD, reason, correct,
                document="correction", kind="correction",
            )
        )  # fmt: skip
    return events


def _reservation(cast: Cast, course: Course) -> list[Event]:
    pieces = reserved(course)
    if not pieces:
        return []
    park, letter = course.park, course.park.code[-1]

    def write(session: Session, change: int) -> None:
        grant_right(
            session,
            change,
            kind="reservation",
            zone_id=cast.zones[park.code],
            number=f"GC-{letter}-01",
            lessor_id=register_party(session, change, name_vi=BOARD, kind="board"),
            lessee_id=register_party(
                session, change, name_vi=f"Công ty CP Bán dẫn Minh Hoạ {letter}"
            ),
            contract_area_m2=sum((piece.area_m2 for piece in pieces), Decimal(0)),
            valid_from=RESERVED_FROM,
            valid_to=RESERVED_TO,
            parcels=[cast.parcels[park.code, piece.name] for piece in pieces],
        )

    reason = f"Giữ chỗ cho dự án bán dẫn KCN {letter}"
    known = learned(RESERVED_FROM, 1)
    return [Event(RESERVED_FROM, known, f"GC-{letter}-01", BOARD, reason, write, document="other")]
