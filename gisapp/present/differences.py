"""Two plan versions compared, as people read it: matrix, headline, figures before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gisapp.messages import render
from gisapp.present.day import dated_url
from gisapp.present.formats import hectares, language, number
from gisapp.present.indicators import display
from gisapp.present.words import named
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.indicators.rules import difference
from planning.plans.difference import IN_NO_LOT, OUT_OF_PLAN, Cell, Use, totals
from planning.vocabulary import lot_categories

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from planning.adjustments.comparison import Comparison
    from planning.adjustments.figures import Shift
    from planning.plans.difference_lots import FieldChange
    from planning.plans.difference_sides import VersionFacts

LEASABLE: dict[str, Any] = {
    "industrial": _l("cho thuê, công nghiệp"),
    "service": _l("cho thuê, dịch vụ"),
    "none": _l("không cho thuê"),
}
LOT_CHANGES: dict[str, tuple[str, Any]] = {
    "added": ("good", _l("Lô mới")),
    "removed": ("bad", _l("Bỏ lô")),
    "reshaped": ("warn", _l("Đổi hình")),
    "revised": ("info", _l("Đổi chỉ tiêu")),
}
FIELDS: dict[str, Any] = {
    "symbol": _l("ký hiệu"),
    "category": _l("loại đất"),
    "leasable": _l("nhóm cho thuê"),
    "legal_area_m2": _l("diện tích pháp lý"),
    "density_pct": _l("mật độ"),
    "storeys_max": _l("tầng cao"),
    "floor_area_ratio": _l("hệ số sử dụng đất"),
}
RIGHT_KINDS: dict[str, Any] = {
    "state_allocation": _l("Nhà nước giao đất"),
    "state_lease": _l("Nhà nước cho thuê đất"),
    "sub_lease": _l("Hợp đồng thuê lại"),
    "reservation": _l("Giữ chỗ"),
}
_LAST: Final = {IN_NO_LOT: 1, OUT_OF_PLAN: 2}


def use_code(use: Use) -> str:
    """A use in an address: category, dot, leasable class."""
    return f"{use.category}.{use.leasable}"


def use_of(code: str) -> Use:
    """The use an address names."""
    category, _dot, leasable = code.partition(".")
    return Use(category[:40], leasable[:20] or "none")


def use_name(use: Use) -> str:
    """What ground of a use is, in the reader's language."""
    if use == IN_NO_LOT:
        return _("Trong ranh giới, chưa có lô")
    if use == OUT_OF_PLAN:
        return _("Ngoài ranh giới quy hoạch")
    known = lot_categories().get(use.category)
    if known is None:
        return use.category
    return known.name_en if language() == "en" else known.name_vi


def use_short(use: Use) -> str:
    """A use at the head of a column: the category's code, a word for ground in no lot."""
    if use == IN_NO_LOT:
        return _("Chưa có lô")
    return _("Ngoài ranh") if use == OUT_OF_PLAN else use.category


def use_colour(use: Use) -> str:
    """The fill of a category on maps; empty for ground in no lot."""
    known = lot_categories().get(use.category)
    return known.colour if known else ""


def _order(use: Use) -> tuple[int, int, str, str]:
    places = {code: place for place, code in enumerate(lot_categories())}
    place = places.get(use.category, len(places))
    return _LAST.get(use, 0), place, use.category, use.leasable


@dataclass(frozen=True)
class MatrixCell:
    """A cell as drawn: m², what it means for leasing, where it leads. `area_m2` None: no ground."""

    area_m2: float | None
    meaning: str
    url: str | None


@dataclass(frozen=True)
class Matrix:
    """From-use × to-use as drawn, with both totals."""

    columns: list[Use]
    rows: list[tuple[Use, list[MatrixCell], float]]
    sums: list[float]
    total: float


def matrix_of(compared: Comparison) -> Matrix:
    """Lay the matrix out: uses in the order of the catalogue, ground in no lot last."""
    rows, columns = totals(compared.matrix)
    befores, afters = sorted(rows, key=_order), sorted(columns, key=_order)
    drawn = [
        (before, [_drawn(compared, Cell(before, after)) for after in afters], rows[before])
        for before in befores
    ]
    return Matrix(afters, drawn, [columns[use] for use in afters], sum(rows.values()))


def _drawn(compared: Comparison, cell: Cell) -> MatrixCell:
    area = compared.matrix.get(cell)
    if area is None:
        return MatrixCell(None, "", None)
    meaning = "same"
    if cell.changes:
        meaning = "lost" if cell.leaves_leasing else "gained" if cell.enters_leasing else "turned"
    url = dated_url(
        "differences.cell",
        **{"from": compared.before.facts.key, "to": compared.after.facts.key},
        use=use_code(cell.before),
        into=use_code(cell.after),
    )
    return MatrixCell(area, meaning, url)


def subject(facts: VersionFacts) -> str:
    """What to call the version that comes after: a draft, or one that was approved."""
    return _("Bản này") if facts.approved else _("Bản nháp này")


def headline(compared: Comparison) -> tuple[str, str]:
    """The one sentence a leader needs, and whether it is bad news."""
    who = subject(compared.after.facts)
    if not compared.broken:
        return "good", _("%(who)s không phá vỡ hợp đồng thuê nào.", who=who)
    area = hectares(compared.broken_m2)
    count = number(len(compared.broken))
    return "bad", _(
        "%(who)s phá vỡ %(count)s hợp đồng thuê, %(area)s ha.", who=who, count=count, area=area
    )


def version_name(facts: VersionFacts) -> str:
    """A version in a sentence: plan code and number."""
    return _("%(plan)s bản %(number)s", plan=facts.code, number=facts.number)


def plan_name(facts: VersionFacts) -> str:
    """The name of the plan in the reader's language."""
    return (language() == "en" and facts.name_en) or facts.name_vi


def shift_rows(shifts: tuple[Shift, ...]) -> list[dict[str, Any]]:
    """Figures before and after with what is added, each ratio with both denominators."""
    words = language()
    found = []
    for shift in shifts:
        was, now = shift.before.answer, shift.after.answer
        rule = now.definition
        base = now.denominator
        moved = difference(now.value, was.value)
        found.append(
            {
                "code": rule.code,
                "name": rule.name_en if words == "en" else rule.name_vi,
                "base": base and (base.name_en if words == "en" else base.name_vi),
                "before": display(was.value, rule.unit, words),
                "after": display(now.value, rule.unit, words),
                "base_before": was.denominator
                and display(was.denominator.value, was.denominator.unit, words),
                "base_after": base and display(base.value, base.unit, words),
                "moved": _moved(moved, rule.unit),
                "measured": _moved(difference(now.measured, was.measured), rule.unit),
                "direction": "" if not moved else "up" if moved > 0 else "down",
            }
        )
    return found


def _moved(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "–"
    if not value:
        return _("không đổi")
    if unit == "percent":
        said = _("%(amount)s điểm %%", amount=number(abs(value), 2))
    else:
        said = display(abs(value), unit, language())
    return f"{'+' if value > 0 else '−'}{said}"


def field_change(change: FieldChange) -> str:
    """An attribute that differs, as before → after."""
    before, after = (_field(change.name, value) for value in (change.before, change.after))
    return f"{named(FIELDS, change.name)}: {before} → {after}"


def _field(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name == "leasable":
        return named(LEASABLE, str(value))
    if name == "legal_area_m2":
        return f"{number(value, 1)} m²"
    if name == "density_pct":
        return f"{number(value, 1)} %"
    return number(value, 2) if name == "floor_area_ratio" else str(value)


def excess_notes(compared: Comparison) -> list[str]:
    """What the reader must know beside the matrix: lots of one version that overlap."""
    sides = zip((compared.before, compared.after), compared.laid.excess, strict=True)
    context: list[Mapping[str, object]] = [
        {"version": version_name(side.facts), "area_m2": round(excess, 2)}
        for side, excess in sides
        if excess > 0.005
    ]
    return [render("difference-lots-overlap", dict(each), language()) for each in context]
