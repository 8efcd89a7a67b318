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
    photos,
    search,
    sheet_tiles,
    sheets,
    tiles,
)
from gisapp.api import clearance as api_clearance
from gisapp.api import clocks as api_clocks
from gisapp.api import differences as api_differences
from gisapp.api import levels as api_levels
from gisapp.api import norms as api_norms
from gisapp.api import phases as api_phases
from gisapp.api import plans as api_plans
from gisapp.api import projects as api_projects
from gisapp.api import recorded as api_recorded
from gisapp.api import resettlement as api_resettlement
from gisapp.api import rights as api_rights
from gisapp.api import sites as api_sites
from gisapp.api import zones as api_zones
from gisapp.pages import (
    account,
    admin,
    audit_households,
    clearance_lists,
    clocks_writing,
    conflicts,
    exports,
    figures,
    founding,
    holdouts,
    imports,
    lists,
    overview,
    parties,
    phases,
    plan_lots,
    plans_adjusting,
    plans_here,
    plans_steps,
    plans_writing,
    projects_lists,
    recorded,
    resettlement_acts,
    rights_writing,
    sites_reserving,
    thresholds,
    zones,
)
from gisapp.pages import differences as difference_pages
from gisapp.pages import digest as digest_pages
from gisapp.pages import help as help_page
from gisapp.pages import levels as level_pages
from gisapp.pages import map as map_page
from gisapp.pages import norms as norm_pages
from gisapp.pages import parcels as parcel_pages
from gisapp.pages import plans as plan_pages
from gisapp.pages import search as search_page
from gisapp.pages import sheets as sheet_pages

if TYPE_CHECKING:
    from flask import Blueprint, Flask

API_V1 = "/api/v1"

BLUEPRINTS: tuple[tuple[Blueprint, str | None], ...] = (
    # pages for people
    (overview.pages, None),
    (recorded.pages, "/figures/recorded"),
    (figures.pages, None),
    (map_page.pages, None),
    (search_page.pages, None),
    (zones.pages, "/zones"),
    (phases.pages, "/zones"),
    (parcel_pages.pages, "/parcels"),
    (rights_writing.pages, "/rights"),
    (parties.pages, "/rights/parties"),
    (clocks_writing.pages, "/projects"),
    (digest_pages.pages, None),
    (projects_lists.pages, "/projects"),
    (holdouts.pages, None),
    (sites_reserving.pages, None),
    (clearance_lists.pages, "/clearance"),
    (resettlement_acts.pages, "/resettlement"),
    (conflicts.pages, None),
    (plan_pages.pages, "/plans"),
    (plan_lots.pages, "/plans"),
    (plans_here.pages, "/plans/here"),
    (plans_steps.pages, "/plans"),
    (plans_writing.pages, "/plans"),
    (plans_adjusting.pages, "/plans"),
    (difference_pages.pages, "/plans/differences"),
    (level_pages.pages, "/plans/levels"),
    (norm_pages.pages, None),
    (sheet_pages.pages, "/plans/sheets"),
    (imports.pages, "/imports"),
    (founding.pages, "/founding"),
    (exports.pages, "/exports"),
    (lists.pages, "/lists"),
    (audit_households.pages, None),
    (admin.pages, "/admin"),
    (thresholds.pages, "/admin/deadlines"),
    (account.pages, None),
    (help_page.pages, None),
    # for programs
    (health.api, None),
    (documentation.api, "/api"),
    (me.api, API_V1),
    (api_zones.api, API_V1),
    (api_phases.api, API_V1),
    (api_plans.api, API_V1),
    (api_recorded.api, API_V1),
    (api_differences.api, API_V1),
    (api_clocks.api, API_V1),
    (api_levels.api, API_V1),
    (api_norms.api, API_V1),
    (api_clearance.api, API_V1),
    (api_resettlement.api, API_V1),
    (changes.api, API_V1),
    (documents.api, API_V1),
    (drawing.api, API_V1),
    (edits.api, API_V1),
    (findings.api, API_V1),
    (indicators.api, API_V1),
    (parcels.api, API_V1),
    (api_rights.api, API_V1),
    (api_projects.api, API_V1),
    (photos.api, API_V1),
    (search.api, API_V1),
    (api_sites.api, API_V1),
    (sheets.api, API_V1),
    (sheet_tiles.api, None),
    (tiles.grids, API_V1),
    (tiles.api, None),
)


def register_blueprints(app: Flask) -> None:
    """Hang all routes on an application."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
