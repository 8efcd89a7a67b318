"""Land rights for programs: pages, one right with its tract, what ends soon, idle land."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZoneQuery, seen_zone
from gisapp.api.written import as_json
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.errors import NotFound
from planning.published import zone_and_inner
from planning.tenure.idle import sums, tract_parcels, with_since
from planning.tenure.picture import life, picture, plots, tract_of, zone_of
from planning.tenure.register import HORIZONS, endings, rights_page
from planning.zones.queries import zones

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.tenure.idle import TractParcel
    from planning.tenure.register import RightLine

api = api_blueprint("rights", __name__, "Quyền đất · land rights")

Sorting = Literal[
    "number", "kind", "zone", "lessor", "lessee", "contract_area_m2", "measured_m2",
    "difference_m2", "ends_on",
]  # fmt: skip


class RightsQuery(ZoneQuery):
    """A page of rights in force."""

    kind: Literal["state_allocation", "state_lease", "sub_lease", "reservation"] | None = None
    lessee: str = Field("", max_length=200, description="tên hoặc mã số thuế · name or tax code")
    number: str = Field("", max_length=120, description="số hoặc bên cho thuê · number or lessor")
    sort: Sorting = "number"
    descending: bool = False
    limit: int = Field(200, ge=1, le=2_000)
    cursor: int = Field(0, ge=0, le=1_000_000, description="`next` of the page before")


class ExpiringQuery(RightsQuery):
    """Rights that end within some months of the day."""

    months: int = Field(12, ge=0, le=1_200)
    sort: Sorting = "ends_on"


def _seen(session: Session, at: Moment, zone: str | None = None) -> list[UUID]:
    """Ids of the zones the caller may see; of one zone and what lies in it."""
    scope = reader_scope()
    every = [each.id for each in zones(session, at) if scope.covers(each)]
    if zone is None:
        return every
    inside = set(zone_and_inner(session, seen_zone(session, zone).id))
    return [each for each in every if each in inside]


def _told(line: RightLine) -> dict[str, Any]:
    left_out = {"version_id", "zone_id"}
    facts = {name: value for name, value in asdict(line).items() if name not in left_out}
    return {**facts, "difference_m2": line.difference_m2, "apart": line.apart}


def _page(session: Session, at: Moment, query: RightsQuery, months: int | None) -> dict[str, Any]:
    found = rights_page(
        session, at, _seen(session, at, query.zone), kind=query.kind, lessee=query.lessee,
        wanted=query.number, months=months, sort=query.sort, descending=query.descending,
        most=query.limit, skip=query.cursor,
    )  # fmt: skip
    reached = query.cursor + len(found.rows)
    return {
        "rights": [_told(line) for line in found.rows],
        "count": found.count,
        "contract_area_m2": found.contract_area_m2,
        "next": reached if reached < found.count and found.rows else None,
    }


@api.get("/rights")
@api.input(RightsQuery, location="query", arg_name="query")
@api.doc(summary="Quyền đất · land rights in force")
@requires(Permission.READ)
def listing(query: RightsQuery) -> Response:
    """Rights of the zones the caller may see; areas in m², `ends_on` the last day."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        return as_json(_page(session, at, query, None))


@api.get("/rights/expiring")
@api.input(ExpiringQuery, location="query", arg_name="query")
@api.doc(summary="Quyền sắp hết hạn · rights that end within some months")
@requires(Permission.READ)
def expiring(query: ExpiringQuery) -> Response:
    """The soonest first; `within` counts those of 6, 12, 24 and 60 months."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        counted = endings(session, at, _seen(session, at, query.zone), HORIZONS)
        page = _page(session, at, query, query.months)
    return as_json({**page, "within": [asdict(each) for each in counted]})


@api.get("/rights/<uuid:right_id>")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Một quyền · one right, its terms on both clocks, its parcels and its tract")
@requires(Permission.READ)
def show(right_id: UUID, query: DayQuery) -> Response:
    """`right` is null on days it is not in force; `uses` add up to the tract's measured m²."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        seen = _seen(session, at)
        if zone_of(session, right_id) not in seen:
            raise NotFound(kind="land_right", key=str(right_id))
        terms = life(session, at, [right_id]).get(right_id)
        if not terms:
            raise NotFound(kind="land_right", key=str(right_id))
        whole = picture(session, at, seen, tract_of(session, at, right_id))
        land = plots(session, at, right_id)
    lines = {line.id: line for line in whole.inside}
    if whole.tract is not None:
        lines[whole.tract.id] = whole.tract
    return as_json(
        {
            "right": _told(lines[right_id]) if right_id in lines else None,
            "terms": [{k: v for k, v in asdict(t).items() if k != "version_id"} for t in terms],
            "parcels": [{"id": p.parcel_id, "name": p.name, "area_m2": p.area_m2} for p in land],
            "tract": None if whole.tract is None else _told(whole.tract),
            "under": [_told(line) for line in whole.inside],
            "uses_m2": {str(use): area for use, area in whole.uses.items()},
        }
    )


@api.get("/zones/<code>/idle")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Đất bỏ trống · what developers hold and nobody uses, and since when")
@requires(Permission.READ)
def idle(code: str, query: DayQuery) -> Response:
    """Parcels of State rights with leasable land that is neither let, reserved nor used."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        land = tract_parcels(session, at, _seen(session, at, code))
        lying = with_since(session, at, land)
    uses = {str(use): square_metres for use, square_metres in sums(land).items()}
    return as_json({"uses_m2": uses, "parcels": [_lying(each) for each in lying]})


def _lying(parcel: TractParcel) -> dict[str, Any]:
    return {
        "id": parcel.id,
        "name": parcel.name,
        "zone": parcel.zone,
        "right": parcel.right_id,
        "developer": parcel.developer_id,
        "area_m2": parcel.area_m2,
        "idle_m2": parcel.idle_m2,
        "since": parcel.since,
    }
