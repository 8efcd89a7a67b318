"""A small register with at least two rows in every table, written by the verbs of planning."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon
from sqlalchemy import insert
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from layers.raster.georeference import ControlPoint, Kind
from planning.clearance import cases
from planning.clearance import commands as clearance
from planning.clocks import Moment
from planning.legal_clocks import commands as legal_clocks
from planning.parcels.model import ParcelAlias, ParcelLineage
from planning.plans import commands as plans
from planning.plans.approval import waive
from planning.plans.model import PlanAdjustment
from planning.plans.sheets import commands as sheets
from planning.plans.stated import StatedRow, state_table
from planning.plans.steps import advance
from planning.projects import commands as projects
from planning.projects import inspections, permits
from planning.recorded.commands import FigureKey, NewFigure, record_figure
from planning.recorded.printed import Printed
from planning.records.commands import note_event, open_change
from planning.records.model import Citation
from planning.resettlement import commands as resettlement
from planning.tenure import commands as tenure
from planning.zones import commands as zones
from planning.zones import phases
from tests.db.ground import PLANE, START, Ground, lay, square

DAY = date(2022, 1, 1)


def _fill_draft(session: Session, ground: Ground, plan: UUID, parent: UUID, column: int) -> None:
    """An adjustment under way, with its table, who it waits for and a signature of a leader."""
    number, whole = ground.change, MultiPolygon([square(column, 0, 1000)])
    lots = [
        plans.NewLot(f"CN-0{n}", "CN", "industrial", square(column + n, 0), Decimal(10_000))
        for n in range(2)
    ]
    for drawn in (lots, []):
        version, _number = plans.create_version(session, number, plan_id=plan, parent_id=parent)
        plans.add_lots(session, number, plan_version_id=version, lots=drawn)
        scope = ewkb_hex([whole], PLANE)[0]
        local = {"plan_version_id": version, "plan_id": plan, "srid": PLANE, "kind": "local"}
        session.execute(insert(PlanAdjustment).values(**local, geom=scope, opened_by=number))
        advance(
            session,
            number,
            plan_version_id=version,
            status="appraisal",
            day=DAY,
            document_id=ground.document_id,
            scope=whole,
            waits_for="Sở Xây dựng",
        )
        rows = [StatedRow("Đất công nghiệp", "CN", Decimal(20_000))]
        state_table(session, number, plan_version_id=version, rows=rows)
        signed = open_change(
            session, kind="act", reason="waive", actor="leader", effective_on=DAY,
            document_id=ground.document_id,
        )  # fmt: skip
        waive(session, signed, plan_version_id=version, fault="gap", reason="Chờ lô")


def _fill_sheets(session: Session, ground: Ground, version: UUID) -> None:
    """A scanned sheet of the plan, placed by three points."""
    new = sheets.NewSheet(
        ground.zone_id, PLANE, "sheet", "0" * 64, "to-1.png", 1, {}, page=1, width=500, height=400
    )
    said = sheets.Description("Tờ 1", 2_000, version, ground.document_id)
    sheet = sheets.register_sheet(session, ground.change, new, said)
    places = [
        ControlPoint(col, row, 600_000 + col, 2_300_000 - row)
        for col, row in ((0, 0), (500, 0), (500, 400), (0, 400))
    ]
    sheets.place_sheet(session, ground.change, sheet, places, Kind.AFFINE)


def _fill_project(session: Session, ground: Ground, project: UUID, currency: str) -> None:
    """What a project was permitted, spends and employs, and what was seen of it."""
    number, paper = ground.change, ground.document_id
    mine = {"project_id": project, "day": DAY}
    permits.issue_certificate(
        session, number, certificate="irc", document_id=paper, changes=["land"], **mine
    )
    permits.set_term(session, number, starts_on=DAY, ends_on=date(2072, 1, 1), **mine)
    permits.set_disbursement(
        session, number, currency=currency, period_from=DAY, period_to=date(2022, 12, 31),
        planned=Decimal(5), actual=Decimal(4), **mine,
    )  # fmt: skip
    permits.count_workers(session, number, total=40, foreigners=2, **mine)
    permits.quote_rate(
        session, number, currency=currency, dong_per_unit=Decimal(25_000), day=DAY,
        document_id=paper,
    )  # fmt: skip
    seen = inspections.note_inspection(
        session, number, day=DAY, body="Đang đổ móng", project_id=project, document_id=paper
    )
    picture = inspections.Picture(
        "1" * 64, "2" * 64, "3" * 64, 900, 40, 30, "Móng", datetime(2022, 1, 1, tzinfo=UTC),
        (107.0, 20.9),
    )  # fmt: skip
    inspections.add_photo(session, number, seen, picture)


def _fill_clocks(session: Session, ground: Ground, project: UUID) -> None:
    """A project's clocks stood still, were extended, and the investor was reminded."""
    number, paper = ground.change, ground.document_id
    legal_clocks.suspend(
        session, number, project_id=project, cause="force_majeure", reason="Bão", since=DAY,
        until=date(2022, 2, 1), document_id=paper,
    )  # fmt: skip
    legal_clocks.extend(session, number, project_id=project, months=12, day=DAY, document_id=paper)
    draft = legal_clocks.draft_reminder(
        session, Moment(date(2022, 6, 1)), project_id=project, clock="idle", actor="tester"
    )
    legal_clocks.issue_reminder(
        session, number, draft_id=draft, day=date(2022, 6, 2), document_id=paper
    )


def _fill_phases_and_figures(session: Session, ground: Ground, column: int) -> None:
    """Two phases of the zone, drawn and by hectares, and two figures of a report."""
    number, paper = ground.change, ground.document_id
    for place, drawn in (("1", MultiPolygon([square(column, 50, 1000)])), ("2", None)):
        phase = phases.create_phase(
            session, number, zone_id=ground.zone_id, srid=PLANE, number=place, name_vi="Giai đoạn",
            decision_id=paper, valid_from=DAY, legal_area_m2=Decimal(1_000_000), shape=drawn,
        )  # fmt: skip
        phases.set_state(session, number, phase, state="clearing", day=DAY, document_id=paper)
    for indicator in ("projects_fdi", "projects_ddi"):
        key = FigureKey(ground.board_id, None, "both", indicator, "stock", None, DAY)
        figure = NewFigure(key, "Dự án", Printed(Decimal(7), None, "exact", "project"), "7 dự án")
        record_figure(session, number, figure, day=DAY, document_id=paper)


def fill(session: Session, code: str, column: int = 0) -> None:
    """Lay a zone with parcels, plan, rights, hand-over, clearance, resettlement, project."""
    ground = lay(session, 4, code=code, column=column)
    one, two, three, four = ground.parcels
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
    plans.set_status(
        session,
        number,
        plan_version_id=version,
        status="approved",
        valid_from=DAY,
        scope=whole,
        decision_id=ground.document_id,
    )
    _fill_draft(session, ground, plan, version, column)
    session.execute(insert(Citation).values(page=3, opened_by=number))
    for parcel, child in ((one, two), (two, one)):
        session.execute(insert(ParcelAlias).values(parcel_id=parcel, opened_by=number))
        line = {"parent_id": parcel, "child_id": child, "kind": "renumber", "area_m2": 1.0}
        session.execute(insert(ParcelLineage).values(**line, opened_by=number))
    party = tenure.register_party(session, number, name_vi=f"Hạ tầng {code}")
    right = tenure.NewRight(
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
    tenure.grant_right(session, number, right)
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
    plots = [resettlement.NewPlot(f"{n}", shape=square(column + n, 2)) for n in (1, 2)]
    resettlement.add_plots(session, number, area_id=area, plots=plots, valid_from=DAY)
    paper = ground.document_id
    case = cases.open_case(
        session, number, code=f"HS-{code}", zone_id=ground.zone_id, name_vi="Hồ sơ", since=DAY
    )
    items = [cases.NewItem("1", [three]), cases.NewItem("2", [four])]
    made = cases.add_items(session, number, case_id=case, items=items, since=DAY)
    notices = [cases.NewStep(item, "notice", DAY, paper) for item in made]
    cases.take_steps(session, number, notices)
    cases.raise_flag(session, number, item_id=made[0], kind="complaint", day=DAY, document_id=paper)
    tract = {"area_m2": Decimal(100), "document_id": paper, "day": DAY}
    cases.follow_up(session, number, case_id=case, step="confirmed", **tract)
    cases.set_target(session, number, board_id=ground.board_id, year=2022, **tract)
    resettlement.assign_plot(
        session, number, area_id=area, number="1", item_id=made[0], day=DAY, document_id=paper
    )
    resettlement.report_progress(
        session, number, area_id=area, day=DAY, percent=Decimal("12.5"), document_id=paper,
        note="san nền",
    )  # fmt: skip
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
    _fill_project(session, ground, project, "EUR" if column else "USD")
    _fill_clocks(session, ground, project)
    _fill_sheets(session, ground, version)
    _fill_phases_and_figures(session, ground, column)
    note_event(session, actor="tester", action="fill", subject=code)
