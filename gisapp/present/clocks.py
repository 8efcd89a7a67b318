"""Legal clocks in words: states, acts, causes, the columns of the list, evidence line by line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from gisapp.present import formats
from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.rows import STEPS
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from planning.legal_clocks.queries import ClockRow, Fact
    from planning.legal_clocks.thresholds import NewThreshold

CLOCKS: dict[str, Any] = {
    "idle": _l("Không đưa đất vào sử dụng"),
    "schedule": _l("Chậm tiến độ dự án"),
}
SHORT_CLOCKS: dict[str, Any] = {"idle": _l("Không dùng đất"), "schedule": _l("Chậm tiến độ")}
STATES: dict[str, tuple[str, Any]] = {
    "breached": ("bad", _l("Đã quá hạn")),
    "warning": ("warn", _l("Sắp hết hạn")),
    "stopped": ("info", _l("Đang tạm dừng")),
    "extended": ("info", _l("Đang gia hạn")),
    "running": ("good", _l("Đang chạy")),
    "not_started": ("off", _l("Chưa bắt đầu")),
    "ended": ("off", _l("Đã kết thúc")),
}
ACTS: dict[str, Any] = {
    "hand_over": _l("Ban bàn giao nốt đất"),
    "remind": _l("Gửi văn bản nhắc nhà đầu tư"),
    "decide": _l("Xem xét gia hạn hoặc thu hồi"),
    "recover": _l("Lập hồ sơ thu hồi đất"),
    "resume": _l("Ghi ngày hết tạm dừng"),
    "watch": _l("Theo dõi"),
}
CAUSES: dict[str, Any] = {
    "force_majeure": _l("Bất khả kháng"),
    "authority": _l("Theo văn bản của cơ quan nhà nước"),
    "court": _l("Theo quyết định của toà án"),
}
FACTS: dict[str, Any] = {
    "project": _l("Bước của dự án"),
    "contract": _l("Dự án nhận thửa đất"),
    "handover": _l("Biên bản bàn giao mặt bằng"),
    "milestone_planned": _l("Mốc theo tiến độ dự án"),
    "milestone_reached": _l("Mốc đã đạt"),
    "suspension": _l("Tạm dừng"),
    "extension": _l("Quyết định gia hạn"),
    "letter": _l("Văn bản nhắc đã ban hành"),
    "progress": _l("Tiến độ quan sát"),
    "inspection": _l("Kiểm tra hiện trường"),
}
THRESHOLDS: dict[str, Any] = {
    "idle": _l("Không sử dụng đất liên tục"),
    "schedule": _l("Chậm so với tiến độ"),
    "extension": _l("Gia hạn tối đa"),
    "warning": _l("Báo trước"),
    "urgent": _l("Báo gấp trước"),
}
STARTS: dict[str, Any] = {
    "first_part": _l("từ phần đất bàn giao đầu tiên"),
    "last_part": _l("từ phần đất bàn giao cuối cùng"),
}
OPEN_ONLY: Final = "open"


def clock_name(clock: str, months: int | None) -> str:
    """What a clock counts, with the length of its term when a law gave one."""
    word = str(CLOCKS[clock])
    if months is None:
        return word
    return _("%(what)s %(months)s tháng", what=word, months=months)


def project_name(row: ClockRow) -> str:
    """What a project is called in the reader's language."""
    return (language() == "en" and row.name_en) or row.name_vi


def act_word(row: ClockRow) -> str:
    """What comes next."""
    return str(ACTS[row.next_act]) if row.next_act else ""


def columns() -> list[Column]:
    """The leader's list: what is how near its breach, and whose days those are."""
    return [
        Column(
            key="code", label=_("Dự án"), strong=True, nowrap=True,
            link=lambda row: dated_url("clocks.show", code=row.code),
        ),
        Column(key="name", label=_("Tên"), value=project_name),
        Column(
            key="clock", label=_("Đồng hồ"), nowrap=True,
            value=lambda row: str(SHORT_CLOCKS[row.clock]),
        ),
        Column(
            key="state", label=_("Trạng thái"), kind="chip",
            value=lambda row: (STATES[row.state][0], str(STATES[row.state][1])),
        ),
        Column(key="due_on", label=_("Ngày hết hạn"), kind="day", nowrap=True),
        Column(key="share", label=_("Đã qua"), kind="percent", decimals=0, bar=True),
        Column(key="running_days", label=_("Nhà đầu tư"), unit=_("ngày"), kind="number"),
        Column(key="board_days", label=_("Giao chậm"), unit=_("ngày"), kind="number"),
        Column(key="stopped_days", label=_("Tạm dừng"), unit=_("ngày"), kind="number"),
        Column(key="next_act", label=_("Việc tiếp theo"), value=act_word),
        Column(key="anchor_on", label=_("Tính từ"), kind="day", nowrap=True),
        Column(key="limit_months", label=_("Hạn"), unit=_("tháng"), kind="number"),
        Column(key="zone", label=_("Khu"), nowrap=True),
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One fact of the evidence: its day, what it says, its paper and change."""

    day: date
    title: str
    detail: str
    document: str
    document_id: UUID | None
    has_file: bool
    change: int
    change_id: UUID
    reason: str


def evidence_lines(found: Sequence[Fact], statuses: dict[str, Any]) -> list[Line]:
    """The facts in words."""
    return [
        Line(
            fact.day,
            str(FACTS[fact.kind]),
            _detail(fact, statuses),
            " · ".join(part for part in (fact.document_number, fact.issuer) if part),
            fact.document_id,
            bool(fact.has_file),
            fact.change,
            fact.change_id,
            fact.reason,
        )
        for fact in found
    ]


def _detail(fact: Fact, statuses: dict[str, Any]) -> str:
    match fact.kind:
        case "project":
            return str(statuses.get(fact.said, fact.said))
        case "contract":
            return _("%(count)s thửa", count=fact.said)
        case "milestone_planned" | "milestone_reached":
            return str(STEPS.get(fact.said, fact.said))
        case "suspension":
            until = formats.day(fact.until) if fact.until else _("chưa kết thúc")
            return f"{CAUSES[fact.said]}, {_('đến')} {until}"
        case "extension":
            return _("%(count)s tháng", count=fact.said)
        case "letter":
            return str(CLOCKS[fact.said])
        case "progress":
            return f"{formats.number(Decimal(fact.said), 0)} %"
        case "inspection":
            return fact.said or _("ghi chú có thông tin cá nhân")
        case _:
            return fact.said


def threshold_length(row: NewThreshold) -> str:
    """How long a threshold is."""
    if row.months is not None:
        return _("%(count)s tháng", count=row.months)
    return _("%(count)s ngày", count=row.days)


def schedule_words(row: ClockRow) -> str:
    """The step a schedule's clock watches; empty for the other clock."""
    return str(STEPS.get(row.step, row.step)) if row.step else ""
