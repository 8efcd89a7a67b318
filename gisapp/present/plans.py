"""Plans as people see them: words, chips, columns of the list, bars of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gisapp.plan_steps import STEP_WORDS
from gisapp.present import formats
from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.vocabulary import PLAN_LEVELS, lot_categories

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from planning.changes.annulled import Touched
    from planning.changes.plan_preview import Moved
    from planning.plans.pipeline import Stand, Taken

COLUMNS = ("proposed", "task", "drafting", "consultation", "appraisal", "approved", "published")
"""Columns of the board; what is over is counted under it."""
CARDS_A_COLUMN = 12
"""So many plans stand in a column of the board, the most overdue first; the table has all."""
CHIPS = {
    "approved": "good",
    "published": "good",
    "superseded": "off",
    "annulled": "bad",
    "appraisal": "info",
}
SHORT_LEVELS: dict[str, Any] = {
    "general": _l("chung"),
    "subdivision": _l("phân khu"),
    "detailed": _l("chi tiết"),
}
LEASABLE_WORDS: dict[str, Any] = {
    "industrial": _l("công nghiệp, cho thuê"),
    "service": _l("dịch vụ, cho thuê"),
    "none": _l("không cho thuê"),
}
FAULT_WORDS: dict[str, Any] = {
    "gap": _l("Phần hở, không lô nào phủ"),
    "overlap": _l("Phần chồng giữa các lô"),
    "outside": _l("Phần ra ngoài phạm vi"),
    "sum": _l("Bảng của quyết định không cộng đúng tổng"),
}
ADJUSTMENTS: dict[str, Any] = {
    "local": _l("điều chỉnh cục bộ"),
    "overall": _l("điều chỉnh tổng thể"),
}


def step_word(status: str | None) -> str:
    """The word of a step."""
    return "–" if status is None else str(STEP_WORDS.get(status, status))


def level_word(level: str) -> str:
    """The name of a level of plans."""
    words = PLAN_LEVELS.get(level, (level, level))
    return words[0] if language() == "vi" else words[1]


def map_words() -> dict[str, dict[str, str]]:
    """Steps, levels and leasable classes in the reader's language, for the scripts of the map."""
    return {
        "steps": {code: str(word) for code, word in STEP_WORDS.items()},
        "levels": {code: level_word(code) for code in PLAN_LEVELS},
        "leasable": {code: str(word) for code, word in LEASABLE_WORDS.items()},
    }


def category_word(code: str) -> str:
    """The name of a lot category."""
    found = lot_categories().get(code)
    if found is None:
        return code
    return found.name_vi if language() == "vi" else found.name_en


def plan_word(row: Any) -> str:
    """The name of a plan in the reader's language."""
    return str((language() == "en" and row.name_en) or row.name_vi)


def waits_for(stand: Stand) -> str:
    """Who acts next: as somebody noted it, else as the deadline table names it."""
    if not stand.waiting:
        return ""
    usual = stand.waits_for_vi if language() == "vi" else stand.waits_for_en
    return stand.waits_for or usual or "–"


def chip(status: str) -> tuple[str, str]:
    """The colour and the word of a step."""
    return CHIPS.get(status, "warn"), step_word(status)


def waited(stand: Stand) -> str:
    """Days waited beside the days the step may take."""
    if stand.days is None:
        return ""
    days = formats.number(stand.days)
    if stand.most_days is None:
        return _("%(days)s ngày", days=days)
    return _("%(days)s/%(most)s ngày", days=days, most=formats.number(stand.most_days))


def clause(stand: Stand) -> str:
    """The rule behind the limit of a step, and whether anybody compared it with the text."""
    if stand.clause_vi is None:
        return _("Bảng thời hạn không có dòng cho bước này.")
    said = stand.clause_vi if language() == "vi" else stand.clause_en
    known = _("đã đối chiếu") if stand.verification == "verified" else _("chưa đối chiếu văn bản")
    return f"{said} · {known}"


def version_url(stand: Any) -> str:
    """The page of a version."""
    return dated_url("plans.version", code=stand.plan, number=stand.number)


def columns() -> list[Column]:
    """The columns of the table of plans."""
    return [
        Column(key="plan", label=_("Mã"), link=version_url, strong=True),
        Column(key="number", label=_("Bản"), kind="number"),
        Column(key="name", label=_("Tên"), value=plan_word),
        Column(
            key="level",
            label=_("Cấp"),
            value=lambda row: str(SHORT_LEVELS.get(row.level, row.level)),
            nowrap=True,
        ),
        Column(
            key="zone",
            label=_("Khu"),
            link=lambda row: dated_url("zones.show", code=row.zone),
            nowrap=True,
        ),
        Column(key="status", label=_("Bước"), kind="chip", value=lambda row: chip(row.status)),
        Column(key="since", label=_("Từ ngày"), kind="day", nowrap=True),
        Column(key="days", label=_("Đã chờ"), unit=_("ngày"), kind="number"),
        Column(
            key="days_over",
            label=_("Quá hạn"),
            unit=_("ngày"),
            kind="number",
            value=lambda row: row.days_over or None,
        ),
        Column(key="waits_for", label=_("Việc của"), value=waits_for),
        Column(key="document_number", label=_("Văn bản"), nowrap=True),
        Column(key="area_m2", label=_("Diện tích"), kind="hectares", unit="ha", total=True),
    ]


@dataclass(frozen=True)
class Bar:
    """A step as a bar: where it begins and how wide it is, in percent of the span shown."""

    status: str
    left: float
    width: float
    title: str


@dataclass(frozen=True)
class Lane:
    """One version on the timeline."""

    plan: str
    number: int
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """All lanes over one span, with the years as ticks and the day shown."""

    lanes: tuple[Lane, ...]
    years: tuple[tuple[int, float], ...]
    today: float


def lanes(steps: Sequence[Taken], codes: dict[UUID, tuple[str, str]], day: date) -> Timeline:
    """Draw steps as bars from the first year anything happened to the year after the day."""
    shown = [step for step in steps if step.status not in ("superseded", "annulled")]
    if not shown:
        return Timeline((), (), 0.0)
    first = date(min(step.valid_from for step in shown).year, 1, 1)
    last = date(max(day.year, max(step.valid_from for step in shown).year) + 1, 1, 1)
    span = (last - first).days

    def at(when: date) -> float:
        return round(100 * max(0, min(span, (when - first).days)) / span, 3)

    grouped: dict[tuple[str, int], list[Taken]] = {}
    for step in shown:
        grouped.setdefault((codes[step.plan_id][0], step.number), []).append(step)
    drawn = []
    for (code, number), taken in sorted(grouped.items()):
        bars = tuple(
            Bar(
                step.status,
                at(step.valid_from),
                max(0.4, at(step.valid_to or last) - at(step.valid_from)),
                _(
                    "%(step)s: %(first)s – %(last)s",
                    step=step_word(step.status),
                    first=formats.day(step.valid_from),
                    last=formats.day(step.valid_to) if step.valid_to else _("nay"),
                ),
            )
            for step in taken
            if step.valid_to is None or step.valid_to > step.valid_from
        )
        drawn.append(Lane(code, number, codes[taken[0].plan_id][1], bars))
    years = tuple((year, at(date(year, 1, 1))) for year in range(first.year, last.year))
    return Timeline(tuple(drawn), years, at(day))


@dataclass(frozen=True)
class ShownFigure:
    """A figure before and after, as text."""

    name: str
    unit: str
    before: str
    after: str
    difference: str
    moved: bool


def figure_rows(figures: Iterable[Moved]) -> list[ShownFigure]:
    """Figures of a preview with their names; areas in ha, ratios in percent."""
    rows = []
    for each in figures:
        area = each.unit == "m2"
        show = formats.hectares if area else _points
        change = each.difference
        sign = "+" if change is not None and change > 0 else ""
        rows.append(
            ShownFigure(
                each.name_vi if language() == "vi" else each.name_en,
                "ha" if area else "%",
                show(each.before),
                show(each.after),
                formats.NOTHING if change is None else f"{sign}{show(change)}",
                bool(change),
            )
        )
    return rows


@dataclass(frozen=True)
class ShownTouched:
    """What an annulment changed of what was said before, as text."""

    figures: list[tuple[date, ShownFigure]]
    issued: Sequence[Any]


def touched(found: Touched | None) -> ShownTouched | None:
    """Figures touched by an annulment, ready to show."""
    if found is None:
        return None
    figures = [(day, figure_rows([each])[0]) for day, each in found.figures]
    return ShownTouched(figures, found.issued)


def _points(value: Any) -> str:
    return formats.number(value, 2)
