"""Clearance of the demo: three cases in closed form, one done, one under way, one that stalled.

Every household is invented and says so. Money is a price a m² and a sum a home: what a case grants
and pays on any day follows from the layout alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from gisapp.demo.founding import HOMES_1, HOMES_2, ZONE, Cast
from gisapp.demo.layout import COAST, PARK_A, PARK_B, Park, Piece
from gisapp.demo.ledger import BOARD, PROVINCE, Event, paper_of
from planning.clearance.cases import (
    NewItem,
    NewStep,
    add_items,
    follow_up,
    open_case,
    raise_flag,
    set_target,
    take_steps,
)
from planning.households.commands import Money, NewHousehold, Person, enter_households
from planning.resettlement.commands import NewPlot, add_plots, assign_plot, create_area

COMPENSATION, SUPPORT, HOME = Decimal(300_000), Decimal(50_000), Decimal(60_000_000)
"""Dong a m² twice, and dong a household that needs a plot."""
EARLY_PLOTS, LATE_PLOTS = date(2026, 10, 1), date(2027, 3, 31)


@dataclass(frozen=True, slots=True)
class Said:
    """A step on a day for the items `first ≤ n ≤ last`; `share` of the plan when it pays."""

    kind: str
    day: date
    first: int
    last: int
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Story:
    """A case over the parcels of some blocks; its last item is an organisation's."""

    code: str
    name: str
    park: Park
    blocks: range
    opened: date
    homes: str
    planned: date
    steps: tuple[Said, ...]
    handed_over: date | None = None

    def pieces(self) -> list[Piece]:
        """The parcels, in the order of the items."""
        return [piece for piece in self.park.parcels() if piece.block in self.blocks]

    def needs_home(self, number: int) -> bool:
        """Every household needs one plot; the organisation needs none."""
        return number < len(self.pieces())

    def grant(self, number: int) -> Money:
        """What the plan grants an item, dong."""
        area = self.pieces()[number - 1].area_m2
        home = HOME if self.needs_home(number) else Decimal(0)
        return Money(area * COMPENSATION, area * SUPPORT, home)


STORIES = (
    Story(
        "GPMB-B3", "GPMB KCN Minh Hoạ B, đợt 3", PARK_B, range(11, 13), date(2025, 2, 10),
        HOMES_1, date(2025, 11, 21),
        (
            Said("notice", date(2025, 3, 3), 1, 5),
            Said("inventory", date(2025, 4, 10), 1, 5),
            Said("plan_drafted", date(2025, 5, 12), 1, 5),
            Said("plan_posted", date(2025, 6, 2), 1, 5),
            Said("plan_approved", date(2025, 7, 15), 1, 5),
            Said("paid", date(2025, 8, 5), 1, 5),
            Said("recovered", date(2025, 9, 8), 1, 5),
        ),
        date(2025, 11, 21),
    ),
    Story(
        "GPMB-A5", "GPMB KCN Minh Hoạ A, đợt 5", PARK_A, range(18, 20), date(2026, 4, 6),
        HOMES_2, date(2026, 12, 20),
        (
            Said("notice", date(2026, 5, 4), 1, 7),
            Said("inventory", date(2026, 6, 15), 1, 5),
            Said("inventory_compulsory", date(2026, 7, 20), 6, 6),
            Said("plan_drafted", date(2026, 8, 10), 1, 6),
            Said("plan_posted", date(2026, 8, 24), 1, 6),
            Said("plan_approved", date(2026, 10, 5), 1, 5),
            Said("paid", date(2026, 10, 26), 1, 2),
            Said("paid", date(2026, 10, 27), 3, 3, Decimal("0.5")),
            Said("recovered", date(2026, 10, 30), 1, 2),
        ),
    ),
    Story(
        "GPMB-B4", "GPMB KCN Minh Hoạ B, đợt 4", PARK_B, range(13, 16), date(2025, 8, 18),
        HOMES_2, date(2027, 2, 15),
        (
            Said("notice", date(2025, 9, 15), 1, 13),
            Said("inventory", date(2025, 11, 10), 1, 8),
        ),
    ),
)  # fmt: skip
TARGETS = ((2025, Decimal(500_000)), (2026, Decimal(200_000)))
"""Year and m² of board BQL-QN."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case adds up to at the end of a day, m² and dong."""

    items: int
    area_m2: Decimal
    cleared_m2: Decimal
    granted: Decimal
    paid: Decimal


def expected(story: Story, day: date) -> Expected:
    """Return the totals of a case at the end of a day, as finally known."""
    pieces = story.pieces()
    area = sum((piece.area_m2 for piece in pieces), Decimal(0))
    done = story.handed_over is not None and day >= story.handed_over
    granted = paid = Decimal(0)
    for said in story.steps:
        if said.day > day or said.kind not in ("plan_approved", "paid"):
            continue
        total = sum(
            (story.grant(n).total * said.share for n in range(said.first, said.last + 1)),
            Decimal(0),
        )
        granted += total if said.kind == "plan_approved" else 0
        paid += total if said.kind == "paid" else 0
    return Expected(len(pieces), area, area if done else Decimal(0), granted, paid)


def clearing_events(cast: Cast) -> list[Event]:
    """Return what happened to cases, homes and targets, but for hand-overs."""
    events = [_homes(cast), *(_target(cast, year, area) for year, area in TARGETS)]
    for story in STORIES:
        events.append(_opening(cast, story))
        events += [_step(cast, story, said) for said in story.steps]
    events += [*_follow_ups(cast), *_flags(cast), *_assignments(cast)]
    return events


def hand_over_steps(session: Session, change: int, cast: Cast, park: Park, day: date) -> None:
    """Take the last step of the cases whose land a hand-over of the demo clears."""
    for story in STORIES:
        if story.park is park and story.handed_over == day:
            steps = [
                NewStep(
                    cast.items[story.code, number], "handed_over", day, paper_of(session, change)
                )
                for number in range(1, len(story.pieces()) + 1)
            ]
            take_steps(session, change, steps)


def _event(
    day: date,
    number: str,
    reason: str,
    write: Callable[[Session, int], None],
    issuer: str = BOARD,
    document: str = "minutes",
) -> Event:
    return Event(day, day + timedelta(days=2), number, issuer, reason, write, document)


def _opening(cast: Cast, story: Story) -> Event:
    def write(session: Session, change: int) -> None:
        cast.cases[story.code] = open_case(
            session,
            change,
            code=story.code,
            zone_id=cast.zones[story.park.code],
            name_vi=story.name,
            name_en=f"Clearance {story.code} (demo)",
            since=story.opened,
        )
        people = [
            NewHousehold(_person(story, number), story.opened)
            for number in range(1, len(story.pieces()) + 1)
        ]
        ids = enter_households(session, change, people)
        items = [
            NewItem(
                str(number),
                [cast.parcels[story.park.code, piece.name]],
                land_class="agricultural",
                holder="household" if story.needs_home(number) else "organisation",
                household_id=ids[number - 1] if story.needs_home(number) else None,
                plots_needed=1 if story.needs_home(number) else 0,
                resettlement_area_id=cast.homes[story.homes],
                handover_planned_on=story.planned,
            )
            for number, piece in enumerate(story.pieces(), start=1)
        ]
        made = add_items(
            session,
            change,
            case_id=cast.cases[story.code],
            items=items,
            since=story.opened,
        )
        cast.items |= {(story.code, n): each for n, each in enumerate(made, start=1)}

    number = f"KH-{story.code}"
    return _event(story.opened, number, story.name, write, PROVINCE, "decision")


def _person(story: Story, number: int) -> Person:
    letter = story.code[-2:]
    return Person(
        f"Hộ Minh Hoạ {letter}-{number:02d}",
        f"0000{ord(letter[0]):03d}{number:05d}",
        f"09000{ord(letter[0]):02d}{number:03d}",
        f"Thôn Minh Hoạ {number % 4 + 1}",
        f"9990{number:08d}",
        2 + number % 5,
    )


def _step(cast: Cast, story: Story, said: Said) -> Event:
    def write(session: Session, change: int) -> None:
        paper = paper_of(session, change)
        steps = []
        for number in range(said.first, said.last + 1):
            money = None
            if said.kind in ("plan_approved", "paid"):
                whole = story.grant(number)
                money = Money(
                    whole.compensation * said.share,
                    whole.support * said.share,
                    whole.resettlement * said.share,
                )
            item = cast.items[story.code, number]
            steps.append(NewStep(item, said.kind, said.day, paper, money))
        take_steps(session, change, steps)

    decided = said.kind in ("plan_approved", "recovered", "inventory_compulsory")
    number = f"{said.kind.upper()[:4]}-{story.code}-{said.day:%m%d}"
    reason = f"{story.code}: {said.kind}"
    issuer, document = (PROVINCE, "decision") if decided else (BOARD, "minutes")
    return _event(said.day, number, reason, write, issuer, document)


def _homes(cast: Cast) -> Event:
    """A second resettlement area, still being built: its plots come in two lots."""
    day = date(2025, 5, 5)

    def write(session: Session, change: int) -> None:
        cast.homes[HOMES_2] = create_area(
            session,
            change,
            code=HOMES_2,
            board_id=cast.boards["BQL-QN"],
            zone_id=cast.zones[ZONE],
            name_vi="Khu tái định cư Minh Hoạ 2",
            name_en="Minh Hoa resettlement area 2 (demo)",
            srid=COAST.srid,
            area=MultiPolygon([COAST.rectangle(2450, 700, 200, 150)]),
            valid_from=day,
            status="building",
            plots_planned=20,
            ready_on=LATE_PLOTS,
        )
        plots = [
            NewPlot(
                f"LK-{n:02d}",
                Decimal(150),
                EARLY_PLOTS if n <= 8 else None,
                shape=COAST.rectangle(2475 + (n - 1) % 10 * 10, 725 + (n - 1) // 10 * 25, 10, 15),
            )
            for n in range(1, 21)
        ]
        add_plots(session, change, area_id=cast.homes[HOMES_2], plots=plots, valid_from=day)

    return _event(day, "16/QĐ-MH", "Phê duyệt khu tái định cư 2", write, PROVINCE, "decision")


def _assignments(cast: Cast) -> list[Event]:
    """Four households of the first case have homes; of the second, four in time and one late."""
    events = []
    promised = [(HOMES_1, "GPMB-B3", n, f"LK-{n:03d}", date(2025, 10, 1)) for n in range(1, 5)]
    promised += [(HOMES_2, "GPMB-A5", n, f"LK-{n:02d}", date(2026, 10, 20)) for n in range(1, 5)]
    promised.append((HOMES_2, "GPMB-A5", 5, "LK-12", date(2026, 10, 20)))
    for area, code, number, plot, day in promised:

        def write(
            session: Session, change: int, area: str = area, code: str = code, number: int = number,
            plot: str = plot, day: date = day,
        ) -> None:  # fmt: skip
            assign_plot(
                session,
                change,
                area_id=cast.homes[area],
                number=plot,
                item_id=cast.items[code, number],
                day=day,
                document_id=paper_of(session, change),
            )

        paper = f"TDC-{code}-{number:02d}"
        events.append(_event(day, paper, f"Giao lô {plot}", write, PROVINCE, "decision"))
    return events


def _flags(cast: Cast) -> list[Event]:
    events = []
    for kind, number, day in (
        ("complaint", 6, date(2026, 8, 28)),
        ("suspension", 7, date(2026, 9, 15)),
    ):

        def write(
            session: Session, change: int, kind: str = kind, number: int = number, day: date = day
        ) -> None:
            raise_flag(
                session,
                change,
                item_id=cast.items["GPMB-A5", number],
                kind=kind,
                day=day,
                document_id=paper_of(session, change),
            )

        reason = "Đơn khiếu nại" if kind == "complaint" else "Tạm dừng GPMB"
        events.append(_event(day, f"CV-A5-{number}", reason, write, document="other"))
    return events


def _follow_ups(cast: Cast) -> list[Event]:
    """The first case is confirmed and its lease dossier filed; the State has not leased yet."""
    story, events = STORIES[0], []
    area = sum((piece.area_m2 for piece in story.pieces()), Decimal(0))
    for step, day in (("confirmed", date(2025, 12, 15)), ("lease_filed", date(2026, 2, 10))):

        def write(session: Session, change: int, step: str = step, day: date = day) -> None:
            follow_up(
                session,
                change,
                case_id=cast.cases[story.code],
                step=step,
                day=day,
                area_m2=area,
                document_id=paper_of(session, change),
            )

        reason = f"{story.code}: {step}"
        number = f"{step.upper()[:3]}-{story.code}"
        events.append(_event(day, number, reason, write, document="decision"))
    return events


def _target(cast: Cast, year: int, area_m2: Decimal) -> Event:
    day = date(year, 1, 15)

    def write(session: Session, change: int) -> None:
        set_target(
            session,
            change,
            board_id=cast.boards["BQL-QN"],
            year=year,
            area_m2=area_m2,
            day=day,
            document_id=paper_of(session, change),
        )

    reason = f"Kế hoạch GPMB năm {year}"
    return _event(day, f"KH-GPMB-{year}", reason, write, PROVINCE, "decision")


__all__ = ["STORIES", "Expected", "clearing_events", "expected", "hand_over_steps"]
