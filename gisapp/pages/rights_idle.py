"""Đất bỏ trống: what developers hold from the State and neither let, keep nor use, since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, render_template

from gisapp.pages.clearance import as_file
from gisapp.pages.rights import asked_zones, pages, seen_zones
from gisapp.present import rights as words
from gisapp.present.day import shown_day
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.tenure.idle import sums, tract_parcels, with_since
from planning.tenure.register import rights_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from planning.tenure.idle import TractParcel, Use

__all__ = ["pages"]


@dataclass(frozen=True)
class Lying:
    """An idle parcel as the list shows it."""

    id: UUID
    name: str
    zone: str
    developer_id: UUID
    right_id: UUID
    idle_m2: float
    since: date | None
    days: int | None


@dataclass(frozen=True)
class Developer:
    """What becomes of a developer's land: areas by use (m²), and the oldest idle day."""

    id: UUID
    name: str
    uses: dict[Use, float]
    parcels: int
    since: date | None

    @property
    def whole_m2(self) -> float:
        """All it holds from the State, as measured."""
        return sum(self.uses.values())

    @property
    def idle_share(self) -> float | None:
        """Idle of what can be let at all."""
        base = sum(self.uses[use] for use in ("let", "reserved", "own", "idle"))
        return self.uses["idle"] / base if base > 0 else None


@pages.get("/idle")
@requires(Permission.READ)
def idle() -> str | Response:
    """Idle land by developer and parcel by parcel, the longest idle first."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        zone = Filter("zone", _("Khu"), [(each.code, each.code) for each in seen])
        ids = asked_zones(db, seen, zone.current)
        land = tract_parcels(db, at, ids)
        lying = with_since(db, at, land)
        tracts = {each.right_id for each in land}
        every = [each.id for each in seen_zones(db, at, any_board=True)]
        lines = rights_page(db, at, every, rights=tracts, most=len(tracts) or 1).rows
    names = {line.lessee_id: words.person(line.lessee) for line in lines}
    owner = Filter("developer", _("Chủ đầu tư hạ tầng"), [(str(k), v) for k, v in names.items()])
    rows = [
        Lying(
            each.id, each.name, each.zone, each.developer_id, each.right_id, each.idle_m2,
            each.since, words.days_idle(each, day.as_of),
        )
        for each in lying
        if owner.current in ("", str(each.developer_id))
    ]  # fmt: skip
    columns = words.idle_columns(names, {line.id: line.number for line in lines})
    shown = listed(
        rows, columns, default_sort="since", filters=[zone, owner], workbook=True,
        totals_label=_("Cộng"), empty=_("Không có đất bỏ trống trong đất đã giao, cho thuê."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "dat-bo-trong", "idle-land")
    found = developers(land, lying, names)
    return render_template("pages/rights/idle.html", listing=shown, developers=found, words=words)


def developers(
    land: Sequence[TractParcel], lying: Sequence[TractParcel], names: dict[UUID, str]
) -> list[Developer]:
    """Developers with land from the State, the most idle first."""
    found = []
    for party in {each.developer_id for each in land}:
        mine = [each for each in land if each.developer_id == party]
        empty = [each for each in lying if each.developer_id == party]
        days = [each.since for each in empty if each.since is not None]
        found.append(
            Developer(party, names.get(party, ""), sums(mine), len(empty), min(days, default=None))
        )
    return sorted(found, key=lambda each: (-each.uses["idle"], each.name))
