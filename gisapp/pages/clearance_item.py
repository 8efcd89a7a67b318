"""One item of a case: its story, what the law waits for, and, for the officer, who and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from gisapp.pages.clearance_acts import (
    act,
    actor,
    attempt,
    money_asked,
    square_metres_asked,
)
from gisapp.pages.clearance_case import pages
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.present import clearance as words
from gisapp.present.day import shown_day
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import can
from gisapp.security.permissions import Permission
from gisapp.seen_clearance import seen_head
from gisapp.texts import gettext as _
from planning.changes.operations.dividing import SIDES
from planning.changes.recovery import recover_part
from planning.clearance import register
from planning.clearance.cases import (
    NewStep,
    change_item,
    hand_over_items,
    held_parcels,
    lower_flag,
    raise_flag,
    take_steps,
)
from planning.clearance.steps import CAUSES, MAY_SAY_MONEY, WITH_MONEY, next_steps
from planning.clearance.terms import terms
from planning.clocks import moment
from planning.errors import NotPermitted
from planning.households.commands import Person, correct_household, enter_household
from planning.households.queries import amounts, masked, persons
from planning.resettlement.commands import assign_plot
from planning.resettlement.queries import areas, find_area

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from gisapp.pages.clearance_acts import Act
    from gisapp.pages.refusing import Answer
    from planning.clearance.register import CaseHead, ItemRow

__all__ = ["pages"]

PERSON = ("head_name", "identity_no", "phone", "address", "bank_account")


@pages.get("/<code>/items/<uuid:item_id>")
@requires(Permission.READ)
def item(code: str, item_id: UUID) -> str:
    """An item without a name: its land, its steps, and the next ones with their deadlines."""
    return _page(code, item_id)


@pages.get("/<code>/items/<uuid:item_id>/household")
@requires(Permission.HOUSEHOLD)
def household(code: str, item_id: UUID) -> str:
    """The same with the household's name and its money; that it was read is noted first."""
    return _page(code, item_id, personal=True)


def _page(code: str, item_id: UUID, *, personal: bool = False, problem: str | None = None) -> str:
    day = shown_day()
    person, money = None, {}
    with database().households() if personal else database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        case = seen_head(db, at, code)
        row = register.item_of(db, at, case.id, item_id)
        steps, flags = register.steps(db, at, item_id), register.flags(db, at, item_id)
        homes = areas(db, at)
        todo = next_steps(
            register.taken(steps), row.land_class, terms(db), at.as_of,
            register.pauses(flags),
        )  # fmt: skip
        held = register.parcels_of(db, at, item_id)
        if personal:
            why = {"reader": actor(), "purpose": f"{case.code} · {row.number}"}
            who = persons(db, at, [row.household_id] if row.household_id else [], **why)
            person = next(iter(who.values()), None)
            money = {each.step_id: each.money for each in amounts(db, at, [item_id], **why)}
    return render_template(
        "pages/clearance/item.html", case=case, item=row, name=words.case_name(case),
        story=words.story(steps, flags, money), todos=words.todos(todo), personal=personal,
        person=masked(person) if person and not request.args.get("reveal") else person,
        state=words.STATES[row.state], holder=words.HOLDERS[row.holder], homes=homes,
        land_class=words.LAND_CLASSES[row.land_class], kinds=words.step_choices(),
        flag_words=words.FLAGS, raised={f.kind for f in flags if f.until is None},
        with_money=sorted(MAY_SAY_MONEY), held=held, sides=words.SIDES, problem=problem,
        given=request.form,
    )  # fmt: skip


def _written(
    code: str,
    item_id: UUID,
    work: Callable[[Session, CaseHead, ItemRow], object],
    *,
    personal: bool = False,
) -> Answer:
    """Do a piece of work on an item, then show it: with the household where it came from there."""
    back = "clearance.household" if personal else "clearance.item"

    def inside(db: Session) -> None:
        at = moment(db)
        case = seen_head(db, at, code)
        work(db, case, register.item_of(db, at, case.id, item_id))

    problem = attempt(inside, personal=personal)
    if problem is not None:
        return _page(code, item_id, personal=personal, problem=problem), 422
    flash(_("Đã ghi."))
    return redirect(url_for(back, code=code, item_id=item_id))


@pages.post("/<code>/items/<uuid:item_id>/steps")
@requires(Permission.CLEARANCE_STEPS)
def item_step(code: str, item_id: UUID) -> Answer:
    """Take one step; what says money is recorded by the officer, under the households' login."""
    kind = request.form.get("kind", "")
    personal = kind in MAY_SAY_MONEY and can(Permission.HOUSEHOLD)
    if kind in WITH_MONEY and not personal:
        raise NotPermitted(permission=str(Permission.HOUSEHOLD))

    def work(db: Session, case: CaseHead, row: ItemRow) -> None:
        if kind not in CAUSES:
            raise FormRefused(field="kind")
        done = act(db, f"{case.code} · {row.number}: {words.STEPS[kind]}")
        _take(db, case, item_id, kind, done)

    return _written(code, item_id, work, personal=personal)


def _take(db: Session, case: CaseHead, item_id: UUID, kind: str, done: Act) -> None:
    if kind == "handed_over":
        hand_over_items(
            db, done.change, zone_id=case.zone_id, items=[item_id], day=done.day,
            number=done.number, document_id=done.document_id,
        )  # fmt: skip
        return
    money = money_asked() if kind in MAY_SAY_MONEY else None
    if kind not in WITH_MONEY and money is not None and not money.total:
        money = None
    early = bool(request.form.get("agreed_early")) and kind == "recovered"
    taken = NewStep(item_id, kind, done.day, done.document_id, money, agreed_early=early)
    take_steps(db, done.change, [taken])


@pages.post("/<code>/items/<uuid:item_id>/part")
@requires(Permission.CLEARANCE_STEPS)
def part(code: str, item_id: UUID) -> Answer:
    """Recover part of a parcel: it is cut from a side by exact area, in the same change."""

    def work(db: Session, case: CaseHead, row: ItemRow) -> None:
        form, side = request.form, request.form.get("side", "")
        area = square_metres_asked("part_m2")
        if side not in SIDES:
            raise FormRefused(field="side")
        done = act(db, f"{case.code} · {row.number}: {_('thu hồi một phần thửa')}", "decision")
        held = {str(each): each for each in held_parcels(db, [item_id], done.day)[item_id]}
        parcel = held.get(form.get("parcel", "")) or next(iter(held.values()), None)
        if parcel is None or (len(held) > 1 and form.get("parcel") not in held):
            raise FormRefused(field="parcel")
        cut = {"method": "area", "area_m2": float(area), "direction": {"side": side}}
        recover_part(
            db, done.change, item_id=item_id, parcel_id=parcel, cut=cut, day=done.day,
            document_id=done.document_id, agreed_early=bool(form.get("agreed_early")),
        )  # fmt: skip

    return _written(code, item_id, work)


@pages.post("/<code>/items/<uuid:item_id>/flags")
@requires(Permission.CLEARANCE_STEPS)
def flag(code: str, item_id: UUID) -> Answer:
    """Raise a complaint or a suspension, or end it."""

    def work(db: Session, case: CaseHead, row: ItemRow) -> None:
        kind, lift = request.form.get("kind", ""), bool(request.form.get("lift"))
        if kind not in ("complaint", "suspension"):
            raise FormRefused(field="kind")
        done = act(db, f"{case.code} · {row.number}: {words.FLAGS[kind]}", kind="other")
        if lift:
            lower_flag(db, done.change, item_id=item_id, kind=kind, day=done.day)
        else:
            raise_flag(
                db, done.change, item_id=item_id, kind=kind, day=done.day,
                document_id=done.document_id,
            )  # fmt: skip

    return _written(code, item_id, work)


@pages.post("/<code>/items/<uuid:item_id>/needs")
@requires(Permission.CLEARANCE_STEPS)
def needs(code: str, item_id: UUID) -> Answer:
    """Say how many plots are needed, where, and when the land is planned to go."""

    def work(db: Session, case: CaseHead, row: ItemRow) -> None:
        form = request.form
        done = act(db, f"{case.code} · {row.number}: {_('nhu cầu tái định cư')}", kind="other")
        place = form.get("area")
        change_item(
            db, done.change, item_id=item_id, day=done.day,
            values={
                "plots_needed": whole_number(form, "plots_needed") or 0,
                "resettlement_area_id": find_area(db, place) if place else None,
                "handover_planned_on": day_asked(form, "handover_planned_on"),
            },
        )  # fmt: skip

    return _written(code, item_id, work)


@pages.post("/<code>/items/<uuid:item_id>/plots")
@requires(Permission.CLEARANCE_STEPS)
def plot(code: str, item_id: UUID) -> Answer:
    """Promise a resettlement plot to the household of an item, by decision."""

    def work(db: Session, case: CaseHead, row: ItemRow) -> None:
        area = find_area(db, word_asked(request.form, "area"))
        reason = f"{case.code} · {row.number}: {_('giao lô tái định cư')}"
        done = act(db, reason, kind="decision")
        assign_plot(
            db, done.change, area_id=area, number=word_asked(request.form, "plot"),
            item_id=item_id, day=done.day, document_id=done.document_id,
        )  # fmt: skip

    return _written(code, item_id, work)


@pages.post("/<code>/items/<uuid:item_id>/household")
@requires(Permission.HOUSEHOLD)
def enter(code: str, item_id: UUID) -> Answer:
    """Enter the household of an item, or correct what is known of it."""

    def work(db: Session, case: CaseHead, row: ItemRow) -> None:
        form = request.form
        said = {name: form.get(name, "").strip() or None for name in PERSON}
        name = said.pop("head_name") or ""
        person = Person(name, **said, members=whole_number(form, "members"))
        done = act(db, f"{case.code} · {row.number}: {_('hồ sơ hộ')}", kind="other")
        if row.household_id is not None:
            correct_household(db, done.change, row.household_id, person)
            return
        made = enter_household(db, done.change, person, case.since)
        change_item(db, done.change, item_id=item_id, day=done.day, values={"household_id": made})

    return _written(code, item_id, work, personal=True)
