"""Operations on parcels inside an open change: one command each, on the neighbourhood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, request

from gisapp import messages
from gisapp.api import edit_models as asking
from gisapp.api.changes import actor, draft_id, told
from gisapp.api.models import api_blueprint
from gisapp.api.sight import seen_zone
from gisapp.api.written import as_json
from gisapp.idempotency import Done, once
from gisapp.present.formats import language
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.changes.drafts import commands
from planning.changes.operations.shaping import read_table
from planning.clocks import Moment, today
from planning.zones.queries import zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from planning.changes.drafts.commands import Step
    from planning.changes.drafts.model import Draft

api = api_blueprint("edits", __name__, "Sửa thửa · parcel edits")

_ETAG = re.compile(r'^(?:W/)?"p-([0-9a-fA-F-]{36})-v(-?[0-9]{1,18})"$')

OPERATIONS: dict[str, tuple[type[asking.Operation], str]] = {
    "split": (asking.Split, "Tách thửa · split by line, exact area, equal parts or plan lots"),
    "merge": (asking.Merge, "Hợp thửa · merge neighbours"),
    "reshape": (asking.Reshape, "Chỉnh ranh · move, insert or take away shared corners"),
    "corridor": (asking.Corridor, "Cắt hành lang · cut a strip through many parcels"),
    "draw": (asking.Draw, "Vẽ thửa · a new parcel on free ground"),
    "retire": (asking.Retire, "Kết thúc thửa · end parcels"),
    "renumber": (asking.Renumber, "Đánh số lại · renumber"),
    "attributes": (asking.SetAttributes, "Thuộc tính · land use, legal area, numbers"),
    "clean": (asking.Clean, "Làm sạch · close slivers and gaps of a block"),
}


def _versions(asked: asking.Operation) -> dict[UUID, int]:
    """Versions from the body, and the one of `If-Match`."""
    found = dict(asked.versions)
    said = _ETAG.match(request.headers.get("If-Match", "").strip())
    if said is not None:
        found[UUID(said[1])] = int(said[2])
    return found


def _parameters(session: Session, draft: Draft, asked: asking.Operation) -> dict[str, Any]:
    said = asked.parameters()
    if said.get("zone"):
        said["srid"] = seen_zone(session, said["zone"], Moment(draft.effective_on)).srid
    return said


def _require_scope(session: Session, draft: Draft, step: Step) -> None:
    """Whoever is limited to zones edits nothing outside them; nothing is told about it either."""
    scope = reader_scope()
    if scope.everything:
        return
    for zone in zones(session, Moment(draft.effective_on)):
        if zone.id in step.zones:
            scope.require(zone)


def _preview(change_id: str, operation: str, asked: asking.Operation) -> Response:
    with database().transaction() as session:
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        said = _parameters(session, draft, asked)
        step = commands.work_out(
            session, draft, operation, said, _versions(asked), with_figures=True
        )
        _require_scope(session, draft, step)
    figures = list(step.rehearsal.indicators)
    return as_json({"step": None, "effect": told(step.effect), "indicators": figures})


def _add(change_id: str, operation: str, asked: asking.Operation) -> Response:
    def work(session: Session) -> Done:
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        said = _parameters(session, draft, asked)
        step = commands.add(session, draft, operation, said, _versions(asked))
        _require_scope(session, draft, step)
        return Done(201, {"step": step.number, "effect": told(step.effect)})

    return once(actor(), work)


def _route(name: str, model: type[asking.Operation], summary: str) -> None:
    def view(change_id: str, query: asking.PreviewQuery, asked: Any) -> Response:
        return (_preview if query.preview else _add)(change_id, name, asked)

    view.__name__ = name
    view.__doc__ = (
        f"{model.__doc__} Needs `versions` or `If-Match`, and `Idempotency-Key` unless `preview`."
    )
    marked: Callable[..., Response] = requires(Permission.EDIT)(view)
    marked = api.doc(summary=summary)(marked)
    marked = api.input(model, location="json", arg_name="asked")(marked)
    marked = api.input(asking.PreviewQuery, location="query", arg_name="query")(marked)
    api.post(f"/changes/<change_id>/parcels/{name}")(marked)


for _name, (_model, _summary) in OPERATIONS.items():
    _route(_name, _model, _summary)


@api.post("/coordinate-table")
@api.input(asking.TableAsked, location="json", arg_name="asked")
@api.doc(summary="Đọc bảng toạ độ · understand a coordinate table, keep nothing")
@requires(Permission.EDIT)
def coordinate_table(asked: asking.TableAsked) -> Response:
    """Order, closing, sides with azimuths, and the area beside the stated one."""
    with database().reading() as session:
        zone = seen_zone(session, asked.zone)
        found = read_table(session, zone, today(), asked.model_dump(exclude={"zone", "lang"}))
    difference = None if found.stated_area_m2 is None else found.area_m2 - found.stated_area_m2
    return as_json(
        {
            "points": found.points,
            "outline": found.corners,
            "closed": found.was_closed,
            "order": found.order,
            "edges": found.edges,
            "area_m2": found.area_m2,
            "stated_area_m2": found.stated_area_m2,
            "difference_m2": difference,
            "findings": [
                {
                    "code": each.code,
                    "text": messages.render(each.code, each.context, language()),
                    **each.context,
                }
                for each in found.findings
            ],
        }
    )
