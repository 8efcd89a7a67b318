"""Two demo projects told whole: certificates, money, workers, an inspection; and rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from gisapp.demo.ledger import BOARD, Event, learned, paper_of
from gisapp.demo.pictures import site_picture
from gisapp.demo.story import COURSES, SubLease, sub_leases
from planning.clocks import HANOI, moment
from planning.projects import inspections, permits
from planning.projects.places import somewhere_on
from planning.projects.queries import find_project

BANK: Final = "Ngân hàng (minh hoạ)"
RATES: Final = (
    (date(2024, 6, 28), "24450"),
    (date(2025, 6, 30), "25100"),
    (date(2026, 9, 30), "25520.5"),
)
HALF_YEAR: Final = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Told:
    """A project told whole: per cent of its capital planned and spent in each half-year, people,
    and what an inspection found on a day.
    """

    currency: str
    registered: Decimal
    planned: tuple[int, ...]
    spent: tuple[int, ...]
    workers: tuple[int, int]
    visited: date
    seen: str


PROJECTS: Final[Mapping[str, Told]] = {
    "DA-A04": Told(
        "VND", Decimal(325_000_000_000), (15, 20, 25), (12, 10, 8), (46, 0), date(2026, 9, 15),
        "Khung thép đã dựng xong, mái và tường mới lợp một phần ba. Không thấy thi công trong ngày"
        " kiểm tra; cổng phụ khoá, vật liệu phủ bạt.",
    ),
    "DA-A25": Told(
        "USD", Decimal(25_000_000), (15, 15, 20), (12, 14, 14), (318, 24), date(2026, 8, 20),
        "Nhà xưởng 1 chạy thử dây chuyền. Hệ thống thoát nước mưa phía đông đã hoàn thành.",
    ),
}  # fmt: skip


def permit_events() -> list[Event]:
    """Return what the papers of two projects say, and three exchange rates."""
    events = [_rate(day, Decimal(dong)) for day, dong in RATES]
    for course in COURSES:
        for lease in sub_leases(course):
            told = PROJECTS.get(code := f"DA-{course.park.code[-1]}{lease.order + 1:02d}")
            if told is not None:
                events += _papers(code, told, lease)
    return events


def _rate(day: date, dong: Decimal) -> Event:
    def write(session: Session, change: int) -> None:
        document = paper_of(session, change)
        permits.quote_rate(
            session, change, currency="USD", dong_per_unit=dong, day=day, document_id=document
        )

    number = f"TG-MH-{day.year}"
    return Event(day, learned(day, 1), number, BANK, "Tỷ giá USD", write, document="notice")


def _papers(code: str, told: Told, lease: SubLease) -> list[Event]:
    granted = lease.signed - timedelta(days=20)
    known = max(learned(lease.signed, lease.order + 3), lease.signed + timedelta(days=180))
    amended = lease.signed + timedelta(days=400)
    counted = lease.signed + timedelta(days=500)
    return [
        Event(
            granted, known, f"GCN-{code}", BOARD, f"Giấy chứng nhận của {code}",
            certificate(code, 0, granted), document="certificate",
        ),
        Event(
            amended, learned(amended, 2), f"GCN-{code}-DC1", BOARD, f"Điều chỉnh lần 1 {code}",
            certificate(code, 1, amended), document="certificate",
        ),
        *_money(code, told, lease.signed, known),
        Event(
            counted, learned(counted, 3), f"BC-{code}-LD", BOARD, f"Lao động {code}",
            _workers(code, told, counted), document="other",
        ),
        visit(code, told.visited, told.seen),
    ]  # fmt: skip


def certificate(code: str, amendment: int, day: date) -> Callable[[Session, int], None]:
    """Return what records a project's certificate and term, or its n-th amendment."""

    def write(session: Session, change: int) -> None:
        project = find_project(session, code)
        document = paper_of(session, change)
        permits.issue_certificate(
            session, change, project_id=project, certificate="irc", amendment=amendment,
            document_id=document, day=day, changes=["scale"] if amendment else [],
            summary="Bổ sung kho thành phẩm; vốn và tiến độ giữ nguyên." if amendment else None,
        )  # fmt: skip
        if not amendment:
            permits.set_term(
                session, change, project_id=project, starts_on=day,
                ends_on=date(day.year + 50, day.month, min(day.day, 28)), day=day,
            )  # fmt: skip

    return write


def _money(code: str, told: Told, signed: date, known: date) -> list[Event]:
    events = []
    for place, (planned, spent) in enumerate(zip(told.planned, told.spent, strict=True)):
        first = signed + HALF_YEAR * place
        last = first + HALF_YEAR - timedelta(days=1)

        def write(
            session: Session, change: int, planned: int = planned, spent: int = spent,
            first: date = first, last: date = last,
        ) -> None:  # fmt: skip
            permits.set_disbursement(
                session, change, project_id=find_project(session, code), currency=told.currency,
                period_from=first, period_to=last, planned=told.registered * planned / 100,
                actual=told.registered * spent / 100, day=last,
            )  # fmt: skip

        number = f"BC-{code}-GN{place + 1}"
        day = max(learned(last, place), known)
        events.append(Event(last, day, number, BOARD, f"Giải ngân {code}", write, document="other"))
    return events


def _workers(code: str, told: Told, day: date) -> Callable[[Session, int], None]:
    def write(session: Session, change: int) -> None:
        total, foreigners = told.workers
        permits.count_workers(
            session, change, project_id=find_project(session, code), day=day, total=total,
            foreigners=foreigners,
        )  # fmt: skip

    return write


def visit(code: str, day: date, seen: str) -> Event:
    """Return an inspection of a project with a photo."""

    def write(session: Session, change: int) -> None:
        project = find_project(session, code)
        made = inspections.note_inspection(
            session, change, day=day, body=seen, project_id=project,
            document_id=paper_of(session, change),
        )  # fmt: skip
        drawn = site_picture()
        picture = inspections.Picture(
            drawn.sha256, drawn.thumbnail_sha256, drawn.original_sha256, drawn.file_size,
            drawn.width, drawn.height, "Hình vẽ minh hoạ công trường",
            datetime.combine(day, time(16, 40), HANOI),
            somewhere_on(session, moment(session, day), project),
        )  # fmt: skip
        inspections.add_photo(session, change, made, picture)

    reason = f"Kiểm tra {code}"
    return Event(day, learned(day, 1), f"BBKT-{code}", BOARD, reason, write, document="minutes")
