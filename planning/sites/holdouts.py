"""Parcels that hold others up: what each one frees, alone, once it is cleared. Pure: no database.

Land is worth something as a site: pieces that hang together, cleared and not let, of the least
size, that meet a cleared road. What a parcel frees is how much more land is in such sites once it
is cleared than before; the ground of neighbours that waited for it counts as well as its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from planning.sites.ground import Ground, neighbours
from planning.sites.limits import Limits
from planning.sites.unions import Unions

LAND, ROAD = "land", "road"
ORDERS: Final = (LAND, ROAD)


@dataclass(frozen=True, slots=True)
class Freed:
    """What clearing one parcel frees: m² (legal and measured) and metres of continuous road.

    `access`: land that only waits for this road. `cluster_m2`: what would be freed once all
    `cluster_parcels` uncleared parcels around it were cleared, this one among them.
    """

    parcel: int
    area_m2: float
    measured_m2: float
    road_m: float
    access_m2: float
    cluster_m2: float
    cluster_parcels: int


@dataclass(slots=True)
class _Group:
    """Pieces that hang together."""

    area_m2: float = 0.0
    measured_m2: float = 0.0
    access: bool = False
    members: list[int] = field(default_factory=list)

    def counts(self, limits: Limits) -> bool:
        return self.access and self.area_m2 >= limits.lot_min_m2


def freed(ground: Ground, limits: Limits) -> list[Freed]:
    """Say of every parcel that waits to be cleared what it frees, in the order of the parcels."""
    return _Ranking(ground, limits).all()


def ranked(found: Sequence[Freed], ground: Ground, by: str = LAND) -> list[Freed]:
    """Order what parcels free, most first; what frees nothing alone follows, by its cluster."""

    def place(each: Freed) -> tuple[object, ...]:
        one, other = round(each.area_m2, 1), round(each.road_m, 1)
        parcel = ground.parcels[each.parcel]
        first = (one, other) if by == LAND else (other, one)
        return (
            *(-value for value in first),
            -round(each.cluster_m2, 1),
            each.cluster_parcels,
            -round(parcel.area_m2, 1),
            str(parcel.parcel_id),
        )

    return sorted(found, key=place)


class _Ranking:
    """The cleared ground as it hangs together, asked for one parcel after the other."""

    def __init__(self, ground: Ground, limits: Limits) -> None:
        self.ground, self.limits = ground, limits
        parcels, owner = ground.parcels, ground.owner.tolist()
        count = len(owner)
        self.touches = neighbours(count, ground.land_pairs)
        self.roads = neighbours(count, ground.road_pairs)
        self.into = neighbours(count, ground.access_pairs)
        free = [not (each.leased or each.in_use) for each in parcels]
        cleared = [each.cleared_on is not None for each in parcels]
        self.land = [not r and free[p] for r, p in zip(ground.road.tolist(), owner, strict=True)]
        self.road = ground.road.tolist()
        self.clear = [cleared[p] for p in owner]
        self.waits = [not cleared[at] and not parcels[at].kept for at in range(len(parcels))]
        self.owner = owner
        self.pieces: list[list[int]] = [[] for _ in parcels]
        for piece, at in enumerate(owner):
            self.pieces[at].append(piece)
        self.base = self._join(self.touches, self.land, self.clear)
        self.groups = self._groups(self.base, self.clear)
        self.stretches = self._join(self.roads, self.road, self.clear)
        self.lengths = {
            root: sum(float(ground.metres[each]) for each in members)
            for root, members in self.stretches.groups(
                each for each in range(count) if self.road[each] and self.clear[each]
            ).items()
        }

    def all(self) -> list[Freed]:
        clusters = self._clusters()
        return [
            self._freed(at, *clusters.get(at, (0.0, 0)))
            for at in range(len(self.pieces))
            if self.waits[at] and self.pieces[at]
        ]

    def _join(self, near: list[list[int]], kind: list[bool], there: list[bool]) -> Unions:
        unions = Unions(len(self.owner))
        for one, others in enumerate(near):
            if kind[one] and there[one]:
                for other in others:
                    if other > one and kind[other] and there[other]:
                        unions.join(one, other)
        return unions

    def _groups(self, unions: Unions, there: list[bool]) -> dict[int, _Group]:
        found: dict[int, _Group] = {}
        for piece, is_land in enumerate(self.land):
            if is_land and there[piece]:
                group = found.setdefault(unions.root(piece), _Group())
                self._add(group, piece)
                group.access |= any(there[road] for road in self.into[piece])
        return found

    def _add(self, group: _Group, piece: int) -> None:
        group.area_m2 += float(self.ground.area_m2[piece])
        group.measured_m2 += float(self.ground.measured_m2[piece])
        group.members.append(piece)

    def _freed(self, at: int, cluster_m2: float, cluster_parcels: int) -> Freed:
        new_land = [each for each in self.pieces[at] if self.land[each]]
        new_road = {each for each in self.pieces[at] if self.road[each]}
        own = set(new_land)
        unions = _Small()
        for piece in new_land:
            unions.add(("new", piece))
            for other in self.touches[piece]:
                if other in own:
                    unions.join(("new", piece), ("new", other))
                elif self.land[other] and self.clear[other]:
                    unions.join(("new", piece), ("old", self.base.root(other)))
        opened: set[int] = set()
        for road in new_road:
            for piece in self.into[road]:
                if self.land[piece] and self.clear[piece]:
                    opened.add(self.base.root(piece))
                    unions.add(("old", self.base.root(piece)))
        gain, measured, by_access = 0.0, 0.0, 0.0
        for members in unions.groups():
            more, more_measured, waited = self._gain(members, new_road, opened)
            gain, measured, by_access = gain + more, measured + more_measured, by_access + waited
        return Freed(
            at, gain, measured, self._road(new_road), by_access,
            max(cluster_m2, gain), max(cluster_parcels, 1),
        )  # fmt: skip

    def _gain(
        self, members: list[tuple[str, int]], new_road: set[int], opened: set[int]
    ) -> tuple[float, float, float]:
        """What one group of the ground as it would be adds: m², measured m², m² that had size."""
        now = _Group()
        was = was_measured = had_size = 0.0
        for kind, key in members:
            if kind == "new":
                self._add(now, key)
                now.access |= any(r in new_road or self.clear[r] for r in self.into[key])
                continue
            old = self.groups[key]
            now.area_m2 += old.area_m2
            now.measured_m2 += old.measured_m2
            now.access |= old.access or key in opened
            if old.counts(self.limits):
                was += old.area_m2
                was_measured += old.measured_m2
            elif old.area_m2 >= self.limits.lot_min_m2:
                had_size += old.area_m2
        if not now.counts(self.limits):
            return 0.0, 0.0, 0.0
        return now.area_m2 - was, now.measured_m2 - was_measured, had_size

    def _road(self, new_road: set[int]) -> float:
        """Metres that become continuous: each new stretch less the longest that was there in it."""
        unions = _Small()
        for piece in new_road:
            unions.add(("new", piece))
            for other in self.roads[piece]:
                if other in new_road:
                    unions.join(("new", piece), ("new", other))
                elif self.clear[other]:
                    unions.join(("new", piece), ("old", self.stretches.root(other)))
        total = 0.0
        for members in unions.groups():
            before = [self.lengths[key] for kind, key in members if kind == "old"]
            fresh = sum(float(self.ground.metres[key]) for kind, key in members if kind == "new")
            total += fresh + sum(before) - max(before, default=0.0)
        return total

    def _clusters(self) -> dict[int, tuple[float, int]]:
        """By uncleared parcel: m² freed once all that waits around it is cleared, and how many."""
        there = [clear or self.waits[at] for clear, at in zip(self.clear, self.owner, strict=True)]
        groups = self._groups(self._join(self.touches, self.land, there), there)
        found: dict[int, tuple[float, int]] = {}
        for group in groups.values():
            waiting = {self.owner[each] for each in group.members if not self.clear[each]}
            if not waiting or not group.counts(self.limits):
                continue
            inside = {self.base.root(each) for each in group.members if self.clear[each]}
            had = sum(
                self.groups[root].area_m2
                for root in inside
                if self.groups[root].counts(self.limits)
            )
            for at in waiting:
                area, parcels = found.get(at, (0.0, 0))
                found[at] = area + group.area_m2 - had, max(parcels, len(waiting))
        return found


class _Small:
    """A handful of groups, by any key."""

    def __init__(self) -> None:
        self._parent: dict[tuple[str, int], tuple[str, int]] = {}

    def add(self, one: tuple[str, int]) -> None:
        self._parent.setdefault(one, one)

    def _root(self, one: tuple[str, int]) -> tuple[str, int]:
        while self._parent[one] != one:
            one = self._parent[one]
        return one

    def join(self, one: tuple[str, int], other: tuple[str, int]) -> None:
        self.add(one)
        self.add(other)
        self._parent[self._root(other)] = self._root(one)

    def groups(self) -> list[list[tuple[str, int]]]:
        found: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for each in self._parent:
            found.setdefault(self._root(each), []).append(each)
        return list(found.values())
