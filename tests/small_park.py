"""A small park with everything the map shows: two zones, a plan, sixty parcels at every step.

Every number below is chosen so that tests can say what a day must look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from shapely import MultiPolygon, Polygon, box
from sqlalchemy import column, insert, select, table, update
from sqlalchemy.orm import Session

from planning.clocks import end
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.model import ParcelVersion
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.records.commands import open_change, register_document
from planning.zones.commands import (
    NewAdminUnit,
    add_admin_units,
    create_board,
    create_zone,
    set_boundary,
)

SRID = 5899
WEST, SOUTH = 432_000.0, 2_317_000.0
COLUMNS, ROWS, SIDE = 10, 6, 100.0
BORN = date(2020, 1, 1)
PLAN_2021, PLAN_2024 = date(2021, 1, 1), date(2024, 1, 1)
HANDED_OVER = date(2021, 6, 1)
ALLOCATED = date(2022, 1, 1)
RESERVED = date(2023, 1, 1)
RESERVED_UNTIL = date(2199, 1, 1)
LEASED = date(2023, 6, 1)
OPERATING = date(2024, 6, 1)
SPLIT = date(2025, 1, 1)
CLEARED_CELLS, ALLOCATED_CELLS, LEASED_CELLS = 50, 40, 20
RESERVED_CELL, SPLIT_CELL = 20, 0


@dataclass(frozen=True)
class SmallPark:
    """What was made, by name."""

    board: UUID
    zone: UUID
    parent: UUID
    parcels: list[UUID]
    halves: tuple[UUID, UUID]
    plan_versions: tuple[UUID, UUID]
    project: UUID


def cell(column: int, row: int, columns: float = 1.0, rows: float = 1.0) -> Polygon:
    """The ground of a parcel: column from the west, row from the south."""
    west, south = WEST + 100 + column * SIDE, SOUTH + 100 + row * SIDE
    return box(west, south, west + columns * SIDE, south + rows * SIDE)


def _act(session: Session, day: date, number: str, kind: str = "decision") -> tuple[int, UUID]:
    document = register_document(
        session, number=number, issued_on=day, issuer="UBND tỉnh", actor="an", kind=kind,
        title=f"Văn bản {number}",
    )  # fmt: skip
    change = open_change(
        session, kind="act", reason=f"Theo {number}", actor="an", effective_on=day,
        document_id=document,
    )  # fmt: skip
    return change, document


def _insert(session: Session, name: str, **facts: object) -> None:
    into = table(name, *(column(key) for key in facts), schema="land")
    session.execute(insert(into).values(**facts))


def _party(session: Session, change: int, kind: str, name: str) -> UUID:
    party = uuid4()
    _insert(session, "party", id=party, kind=kind, opened_by=change)
    _insert(
        session, "party_version", party_id=party, name_vi=name, valid_from=BORN, opened_by=change
    )
    return party


def _right(
    session: Session,
    day: date,
    kind: str,
    number: str,
    parties: tuple[UUID, UUID],
    parcels: list[UUID],
    *,
    parent: UUID | None,
    zone: UUID,
    area_m2: Decimal,
) -> UUID:
    change, document = _act(session, day, number, "contract" if parent else "decision")
    right = uuid4()
    until = RESERVED_UNTIL if kind == "reservation" else None
    _insert(
        session, "land_right", id=right, kind=kind, parent_id=parent, zone_id=zone, opened_by=change
    )
    _insert(
        session, "land_right_version", land_right_id=right, number=number, lessor_id=parties[0],
        lessee_id=parties[1], contract_area_m2=area_m2, document_id=document, valid_from=day,
        valid_to=until, opened_by=change,
    )  # fmt: skip
    tier = {"state_allocation": 1, "state_lease": 1, "sub_lease": 2, "reservation": 3}[kind]
    for parcel in parcels:
        _insert(
            session, "land_right_parcel", land_right_id=right, tier=tier, parcel_id=parcel,
            valid_from=day, valid_to=until, opened_by=change,
        )  # fmt: skip
    return right


def build(session: Session) -> SmallPark:
    """Make the park in the session's transaction.

    Sixty parcels of one hectare, sheet 1 to 6 (row), number 1 to 10 (column). From the first:
    50 handed over, 40 State-allocated, 20 sub-leased; number 21 is reserved, the first two belong
    to an operating project that missed a milestone; the first was split in 2025.
    """
    setup = open_change(session, kind="setup", reason="Lập", actor="an", effective_on=BORN)
    board = create_board(
        session, setup, code="BQL-TEST", name_vi="Ban Quản lý thử nghiệm",
        province_name="Quảng Ninh", valid_from=BORN,
    )  # fmt: skip
    parent = create_zone(
        session, setup, code="KKT-TEST", kind="coastal_economic_zone", srid=SRID, board_id=board,
        name_vi="Khu kinh tế Thử Nghiệm", name_en="Trial Economic Zone", valid_from=BORN,
    )  # fmt: skip
    zone = create_zone(
        session, setup, code="KCN-TEST", kind="industrial_park", srid=SRID, board_id=board,
        name_vi="KCN Đông Mai Thử", name_en="Dong Mai Trial Park", valid_from=BORN,
        parent_id=parent,
    )  # fmt: skip
    create_zone(
        session, setup, code="KCN-EMPTY", kind="industrial_park", srid=SRID, board_id=board,
        name_vi="KCN Chưa Có Ranh", valid_from=BORN,
    )  # fmt: skip
    founding, _ = _act(session, BORN, "01/QĐ-UBND")
    outer = MultiPolygon([box(WEST - 2000, SOUTH - 2000, WEST + 4000, SOUTH + 4000)])
    inner = MultiPolygon([box(WEST, SOUTH, WEST + 1200, SOUTH + 800)])
    for zone_id, ground in ((parent, outer), (zone, inner)):
        set_boundary(
            session, founding, zone_id=zone_id, srid=SRID, boundary=ground, valid_from=BORN,
            certainty="surveyed",
        )  # fmt: skip
    add_admin_units(
        session, founding, srid=SRID, valid_from=BORN,
        units=[NewAdminUnit("commune", "06814", "Phường Đông Mai", outer, "Dong Mai Ward")],
    )  # fmt: skip
    parcels = add_parcels(
        session, founding, zone_id=zone, srid=SRID, valid_from=BORN,
        parcels=[
            NewParcel(
                cell(index % COLUMNS, index // COLUMNS), "06814", str(index // COLUMNS + 1),
                str(index % COLUMNS + 1), land_use_code="LUC", legal_area_m2=Decimal("10000.0"),
            )
            for index in range(COLUMNS * ROWS)
        ],
    )  # fmt: skip
    plan_versions = _plan(session, zone, inner)
    _ground(session, zone, parcels)
    project = _project(session, zone, parcels[:2])
    halves = _split(session, zone, parcels[SPLIT_CELL], project)
    return SmallPark(board, zone, parent, parcels, halves, plan_versions, project)


def _plan(session: Session, zone: UUID, ground: MultiPolygon) -> tuple[UUID, UUID]:
    setup = open_change(session, kind="setup", reason="Lập", actor="an", effective_on=PLAN_2021)
    plan = create_plan(
        session, setup, code="QHPK-TEST", zone_id=zone, srid=SRID, level="subdivision",
        scale_denominator=2000, name_vi="QHPK KCN Đông Mai Thử",
    )  # fmt: skip
    made = []
    for day, number, industrial in ((PLAN_2021, "21/QĐ-BQL", 8), (PLAN_2024, "24/QĐ-BQL", 7)):
        change, decision = _act(session, day, number)
        version, _ = create_version(session, change, plan_id=plan)
        set_status(
            session, change, plan_version_id=version, status="approved", valid_from=day,
            scope=ground, decision_id=decision,
        )  # fmt: skip
        lots = [
            NewLot("CN-01", "CN", "industrial", cell(0, 0, industrial, 3)),
            NewLot("CN-02", "CN", "industrial", cell(0, 3, industrial, 3)),
            NewLot("CX-01", "CX", "none", cell(industrial, 0, 10 - industrial, 2)),
            NewLot("DV-01", "DV", "service", cell(industrial, 2, 10 - industrial, 2)),
            NewLot("HT-01", "HTKT", "none", cell(industrial, 4, 10 - industrial, 2)),
        ]
        add_lots(session, change, plan_version_id=version, lots=lots)
        made.append(version)
    return made[0], made[1]


def _ground(session: Session, zone: UUID, parcels: list[UUID]) -> None:
    change, minutes = _act(session, HANDED_OVER, "05/BB-BGMB", "minutes")
    handover = uuid4()
    _insert(session, "handover", id=handover, zone_id=zone, opened_by=change)
    _insert(
        session, "handover_version", handover_id=handover, number="05/BB-BGMB",
        document_id=minutes, valid_from=HANDED_OVER, opened_by=change,
    )  # fmt: skip
    for parcel in parcels[:CLEARED_CELLS]:
        _insert(
            session, "handover_parcel", handover_id=handover, parcel_id=parcel,
            valid_from=HANDED_OVER, opened_by=change,
        )  # fmt: skip
    state = _party(session, change, "authority", "UBND tỉnh Quảng Ninh")
    developer = _party(session, change, "company", "Công ty Hạ tầng Đông Mai")
    investor = _party(session, change, "company", "Công ty TNHH Điện tử Bình Minh")
    hectare = Decimal(10_000)
    allocation = _right(
        session, ALLOCATED, "state_lease", "77/QĐ-UBND", (state, developer),
        parcels[:ALLOCATED_CELLS], parent=None, zone=zone, area_m2=ALLOCATED_CELLS * hectare,
    )  # fmt: skip
    _right(
        session, RESERVED, "reservation", "12/GC-BQL", (developer, investor),
        [parcels[RESERVED_CELL]], parent=None, zone=zone, area_m2=hectare,
    )  # fmt: skip
    _right(
        session, LEASED, "sub_lease", "08/HĐ-TLĐ", (developer, investor), parcels[:LEASED_CELLS],
        parent=allocation, zone=zone, area_m2=LEASED_CELLS * hectare,
    )  # fmt: skip


def _project(session: Session, zone: UUID, parcels: list[UUID]) -> UUID:
    project = uuid4()
    change, _ = _act(session, LEASED, "31/GCN-BQL", "certificate")
    version = {
        "project_id": project, "name_vi": "Nhà máy Điện tử Bình Minh",
        "name_en": "Binh Minh Electronics", "kind": "fdi", "srid": SRID,
    }  # fmt: skip
    _insert(session, "project", id=project, code="DA-001", zone_id=zone, opened_by=change)
    _insert(
        session, "project_version", **version, status="under_construction", valid_from=LEASED,
        valid_to=OPERATING, opened_by=change,
    )  # fmt: skip
    for parcel in parcels:
        _insert(
            session, "project_parcel", project_id=project, parcel_id=parcel, valid_from=LEASED,
            opened_by=change,
        )  # fmt: skip
    _insert(
        session, "project_milestone", project_id=project, step="construction",
        planned_on=date(2024, 1, 31), actual_on=date(2024, 5, 15), valid_from=LEASED,
        opened_by=change,
    )  # fmt: skip
    _insert(
        session, "project_progress", project_id=project, planned_pct=60, actual_pct=45,
        valid_from=LEASED, opened_by=change,
    )  # fmt: skip
    change, _ = _act(session, OPERATING, "02/TB-BQL", "notice")
    _insert(
        session, "project_version", **version, status="operating", valid_from=OPERATING,
        opened_by=change,
    )  # fmt: skip
    return project


def _split(session: Session, zone: UUID, parcel: UUID, project: UUID) -> tuple[UUID, UUID]:
    """Split a parcel in two; its right, hand-over and project rows move in the same change."""
    change, _ = _act(session, SPLIT, "90/QĐ-BQL")
    end(session, ParcelVersion, change, ParcelVersion.parcel_id == parcel, SPLIT)
    west, south, east, north = cell(0, 0).bounds
    middle = west + 40
    halves = add_parcels(
        session, change, zone_id=zone, srid=SRID, valid_from=SPLIT,
        parcels=[
            NewParcel(box(west, south, middle, north), "06814", "1", "101", land_use_code="SKK"),
            NewParcel(box(middle, south, east, north), "06814", "1", "102", land_use_code="SKK"),
        ],
    )  # fmt: skip
    for half, area in zip(halves, (4000.0, 6000.0), strict=True):
        _insert(
            session, "parcel_lineage", parent_id=parcel, child_id=half, kind="split",
            area_m2=area, opened_by=change,
        )  # fmt: skip
        _insert(
            session, "parcel_alias", parcel_id=half, commune_code="06814", sheet_no="1",
            parcel_no="1", opened_by=change,
        )  # fmt: skip
    _move(session, change, "land_right_parcel", ("land_right_id", "tier"), parcel, halves)
    _move(session, change, "handover_parcel", ("handover_id",), parcel, halves)
    _move(session, change, "project_parcel", ("project_id",), parcel, halves)
    return halves[0], halves[1]


def _move(
    session: Session,
    change: int,
    name: str,
    kept: tuple[str, ...],
    parcel: UUID,
    heirs: list[UUID],
) -> None:
    keys = ("version_id", "parcel_id", "valid_from", "closed_by", *kept)
    rows = table(name, *(column(key) for key in keys), schema="land")
    mine = (rows.c.parcel_id == parcel) & rows.c.closed_by.is_(None)
    for row in session.execute(select(rows).where(mine)).mappings().all():
        facts = {key: row[key] for key in kept}
        session.execute(
            update(rows).where(rows.c.version_id == row["version_id"]).values(closed_by=change)
        )
        _insert(
            session, name, **facts, parcel_id=parcel, valid_from=row["valid_from"],
            valid_to=SPLIT, opened_by=change,
        )  # fmt: skip
        for heir in heirs:
            _insert(session, name, **facts, parcel_id=heir, valid_from=SPLIT, opened_by=change)


def note_change(session: Session) -> None:
    """A further change that moves no land: the register merely knows more."""
    _act(session, date(2025, 6, 1), "99/TB-BQL", "notice")
