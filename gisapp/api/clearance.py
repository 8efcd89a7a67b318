"""Clearance for programs: cases with land beside money, items without a name, steps, targets.

A household's name and money go to the officer alone, by an address of its own, and every reading
is noted.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import Field

from gisapp.api.clearance_models import (
    CaseList,
    CaseOut,
    Flag,
    HouseholdOut,
    ItemFull,
    ItemList,
    State,
    TargetList,
)
from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZONE_CODE, ZoneQuery, seen_zone
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.seen_clearance import seen_case, seen_head, seen_zones
from planning.clearance import register
from planning.clearance.periods import reporting_year, year_so_far
from planning.clearance.steps import next_steps
from planning.clearance.targets import achievements, scheme, targets
from planning.clearance.terms import terms
from planning.clocks import moment
from planning.households.queries import amounts, persons
from planning.published import zone_and_inner
from planning.zones.queries import boards

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.clearance.register import CaseRow, ItemRow
    from planning.clearance.steps import Next
    from planning.households.commands import Money

api = api_blueprint("clearance", __name__, "Giải phóng mặt bằng · clearance")

_SUMS = (
    "items", "households", "handed_over", "area_m2", "cleared_m2", "cleared_share", "paid_share",
    "complaints", "suspensions", "plots_needed", "plots_assigned", "homeless",
)  # fmt: skip


@api.get("/clearance/cases")
@api.input(ZoneQuery, location="query", arg_name="query")
@api.output(CaseList)
@api.doc(summary="Hồ sơ giải phóng mặt bằng · clearance cases with their totals")
@requires(Permission.READ)
def cases(query: ZoneQuery) -> dict[str, Any]:
    """Every case the caller may see, of one zone with those inside it when it is named."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        if query.zone is not None:
            inside = list(zone_and_inner(db, seen_zone(db, query.zone, at).id))
        else:
            inside = [zone.id for zone in seen_zones(db, at)]
        found = register.cases(db, at, inside)
    return {"as_of": at.as_of, "cases": [_case(each) for each in found]}


@api.get("/clearance/cases/<code>")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(CaseOut)
@api.doc(summary="Một hồ sơ · one case")
@requires(Permission.READ)
def case(code: str, query: DayQuery) -> dict[str, Any]:
    """One case with its totals and what the board did with the tract."""
    day = query.shown()
    with database().reading() as db:
        return _case(seen_case(db, moment(db, day.as_of, day.known_at), code))


class ItemsQuery(DayQuery):
    """A page of items."""

    state: State | None = Field(None, description="Bước · how far")
    flag: Flag | None = Field(None, description="homeless: land goes before its plot is ready")
    q: str = Field("", max_length=80, description="in item and parcel numbers")
    limit: int = Field(200, ge=1, le=2_000)
    cursor: str | None = Field(None, max_length=24, description="`next` of the page before")


@api.get("/clearance/cases/<code>/items")
@api.input(ItemsQuery, location="query", arg_name="query")
@api.output(ItemList)
@api.doc(summary="Các mục của hồ sơ · items by number, nobody named")
@requires(Permission.READ)
def items(code: str, query: ItemsQuery) -> dict[str, Any]:
    """Items in the order of their numbers; `next` leads to the following page."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        file = seen_head(db, at, code)
        page = register.items(
            db, at, file.id, state=query.state, flag=query.flag, wanted=query.q,
            most=query.limit + 1, after=query.cursor,
        )  # fmt: skip
    more = len(page.rows) > query.limit
    rows = page.rows[: query.limit]
    return {
        "case": code, "as_of": at.as_of, "count": page.count, "area_m2": page.area_m2,
        "next": rows[-1].number if more else None, "items": [_item(each) for each in rows],
    }  # fmt: skip


@api.get("/clearance/cases/<code>/items/<uuid:item_id>")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(ItemFull)
@api.doc(summary="Một mục: các bước và hạn · an item with its steps and what the law waits for")
@requires(Permission.READ)
def item(code: str, item_id: UUID, query: DayQuery) -> dict[str, Any]:
    """Steps, complaints and suspensions up to the day, and the next steps with their terms."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        file = seen_head(db, at, code)
        row = register.item_of(db, at, file.id, item_id)
        steps, flags = register.steps(db, at, item_id), register.flags(db, at, item_id)
        todo = next_steps(
            register.taken(steps), row.land_class, terms(db), at.as_of,
            register.pauses(flags),
        )  # fmt: skip
    return {
        "case": code, "as_of": at.as_of, "item": _item(row),
        "steps": [asdict(each) for each in steps], "flags": [asdict(each) for each in flags],
        "next": [_next(each) for each in todo],
    }  # fmt: skip


@api.get("/clearance/cases/<code>/items/<uuid:item_id>/household")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(HouseholdOut)
@api.doc(summary="Hộ và số tiền (ghi lần xem) · the household of an item; the reading is noted")
@requires(Permission.HOUSEHOLD)
def household(code: str, item_id: UUID, query: DayQuery) -> dict[str, Any]:
    """Who the household is and what each step grants or pays, for the officer."""
    day, reader = query.shown(), signed_in_user()
    with database().households() as db:
        at = moment(db, day.as_of, day.known_at)
        file = seen_head(db, at, code)
        row = register.item_of(db, at, file.id, item_id)
        why = {
            "reader": reader.username if reader else "-",
            "purpose": f"{file.code} · {row.number}",
        }
        who = persons(db, at, [row.household_id] if row.household_id else [], **why)
        money = amounts(db, at, [item_id], **why)
    person = next((asdict(each) for each in who.values()), {})
    names = ("head_name", "identity_no", "phone", "address", "bank_account", "members")
    return {
        "item": row.number,
        **{name: person.get(name) for name in names},
        "amounts": [
            {"step_id": each.step_id, "day": each.day, "money": _money(each.money)}
            for each in money
        ],
    }


class TargetsQuery(DayQuery):
    """The targets of the reporting year of a day."""

    zone: str | None = Field(None, pattern=ZONE_CODE, description="Mã khu · zone code")
    scheme: str = Field("calendar", pattern="^[a-z][a-z0-9_]{1,47}$", description="Cách chốt kỳ")


@api.get("/clearance/targets")
@api.input(TargetsQuery, location="query", arg_name="query")
@api.output(TargetList)
@api.doc(summary="Kế hoạch năm và phần đã bàn giao · the year's targets and what was cleared")
@requires(Permission.READ)
def year_targets(query: TargetsQuery) -> dict[str, Any]:
    """Targets of the reporting year of as_of: its flow up to that day, and the stock apart."""
    day, scope = query.shown(), reader_scope()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        closing = scheme(db, query.scheme)
        span = year_so_far(at.as_of, closing.last_day)
        year = reporting_year(at.as_of, closing.last_day)
        seen = {zone.id: zone for zone in seen_zones(db, at)}
        named = {each.id: each.code for each in boards(db, at) if scope.covers_board(each.code)}
        wanted = seen_zone(db, query.zone, at).id if query.zone is not None else None
        aims = [
            each
            for each in targets(db, at, year)
            if (each.zone_id in seen if each.zone_id else each.board_id in named)
            and (wanted is None or each.zone_id == wanted)
        ]
        groups = {
            str(n): set(zone_and_inner(db, aim.zone_id)) if aim.zone_id else
            {z.id for z in seen.values() if z.board_code == named[aim.board_id]}
            for n, aim in enumerate(aims)
        }  # fmt: skip
        done = achievements(
            db, at, groups, span, {str(n): aim.area_m2 for n, aim in enumerate(aims)}
        )
    return {
        "as_of": at.as_of, "year": year, "scheme": closing.code,
        "first": span.first, "last": span.last,
        "targets": [
            {
                "board": seen[aim.zone_id].board_code if aim.zone_id else named[aim.board_id],
                "zone": seen[aim.zone_id].code if aim.zone_id else None,
                "year": aim.year, "target_m2": aim.area_m2, "document": aim.document,
                "cleared_m2": done[str(n)].cleared_m2, "completion": done[str(n)].completion,
                "year_ago_m2": done[str(n)].year_ago_m2, "stock_m2": done[str(n)].stock_m2,
            }
            for n, aim in enumerate(aims)
        ],
    }  # fmt: skip


def _case(row: CaseRow) -> dict[str, Any]:
    names = ("code", "zone", "name_vi", "name_en", "since")
    return {
        **{name: getattr(row, name) for name in names},
        **{name: getattr(row.sums, name) for name in _SUMS},
        "granted": _money(row.sums.granted),
        "paid": _money(row.sums.paid),
        "followups": [asdict(each) for each in row.followups],
    }


def _item(row: ItemRow) -> dict[str, Any]:
    """An item without its household: only that there is one."""
    facts = asdict(row)
    return {**facts, "named": row.household_id is not None, "parcel_numbers": row.names}


def _next(each: Next) -> dict[str, Any]:
    return {
        "kind": each.kind, "again": each.again, "earliest": each.earliest, "latest": each.latest,
        "severity": each.severity,
        "clauses": list(dict.fromkeys(term.clause for term in each.terms)),
        "verified": all(term.verification == "verified" for term in each.terms),
    }  # fmt: skip


def _money(money: Money) -> Mapping[str, int]:
    parts = {name: int(value) for name, value in asdict(money).items()}
    return {**parts, "total": int(money.total)}
