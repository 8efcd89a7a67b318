"""Every list that can be brought in as a table: one line each, for pages and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gisapp.list_imports import ListEntry
from gisapp.security.permissions import Permission
from planning.clearance.lists import ITEMS, STEPS
from planning.clearance.payments import PAYMENTS
from planning.clearance.target_list import TARGETS
from planning.projects.incoming import CAPITAL, DISBURSEMENT, MILESTONES, WORKERS
from planning.recorded.incoming import RECORDED_FIGURES
from planning.resettlement.lists import ASSIGNMENTS, PLOTS
from planning.zones.phase_list import ZONE_PHASES
from planning.zones.zone_list import ZONES

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS: Final[Mapping[str, ListEntry]] = {
    entry.name: entry
    for entry in (
        ListEntry("clearance-targets", TARGETS, Permission.CLEARANCE_STEPS),
        ListEntry("recorded-figures", RECORDED_FIGURES, Permission.IMPORT),
        ListEntry("zone-phases", ZONE_PHASES, Permission.IMPORT),
        ListEntry("zones", ZONES, Permission.IMPORT),
        ListEntry("project-milestones", MILESTONES, Permission.IMPORT),
        ListEntry("project-capital", CAPITAL, Permission.IMPORT),
        ListEntry("project-disbursement", DISBURSEMENT, Permission.IMPORT),
        ListEntry("project-workers", WORKERS, Permission.IMPORT),
        ListEntry("clearance-items", ITEMS, Permission.CLEARANCE_STEPS),
        ListEntry("clearance-steps", STEPS, Permission.CLEARANCE_STEPS),
        ListEntry("clearance-payments", PAYMENTS, Permission.HOUSEHOLD),
        ListEntry("resettlement-plots", PLOTS, Permission.CLEARANCE_STEPS),
        ListEntry("plot-assignments", ASSIGNMENTS, Permission.CLEARANCE_STEPS),
    )
}
"""By the name of the list, which is the name of its columns in ``layers/fields/lists``."""
