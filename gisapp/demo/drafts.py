"""Plans under way on the demo board: adjustments at several steps, and a file of lots to upload.

Park C's adjustment is complete and under appraisal; park A's waits for its lots, which
`lots_to_upload` gives. Both change land by whole or half blocks, so that every figure is closed.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping
from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.demo.founding import Cast
from gisapp.demo.layout import BLOCK_HEIGHT, BLOCK_WIDTH, COAST, PARK_A, PARK_C, Park, Piece
from gisapp.demo.ledger import BOARD, PROVINCE, Event, learned, paper_of
from gisapp.demo.story import PLAN_DAYS
from planning.plans.adjustment import adjust
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.plans.model import PlanVersion
from planning.plans.stated import StatedRow, state_table
from planning.plans.steps import advance, wait_for
from planning.vocabulary import lot_categories

DRAFT_C = {(1, 0): "CX", (0, 4): "CN", (2, 4): "DV"}
"""What the adjustment of park C makes of three blocks: industry to green, green to industry,
industry to services. The first is let."""
DRAFT_C_STEPS = (
    ("drafting", date(2026, 3, 9), "12/TTr-MH", "Viện Quy hoạch (minh hoạ)"),
    ("consultation", date(2026, 7, 20), "31/BC-MH", ""),
    ("appraisal", date(2026, 10, 5), "44/TTr-MH", "Sở Xây dựng (minh hoạ)"),
)
DRAFT_A = (2, 1)
"""The block of park A whose adjustment waits for its lots: the eastern half, let to two firms,
becomes green."""
DRAFT_A_DAY = date(2026, 9, 14)


@dataclass(frozen=True, slots=True)
class Half:
    """A half of a block: its symbol, use and ground."""

    symbol: str
    category: str
    shape: Polygon
    area_m2: Decimal


def lots_to_upload() -> list[Half]:
    """The lots that park A's adjustment waits for: two halves of one block."""
    u, v = PARK_A.corner(*DRAFT_A)
    width = BLOCK_WIDTH // 2
    area = Decimal(width * BLOCK_HEIGHT)
    return [
        Half("CN-31", "CN", COAST.rectangle(u, v, width, BLOCK_HEIGHT), area),
        Half("CX-31", "CX", COAST.rectangle(u + width, v, width, BLOCK_HEIGHT), area),
    ]


def lots_file() -> str:
    """Those lots as GeoJSON in the park's VN-2000 plane (older form, `crs` named), E before N."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "KYHIEULO": half.symbol,
                "LOAIDAT": half.category,
                "DIENTICH": float(half.area_m2),
            },
            "geometry": mapping(half.shape),
        }
        for half in lots_to_upload()
    ]
    plane = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{COAST.srid}"}}
    return json.dumps({"type": "FeatureCollection", "crs": plane, "features": features})


def draft_lots(park: Park, uses: dict[tuple[int, int], str]) -> list[Piece]:
    """The lots of a park whose draft gives some blocks other uses; symbols of the rest stay."""
    drawn = []
    blocks = park.blocks()
    for lot in park.lots(adjusted=False):
        block = blocks[lot.block] if lot.block >= 0 else None
        if block in uses:
            order = 71 + [*uses].index(block)
            use = uses[block]
            drawn.append(Piece(f"{use}-{order}", use, lot.shape, lot.area_m2, lot.block))
    return drawn


def draft_events(cast: Cast) -> list[Event]:
    """Return what is under way: two local adjustments, an overall one, a detailed plan."""
    return [*_park_c(cast), _park_a(cast), *_general(cast), _detailed(cast)]


def _ground(park: Park, blocks: list[tuple[int, int]]) -> MultiPolygon:
    return MultiPolygon(
        [park.frame.rectangle(*park.corner(*block), BLOCK_WIDTH, BLOCK_HEIGHT) for block in blocks]
    )


def _last_version(session: Session, plan: UUID) -> UUID:
    """The newest version of a plan."""
    return session.scalars(
        select(PlanVersion.id)
        .where(PlanVersion.plan_id == plan)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    ).one()


def _new_lots(pieces: list[Piece]) -> list[NewLot]:
    known = lot_categories()
    return [
        NewLot(each.name, each.category, known[each.category].leasable, each.shape, each.area_m2)
        for each in pieces
    ]


def _park_c(cast: Cast) -> list[Event]:
    plan, (drafting, *later) = "QHPK-C", DRAFT_C_STEPS

    def begin(session: Session, change: int) -> None:
        made = adjust(
            session,
            change,
            parent_id=_last_version(session, cast.zones[plan]),
            kind="local",
            day=drafting[1],
            document_id=paper_of(session, change),
            scope=_ground(PARK_C, [*DRAFT_C]),
        )
        version = made.plan_version_id
        lots = _new_lots(draft_lots(PARK_C, DRAFT_C))
        add_lots(session, change, plan_version_id=version, lots=lots)
        wait_for(session, change, plan_version_id=version, day=drafting[1], who=drafting[3])

    def proceed(status: str, day: date, who: str) -> Event:
        def step(session: Session, change: int) -> None:
            version = _last_version(session, cast.zones[plan])
            advance(
                session,
                change,
                plan_version_id=version,
                status=status,
                day=day,
                document_id=paper_of(session, change),
                waits_for=who,
            )
            if status == "appraisal":
                state_table(session, change, plan_version_id=version, rows=_stated_c())

        number = next(row[2] for row in later if row[0] == status)
        return Event(day, learned(day, 1), number, BOARD, f"{plan}: {status}", step, "other")

    reason = f"Lập điều chỉnh cục bộ {plan}"
    first = Event(drafting[1], learned(drafting[1], 0), drafting[2], BOARD, reason, begin, "other")
    return [first, *(proceed(status, day, who) for status, day, _number, who in later)]


def _stated_c() -> list[StatedRow]:
    """The table as the draft decision prints it: hectares with two decimals, by use."""
    areas: dict[str, Decimal] = {}
    blocks = PARK_C.blocks()
    for lot in PARK_C.lots(adjusted=False):
        block = blocks[lot.block] if lot.block >= 0 else (-1, -1)
        use = DRAFT_C.get(block, lot.category)
        areas[use] = areas.get(use, Decimal(0)) + lot.area_m2
    known = lot_categories()
    rows = [StatedRow(known[use].name_vi, use, _printed(area)) for use, area in areas.items()]
    return [*rows, StatedRow("Tổng cộng", None, _printed(PARK_C.area_m2))]


def _printed(area_m2: Decimal) -> Decimal:
    return (area_m2 / 10_000).quantize(Decimal("0.01")) * 10_000


def _park_a(cast: Cast) -> Event:
    def begin(session: Session, change: int) -> None:
        made = adjust(
            session,
            change,
            parent_id=_last_version(session, cast.zones["QHPK-A"]),
            kind="local",
            day=DRAFT_A_DAY,
            document_id=paper_of(session, change),
            scope=_ground(PARK_A, [DRAFT_A]),
        )
        who = "Chuyên viên nhập lô của phạm vi điều chỉnh"
        wait_for(session, change, plan_version_id=made.plan_version_id, day=DRAFT_A_DAY, who=who)

    assert PLAN_DAYS[PARK_A.code][1] is not None  # noqa: S101 - it adjusts the version of 2024
    reason = "Lập điều chỉnh cục bộ QHPK-A"
    known = learned(DRAFT_A_DAY, 2)
    return Event(DRAFT_A_DAY, known, "38/TTr-MH", BOARD, reason, begin, "other")


def _general(cast: Cast) -> list[Event]:
    published, day = date(2019, 6, 14), date(2026, 8, 17)

    def publish(session: Session, change: int) -> None:
        advance(
            session,
            change,
            plan_version_id=_last_version(session, cast.zones["QHC-KKT"]),
            status="published",
            day=published,
            document_id=paper_of(session, change),
        )

    def begin(session: Session, change: int) -> None:
        adjust(
            session,
            change,
            parent_id=_last_version(session, cast.zones["QHC-KKT"]),
            kind="overall",
            day=day,
            document_id=paper_of(session, change),
        )

    return [
        Event(
            published, learned(published, 3), "06/BB-MH", BOARD, "Công bố QHC-KKT", publish,
            "minutes",
        ),
        Event(
            day, learned(day, 1), "27/TTr-MH", BOARD, "Nhiệm vụ điều chỉnh tổng thể QHC-KKT",
            begin, "other",
        ),
    ]  # fmt: skip


def _detailed(cast: Cast) -> Event:
    day = date(2026, 10, 26)

    def propose(session: Session, change: int) -> None:
        plan = create_plan(
            session,
            change,
            code="QHCT-A1",
            zone_id=cast.zones[PARK_A.code],
            srid=COAST.srid,
            level="detailed",
            scale_denominator=500,
            name_vi="Quy hoạch chi tiết 1/500 khu dịch vụ KCN Minh Hoạ A",
            name_en="Detailed plan 1/500, service area of Minh Hoa park A",
        )
        version, _number = create_version(session, change, plan_id=plan)
        set_status(
            session,
            change,
            plan_version_id=version,
            status="proposed",
            valid_from=day,
            scope=_ground(PARK_A, [(2, 3)]),
            decision_id=paper_of(session, change),
        )

    reason = "Xin chủ trương lập QHCT-A1"
    return Event(day, learned(day, 0), "51/TTr-MH", PROVINCE, reason, propose, "other")
