"""The rulebook in words: what a rule asks, what a plan has, why nothing could be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gisapp.messages import render
from gisapp.present.formats import day, hectares, language, number
from gisapp.present.words import ZONE_KINDS, named
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.plans.norms_measures import FAILS, MEETS, NOT_CHECKED
from planning.vocabulary import PLAN_LEVELS, lot_categories

if TYPE_CHECKING:
    from decimal import Decimal

    from planning.plans.norms import Rule
    from planning.plans.norms_measures import Result
    from planning.plans.norms_queries import Judged, Report

OUTCOMES: dict[str, tuple[str, Any, str]] = {
    MEETS: ("good", _l("Đạt"), "check-circle"),
    FAILS: ("bad", _l("Không đạt"), "x-circle"),
    NOT_CHECKED: ("off", _l("Không kiểm tra được"), "question-circle"),
}
MEASURES: dict[str, Any] = {
    "share": _l("tỷ lệ diện tích trên diện tích quy hoạch"),
    "area": _l("tổng diện tích"),
    "per_person": _l("diện tích trên đầu người"),
    "density": _l("mật độ xây dựng của từng lô"),
    "storeys": _l("tầng cao của từng lô"),
    "floor_area_ratio": _l("hệ số sử dụng đất của từng lô"),
    "width": _l("bề rộng dải đất"),
}
UNITS: Final[dict[str, Any]] = {
    "share": "%",
    "density": "%",
    "area": "ha",
    "per_person": _l("m²/người"),
    "storeys": _l("tầng"),
    "floor_area_ratio": _l("lần"),
    "width": "m",
}
DECIMALS: Final = {"storeys": 0, "per_person": 2, "share": 2, "density": 1, "area": 2, "width": 2}
COMPARISONS: dict[str, Any] = {"at_least": _l("tối thiểu"), "at_most": _l("tối đa")}
REACHES: dict[str, Any] = {
    "approval": _l("theo ngày phê duyệt"),
    "appraisal": _l("theo ngày thẩm định"),
}
PEOPLE: dict[str, Any] = {"workers": _l("lao động"), "residents": _l("dân số")}


def rule_name(rule: Rule) -> str:
    """What a rule is about, in the reader's language."""
    return rule.name_en if language() == "en" else rule.name_vi


def quote(rule: Rule) -> str:
    """The clause quoted, in the reader's language."""
    return rule.quote_en if language() == "en" else rule.quote_vi


def amount(value: Decimal | None, measure: str) -> str:
    """A value with the unit of its measure."""
    if value is None:
        return "–"
    return f"{number(value, DECIMALS.get(measure, 2))}\u00a0{UNITS[measure]}"


def demand(rule: Rule) -> str:
    """What a rule asks: at least 10 %; nothing known: said so."""
    if rule.threshold is None:
        return _("chưa có giá trị")
    sign = "≥" if rule.comparison == "at_least" else "≤"
    return f"{sign}\u00a0{_threshold(rule)}"


def _threshold(rule: Rule) -> str:
    exact = rule.threshold.normalize() if rule.threshold is not None else None
    decimals = 0 if exact is None else max(0, -int(exact.as_tuple().exponent))
    return f"{number(exact, decimals)}\u00a0{UNITS[rule.measure]}"


def value(result: Result) -> str:
    """What the plan has: one number, or the two ends of what it may be."""
    measure = result.rule.measure
    if result.value is None or result.most is None or result.most == result.value:
        return amount(result.value, measure)
    decimals = DECIMALS.get(measure, 2)
    ends = f"{number(result.value, decimals)}–{number(result.most, decimals)}"
    return f"{ends}\u00a0{UNITS[measure]}"


def basis(result: Result) -> str:
    """What the value is made of: ground over its denominator, or how many lots were looked at."""
    part = None if result.part_m2 is None else hectares(result.part_m2)
    if result.whole_m2 is not None:
        return _("%(part)s / %(whole)s ha quy hoạch", part=part, whole=hectares(result.whole_m2))
    if result.people is not None:
        return _("%(part)s ha / %(people)s người", part=part, people=number(result.people))
    if result.checked is not None:
        return _("%(count)s lô có số liệu", count=number(result.checked))
    return "" if part is None else _("%(part)s ha", part=part)


def why(result: Result) -> str:
    """Why nothing could be told."""
    return render(result.why, dict(result.context), language()) if result.why else ""


def failing_lots(result: Result) -> str:
    """The lots that do not keep the rule, the first dozen by symbol with their values."""
    said = [f"{symbol} ({amount(found, result.rule.measure)})" for symbol, found in result.lots]
    more = len(said) - 12
    text = ", ".join(said[:12])
    return f"{text}, … (+{more})" if more > 0 else text


def scope(rule: Rule) -> str:
    """Which zones and levels of plan a rule speaks of."""
    kinds = [named(ZONE_KINDS, kind) for kind in rule.zone_kinds or ()]
    place = 1 if language() == "en" else 0
    levels = [PLAN_LEVELS[level][place] for level in rule.plan_levels or ()]
    return " · ".join([", ".join(kinds) or _("mọi khu"), ", ".join(levels) or _("mọi cấp")])


def counted(rule: Rule) -> str:
    """Which lots count: category codes, and how tall."""
    found = ", ".join(rule.categories or ()) or _("mọi lô")
    if rule.above_storeys is not None:
        found += " · " + _("trên %(count)s tầng", count=rule.above_storeys)
    return found


def category_names() -> list[tuple[str, str]]:
    """Codes and names of lot categories for a form."""
    place = "name_en" if language() == "en" else "name_vi"
    return [(code, getattr(each, place)) for code, each in lot_categories().items()]


def period(rule: Rule) -> str:
    """The days of a rule."""
    if rule.valid_to is None:
        return _("từ %(first)s", first=day(rule.valid_from))
    return _("từ %(first)s đến trước %(last)s", first=day(rule.valid_from), last=day(rule.valid_to))


def verdict(report: Report) -> tuple[str, str]:
    """One sentence about a plan version and its rules, and how it sounds."""
    if not report.judged:
        return "warn", _("Không quy tắc nào áp dụng cho bản này.")
    open_ones = sum(each.stands_open for each in report.judged)
    said = _(
        "Đạt %(meets)s, không đạt %(fails)s, không kiểm tra được %(unknown)s quy tắc.",
        meets=report.meets,
        fails=report.fails,
        unknown=report.not_checked,
    )
    if open_ones:
        return "bad", said
    return ("warn" if report.fails or report.not_checked else "good"), said


def counted_outcomes(report: Report) -> tuple[str, str]:
    """How many rules a version fails, meets and leaves open, and how that sounds."""
    if not report.judged:
        return "off", _("không có quy tắc")
    counts = [
        (report.fails, _("không đạt %(count)s", count=report.fails)),
        (report.meets, _("đạt %(count)s", count=report.meets)),
        (report.not_checked, _("không kiểm tra được %(count)s", count=report.not_checked)),
    ]
    colour = "bad" if report.fails else "off" if report.not_checked else "good"
    return colour, " · ".join(said for count, said in counts if count)


def falls_short(judged: Judged) -> str:
    """A rule that fails: what the plan has and what is asked."""
    result = judged.result
    return _(
        "%(rule)s: %(value)s, yêu cầu %(demand)s",
        rule=rule_name(result.rule),
        value=value(result),
        demand=demand(result.rule),
    )


def plain_row(judged: Judged) -> dict[str, Any]:
    """A result in plain values, for programs and files."""
    result, rule = judged.result, judged.result.rule
    return {
        "code": rule.code,
        "rule_id": rule.id,
        "rule_version": rule.version,
        "name": rule_name(rule),
        "regulation": rule.regulation,
        "clause": rule.clause,
        "quote": quote(rule),
        "source": rule.source,
        "verified": rule.verified,
        "confirmed_by": rule.confirmed_by,
        "outcome": result.outcome,
        "why": why(result) or None,
        "comparison": rule.comparison,
        "threshold": rule.threshold,
        "value": result.value,
        "value_at_most": result.most,
        "measured_value": result.measured,
        "unit": str(UNITS[rule.measure]),
        "part_m2": result.part_m2,
        "whole_m2": result.whole_m2,
        "people": result.people,
        "failing_lots": [{"symbol": symbol, "value": found} for symbol, found in result.lots],
        "waiver": judged.waiver
        and {
            "id": judged.waiver.waiver_id,
            "signed_by": judged.waiver.signed_by,
            "reason": judged.waiver.reason,
            "from": judged.waiver.valid_from,
            "to": judged.waiver.valid_to,
            "document": judged.waiver.document_number,
        },
    }


def refusal(refused: Any) -> str:
    """Why a rule was not entered, with the name of the field in words."""
    context = dict(refused.context)
    if "field" in context:
        context["field"] = str(FIELDS.get(str(context["field"]), context["field"]))
    return render(refused.code, context, language())


FIELDS: dict[str, Any] = {
    "code": _l("Mã (chữ thường, gạch dưới)"),
    "name_vi": _l("Tên tiếng Việt"),
    "name_en": _l("Tên tiếng Anh"),
    "measure": _l("Đo gì"),
    "comparison": _l("So"),
    "threshold": _l("Trị số"),
    "above_storeys": _l("Chỉ lô cao hơn (tầng)"),
    "people": _l("Trên đầu"),
    "regulation": _l("Văn bản"),
    "clause": _l("Điểm, khoản, bảng"),
    "source": _l("Lấy từ đâu, trang nào"),
    "valid_from": _l("Có hiệu lực từ"),
    "valid_to": _l("Hết hiệu lực từ"),
    "reaches_by": _l("Chuyển tiếp"),
    "quote_vi": _l("Trích nguyên văn"),
    "quote_en": _l("Bản dịch tiếng Anh"),
    "categories": _l("Loại đất được tính"),
    "zone_kinds": _l("Loại khu (không chọn: mọi khu)"),
    "plan_levels": _l("Cấp quy hoạch (không chọn: mọi cấp)"),
}
