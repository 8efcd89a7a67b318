"""Every route of the application hangs on this one table: pages for people, API for programs.

A new page is a module in ``gisapp/pages`` with a ``pages`` blueprint, named after itself; a new API
is a module in ``gisapp/api`` with an ``api`` blueprint. Add its line here and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.api import documentation, health, me
from gisapp.pages import account, admin, imports, overview, zones

if TYPE_CHECKING:
    from flask import Blueprint, Flask

API_V1 = "/api/v1"

BLUEPRINTS: tuple[tuple[Blueprint, str | None], ...] = (
    # pages for people
    (overview.pages, None),
    (zones.pages, "/zones"),
    (imports.pages, "/imports"),
    (admin.pages, "/admin"),
    (account.pages, None),
    # for programs
    (health.api, None),
    (documentation.api, "/api"),
    (me.api, API_V1),
)


def register_blueprints(app: Flask) -> None:
    """Hang all routes on an application."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
