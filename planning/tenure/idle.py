"""What becomes of developers' land: let, reserved, own use, shared works, unplanned, idle."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.statements import statement
from planning.tenure.rules import Past, Span, idle_since

Use = Literal["let", "reserved", "own", "shared", "unplanned", "idle"]
USES: Final[tuple[Use, ...]] = ("let", "reserved", "own", "shared", "unplanned", "idle")
"""In the order they are drawn. shared: lots that are not let by plan (roads, green, technical)."""
NOTHING_M2: Final = 0.05


@dataclass(frozen=True, slots=True)
class TractParcel:
    """A parcel of a State right on a day; areas in m² as measured.

    `idle_m2` is the part that the plans in force let be let and that nobody uses; `since` the day
    from which the parcel lies idle.
    """

    right_id: UUID
    developer_id: UUID
    id: UUID
    zone: str
    commune: str | None
    sheet: str | None
    number: str | None
    area_m2: float
    let_by: UUID | None
    reserved_by: UUID | None
    own_use: bool
    planned_m2: float
    leasable_m2: float
    since: date | None = None

    @property
    def name(self) -> str:
        """Sheet and number."""
        return f"{self.sheet or '?'}/{self.number or '?'}"

    @property
    def parts(self) -> dict[Use, float]:
        """The parcel's area by use; what somebody holds counts whole, whatever the plan says."""
        if self.let_by is not None:
            return {"let": self.area_m2}
        if self.reserved_by is not None:
            return {"reserved": self.area_m2}
        if self.own_use:
            return {"own": self.area_m2}
        planned = min(self.planned_m2, self.area_m2)
        leasable = min(self.leasable_m2, planned)
        return {
            "idle": leasable,
            "shared": planned - leasable,
            "unplanned": self.area_m2 - planned,
        }

    @property
    def idle_m2(self) -> float:
        """What of the parcel lies idle."""
        return self.parts.get("idle", 0.0)


def tract_parcels(
    session: Session, at: Moment, zones: Collection[UUID], rights: Collection[UUID] | None = None
) -> list[TractParcel]:
    """Return the parcels of State rights (some, or all) in some zones, with what each is used for.

    `since` is left out: `with_since` adds it to idle ones.
    """
    asked = {
        **moment_parameters(at),
        "zones": list(zones),
        "rights": None if rights is None else list(rights),
    }
    rows = session.execute(statement("tenure/tract"), asked)
    return [
        TractParcel(
            row.right_id, row.developer_id, row.parcel_id, row.zone, row.commune, row.sheet,
            row.number, row.area_m2, row.let_by, row.reserved_by, row.own_use, row.planned_m2,
            row.leasable_m2,
        )
        for row in rows
    ]  # fmt: skip


def with_since(session: Session, at: Moment, parcels: Iterable[TractParcel]) -> list[TractParcel]:
    """Return the parcels that lie idle, each with the day from which it does, oldest first."""
    idle = [each for each in parcels if each.idle_m2 >= NOTHING_M2]
    pasts = _pasts(session, at, [each.id for each in idle])
    told = [replace(each, since=idle_since(each.id, at.as_of, pasts)) for each in idle]
    return sorted(told, key=lambda each: (each.since or at.as_of, -each.idle_m2, each.name))


def sums(parcels: Iterable[TractParcel]) -> dict[Use, float]:
    """Add up areas by use; together they are the area of the land, to the last square metre."""
    total: dict[Use, float] = dict.fromkeys(USES, 0.0)
    for each in parcels:
        for use, area_m2 in each.parts.items():
            total[use] += area_m2
    return total


def _pasts(session: Session, at: Moment, parcels: Collection[UUID]) -> dict[UUID, Past]:
    if not parcels:
        return {}
    asked = {"parcels": list(parcels), "known": moment_parameters(at)["known"]}
    state: dict[UUID, list[Span]] = defaultdict(list)
    use: dict[UUID, list[Span]] = defaultdict(list)
    parents: dict[UUID, list[UUID]] = defaultdict(list)
    for row in session.execute(statement("tenure/spans"), asked):
        if row.kind == "kin":
            parents[row.parcel_id].append(row.parent_id)
        else:
            side = state if row.kind == "state" else use
            side[row.parcel_id].append(Span(row.valid_from, row.valid_to))
    every = state.keys() | use.keys() | parents.keys()
    return {
        each: Past(tuple(state[each]), tuple(use[each]), tuple(parents[each])) for each in every
    }
