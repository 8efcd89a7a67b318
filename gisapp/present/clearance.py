"""Clearance in words: steps, states, columns of cases and items, what the law waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gisapp.present.day import dated_url
from gisapp.present.formats import language, number
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.clearance.steps import WITH_MONEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from planning.clearance.register import CaseHead, FlagRow, ItemRow, StepRow
    from planning.clearance.steps import Next
    from planning.households.commands import Money
    from planning.zones.queries import ZoneRow

STEPS: dict[str, Any] = {
    "meeting": _l("Họp phổ biến"),
    "notice": _l("Thông báo thu hồi đất"),
    "inventory": _l("Kiểm đếm"),
    "inventory_compulsory": _l("Kiểm đếm bắt buộc"),
    "plan_drafted": _l("Lập phương án"),
    "plan_posted": _l("Niêm yết phương án"),
    "plan_approved": _l("Phê duyệt phương án"),
    "paid": _l("Chi trả"),
    "recovered": _l("Quyết định thu hồi đất"),
    "enforcement": _l("Cưỡng chế"),
    "handed_over": _l("Bàn giao mặt bằng"),
}
STATES: dict[str, tuple[str, Any]] = {
    "opened": ("off", _l("Chưa thông báo")),
    "notice": ("info", _l("Đã thông báo")),
    "inventory": ("info", _l("Đã kiểm đếm")),
    "plan_drafted": ("info", _l("Đang lập phương án")),
    "plan_posted": ("info", _l("Đã niêm yết")),
    "plan_approved": ("warn", _l("Đã duyệt phương án")),
    "paid": ("warn", _l("Đã chi trả")),
    "recovered": ("warn", _l("Đã có quyết định thu hồi")),
    "paid_and_recovered": ("warn", _l("Đã chi trả và thu hồi")),
    "handed_over": ("good", _l("Đã bàn giao")),
}
FLAGS: dict[str, Any] = {
    "complaint": _l("Khiếu nại"),
    "suspension": _l("Tạm dừng"),
    "homeless": _l("Giao đất trước khi có lô"),
}
HOLDERS: dict[str, Any] = {
    "household": _l("Hộ gia đình, cá nhân"),
    "organisation": _l("Tổ chức"),
    "community": _l("Cộng đồng dân cư"),
}
LAND_CLASSES: dict[str, Any] = {
    "agricultural": _l("Đất nông nghiệp"),
    "non_agricultural": _l("Đất phi nông nghiệp"),
}
BOUNDS: dict[str, Any] = {
    "at_least": _l("sớm nhất sau"),
    "within": _l("chậm nhất trong"),
    "valid_for": _l("có giá trị trong"),
}
FOLLOWUPS: dict[str, Any] = {
    "confirmed": _l("Xác nhận hoàn thành GPMB"),
    "lease_filed": _l("Nộp hồ sơ xin thuê đất"),
    "state_lease": _l("Nhà nước cho thuê đất"),
}
SIDES: dict[str, Any] = {
    "north": _l("Bắc"),
    "northeast": _l("Đông Bắc"),
    "east": _l("Đông"),
    "southeast": _l("Đông Nam"),
    "south": _l("Nam"),
    "southwest": _l("Tây Nam"),
    "west": _l("Tây"),
    "northwest": _l("Tây Bắc"),
}
FIELDS: dict[str, Any] = {
    "head_name": _l("Chủ hộ"),
    "identity_no": _l("Số giấy tờ"),
    "phone": _l("Điện thoại"),
    "address": _l("Địa chỉ"),
    "bank_account": _l("Tài khoản"),
    "members": _l("Nhân khẩu"),
    "land_class": _l("Loại đất"),
    "holder": _l("Người sử dụng đất"),
    "plots_needed": _l("Số lô cần"),
}
SEVERITIES: dict[str, tuple[str, Any]] = {
    "overdue": ("bad", _l("quá hạn")),
    "soon": ("warn", _l("sắp đến hạn")),
    "open": ("info", _l("làm được ngay")),
    "waiting": ("off", _l("chờ đủ thời hạn")),
}


BULK: Final = tuple(kind for kind in STEPS if kind not in WITH_MONEY)
"""Steps recorded for many items at once; what says money is recorded item by item."""


def bulk_steps() -> list[tuple[str, str]]:
    """Steps for many items, in words."""
    return [(kind, str(STEPS[kind])) for kind in BULK]


def step_choices() -> list[tuple[str, str]]:
    """Every step, in words."""
    return [(kind, str(word)) for kind, word in STEPS.items()]


def case_name(case: CaseHead) -> str:
    """What a case is called in the reader's language."""
    return (language() == "en" and case.name_en) or case.name_vi


def zone_name(zone: ZoneRow) -> str:
    """What a zone is called in the reader's language."""
    return (language() == "en" and zone.name_en) or zone.name_vi


def case_columns() -> list[Column]:
    """Cases with their totals: land beside money, homes beside alarms."""
    return [
        Column(
            key="code",
            label=_("Hồ sơ"),
            link=lambda case: dated_url("clearance.show", code=case.code),
            strong=True,
        ),
        Column(key="name", label=_("Tên"), value=case_name),
        Column(key="zone", label=_("Khu"), nowrap=True),
        _sum("items", _("Mục")),
        _sum("households", _("Hộ")),
        Column(
            key="area_m2", label=_("Phải thu hồi"), kind="hectares", unit="ha", total=True,
            value=lambda case: case.sums.area_m2,
        ),
        Column(
            key="cleared_m2", label=_("Đã bàn giao"), kind="hectares", unit="ha", total=True,
            value=lambda case: case.sums.cleared_m2,
        ),
        Column(
            key="cleared_share", label=_("Bàn giao"), kind="percent",
            value=lambda case: case.sums.cleared_share,
        ),
        _dong("granted", _("Phương án duyệt")),
        _dong("paid", _("Đã chi trả")),
        Column(
            key="paid_share", label=_("Chi trả"), kind="percent",
            value=lambda case: case.sums.paid_share,
        ),
        _sum("homeless", _("Giao đất trước lô")),
    ]  # fmt: skip


def _sum(key: str, label: str) -> Column:
    return Column(
        key=key, label=label, kind="number", total=True, value=lambda case: getattr(case.sums, key)
    )


def _dong(key: str, label: str) -> Column:
    return Column(
        key=key,
        label=label,
        unit="đ",
        kind="number",
        total=True,
        value=lambda case: getattr(case.sums, key).total,
    )


def item_columns(case: CaseHead) -> list[Column]:
    """Items of a case: nobody is named, and no household's money is shown."""
    return [
        Column(
            key="number",
            label=_("Mục"),
            link=lambda item: dated_url("clearance.item", code=case.code, item_id=item.id),
            strong=True,
        ),
        Column(key="holder", label=_("Người sử dụng đất"), sortable=False,
               value=lambda item: str(HOLDERS[item.holder])),
        Column(key="names", label=_("Tờ/thửa"), sortable=False),
        Column(key="area_m2", label=_("Diện tích"), kind="square_metres", unit="m²", total=True),
        Column(key="state", label=_("Bước"), kind="chip", sortable=False,
               value=lambda item: (STATES[item.state][0], str(STATES[item.state][1]))),
        Column(key="last_on", label=_("Từ ngày"), kind="day", nowrap=True),
        Column(key="flags", label=_("Cờ"), sortable=False, value=flag_words),
        Column(key="handover_planned_on", label=_("Dự kiến bàn giao"), kind="day", nowrap=True),
        Column(key="plots", label=_("Lô TĐC"), sortable=False, value=plot_words),
    ]  # fmt: skip


def flag_words(item: ItemRow) -> str:
    """Complaint, suspension, land that goes before the new home is there."""
    return ", ".join(str(word) for name, word in FLAGS.items() if getattr(item, name))


def plot_words(item: ItemRow) -> str:
    """The plots promised, or how many are needed still."""
    if item.plots_assigned:
        return item.plots or ""
    return _("cần %(count)s", count=number(item.plots_needed)) if item.plots_needed else ""


@dataclass(frozen=True)
class Moved:
    """One line of an item's story: a step or a flag, its day and its paper; money when shown."""

    day: date
    title: str
    document: str
    note: str = ""
    kind: str = "step"
    money: Money | None = None


def story(
    steps: Sequence[StepRow], flags: Sequence[FlagRow], money: Mapping[UUID, Money] | None = None
) -> list[Moved]:
    """Steps and flags of an item in the order they happened."""
    lines = [
        Moved(
            step.day,
            str(STEPS[step.kind]),
            f"{step.document} · {step.issuer}",
            _("người sử dụng đất đồng ý thu hồi sớm") if step.agreed_early else "",
            "done" if step.kind == "handed_over" else "step",
            (money or {}).get(step.id),
        )
        for step in steps
    ]
    for flag in flags:
        word = str(FLAGS[flag.kind])
        lines.append(Moved(flag.since, word, flag.document, kind="flag"))
        if flag.until is not None:
            lines.append(Moved(flag.until, _("Hết: %(what)s", what=word), flag.document))
    return sorted(lines, key=lambda line: line.day)


@dataclass(frozen=True)
class Todo:
    """A step that comes next: what, how urgent, from and until when, by which clauses."""

    kind: str
    title: str
    severity: tuple[str, str]
    earliest: date | None
    latest: date | None
    clauses: tuple[tuple[str, bool], ...]


def todos(found: Sequence[Next]) -> list[Todo]:
    """Next steps in words; a clause comes with whether it was checked against its source."""
    lines = []
    for each in found:
        title = str(STEPS[each.kind])
        if each.again:
            title = _("Ban hành lại: %(what)s", what=title)
        colour, word = SEVERITIES[each.severity]
        clauses = tuple(
            dict.fromkeys((term.clause, term.verification == "verified") for term in each.terms)
        )
        lines.append(
            Todo(each.kind, title, (colour, str(word)), each.earliest, each.latest, clauses)
        )
    return lines
