"""The picture of a tract: its land in bars to scale, its rights as a tree on an axis of years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import shapely

from gisapp.present.day import dated_url
from gisapp.present.formats import hectares, percent
from gisapp.present.rights import KINDS, USES, person, right_url
from planning.tenure.idle import USES as IN_ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from planning.tenure.idle import TractParcel
    from planning.tenure.picture import Picture, Plot, Terms
    from planning.tenure.register import RightLine

WIDTH: Final = 1000.0
MAP_WIDTH: Final = 400.0
MOST_ROWS: Final = 300
TICKS: Final = 6
FAR: Final = timedelta(days=365 * 70)


@dataclass(frozen=True)
class Part:
    """A piece of a bar: where it stands (of 1000), how wide, what it is, where it leads."""

    kind: str
    x: float
    width: float
    label: str
    area_m2: float
    share: float
    url: str | None = None
    mine: bool = False


@dataclass(frozen=True)
class Stretch:
    """Days of a right's terms on the axis (of 1000)."""

    x: float
    width: float
    open: bool
    label: str


@dataclass(frozen=True)
class Branch:
    """A right of the tree: its line while it is in force, and its days."""

    right_id: UUID
    kind: str
    tier: int
    number: str
    lessee: str
    line: RightLine | None
    stretches: tuple[Stretch, ...]
    since: date
    until: date | None
    mine: bool


@dataclass(frozen=True)
class Axis:
    """Years under the tree: ticks (of 1000) and where the day looked at stands."""

    ticks: tuple[tuple[float, int], ...]
    today: float | None


@dataclass(frozen=True)
class Drawn:
    """A picture ready to draw."""

    uses: tuple[Part, ...]
    holders: tuple[Part, ...]
    branches: tuple[Branch, ...]
    more: int
    axis: Axis


def drawn(picture: Picture, day: date, chosen: UUID) -> Drawn:
    """Draw a tract on a day; `chosen` is the right whose page it is."""
    branches, axis = _tree(picture, day, chosen)
    return Drawn(
        _uses(picture), _holders(picture, chosen), tuple(branches[:MOST_ROWS]),
        max(0, len(branches) - MOST_ROWS), axis,
    )  # fmt: skip


def _uses(picture: Picture) -> tuple[Part, ...]:
    whole = picture.measured_m2
    parts, x = [], 0.0
    for use in IN_ORDER:
        area = picture.uses[use]
        if whole <= 0 or area < 0.05:
            continue
        share = area / whole
        label = f"{USES[use]}: {hectares(area)} ha · {percent(share)}"
        parts.append(Part(use, round(x, 2), round(share * WIDTH, 2), label, area, share))
        x += share * WIDTH
    return tuple(parts)


def _holders(picture: Picture, chosen: UUID) -> tuple[Part, ...]:
    """One piece a sub-lease or reservation, by the ground it holds; what is left stays empty."""
    whole = picture.measured_m2
    held: dict[UUID, float] = {}
    for parcel in picture.parcels:
        user = parcel.let_by or parcel.reserved_by
        if user is not None:
            held[user] = held.get(user, 0.0) + parcel.area_m2
    parts, x = [], 0.0
    lines = {line.id: line for line in picture.inside}
    for right, area in sorted(
        held.items(), key=lambda pair: (lines[pair[0]].tier if pair[0] in lines else 9, -pair[1])
    ):
        line = lines.get(right)
        if line is None or whole <= 0:
            continue
        share = area / whole
        label = f"{line.number} · {person(line.lessee)}: {hectares(area)} ha"
        kind = "let" if line.tier == 2 else "reserved"
        parts.append(
            Part(
                kind, round(x, 2), round(share * WIDTH, 2), label, area, share,
                right_url(right), right == chosen,
            )
        )  # fmt: skip
        x += share * WIDTH
    return tuple(parts)


def _tree(picture: Picture, day: date, chosen: UUID) -> tuple[list[Branch], Axis]:
    lives = {
        right: [told for told in terms if told.stands and told.valid_from != told.valid_to]
        for right, terms in picture.life.items()
    }
    lives = {right: terms for right, terms in lives.items() if terms}
    spans = [each for terms in lives.values() for each in terms]
    first = min((each.valid_from for each in spans), default=day)
    last = max((_last(each) or day for each in spans), default=day)
    first, last = min(first, day), min(max(last, day), day + FAR)
    days = max((last - first).days, 1)

    def at(when: date) -> float:
        return round(min(max((when - first).days / days, 0.0), 1.0) * WIDTH, 2)

    lines: Mapping[UUID, RightLine] = {line.id: line for line in picture.inside}
    if picture.tract is not None:
        lines = {**lines, picture.tract.id: picture.tract}
    found = [_branch(r, terms, lines.get(r), at, last, chosen) for r, terms in lives.items()]
    found.sort(key=lambda each: (each.tier, each.line is None, each.since, each.number))
    return found, Axis(_ticks(first, last, at), at(day))


def _last(told: Terms) -> date | None:
    return None if told.valid_to is None else told.valid_to - timedelta(days=1)


def _branch(
    right: UUID, terms: Sequence[Terms], line: RightLine | None, at: Callable[[date], float],
    last: date, chosen: UUID,
) -> Branch:  # fmt: skip
    stretches = []
    for told in terms:
        until = told.valid_to or last
        x = at(told.valid_from)
        label = f"{told.valid_from:%d/%m/%Y} – " + (
            f"{_last(told):%d/%m/%Y}" if told.valid_to else "…"
        )
        width = round(max(at(until) - x, 2.0), 2)
        stretches.append(Stretch(x, width, told.valid_to is None, label))
    newest = terms[-1]
    return Branch(
        right, newest.kind, newest.tier, newest.number, person(newest.lessee), line,
        tuple(stretches), terms[0].valid_from, _last(newest), right == chosen,
    )  # fmt: skip


def _ticks(first: date, last: date, at: Callable[[date], float]) -> tuple[tuple[float, int], ...]:
    years = last.year - first.year
    step = next((each for each in (1, 2, 5, 10, 20) if years / each <= TICKS), 50)
    marks: Iterable[int] = range(-(-first.year // step) * step, last.year + 1, step)
    return tuple((at(date(year, 1, 1)), year) for year in marks if date(year, 1, 1) >= first)


@dataclass(frozen=True)
class Patch:
    """A parcel of the small map: its path, what it is used for, where it leads."""

    path: str
    kind: str
    label: str
    url: str


@dataclass(frozen=True)
class SmallMap:
    """Parcels in a box of 400 by `height`, north up."""

    height: float
    patches: tuple[Patch, ...]


def small_map(plots: Sequence[Plot], uses: Mapping[UUID, str]) -> SmallMap | None:
    """Draw the parcels of a right; None where it holds none."""
    if not plots:
        return None
    west, south, east, north = shapely.total_bounds([plot.shape for plot in plots])
    scale = MAP_WIDTH / max(east - west, (north - south) * 0.75, 1.0)
    patches = []
    for plot in plots:
        drawn = shapely.simplify(plot.shape, 0.5 / scale)
        rings = [drawn.exterior, *drawn.interiors]
        path = "".join(_ring(shapely.get_coordinates(r), west, north, scale) for r in rings)
        patches.append(
            Patch(
                path, uses.get(plot.parcel_id, "other"),
                f"{plot.name} · {hectares(plot.area_m2, 4)} ha",
                dated_url("map.show", zone=plot.zone, parcel=plot.parcel_id),
            )
        )  # fmt: skip
    return SmallMap(round((north - south) * scale + 2, 1), tuple(patches))


def _ring(corners: Any, west: float, north: float, scale: float) -> str:
    points = [f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y in corners]
    return "M" + "L".join(points) + "Z"


def use_of(parcel: TractParcel) -> str:
    """The one use a parcel is coloured by: what most of it is."""
    return max(parcel.parts.items(), key=lambda pair: pair[1])[0]


def kind_word(kind: str) -> str:
    """A kind of right in words."""
    return str(KINDS[kind])
