"""Resettlement in words and as a drawing: homes ready against homes needed, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable

    from planning.resettlement.curves import Curve, Point
    from planning.resettlement.queries import AreaRow, PlotRow

STATUSES: dict[str, tuple[str, Any]] = {
    "planned": ("off", _l("Trong quy hoạch")),
    "approved": ("info", _l("Đã phê duyệt")),
    "building": ("warn", _l("Đang xây dựng")),
    "completed": ("good", _l("Đã hoàn thành")),
    "full": ("good", _l("Đã bố trí hết")),
}
PLOT_STATUSES: dict[str, Any] = {
    "planned": _l("chưa xong"),
    "ready": _l("sẵn sàng"),
    "assigned": _l("đã giao"),
}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 880, 250, 48, 20, 14, 30


@dataclass(frozen=True)
class Supplied:
    """A resettlement area beside its curve."""

    area: AreaRow
    curve: Curve
    day: date

    @property
    def ready(self) -> int:
        """Plots ready by the day shown."""
        return self.curve.on(self.day).ready

    @property
    def name(self) -> str:
        """What the area is called in the reader's language."""
        return (language() == "en" and self.area.name_en) or self.area.name_vi

    @property
    def needed(self) -> int:
        """Plots needed in all, with or without a day."""
        last = self.curve.points[-1].needed if self.curve.points else 0
        return last + self.curve.undated_needed


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """A step chart in a box of 880 × 250: two lines, shaded where homes are missing, today."""

    ready: str
    needed: str
    short: tuple[str, ...]
    today: float | None
    days: tuple[Tick, ...]
    plots: tuple[Tick, ...]


def drawing(curve: Curve, today: date) -> Drawing | None:
    """Draw a curve; None when there is nothing with a day."""
    if not curve.points:
        return None
    first = min(curve.points[0].day, today) - timedelta(days=30)
    last = max(curve.points[-1].day, today) + timedelta(days=60)
    most = max(max(p.ready, p.needed) for p in curve.points) or 1
    most = -(-most // _step(most)) * _step(most)
    days = (last - first).days

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / days, 1)

    def y(count: int) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * count / most, 1)

    ends = [x(point.day) for point in curve.points[1:]] + [x(last)]
    short = tuple(
        f"{x(p.day)},{y(p.ready)} {end},{y(p.ready)} {end},{y(p.needed)} {x(p.day)},{y(p.needed)}"
        for p, end in zip(curve.points, ends, strict=True)
        if p.short
    )
    return Drawing(
        ready=_line(curve.points, first, last, x, y, "ready"),
        needed=_line(curve.points, first, last, x, y, "needed"),
        short=short,
        today=x(today),
        days=tuple(Tick(x(day), label) for day, label in _marks(first, last)),
        plots=tuple(Tick(y(n), str(n)) for n in range(0, most + 1, _step(most))),
    )


def _line(
    points: tuple[Point, ...],
    first: date,
    last: date,
    x: Callable[[date], float],
    y: Callable[[int], float],
    name: str,
) -> str:
    corners, height = [f"{x(first)},{y(0)}"], 0
    for point in points:
        corners.append(f"{x(point.day)},{y(height)}")
        height = getattr(point, name)
        corners.append(f"{x(point.day)},{y(height)}")
    return " ".join([*corners, f"{x(last)},{y(height)}"])


def _step(most: int) -> int:
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000):
        if most / step <= 5:
            return step
    return 10_000


def _marks(first: date, last: date) -> list[tuple[date, str]]:
    """The beginnings of years; of quarters too where there is room for their names."""
    months = (1, 4, 7, 10) if (last - first).days < 900 else (1,)
    days = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in months]
    return [
        (day, str(day.year) if len(months) == 1 else f"{day.month:02d}/{day.year}")
        for day in days
        if first < day < last
    ]


def area_columns() -> list[Column]:
    """Areas with what they offer and what is asked of them."""
    return [
        Column(
            key="code", label=_("Khu tái định cư"), strong=True, value=lambda one: one.area.code,
            link=lambda one: dated_url("resettlement.show", code=one.area.code),
        ),
        Column(key="name", label=_("Tên"), value=lambda one: one.name),
        Column(
            key="status", label=_("Tình trạng"), kind="chip",
            value=lambda one: (
                STATUSES[one.area.status][0], str(STATUSES[one.area.status][1])
            ),
        ),
        Column(key="ready_on", label=_("Sẵn sàng từ"), kind="day", nowrap=True,
               value=lambda one: one.area.ready_on),
        Column(key="progress", label=_("Hạ tầng"), kind="percent",
               value=lambda one: None if one.area.progress_pct is None
               else one.area.progress_pct / 100),
        _count("plots", _("Lô")),
        Column(key="ready", label=_("Lô sẵn sàng"), kind="number", total=True),
        _count("plots_assigned", _("Lô đã giao")),
        Column(key="needed", label=_("Lô cần"), kind="number", total=True),
        Column(
            key="shortage", label=_("Ngày đầu tiên thiếu"), kind="day", nowrap=True,
            value=lambda one: one.curve.first_shortage and one.curve.first_shortage.day,
        ),
        Column(
            key="missing", label=_("Thiếu nhiều nhất"), kind="number", unit=_("lô"),
            value=lambda one: one.curve.worst and one.curve.worst.short,
        ),
    ]  # fmt: skip


def _count(key: str, label: str) -> Column:
    return Column(
        key=key, label=label, kind="number", total=True, value=lambda one: getattr(one.area, key)
    )


def plot_word(plot: PlotRow, day: date) -> str:
    """Where a plot stands on a day; past the day it is ready from it counts as ready."""
    ready = plot.ready_on is not None and plot.ready_on <= day
    step = "assigned" if plot.item_number else "ready" if ready else plot.status
    return str(PLOT_STATUSES[step])


def plot_columns(day: date) -> list[Column]:
    """Plots of an area on a day: for which item, when ready, when that item's land goes."""
    return [
        Column(key="number", label=_("Lô"), strong=True),
        Column(key="legal_area_m2", label=_("Diện tích"), kind="square_metres", unit="m²",
               total=True),
        Column(key="status", label=_("Tình trạng"), nowrap=True,
               value=lambda plot: plot_word(plot, day)),
        Column(key="ready_on", label=_("Sẵn sàng từ"), kind="day", nowrap=True),
        Column(
            key="item", label=_("Mục GPMB"), nowrap=True,
            value=lambda plot: f"{plot.case_code} · {plot.item_number}" if plot.case_code else None,
            link=lambda plot: dated_url("clearance.show", code=plot.case_code, q=plot.item_number)
            if plot.case_code else None,
        ),
        Column(key="assigned_on", label=_("Giao ngày"), kind="day", nowrap=True),
        Column(key="needed_on", label=_("Đất bàn giao"), kind="day", nowrap=True),
        Column(
            key="too_late", label=_("Cảnh báo"), kind="chip",
            value=lambda plot: ("bad", _("đất đi trước lô")) if plot.too_late else None,
        ),
    ]  # fmt: skip
