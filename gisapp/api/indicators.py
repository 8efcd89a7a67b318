"""Indicators for programs: of a zone, a board, or all the land the caller may see."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from gisapp.api.models import Answer, DayQuery, api_blueprint
from gisapp.api.sight import seen_zone
from gisapp.present.formats import language
from gisapp.present.indicators import land_facts
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.errors import NotFound
from planning.indicators.queries import land

if TYPE_CHECKING:
    from planning.indicators.queries import Land

api = api_blueprint("indicators", __name__, "Chỉ tiêu · indicators")


class IndicatorQuery(DayQuery):
    """Two clocks, and perhaps one indicator, and perhaps zones of one kind."""

    definition: str | None = Field(
        None, pattern="^[a-z][a-z0-9_]{1,47}$", description="Mã chỉ tiêu · code; default: all"
    )
    scope: Literal["all", "industrial_parks", "economic_zones"] | None = Field(
        None, description="Loại khu được tính · which zones count; default: each definition's own"
    )


class Side(Answer):
    """Numerator or denominator of a ratio, by name and value."""

    code: str
    name: str
    value: float | None = Field(description="m², or a count, on the area basis of the definition")
    measured_value: float | None
    unit: Literal["m2", "count"]
    display: str


class Rule(Answer):
    """The definition that gave the value."""

    version: int
    kind: Literal["stock", "flow", "ratio"]
    valid_from: dt.date
    valid_to: dt.date | None = Field(description="exclusive")
    in_force: bool = Field(description="whether it is in force on as_of")
    clause: str
    source: str
    verification: Literal["verified", "unverified"]


class Remark(Answer):
    """What a reader must know beside the value."""

    code: str
    text: str


class Indicator(Answer):
    """One indicator; null where it is not defined, never 0."""

    code: str
    name: str
    value: float | None
    measured_value: float | None = Field(description="the same from measured areas")
    unit: Literal["m2", "percent", "count"]
    display: str = Field(description="rounded half up, by the reader's language; areas in ha")
    area_basis: Literal["legal", "measured"] | None
    scope: str
    numerator: Side | None
    denominator: Side | None
    definition: Rule
    notes: list[Remark]


class PlanInForce(Answer):
    """A 1/2000 plan version whose lots are counted."""

    zone: str
    plan: str
    version: int
    name: str
    in_force_from: dt.date
    decision: str | None
    issued_on: dt.date | None
    issuer: str | None


class Indicators(Answer):
    """Indicators with what they rest on."""

    as_of: dt.date
    known: int = Field(description="number of the last change the figures know")
    zones: list[str]
    plans: list[PlanInForce]
    indicators: list[Indicator]


def _answer(whole: Land, query: IndicatorQuery) -> dict[str, Any]:
    codes = [query.definition] if query.definition else None
    return land_facts(whole, whole.figures(codes, query.scope).values(), language())


@api.get("/zones/<code>/indicators")
@api.input(IndicatorQuery, location="query", arg_name="query")
@api.output(Indicators)
@api.doc(summary="Chỉ tiêu của một khu · indicators of a zone and the zones inside it")
@requires(Permission.READ)
def of_zone(code: str, query: IndicatorQuery) -> dict[str, Any]:
    """The indicators of one zone together with the zones inside it, on any day."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        zone = seen_zone(session, code, at)
        return _answer(land(session, at, zone=zone.code), query)


@api.get("/boards/<code>/indicators")
@api.input(IndicatorQuery, location="query", arg_name="query")
@api.output(Indicators)
@api.doc(summary="Chỉ tiêu của một ban quản lý · indicators of a board")
@requires(Permission.READ)
def of_board(code: str, query: IndicatorQuery) -> dict[str, Any]:
    """The indicators of all zones of a management board, on any day."""
    if not reader_scope().covers_board(code):
        raise NotFound(kind="board", key=code)
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        return _answer(land(session, at, board=code), query)


@api.get("/indicators")
@api.input(IndicatorQuery, location="query", arg_name="query")
@api.output(Indicators)
@api.doc(summary="Chỉ tiêu của mọi khu · indicators of all zones in the caller's scope")
@requires(Permission.READ)
def of_all(query: IndicatorQuery) -> dict[str, Any]:
    """The indicators of all the land the caller may see, on any day."""
    day, scope = query.shown(), reader_scope()
    with database().reading() as session:
        whole = land(session, moment(session, day.as_of, day.known_at))
        seen = [zone.code for zone in whole.zones if scope.covers(zone)]
        return _answer(whole.within(*seen), query)
