"""Forms of plan versions beside their steps: a signature, uses, lots, a table."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request

from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, word_asked
from gisapp.pages.once import written_once
from gisapp.pages.plans_steps import asked_step, refused_on_page
from gisapp.plan_steps import reason, seen_plan, version_id
from gisapp.present import plans as words
from gisapp.present.day import dated_url
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.errors import PlanningError
from planning.plans.approval import waive
from planning.plans.lots import edit_lots, mean
from planning.plans.stated import read_table, state_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.pages.plans_steps import Asked
    from gisapp.pages.refusing import Answer

pages = Blueprint("plans_writing", __name__)


@pages.post("/<code>/<int:number>/waivers")
@requires(Permission.APPROVE)
def waiver(code: str, number: int) -> Answer:
    """Sign for a fault of a draft, with a reason and a document."""

    def work(db: Session, held: UUID, asked: Asked) -> str:
        fault, why = word_asked(request.form, "fault"), word_asked(request.form, "reason")
        if fault not in words.FAULT_WORDS:
            raise FormRefused(field="fault")
        change, _document = asked.change(
            db, reason(code, number, f"ký chấp nhận {render(f'fault-{fault}', {}, 'vi')}")
        )
        waive(db, change, plan_version_id=held, fault=fault, reason=why)
        return _("Đã ký chấp nhận. Chữ ký hết giá trị khi lô của bản này đổi.")

    return _written(code, number, work)


@pages.post("/<code>/<int:number>/uses")
@requires(Permission.EDIT)
def uses(code: str, number: int) -> Answer:
    """Say what symbols of these letters mean in this version."""

    def work(db: Session, held: UUID, asked: Asked) -> str:
        form = request.form
        change, _document = asked.change(
            db, reason(code, number, f"nghĩa của ký hiệu {word_asked(form, 'letters')}")
        )
        moved = mean(
            db,
            change,
            plan_version_id=held,
            letters=word_asked(form, "letters"),
            category=word_asked(form, "category"),
            leasable=word_asked(form, "leasable"),
        )
        return _("Đã đổi %(count)s lô.", count=moved)

    return _written(code, number, work)


@pages.post("/<code>/<int:number>/lots/<uuid:lot>")
@requires(Permission.EDIT)
def one_lot(code: str, number: int, lot: UUID) -> Answer:
    """Say what the plan says of one lot."""

    def work(db: Session, held: UUID, asked: Asked) -> str:
        form = request.form
        told: dict[str, Any] = {
            "category": word_asked(form, "category"),
            "leasable": word_asked(form, "leasable"),
            "legal_area_m2": _decimal("legal_area_m2"),
            "density_pct": _decimal("density_pct"),
            "floor_area_ratio": _decimal("floor_area_ratio"),
        }
        storeys = _decimal("storeys_max")
        told["storeys_max"] = None if storeys is None else int(storeys)
        change, _document = asked.change(db, reason(code, number, "sửa lô"))
        moved = edit_lots(db, change, plan_version_id=held, told={lot: told})
        return _("Đã đổi %(count)s lô.", count=moved)

    return _written(code, number, work)


def _decimal(name: str) -> Decimal | None:
    given = request.form.get(name, "").strip().replace(" ", "").replace(",", ".")
    if not given:
        return None
    try:
        value = Decimal(given)
    except InvalidOperation:
        raise FormRefused(field=name) from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise FormRefused(field=name)
    return value


@pages.post("/<code>/<int:number>/table")
@requires(Permission.EDIT)
def table(code: str, number: int) -> Answer:
    """Record the land balance as the decision prints it."""

    def work(db: Session, held: UUID, asked: Asked) -> str:
        rows = read_table(request.form.get("table", "")[:20_000])
        change, _document = asked.change(db, reason(code, number, "bảng cân bằng của quyết định"))
        state_table(db, change, plan_version_id=held, rows=rows)
        return _("Đã ghi bảng của quyết định: %(count)s dòng.", count=len(rows))

    return _written(code, number, work)


def _written(code: str, number: int, work: Callable[[Session, UUID, Asked], str]) -> Answer:
    try:
        asked = asked_step()
        with database().reading() as db:
            held = version_id(seen_plan(db, code), number)
        said = written_once(asked.actor, lambda db: work(db, held, asked), seconds=60)
    except (Refusal, PlanningError) as refused:
        return refused_on_page(code, number, refused)
    flash(said)
    return redirect(dated_url("plans.version", code=code, number=number))
