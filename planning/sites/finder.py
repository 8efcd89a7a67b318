"""Sites of a size by a day, and what the next best ones still lack. Pure: no database.

A site is land of the plan that hangs together, cleared, not let, not reserved, not in use. Where
there is none, land is taken together in the order of the days on which it becomes free, land that
is let after all other: the first day on which a group reaches the size is that site's earliest.
"""

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from planning.sites.ground import Ground, neighbours
from planning.sites.unions import Unions

NEVER: Final = date.max
KINDS: Final = ("clearance", "reserved", "leased", "in_use")
"""Why land is not free: not cleared, reserved, let, in use without a lease of its own."""
LET: Final = frozenset({"leased", "in_use"})
_MOST_TRIED: Final = 200
"""More parcels than this that a site lacks are not weighed one against the other."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: m² (legal), a class or category of lot, a way in, by the end of a day.

    `known_on`: the day up to which things are known; what is planned counts from then on.
    """

    least_m2: float
    by: date
    known_on: date
    category: str | None = None
    access: bool = False

    @property
    def is_forecast(self) -> bool:
        """Whether the day lies ahead of what is known."""
        return self.by > self.known_on


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a parcel is not free by the day, and until when; `NEVER`: nothing says when."""

    parcel: int
    area_m2: float
    reasons: tuple[tuple[str, date], ...]

    @property
    def free_on(self) -> date:
        """The day on which nothing stands in the way any more."""
        return max(day for _kind, day in self.reasons)

    @property
    def is_let(self) -> bool:
        """Whether somebody else has a lease on it, or works on it."""
        return any(kind in LET for kind, _day in self.reasons)


@dataclass(frozen=True, slots=True)
class Site:
    """Land that hangs together: pieces of the ground, m² (legal and measured), a way in or not.

    `lacks` is empty for a site there is; `missing_m2` more than 0: too small even with all that.
    `access_on`: the first day a cleared road meets it, `NEVER` when none is foreseen; `road`: the
    parcel (place in the ground) that road is waiting for, None when there is a way in or no road.
    """

    pieces: tuple[int, ...]
    area_m2: float
    measured_m2: float
    access_on: date
    access: bool
    lacks: tuple[Lack, ...] = ()
    missing_m2: float = 0.0
    road: int | None = None

    @property
    def free_on(self) -> date:
        """The day on which all its land is free."""
        return max((each.free_on for each in self.lacks), default=date.min)


@dataclass(frozen=True, slots=True)
class Found:
    """The sites there are, best first, and the next best."""

    sites: tuple[Site, ...]
    nearly: tuple[Site, ...]


def fits(ground: Ground, category: str | None) -> list[bool]:
    """Which pieces are land of a class (industrial, service) or category (CN, KT …) of lot."""
    return [
        not road and (category is None or category in (ground.lots[at].leasable,
                                                       ground.lots[at].category))
        for road, at in zip(ground.road.tolist(), ground.lot.tolist(), strict=True)
    ]  # fmt: skip


def find(ground: Ground, wanted: Wanted, most: int = 10) -> Found:
    """Return the sites of at least the size, and at most `most` that come next.

    Best: with a way in, then with the least land over. `nearly`: what can reach the size before
    what cannot, the earliest day first, then the fewest parcels lacking, the least land missing.
    """
    return _Finding(ground, wanted).found(most)


def cleared_by(parcel_cleared: date | None, planned: date | None, wanted: Wanted) -> date:
    """The day a parcel is cleared: as recorded, or as planned ahead of what is known."""
    if parcel_cleared is not None and parcel_cleared <= wanted.by:
        return parcel_cleared
    return planned if planned is not None and planned > wanted.known_on else NEVER


class _Finding:
    """Land by the day on which it becomes free."""

    def __init__(self, ground: Ground, wanted: Wanted) -> None:
        self.ground, self.wanted = ground, wanted
        self.owner = ground.owner.tolist()
        self.area = ground.area_m2.tolist()
        self.near = neighbours(len(self.owner), ground.land_pairs)
        self.reasons = [self._reasons(at) for at in range(len(ground.parcels))]
        self.day = [
            max((day for _kind, day in reasons), default=date.min) for reasons in self.reasons
        ]
        kept = [each.kept and each.cleared_on is None for each in ground.parcels]
        self.land = [
            fit and not kept[at]
            for fit, at in zip(fits(ground, wanted.category), self.owner, strict=True)
        ]
        self.access = self._access()
        self.pieces: dict[int, list[int]] = {}
        for piece, at in enumerate(self.owner):
            if self.land[piece]:
                self.pieces.setdefault(at, []).append(piece)

    def _reasons(self, at: int) -> tuple[tuple[str, date], ...]:
        parcel, by = self.ground.parcels[at], self.wanted.by
        held = [("clearance", cleared_by(parcel.cleared_on, parcel.planned_on, self.wanted))]
        if parcel.reserved:
            held.append(("reserved", parcel.reserved_until or NEVER))
        if parcel.leased:
            held.append(("leased", parcel.leased_until or NEVER))
        elif parcel.in_use:
            held.append(("in_use", NEVER))
        return tuple((kind, day) for kind, day in held if day > by)

    def _access(self) -> list[tuple[date, int]]:
        """By piece of land: the first day a cleared road meets it, and whose parcel that road is;
        as many as there are parcels stands for no road at all.
        """
        parcels = self.ground.parcels
        found = [(NEVER, len(parcels))] * len(self.owner)
        for land, road in self.ground.access_pairs.tolist():
            at = self.owner[road]
            parcel = parcels[at]
            day = cleared_by(parcel.cleared_on, parcel.planned_on, self.wanted)
            if day != NEVER or not parcel.kept:
                found[land] = min(found[land], (day, at))
        return found

    def found(self, most: int) -> Found:
        by = self.wanted.by
        free = [
            piece for piece, land in enumerate(self.land)
            if land and self.day[self.owner[piece]] <= by
        ]  # fmt: skip
        unions = Unions(len(self.owner))
        there = [False] * len(self.owner)
        for piece in free:
            there[piece] = True
            for other in self.near[piece]:
                if there[other]:
                    unions.join(piece, other)
        groups = unions.groups(free)
        large = {
            root: self._site(members) for root, members in groups.items() if self._large(members)
        }
        good = [site for site in large.values() if site.access or not self.wanted.access]
        roadless = [site for site in large.values() if not site.access and self.wanted.access]
        reached, short = self._grown(unions, there, groups, set(large))
        nearly = [
            *(self._nearly(members) for members in reached),
            *roadless,
            *(self._short(members) for members in short),
        ]
        return Found(
            tuple(sorted(good, key=self._best)), tuple(sorted(nearly, key=self._next)[:most])
        )

    def _large(self, members: Collection[int]) -> bool:
        return self._enough(sum(self.area[each] for each in members))

    def _enough(self, area_m2: float) -> bool:
        return round(area_m2, 3) >= self.wanted.least_m2

    def _ease(self, at: int) -> tuple[bool, date, int, float, int]:
        """How soon a parcel can be had, the easiest first: let land last, then by its day."""
        reasons = self.reasons[at]
        let = any(kind in LET for kind, _day in reasons)
        return let, self.day[at], len(reasons), -self._land_of(at), at

    def _grown(
        self,
        unions: Unions,
        there: list[bool],
        groups: dict[int, list[int]],
        done: set[int],
    ) -> tuple[list[list[int]], list[list[int]]]:
        """Let land in day by day: groups the moment they reach the size, and those that never do.

        A group that took in one that was large already is no news.
        """
        members = {root: list(group) for root, group in groups.items()}
        large = set(done)
        reached = []
        size = {root: sum(self.area[each] for each in group) for root, group in groups.items()}
        waiting = sorted((at for at in self.pieces if self.reasons[at]), key=self._ease)
        for at in waiting:
            for piece in self.pieces[at]:
                there[piece] = True
                members[piece], size[piece] = [piece], self.area[piece]
                for other in self.near[piece]:
                    if there[other]:
                        one, two = unions.root(piece), unions.root(other)
                        if one == two:
                            continue
                        root = unions.join(one, two)
                        gone = two if root == one else one
                        size[root] += size.pop(gone)
                        more, most = sorted((members.pop(root), members.pop(gone)), key=len)
                        most.extend(more)
                        members[root] = most
                        if one in large or two in large:
                            large = (large - {one, two}) | {root}
            for root in {unions.root(piece) for piece in self.pieces[at]}:
                if root not in large and self._enough(size[root]):
                    large.add(root)
                    reached.append(list(members[root]))
        return reached, [group for root, group in members.items() if root not in large]

    def _land_of(self, at: int) -> float:
        return float(sum(self.area[piece] for piece in self.pieces[at]))

    def _site(
        self, members: Sequence[int], lacks: tuple[Lack, ...] = (), missing_m2: float = 0.0
    ) -> Site:
        measured = float(np.sum(self.ground.measured_m2[list(members)]))
        road, at = min(self.access[each] for each in members)
        area = sum(self.area[each] for each in members)
        there = road <= self.wanted.by
        return Site(
            pieces=tuple(sorted(members)),
            area_m2=area,
            measured_m2=measured,
            access_on=road,
            access=there,
            lacks=lacks,
            missing_m2=missing_m2,
            road=None if there or at == len(self.ground.parcels) else at,
        )

    def _lacks(self, members: Sequence[int]) -> tuple[Lack, ...]:
        held: dict[int, float] = {}
        for piece in members:
            at = self.owner[piece]
            if self.reasons[at]:
                held[at] = held.get(at, 0.0) + self.area[piece]
        lacks = [Lack(at, area, self.reasons[at]) for at, area in held.items()]
        return tuple(sorted(lacks, key=lambda each: (each.free_on, -each.area_m2, each.parcel)))

    def _short(self, members: Sequence[int]) -> Site:
        area = sum(self.area[each] for each in members)
        return self._site(
            members, lacks=self._lacks(members), missing_m2=self.wanted.least_m2 - area
        )

    def _nearly(self, members: list[int]) -> Site:
        """The site a group reached, without parcels it can do without."""
        kept = self._seeded(members)
        lacking = sorted(
            {self.owner[each] for each in kept if self.reasons[self.owner[each]]},
            key=self._ease,
            reverse=True,
        )
        for at in lacking if len(lacking) <= _MOST_TRIED else ():
            rest = [each for each in kept if self.owner[each] != at]
            for group in self._parts(rest):
                if self._large(group):
                    kept = group
                    break
        return self._site(kept, lacks=self._lacks(kept))

    def _parts(self, members: Sequence[int]) -> list[list[int]]:
        """What some pieces fall into, the largest first."""
        left, parts = set(members), []
        while left:
            part, todo = [], [left.pop()]
            while todo:
                piece = todo.pop()
                part.append(piece)
                for other in self.near[piece]:
                    if other in left:
                        left.discard(other)
                        todo.append(other)
            parts.append(part)
        return sorted(parts, key=lambda part: (-sum(self.area[each] for each in part), min(part)))

    def _seeded(self, members: list[int]) -> list[int]:
        """From the largest free part outwards, the soonest and largest neighbours first."""
        inside = set(members)
        free = [each for each in members if not self.reasons[self.owner[each]]]
        parts = self._parts(free)
        part_of = {piece: number for number, part in enumerate(parts) for piece in part}
        soonest = min(members, key=lambda each: (self._ease(self.owner[each]), each))
        taken = set(parts[0]) if parts else set()
        area = sum(self.area[each] for each in taken)
        queue: list[tuple[tuple[bool, date, int, float, int], int]] = []

        def offer(piece: int) -> None:
            heapq.heappush(queue, (self._ease(self.owner[piece]), piece))

        def take(piece: int) -> float:
            fresh = parts[part_of[piece]] if piece in part_of else [
                each for each in self.pieces[self.owner[piece]] if each in inside
            ]  # fmt: skip
            gained = 0.0
            for each in fresh:
                if each not in taken:
                    taken.add(each)
                    gained += self.area[each]
                    for other in self.near[each]:
                        if other in inside and other not in taken:
                            offer(other)
            return gained

        for piece in tuple(taken):
            for other in self.near[piece]:
                if other in inside and other not in taken:
                    offer(other)
        if not taken:
            area += take(soonest)
        while queue and not self._enough(area):
            piece = heapq.heappop(queue)[-1]
            if piece not in taken:
                area += take(piece)
        grown = next((part for part in self._parts(list(taken)) if self._large(part)), None)
        return members if grown is None else grown

    def _best(self, site: Site) -> tuple[object, ...]:
        return (not site.access, round(site.area_m2 - self.wanted.least_m2, 1), site.pieces[0])

    def _next(self, site: Site) -> tuple[object, ...]:
        ready = max(site.free_on, site.access_on) if self.wanted.access else site.free_on
        return (
            site.missing_m2 > 0,
            round(site.missing_m2, 1),
            any(each.is_let for each in site.lacks),
            ready,
            len(site.lacks),
            not site.access,
            round(sum(each.area_m2 for each in site.lacks), 1),
            site.pieces[0],
        )
