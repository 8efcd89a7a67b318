"""Nhập, xuất: what has been brought in, and the way to bring in more."""

from __future__ import annotations

from flask import Blueprint, render_template

from gisapp.security.access import requires
from gisapp.security.permissions import Permission

pages = Blueprint("imports", __name__)


@pages.get("")
@requires(Permission.IMPORT)
def listing() -> str:
    """The imports so far, newest first."""
    return render_template("pages/imports/listing.html")
