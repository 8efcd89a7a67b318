"""Search results as a page: for readers without a script, and for the whole list."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from gisapp.api.sight import ZoneQuery, sight_of
from gisapp.present.found import detail, label, target
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.search import LONGEST, search

pages = Blueprint("search", __name__)

_MOST = 50


@pages.get("/search")
@requires(Permission.READ)
def show() -> str:
    """Everything that goes by the words asked for."""
    words = request.args.get("q", "").strip()[:LONGEST]
    day = {name: request.args[name] for name in ("as_of", "known_at") if request.args.get(name)}
    with database().reading() as session:
        hits = search(session, sight_of(session, ZoneQuery(**day)), words, _MOST)
    found = [(label(hit), detail(hit), target(hit)) for hit in hits]
    return render_template("pages/search/show.html", words=words, found=found)
