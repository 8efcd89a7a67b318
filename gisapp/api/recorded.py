"""Recorded figures for programs: as printed, with what is computed and counted beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response
from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZONE_CODE
from gisapp.api.written import as_json
from gisapp.pages.seen_land import land_reader
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.errors import NotFound
from planning.recorded import queries
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.recorded.queries import Recorded
    from planning.recorded.rules import Check

api = api_blueprint("recorded", __name__, "Số liệu · figures")


class FiguresQuery(DayQuery):
    """A day, and what to narrow the list to; `cursor` is the place the last answer ended at."""

    board: str | None = Field(None, pattern=ZONE_CODE, description="Mã ban · board code")
    zone: str | None = Field(None, pattern=ZONE_CODE, description="Mã khu · zone code")
    indicator: str | None = Field(None, pattern=r"^[a-z][a-z0-9_]{1,47}$")
    kind: str | None = Field(None, pattern="^(stock|flow|ratio|target)$")
    limit: int = Field(200, ge=1, le=1000)
    cursor: int = Field(0, ge=0, le=1_000_000)


@api.get("/figures/recorded")
@api.input(FiguresQuery, location="query", arg_name="query")
@api.doc(summary="Số liệu ghi theo báo cáo · figures as reports print them")
@requires(Permission.READ)
def listing(query: FiguresQuery) -> Response:
    """Figures in force on a day, the latest period first, and the sums that must hold."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        found = [
            each
            for each in _seen(session, at)
            if query.board in (None, each.board)
            and query.zone in (None, each.zone)
            and query.indicator in (None, each.indicator)
            and query.kind in (None, each.kind)
        ]
        checks = queries.checked(queries.identities(session), found)
    end = query.cursor + query.limit
    return as_json(
        {
            "figures": [_told(each) for each in found[query.cursor : end]],
            "count": len(found),
            "next_cursor": end if end < len(found) else None,
            "checks": [_check(figure, check) for figure, check in checks],
        }
    )


@api.get("/figures/recorded/<uuid:figure>")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Một số liệu ghi theo báo cáo · one recorded figure")
@requires(Permission.READ)
def show(figure: UUID, query: DayQuery) -> Response:
    """One figure with the register's own beside it, the sums it is part of, and its versions."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        every = _seen(session, at)
        one = next((each for each in every if each.id == figure), None)
        if one is None:
            raise NotFound(kind="recorded_figure", key=str(figure))
        read = land_reader(session, at)
        own = queries.own_figure(session, one, lambda then: read(then, False))
        checks = queries.checked(queries.identities(session), every, one)
        told = queries.history(session, figure)
    return as_json(
        {
            **_told(one),
            "register": None
            if own is None
            else {
                "definition": own.definition,
                "value": _plain(own.value),
                "difference": _plain(own.difference),
            },
            "checks": [_check(each, check) for each, check in checks],
            "versions": [
                {**_told(each), "opened_by": opened, "closed_by": closed}
                for each, opened, closed in told
            ],
        }
    )


def _seen(session: Session, at: Moment) -> list[Recorded]:
    scope = reader_scope()
    codes = [one.code for one in boards(session, at) if scope.covers_board(one.code)]
    inside = [zone.id for zone in zones(session, at) if scope.covers(zone)]
    return queries.recorded_figures(session, at, codes, inside)


def _told(one: Recorded) -> dict[str, Any]:
    shares = one.computed
    return {
        "id": one.id,
        "board": one.board,
        "zone": one.zone,
        "scope": one.scope,
        "indicator": one.indicator,
        "name_vi": one.name_vi,
        "kind": one.kind,
        "period_from": one.period_from,
        "period_to": one.period_to,
        "printed": one.printed,
        "value": _plain(one.value),
        "value_to": _plain(one.value_to),
        "qualifier": one.qualifier,
        "unit": one.unit.code,
        "currency": one.unit.currency,
        "target": _plain(one.target),
        "target_printed": one.target_printed,
        "compared": _plain(one.compared),
        "printed_completion_pct": _plain(one.printed_completion),
        "printed_growth_pct": _plain(one.printed_growth),
        "completion": _plain(shares.completion),
        "yoy_ratio": _plain(shares.yoy_ratio),
        "yoy_growth": _plain(shares.yoy_growth),
        "explanation": one.explanation,
        "document": {
            "number": one.document,
            "issued_on": one.issued_on,
            "issuer": one.issuer,
            "page": one.page,
        },
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }


def _check(figure: Recorded, check: Check) -> dict[str, Any]:
    return {
        "code": check.identity.code,
        "board": figure.board,
        "zone": figure.zone,
        "scope": figure.scope,
        "period_to": figure.period_to,
        "left": [_plain(value) for value in check.left],
        "right": [_plain(value) for value in check.right],
        "holds": check.holds,
    }


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
