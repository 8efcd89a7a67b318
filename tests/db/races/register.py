"""A small register with at least two rows in every table, written by the verbs of planning."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shapely import MultiPolygon
from sqlalchemy import insert
from sqlalchemy.orm import Session

from planning.clearance import commands as clearance
from planning.parcels.model import ParcelAlias, ParcelLineage
from planning.plans import commands as plans
from planning.projects import commands as projects
from planning.records.commands import note_event
from planning.resettlement import commands as resettlement
from planning.tenure import commands as tenure
from planning.zones import commands as zones
from tests.db.ground import PLANE, START, lay, square

DAY = date(2022, 1, 1)


def fill(session: Session, code: str, column: int = 0) -> None:
    """Lay a zone with parcels, plan, rights, hand-over, resettlement and project."""
    ground = lay(session, 4, code=code, column=column)
    one, two, *_rest = ground.parcels
    number = ground.change
    whole = MultiPolygon([square(column, 0, 1000)])
    unit = zones.NewAdminUnit("commune", code, "Phường", whole)
    zones.add_admin_units(session, number, srid=PLANE, units=[unit], valid_from=START)
    zones.mark_area(
        session, number, zone_id=ground.zone_id, srid=PLANE, area=whole, valid_from=START
    )
    plan = plans.create_plan(
        session,
        number,
        code=f"QH-{code}",
        zone_id=ground.zone_id,
        srid=PLANE,
        level="subdivision",
        scale_denominator=2000,
        name_vi="Quy hoạch",
    )
    version, _ = plans.create_version(session, number, plan_id=plan)
    lots = [
        plans.NewLot(f"CN-0{n}", "CN", "industrial", square(column + n, 0), Decimal(10_000))
        for n in range(2)
    ]
    plans.add_lots(session, number, plan_version_id=version, lots=lots)
    plans.set_status(
        session,
        number,
        plan_version_id=version,
        status="approved",
        valid_from=DAY,
        scope=whole,
        decision_id=ground.document_id,
    )
    for parcel, child in ((one, two), (two, one)):
        session.execute(insert(ParcelAlias).values(parcel_id=parcel, opened_by=number))
        line = {"parent_id": parcel, "child_id": child, "kind": "renumber", "area_m2": 1.0}
        session.execute(insert(ParcelLineage).values(**line, opened_by=number))
    party = tenure.register_party(session, number, name_vi=f"Hạ tầng {code}")
    tract = tenure.NewRight(
        kind="state_lease",
        zone_id=ground.zone_id,
        number=f"QĐ {code}",
        lessor_id=party,
        lessee_id=party,
        contract_area_m2=Decimal(20_000),
        valid_from=DAY,
        term_ends=date(2070, 12, 31),
        parcels=[one, two],
        document_id=ground.document_id,
    )
    tenure.grant_right(session, number, tract)
    clearance.hand_over(
        session,
        number,
        zone_id=ground.zone_id,
        number=f"BB {code}",
        day=DAY,
        parcels=[one, two],
        document_id=ground.document_id,
    )
    area = resettlement.create_area(
        session,
        number,
        code=f"TDC-{code}",
        board_id=ground.board_id,
        name_vi="Khu tái định cư",
        srid=PLANE,
        area=whole,
        valid_from=DAY,
    )
    plots = [resettlement.NewPlot("1"), resettlement.NewPlot("2")]
    resettlement.add_plots(session, number, area_id=area, plots=plots, valid_from=DAY)
    project = projects.create_project(
        session,
        number,
        code=f"DA-{code}",
        zone_id=ground.zone_id,
        srid=PLANE,
        kind="fdi",
        name_vi="Nhà máy",
        valid_from=DAY,
    )
    money = {"project_id": project, "currency": "VND", "day": DAY}
    projects.set_capital(session, number, registered=Decimal(1_000), **money)
    projects.attach_parcels(session, number, project_id=project, parcels=[one, two], day=DAY)
    projects.set_milestone(
        session, number, project_id=project, step="operation", planned_on=DAY, day=DAY
    )
    projects.note_progress(session, number, project_id=project, day=DAY, actual_pct=Decimal(5))
    note_event(session, actor="tester", action="fill", subject=code)
