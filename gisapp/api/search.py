"""Search for the box in the top bar and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from flask import Response
from pydantic import Field

from gisapp.api.models import api_blueprint
from gisapp.api.sight import ZoneQuery, sight_of
from gisapp.api.written import as_json
from gisapp.present.found import detail, label, target
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.search import LONGEST, find_one, search

if TYPE_CHECKING:
    from planning.search import Hit

api = api_blueprint("search", __name__, "Tìm kiếm · search")


class SearchQuery(ZoneQuery):
    """Words to look for."""

    q: str = Field(max_length=LONGEST, description="không cần dấu · diacritics do not matter")
    limit: int = Field(8, ge=1, le=50, description="most results of one kind")


@api.get("/search")
@api.input(SearchQuery, location="query", arg_name="query")
@api.doc(summary="Tìm khu, thửa, lô, doanh nghiệp, dự án, văn bản · search")
@requires(Permission.READ)
def find(query: SearchQuery) -> Response:
    """What goes by those words, best first, with where it lies and where to look at it."""
    with database().reading() as session:
        hits = search(session, sight_of(session, query), query.q, query.limit)
    return as_json({"results": [_result(hit) for hit in hits]})


class OneQuery(ZoneQuery):
    """One thing by its kind and id."""

    kind: Literal["zone", "lot", "company", "project", "document"]
    id: UUID


@api.get("/search/one")
@api.input(OneQuery, location="query", arg_name="query")
@api.doc(summary="Một đối tượng và chỗ của nó · one thing and where it lies")
@requires(Permission.READ)
def one(query: OneQuery) -> Response:
    """Where something is, to open a map on it: box in metres of its plane, parcels to light up."""
    with database().reading() as session:
        hit = find_one(session, sight_of(session, query), query.kind, query.id)
    return as_json(_result(hit))


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.id,
        "label": label(hit),
        "detail": detail(hit),
        "url": target(hit),
        "zone": hit.zone,
        "srid": hit.srid,
        "box": hit.box,
        "parcels": hit.parcels,
    }
