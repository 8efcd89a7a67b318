"""Every route of the application hangs on this one table: pages for people, API for programs.

A new page is a module in ``gisapp/pages`` with a ``pages`` blueprint, named after itself; a new API
is a module in ``gisapp/api`` with an ``api`` blueprint. Add its line here and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.api import (
    changes,
    documentation,
    documents,
    drawing,
    edits,
    findings,
    health,
    indicators,
    me,
    parcels,
    search,
    sheet_tiles,
    sheets,
    tiles,
)
from gisapp.api import differences as api_differences
from gisapp.api import zones as api_zones
from gisapp.pages import (
    account,
    admin,
    conflicts,
    exports,
    figures,
    founding,
    imports,
    overview,
    zones,
)
from gisapp.pages import differences as difference_pages
from gisapp.pages import help as help_page
from gisapp.pages import map as map_page
from gisapp.pages import search as search_page

if TYPE_CHECKING:
    from flask import Blueprint, Flask

API_V1 = "/api/v1"

BLUEPRINTS: tuple[tuple[Blueprint, str | None], ...] = (
    # pages for people
    (overview.pages, None),
    (figures.pages, None),
    (map_page.pages, None),
    (search_page.pages, None),
    (zones.pages, "/zones"),
    (conflicts.pages, None),
    (difference_pages.pages, "/plans/differences"),
    (imports.pages, "/imports"),
    (founding.pages, "/founding"),
    (exports.pages, "/exports"),
    (admin.pages, "/admin"),
    (account.pages, None),
    (help_page.pages, None),
    # for programs
    (health.api, None),
    (documentation.api, "/api"),
    (me.api, API_V1),
    (api_zones.api, API_V1),
    (api_differences.api, API_V1),
    (changes.api, API_V1),
    (documents.api, API_V1),
    (drawing.api, API_V1),
    (edits.api, API_V1),
    (findings.api, API_V1),
    (indicators.api, API_V1),
    (parcels.api, API_V1),
    (search.api, API_V1),
    (sheets.api, API_V1),
    (sheet_tiles.api, None),
    (tiles.grids, API_V1),
    (tiles.api, None),
)


def register_blueprints(app: Flask) -> None:
    """Hang all routes on an application."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
