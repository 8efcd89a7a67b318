"""Một thửa đất: what it is, what was seen on it; notes and photos of land that has no project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, flash, redirect, render_template, request, url_for

from gisapp.api.sight import ZoneQuery, sight_of
from gisapp.pages.clearance_acts import actor
from gisapp.pages.once import new_key, written_once
from gisapp.pages.visits import note_visit, pictures_brought, take_photo_away, visit_sentence
from gisapp.present import projects as project_words
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.people import may_see_people
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from layers.errors import LayerError
from layers.styling import style
from planning.errors import PlanningError
from planning.parcels.cards import card, last_seen
from planning.projects.sightings import visits_on_parcel

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.parcels.cards import Card, LastSeen
    from planning.published import Sight

pages = Blueprint("parcels", __name__)
Refused = (Refusal, LayerError, PlanningError)


def _sight(db: Session) -> Sight:
    """The day shown, and the zones the reader may see."""
    return sight_of(db, ZoneQuery.model_validate({}))


def parcel_name(parcel: LastSeen) -> str:
    """Sheet and number as people write them."""
    return "/".join(part for part in (parcel.sheet, parcel.number) if part) or _("chưa có số")


@pages.get("/<uuid:parcel_id>")
@requires(Permission.READ)
def show(parcel_id: UUID) -> str:
    """A parcel with its rights and projects in short, and every note and photo on its ground."""
    return parcel_page(parcel_id)


def parcel_page(parcel_id: UUID, problem: str | None = None) -> str:
    """The page of a parcel, with what refused the last form."""
    with database().reading() as db:
        sight = _sight(db)
        found = card(db, sight, parcel_id)
        visits = visits_on_parcel(
            db, sight.at, parcel_id, zone_ids=sight.zone_ids, personal=may_see_people()
        )
    return render_template(
        "pages/parcels/show.html", parcel=found, seen=found.last_seen, visits=visits,
        name=parcel_name(found.last_seen), state=_state(found), words=project_words,
        problem=problem, given=request.form, once=new_key(),
    )  # fmt: skip


def _state(found: Card) -> dict[str, Any] | None:
    """What the map says of a parcel in force: its state in words, its land use."""
    if found.feature is None:
        return None
    told = orjson.loads(found.feature)["properties"]
    key = told["state"]
    if key == "not_cleared" and told.get("in_clearance"):
        key = "in_clearance"
    drawn = style("parcels", key)
    word = drawn.label_en if language() == "en" else drawn.label_vi
    return {"word": word, "land_use": told.get("land_use")}


def _written(parcel_id: UUID, work: Callable[[Session, str], str]) -> Answer:
    """Do a piece of work on a parcel once, then show it: with thanks, or with the refusal."""

    def inside(db: Session) -> str:
        return work(db, parcel_name(last_seen(db, _sight(db), parcel_id)))

    try:
        done = written_once(actor(), inside)
    except Refused as refused:
        return parcel_page(parcel_id, visit_sentence(refused)), 422
    flash(done)
    return redirect(url_for("parcels.show", parcel_id=parcel_id))


@pages.post("/<uuid:parcel_id>/notes")
@requires(Permission.EDIT, uploads=True)
def note(parcel_id: UUID) -> Answer:
    """Note what was seen on a parcel; its photos are encoded anew before anything is written."""
    with database().reading() as db:
        last_seen(db, _sight(db), parcel_id)
    try:
        pictures = pictures_brought()
    except (Refusal, LayerError) as refused:
        return parcel_page(parcel_id, visit_sentence(refused)), 422

    def work(db: Session, name: str) -> str:
        return note_visit(db, pictures, about=_("Thửa %(name)s", name=name), parcel_id=parcel_id)

    return _written(parcel_id, work)


@pages.post("/<uuid:parcel_id>/photos/<uuid:photo_id>/withdraw")
@requires(Permission.EDIT)
def withdraw(parcel_id: UUID, photo_id: UUID) -> Answer:
    """Take a photo of the parcel away; earlier knowledge still has it."""

    def work(db: Session, name: str) -> str:
        return take_photo_away(
            db, photo_id, about=_("Thửa %(name)s", name=name), parcel_id=parcel_id
        )

    return _written(parcel_id, work)
