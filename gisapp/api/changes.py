"""Changes: opened on a document, filled with operations, previewed, committed, undone."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from flask import Response
from pydantic import Field

from gisapp import messages
from gisapp.api.edit_models import ChangeAsked, Reason
from gisapp.api.models import Given, api_blueprint
from gisapp.api.sight import BBOX, ZONE_CODE, box_of, seen_zone
from gisapp.api.written import GEOJSON, as_json
from gisapp.idempotency import Done, once
from gisapp.present.formats import language
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import can, signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.changes.altogether import foreseen
from planning.changes.drafts import commands, queries
from planning.changes.errors import ChangeConflicts, NothingToTakeBack
from planning.changes.presence import editors_near
from planning.changes.undo import undo, undone_by
from planning.clocks import Moment, moment
from planning.errors import NotFound
from planning.plans.errors import ApprovalNeedsLeader
from planning.plans.steps import leaders_step
from planning.zones.queries import zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.changes.drafts.model import Draft

api = api_blueprint("changes", __name__, "Thay đổi · changes")


def actor() -> str:
    """Who is asking."""
    user = signed_in_user()
    assert user is not None  # noqa: S101 - the guard let nobody else in
    return str(user.username)


def draft_id(text: str) -> UUID:
    """An identifier from the address.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind="change", key=text[:40]) from None


def told(effect: dict[str, Any]) -> dict[str, Any]:
    """An effect with the sentences of its warnings in the reader's language."""
    warnings = [
        {**each, "text": messages.render(each["code"], each, language())}
        for each in effect.get("warnings", ())
    ]
    return {**effect, "warnings": warnings}


def described(session: Session, draft: Draft) -> dict[str, Any]:
    """A change with its operations and, while it is open, what it does altogether."""
    row = queries.draft_row(session, draft.id)
    operations = queries.operations(session, draft.id)
    return {
        **summary(session, row),
        "operations": [{**each, "effect": told(each["effect"])} for each in operations],
        **(_net(session, draft) if row.status == "open" else {"net": draft.outcome}),
    }


def _net(session: Session, draft: Draft) -> dict[str, Any]:
    """The net result; of a change that others overtook the conflicts, so that steps can go."""
    try:
        return {"net": queries.net(session, draft), "conflicts": []}
    except ChangeConflicts as error:
        return {"net": None, "conflicts": error.context["conflicts"]}


def summary(session: Session, row: queries.DraftRow) -> dict[str, Any]:
    """A change as lists show it."""
    said = asdict(row)
    names = ("id", "number", "issued_on", "issuer", "page")
    document = {name: said.pop(f"document_{name}") for name in names}
    return {**said, "document": document, **queries.standing(session, row)}


@api.post("/changes")
@api.input(ChangeAsked, location="json", arg_name="asked")
@api.doc(summary="Mở thay đổi theo văn bản · open a change on a document")
@requires(Permission.EDIT)
def open_(asked: ChangeAsked) -> Response:
    """Nobody else sees the change until it is committed. Needs `Idempotency-Key`."""

    def work(session: Session) -> Done:
        made = commands.open_draft(session, actor=actor(), **asked.model_dump())
        return Done(201, summary(session, queries.draft_row(session, made)))

    return once(actor(), work)


class ChangesQuery(Given):
    """Which of one's own changes."""

    status: Literal["open", "committed", "discarded"] | None = None


@api.get("/changes")
@api.input(ChangesQuery, location="query", arg_name="query")
@api.doc(summary="Các thay đổi của tôi · my changes, latest first")
@requires(Permission.EDIT)
def mine(query: ChangesQuery) -> Response:
    """At most a hundred."""
    with database().reading() as session:
        rows = queries.drafts(session, actor(), query.status)
        found = [summary(session, row) for row in rows]
    return as_json({"changes": found})


@api.get("/changes/<change_id>")
@api.doc(summary="Một thay đổi với các thao tác · a change with its operations")
@requires(Permission.EDIT)
def show(change_id: str) -> Response:
    """Operations in order, and the net result while the change is open."""
    with database().reading() as session:
        draft = commands.own_draft(session, draft_id(change_id), actor())
        return as_json(described(session, draft))


class GroundQuery(Given):
    """A box in metres of the zone's plane."""

    zone: str = Field(pattern=ZONE_CODE)
    bbox: str = Field(pattern=BBOX, description="minE,minN,maxE,maxN")


@api.get("/changes/<change_id>/ground")
@api.input(GroundQuery, location="query", arg_name="query")
@api.doc(summary="Hiện trạng trong thay đổi · parcels as the change sees them, exact, in the plane")
@requires(Permission.EDIT)
def ground(change_id: str, query: GroundQuery) -> Response:
    """Features with `version`; at most 3,000. Coordinates are E, N exact to 1 mm."""
    with database().reading() as session:
        draft = commands.own_draft(session, draft_id(change_id), actor())
        zone = seen_zone(session, query.zone, Moment(draft.effective_on))
        features = queries.seen_ground(session, draft, zone.srid, box_of(query.bbox))
    name = f"urn:ogc:def:crs:EPSG::{zone.srid}"
    crs = {"type": "name", "properties": {"name": name}}
    return as_json({"type": "FeatureCollection", "crs": crs, "features": features}, GEOJSON)


@api.get("/changes/presence")
@api.input(GroundQuery, location="query", arg_name="query")
@api.doc(summary="Ai đang sửa gần đây · who else has parcels near in an open change")
@requires(Permission.EDIT)
def presence(query: GroundQuery) -> Response:
    """A soft notice, never a lock: who, when, which parcels; not what is done with them."""
    with database().reading() as session:
        zone = seen_zone(session, query.zone)
        found = editors_near(session, actor(), zone.srid, box_of(query.bbox))
    return as_json({"editors": found})


@api.post("/changes/<change_id>/preview")
@api.doc(summary="Xem trước cả thay đổi · what the change does altogether, nothing is kept")
@requires(Permission.EDIT)
def preview(change_id: str) -> Response:
    """The net effect and the figures it moves; what the register would refuse is refused here."""
    with database().transaction() as session:
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        effect, rehearsal = foreseen(session, draft)
    return as_json({"effect": told(effect), "indicators": list(rehearsal.indicators)})


@api.post("/changes/<change_id>/commit")
@api.doc(summary="Ghi thay đổi vào sổ · commit the change, all of it or nothing")
@requires(Permission.EDIT)
def commit(change_id: str) -> Response:
    """409 `change-conflicts` names parcels others changed, with mine, theirs and base."""

    def work(session: Session) -> Done:
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        return Done(200, commands.commit(session, draft))

    return once(actor(), work)


@api.post("/changes/<change_id>/discard")
@api.doc(summary="Bỏ thay đổi đang mở · give an open change up")
@requires(Permission.EDIT)
def discard(change_id: str) -> Response:
    """It stays readable for its actor."""

    def work(session: Session) -> Done:
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        commands.discard(session, draft)
        return Done(200, described(session, draft))

    return once(actor(), work)


@api.post("/changes/<change_id>/undo")
@api.input(Reason, location="json", arg_name="asked")
@api.doc(summary="Hoàn tác · take the last operation back, or undo a committed change as one act")
@requires(Permission.EDIT)
def take_back(change_id: str, asked: Reason) -> Response:
    """Open: the last operation. Committed, by whomever: a correction that takes it all back.

    409 `change-built-upon` when later changes build on it.
    """

    def work(session: Session) -> Done:
        number = _committed(session, change_id)
        if number is not None:
            return Done(200, _undone(session, number, asked))
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        commands.take_back(session, draft)
        return Done(200, described(session, draft))

    return once(actor(), work)


@api.post("/changes/<change_id>/redo")
@api.input(Reason, location="json", arg_name="asked")
@api.doc(summary="Làm lại · bring the operation back, or undo the undo")
@requires(Permission.EDIT)
def bring_back(change_id: str, asked: Reason) -> Response:
    """Open: the operation taken back last. Committed and undone: does the change again."""

    def work(session: Session) -> Done:
        number = _committed(session, change_id)
        if number is not None:
            by = undone_by(session, number)
            if by is None:
                raise NothingToTakeBack()
            return Done(200, _undone(session, by, asked))
        draft = commands.own_draft(session, draft_id(change_id), actor(), to_change=True)
        commands.bring_back(session, draft)
        return Done(200, described(session, draft))

    return once(actor(), work)


def _committed(session: Session, change_id: str) -> int | None:
    """The number of a committed change, of whoever's; nothing outside the caller's zones."""
    number = queries.committed_number(session, draft_id(change_id))
    scope = reader_scope()
    if number is not None and not scope.everything:
        touched = queries.zones_of_change(session, number)
        seen = {zone.id for zone in zones(session, moment(session)) if scope.covers(zone)}
        if not touched or not touched <= seen:
            raise NotFound(kind="change", key=change_id[:40])
    return number


def _undone(session: Session, number: int, asked: Reason) -> dict[str, Any]:
    status = leaders_step(session, number)
    if status is not None and not can(Permission.APPROVE):
        raise ApprovalNeedsLeader(status=status)
    done = undo(session, number, actor=actor(), reason=asked.reason, document_id=asked.document_id)
    return {**asdict(done), "status": "committed"}
