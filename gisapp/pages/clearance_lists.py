"""Lists around a case: its steps, payments, land beside money by zone; and what comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, render_template

from gisapp.lists import LISTS
from gisapp.pages.clearance import MOST_IN_A_FILE, as_file, together
from gisapp.pages.clearance_acts import actor
from gisapp.pages.clearance_import import pages
from gisapp.pages.list_imports import bring_routes
from gisapp.present import clearance as words
from gisapp.present import clearance_lists as columns
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.tables import (
    ROWS_A_PAGE,
    Filter,
    Listing,
    requested_page,
    whole_asked,
)
from gisapp.present.tables import listing as listed
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.seen_clearance import seen_head, seen_zones
from gisapp.texts import gettext as _
from planning.clearance import register
from planning.clearance.case_steps import case_steps
from planning.clearance.steps import WITH_MONEY
from planning.clocks import moment
from planning.households.queries import amounts, masked, persons

if TYPE_CHECKING:
    from planning.clearance.case_steps import CaseStep
    from planning.clearance.register import CaseSums
    from planning.households.commands import Money, Person

__all__ = ["pages"]

for _name, _rule in (
    ("clearance-items", "/items/import"),
    ("clearance-steps", "/steps/import"),
    ("clearance-payments", "/payments/import"),
):
    bring_routes(pages, LISTS[_name], back="clearance.listing", rule=_rule)


@dataclass(frozen=True)
class ZoneLine:
    """A zone with the cases in it added up: land beside money."""

    code: str
    name: str
    board: str
    cases: int
    sums: CaseSums


@pages.get("/by-zone")
@requires(Permission.READ)
def by_zone() -> str | Response:
    """Handed over beside paid, zone by zone: the cases of each added up."""
    day, board = shown_day(), facts().board
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at, board.code if board else None)
        found = register.cases(db, at, [zone.id for zone in seen])
    lines = []
    for zone in seen:
        mine = [case for case in found if case.zone_id == zone.id]
        if mine:
            name = words.zone_name(zone)
            lines.append(ZoneLine(zone.code, name, zone.board_code, len(mine), together(mine)))
    shown = listed(
        lines, columns.zone_columns(), default_sort="code", workbook=True,
        totals_label=_("Cộng"), empty=_("Chưa có hồ sơ giải phóng mặt bằng nào vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "gpmb-theo-khu", "clearance-zones")
    return render_template("pages/clearance/by_zone.html", listing=shown, sums=together(found))


@pages.get("/<code>/steps")
@requires(Permission.READ)
def case_story(code: str) -> str | Response:
    """Every step of a case, latest first, with its minutes."""
    day, whole = shown_day(), whole_asked()
    filters = [
        Filter("kind", _("Bước"), words.step_choices()),
        Filter("q", _("Mục")),
    ]
    kind = filters[0].current
    page = 1 if whole else requested_page()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        case = seen_head(db, at, code)
        found = case_steps(
            db, at, case.id, kinds=[kind] if kind else None, number=filters[1].current,
            most=MOST_IN_A_FILE if whole else ROWS_A_PAGE, skip=(page - 1) * ROWS_A_PAGE,
        )  # fmt: skip
    shown = Listing(
        columns=columns.step_columns(case.code), rows=found.rows, count=found.count, page=page,
        sort="day", descending=True, filters=filters, workbook=True,
        empty=_("Chưa có bước nào được ghi."),
    )  # fmt: skip
    if whole:
        return as_file(shown, f"gpmb-buoc-{case.code}", f"clearance-steps {case.code}")
    return render_template(
        "pages/clearance/steps.html", case=case, name=words.case_name(case), listing=shown,
        personal=False,
    )  # fmt: skip


@dataclass(frozen=True)
class PaidLine:
    """A plan or payment of an item with its household and money, for the officer."""

    step: CaseStep
    person: Person | None
    money: Money | None


@pages.get("/<code>/payments")
@requires(Permission.HOUSEHOLD)
def payments(code: str) -> str | Response:
    """Approved plans and payments with names and money; the reading is noted, by item."""
    day, whole = shown_day(), whole_asked()
    chosen = [(kind, str(words.STEPS[kind])) for kind in sorted(WITH_MONEY)]
    filters = [Filter("kind", _("Bước"), chosen), Filter("q", _("Mục"))]
    kind = filters[0].current
    page = 1 if whole else requested_page()
    with database().households() as db:
        at = moment(db, day.as_of, day.known_at)
        case = seen_head(db, at, code)
        found = case_steps(
            db, at, case.id, kinds=[kind] if kind in WITH_MONEY else sorted(WITH_MONEY),
            number=filters[1].current, most=MOST_IN_A_FILE if whole else ROWS_A_PAGE,
            skip=(page - 1) * ROWS_A_PAGE,
        )  # fmt: skip
        homes = register.households_of(db, at, {step.item_id for step in found.rows})
        numbers = ", ".join(dict.fromkeys(step.number for step in found.rows))
        why = {"reader": actor(), "purpose": f"{case.code} · {numbers}"[:300]}
        who = persons(db, at, list(homes.values()), **why)
        money = {
            each.step_id: each.money
            for each in amounts(db, at, list({s.item_id for s in found.rows}), **why)
        }
    rows = [
        PaidLine(
            step,
            masked(who[homes[step.item_id]]) if homes.get(step.item_id) in who else None,
            money.get(step.id),
        )
        for step in found.rows
    ]
    shown = Listing(
        columns=columns.payment_columns(case.code), rows=rows, count=found.count, page=page,
        sort="day", descending=True, filters=filters, workbook=True,
        empty=_("Chưa có phương án được duyệt hay lần chi trả nào."),
    )  # fmt: skip
    if whole:
        return as_file(shown, f"gpmb-chi-tra-{case.code}", f"clearance-payments {case.code}")
    return render_template(
        "pages/clearance/steps.html", case=case, name=words.case_name(case), listing=shown,
        personal=True,
    )  # fmt: skip
