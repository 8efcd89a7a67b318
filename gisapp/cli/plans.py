"""``gisapp plan``: plans, their versions and what is in force."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import click
from shapely import MultiPolygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp import config
from gisapp.cli import say
from gisapp.cli.moments import DAY
from gisapp.cli.opened import opened
from gisapp.cli.writing import acting, actor_option, json_option, writing
from gisapp.importing import Source, scope_from
from gisapp.messages import render
from gisapp.plan_steps import ADJUSTING, step_permission
from gisapp.refusals import Refusal
from gisapp.security.permissions import Permission
from planning.changes.imports import Certificate, Layer, Request
from planning.clocks import Moment, today
from planning.plans.adjustment import adjust, scope_of_symbols
from planning.plans.approval import take_step
from planning.plans.commands import create_plan, create_version, set_status
from planning.plans.errors import NothingToAdjust, PlanWithoutLots
from planning.plans.model import Plan
from planning.plans.pipeline import PlanFacts, plan_facts
from planning.plans.queries import find_plan, find_version
from planning.plans.steps import standing
from planning.records.commands import open_change, register_document
from planning.vocabulary import IN_FORCE_STATUSES, PLAN_LEVELS, PLAN_STATUSES
from planning.zones.model import Zone
from planning.zones.queries import boundary, find_zone


class PlanNeedsGround(Refusal):
    """The zone has no boundary on the day, and no scope was given. Context: ``zone``, ``day``."""

    code = "plan-needs-ground"


@click.group()
def plan() -> None:
    """Quy hoạch · plans."""


@plan.command(name="create")
@click.argument("code")
@click.option("--zone", "zone_code", required=True, help="Mã khu · zone code")
@click.option("--level", type=click.Choice([*PLAN_LEVELS]), required=True, help="Cấp · level")
@click.option("--scale", type=int, default=2000, show_default=True, help="Tỷ lệ 1/… · scale")
@click.option("--name", required=True, help="Tên tiếng Việt · Vietnamese name")
@click.option("--name-en", help="Tên tiếng Anh · English name")
@actor_option
@json_option
def create_plan_command(
    code: str,
    zone_code: str,
    level: str,
    scale: int,
    name: str,
    name_en: str | None,
    actor: str | None,
    as_json: bool,
) -> None:
    """Lập đồ án quy hoạch của một khu · create a plan of a zone."""
    with writing(opened()) as session:
        who = acting(session, actor, Permission.EDIT, zone=zone_code)
        zone = find_zone(session, zone_code)
        change = open_change(
            session, kind="setup", reason=f"{code}: lập quy hoạch", actor=who, effective_on=today()
        )
        create_plan(
            session,
            change,
            code=code,
            zone_id=zone.id,
            srid=zone.srid,
            level=level,
            scale_denominator=scale,
            name_vi=name,
            name_en=name_en,
        )
    if as_json:
        click.echo(json.dumps({"plan": code, "zone": zone_code}))
    else:
        say("plan-created", key=code, zone=zone_code)


@plan.command(name="version")
@click.argument("code")
@click.option("--status", type=click.Choice(PLAN_STATUSES), required=True, help="Bước · step")
@click.option("--in-force", type=DAY, help="Hiệu lực từ · the step holds from (default: issued)")
@click.option("--version", "number", type=int, help="Số phiên bản đã có · an existing version")
@click.option("--document", required=True, help="Số văn bản · document number")
@click.option("--issued", type=DAY, required=True, help="Ngày ban hành · issued on")
@click.option("--issuer", required=True, help="Cơ quan ban hành · issuer")
@click.option(
    "--scope",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp phạm vi; bỏ trống = ranh giới khu · scope file (default: the zone's boundary)",
)
@click.option("--srid", type=int, help="EPSG của tệp phạm vi · plane of a silent scope file")
@actor_option
@json_option
def version_command(
    code: str,
    status: str,
    in_force: date | None,
    number: int | None,
    document: str,
    issued: date,
    issuer: str,
    scope: Path | None,
    srid: int | None,
    actor: str | None,
    as_json: bool,
) -> None:
    """Lập phiên bản tiếp theo của đồ án, hoặc đặt bước cho phiên bản đã có · next version, or a
    step.

    Phê duyệt, huỷ là việc của lãnh đạo, không phải của người lập. Đồ án được duyệt có hiệu lực
    thay phiên bản trước của nó từ ngày ấy. Approving and annulling are a leader's, never the
    author's. An approved version takes the place of its plan's version in force from that day on.
    """
    settings = config.load()
    database = opened(settings)
    day = in_force or issued
    with writing(database, seconds=120) as session:
        plan_id = find_plan(session, code)
        held = session.execute(
            select(Zone.code, Zone.id, Plan.srid)
            .join(Zone, Zone.id == Plan.zone_id)
            .where(Plan.id == plan_id)
        ).one()
        who = acting(session, actor, step_permission(status), zone=held.code)
        if scope is not None:
            asked = Request(
                Layer.BOUNDARY, held.code, Certificate(document, issued, issuer), who,
                file_name=scope.name, effective_on=day, srid=srid,
            )  # fmt: skip
            ground = scope_from(database, settings, asked, Source(scope, scope.name))
        elif number is None:
            limits = boundary(session, held.id, Moment(day))
            if limits is None:
                raise PlanNeedsGround(zone=held.code, day=day)
            ground = MultiPolygon(getattr(limits.shape, "geoms", [limits.shape]))
        else:
            ground = None
        decision = register_document(
            session, number=document, issued_on=issued, issuer=issuer, actor=who
        )
        change = open_change(
            session,
            kind="act",
            reason=f"{code}: {render(f'step-{status}', {}, 'vi')}",
            actor=who,
            effective_on=day,
            document_id=decision,
        )
        if number is None:
            version_id, number = create_version(session, change, plan_id=plan_id)
            if status in IN_FORCE_STATUSES:
                raise PlanWithoutLots(plan=code, number=number)
            assert ground is not None  # noqa: S101 - a new version has just been given one
            set_status(
                session,
                change,
                plan_version_id=version_id,
                status=status,
                valid_from=day,
                scope=ground,
                decision_id=decision,
            )
        else:
            version_id = find_version(session, plan_id, number)
            take_step(
                session,
                change,
                plan_version_id=version_id,
                status=status,
                day=day,
                document_id=decision,
                scope=ground,
            )
    if as_json:
        click.echo(json.dumps({"plan": code, "version": number, "status": status}))
    else:
        say("plan-version-created", key=code, number=number, status=status, day=day)


@plan.command(name="adjust")
@click.argument("code")
@click.option("--kind", type=click.Choice(["local", "overall"]), default="local", show_default=True)
@click.option("--version", "number", type=int, help="Phiên bản gốc · parent (default: in force)")
@click.option("--lots", help="Ký hiệu lô trong phạm vi, cách nhau dấu phẩy · lots in the scope")
@click.option(
    "--scope",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp phạm vi thay cho --lots · scope file instead of --lots",
)
@click.option("--srid", type=int, help="EPSG của tệp phạm vi · plane of a silent scope file")
@click.option("--on", "day", type=DAY, help="Bắt đầu từ ngày · begins on (default: issued)")
@click.option("--document", required=True, help="Số văn bản · document number")
@click.option("--issued", type=DAY, required=True, help="Ngày ban hành · issued on")
@click.option("--issuer", required=True, help="Cơ quan ban hành · issuer")
@actor_option
@json_option
def adjust_command(
    code: str,
    kind: str,
    number: int | None,
    lots: str | None,
    scope: Path | None,
    srid: int | None,
    day: date | None,
    document: str,
    issued: date,
    issuer: str,
    actor: str | None,
    as_json: bool,
) -> None:
    """Lập điều chỉnh của phiên bản đã duyệt · begin an adjustment of an approved version.

    Cục bộ: lô ngoài phạm vi giữ nguyên từng byte, lô trong phạm vi nhập bằng gisapp import.
    Local: lots outside the scope are carried over byte for byte; those inside come by import.
    """
    settings = config.load()
    database = opened(settings)
    with writing(database, seconds=120) as session:
        plan = plan_facts(session, code)
        who = acting(session, actor, Permission.EDIT, zone=plan.zone)
        held = find_version(session, plan.id, number) if number else _in_force(session, plan)
        ground: MultiPolygon | None = None
        if scope is not None:
            asked = Request(
                Layer.BOUNDARY, plan.zone, Certificate(document, issued, issuer), who,
                file_name=scope.name, effective_on=day or issued, srid=srid,
            )  # fmt: skip
            ground = scope_from(database, settings, asked, Source(scope, scope.name))
        elif kind == "local":
            symbols = [each.strip() for each in (lots or "").split(",") if each.strip()]
            ground = scope_of_symbols(session, held, symbols)
        paper = register_document(
            session, number=document, issued_on=issued, issuer=issuer, actor=who
        )
        change = open_change(
            session,
            kind="act",
            reason=f"{code}: {ADJUSTING[kind]}",
            actor=who,
            effective_on=day or issued,
            document_id=paper,
        )
        made = adjust(
            session,
            change,
            parent_id=held,
            kind=kind,
            day=day or issued,
            document_id=paper,
            scope=ground,
        )
    told = {"carried": made.carried, "cut": list(made.cut), "left_out": list(made.left_out)}
    if as_json:
        click.echo(json.dumps({"plan": code, "version": made.number, **told}, ensure_ascii=False))
    else:
        say("plan-adjusted", key=code, number=made.number, **told)


def _in_force(session: Session, plan: PlanFacts) -> UUID:
    """The newest version of a plan that is in force. Raises NothingToAdjust."""
    for _number, version in reversed(plan.versions):
        if standing(session, version).status in IN_FORCE_STATUSES:
            return version
    raise NothingToAdjust(plan=plan.code, number=0)
