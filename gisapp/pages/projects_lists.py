"""Lists of projects as tables: brought in with a report row by row, and taken out the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response

from gisapp.lists import LISTS
from gisapp.pages.clearance import as_file
from gisapp.pages.list_imports import bring_routes
from gisapp.pages.projects import BRING, LEAVE, seen_zones
from gisapp.pages.projects_ground import pages
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.projects import STEPS
from gisapp.present.tables import Column, Listing
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import lazy_gettext as _l
from layers.fields import target
from planning.clocks import moment
from planning.errors import NotFound
from planning.projects.listed import NAMES, listed

if TYPE_CHECKING:
    from gisapp.present.tables import Kind

__all__ = ["pages"]

_KINDS: Final[dict[str, Kind]] = {"date": "day", "decimal": "number", "integer": "number"}
WORDS: Final = {
    "project-milestones": _l("Mốc"),
    "project-capital": _l("Vốn"),
    "project-disbursement": _l("Giải ngân"),
    "project-workers": _l("Lao động"),
}

for _name in NAMES:
    _short = _name.removeprefix("project-")
    bring_routes(pages, LISTS[_name], back="projects.listing", rule=f"/lists/{_short}/import")
    BRING.append((f"projects.bring_{_name.replace('-', '_')}", WORDS[_name]))
    LEAVE.append((_short, WORDS[_name]))


@pages.get("/lists/<name>")
@requires(Permission.READ)
def taken_out(name: str) -> Response:
    """One list of every project the reader may see, as CSV or XLSX, to be brought in again."""
    full = f"project-{name}"
    if full not in NAMES:
        raise NotFound(kind="list", key=name[:40])
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        rows = listed(db, at, full, [zone.id for zone in seen_zones(db, at)])
    shown = Listing(columns=_columns(full), rows=rows, count=len(rows))
    return as_file(shown, f"du-an-{name}", full)


def _columns(name: str) -> list[Column]:
    return [
        Column(
            key=key, label=field.title(language()), kind=_KINDS.get(field.kind.value, "text"),
            value=_step if key == "step" else None,
        )
        for key, field in target(name).fields.items()
    ]  # fmt: skip


def _step(row: Any) -> str:
    return str(STEPS[row["step"]])
