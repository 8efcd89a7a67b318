"""Every list that comes or goes as a table: one line each, for pages and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gisapp.list_imports import ListEntry
from gisapp.security.permissions import Permission
from layers.fields import target
from planning.clearance.case_lists import CASES, FLAGS, FOLLOWUPS
from planning.clearance.handed import handovers
from planning.clearance.household_list import HOUSEHOLDS
from planning.clearance.lists import ITEMS, STEPS
from planning.clearance.payments import PAYMENTS
from planning.clearance.target_list import TARGETS
from planning.projects.fact_lists import CERTIFICATES, PROJECTS, TERMS
from planning.projects.fact_lists import PROGRESS as PROJECT_PROGRESS
from planning.projects.incoming import CAPITAL, DISBURSEMENT, MILESTONES, WORKERS
from planning.projects.visit_lists import INSPECTIONS, RATES
from planning.recorded.incoming import RECORDED_FIGURES
from planning.resettlement.lists import ASSIGNMENTS, PLOTS, READINESS
from planning.resettlement.lists import PROGRESS as AREA_PROGRESS
from planning.tenure.listed import lessors, rights
from planning.tenure.party_list import PARTIES
from planning.zones.phase_list import ZONE_PHASES
from planning.zones.zone_list import ZONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.incoming import Listed

_STEPS, _IMPORT, _HOUSEHOLD = (
    Permission.CLEARANCE_STEPS,
    Permission.IMPORT,
    Permission.HOUSEHOLD,
)

LISTS: Final[Mapping[str, ListEntry]] = {
    entry.name: entry
    for entry in (
        ListEntry("zones", ZONES, _IMPORT),
        ListEntry("zone-phases", ZONE_PHASES, _IMPORT),
        ListEntry("clearance-cases", CASES, _STEPS),
        ListEntry("clearance-items", ITEMS, _STEPS),
        ListEntry("clearance-steps", STEPS, _STEPS),
        ListEntry("clearance-flags", FLAGS, _STEPS),
        ListEntry("clearance-followups", FOLLOWUPS, _STEPS),
        ListEntry("clearance-targets", TARGETS, _STEPS),
        ListEntry("clearance-payments", PAYMENTS, _HOUSEHOLD, reads=_HOUSEHOLD),
        ListEntry("households", HOUSEHOLDS, _HOUSEHOLD, reads=_HOUSEHOLD),
        ListEntry("resettlement-readiness", READINESS, _STEPS),
        ListEntry("resettlement-progress", AREA_PROGRESS, _STEPS),
        ListEntry("resettlement-plots", PLOTS, _STEPS),
        ListEntry("plot-assignments", ASSIGNMENTS, _STEPS),
        ListEntry("parties", PARTIES, _IMPORT),
        ListEntry("project-register", PROJECTS, _IMPORT),
        ListEntry("project-certificates", CERTIFICATES, _IMPORT),
        ListEntry("project-terms", TERMS, _IMPORT),
        ListEntry("project-milestones", MILESTONES, _IMPORT),
        ListEntry("project-progress", PROJECT_PROGRESS, _IMPORT),
        ListEntry("project-capital", CAPITAL, _IMPORT),
        ListEntry("project-disbursement", DISBURSEMENT, _IMPORT),
        ListEntry("project-workers", WORKERS, _IMPORT),
        ListEntry("project-inspections", INSPECTIONS, _IMPORT, reads=Permission.EDIT),
        ListEntry("exchange-rates", RATES, _IMPORT),
        ListEntry("recorded-figures", RECORDED_FIGURES, _IMPORT),
    )
}
"""By the name of the list, which is the name of its columns in ``layers/fields``."""


@dataclass(frozen=True)
class Leaving:
    """A list that leaves as a table: how its rows are read, by whom, under which login."""

    name: str
    listed: Listed
    reads: Permission = Permission.READ
    personal: bool = False

    def title(self, locale: str) -> str:
        """What the list is called."""
        found = target(self.name)
        return found.title_en if locale == "en" else found.title_vi


LEAVING: Final[Mapping[str, Leaving]] = {
    **{
        name: Leaving(name, entry.kind.listed, entry.reads, entry.kind.personal)
        for name, entry in LISTS.items()
        if entry.kind.listed is not None
    },
    # these come in as files of land, tried first by a job of their own
    "land-rights": Leaving("land-rights", rights),
    "handovers": Leaving("handovers", handovers),
    # who may be lessor is a row of law
    "lessor-powers": Leaving("lessor-powers", lessors),
}
"""Every list that leaves, by name."""
