"""Projects in words: kinds, steps, lateness, columns of the list, money by currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from gisapp.present import formats
from gisapp.present.clocks import SHORT_CLOCKS, STATES
from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from planning.projects.queries import Capital
    from planning.projects.rates import Rate, Total
    from planning.projects.register import ProjectLine, Spent

KINDS: dict[str, Any] = {
    "fdi": _l("Đầu tư nước ngoài (FDI)"),
    "ddi": _l("Đầu tư trong nước (DDI)"),
    "public": _l("Đầu tư công"),
}
SHORT_KINDS: dict[str, Any] = {"fdi": "FDI", "ddi": "DDI", "public": _l("Công")}
STATUSES: dict[str, Any] = {
    "promoted": _l("Xúc tiến"),
    "policy_approved": _l("Chấp thuận chủ trương"),
    "certified": _l("Đã cấp GCN"),
    "land_secured": _l("Đã có đất"),
    "permitted": _l("Đã có giấy phép"),
    "under_construction": _l("Đang xây dựng"),
    "operating": _l("Đang hoạt động"),
    "expanding": _l("Mở rộng"),
    "suspended": _l("Tạm dừng"),
    "terminated": _l("Chấm dứt"),
    "land_recovered": _l("Đã thu hồi đất"),
}
LATENESS: dict[str, tuple[str, Any]] = {
    "overdue": ("bad", _l("Chậm trên 1 năm")),
    "late": ("bad", _l("Chậm trên 90 ngày")),
    "behind": ("warn", _l("Chậm đến 90 ngày")),
    "on_time": ("info", _l("Đúng tiến độ")),
    "done": ("good", _l("Đã vận hành")),
    "over": ("off", _l("Đã chấm dứt")),
}
"""Classes of lateness, the worst first; the same words stand in the legend of the map."""
LATE: Final = ("overdue", "late", "behind")
STEPS: dict[str, Any] = {
    "land": _l("Nhận đất"),
    "permit": _l("Giấy phép"),
    "construction": _l("Khởi công"),
    "installation": _l("Lắp đặt"),
    "operation": _l("Vận hành"),
}
CERTIFICATES: dict[str, Any] = {
    "policy_approval": _l("Chấp thuận chủ trương đầu tư"),
    "irc": _l("Giấy chứng nhận đăng ký đầu tư"),
}
CHANGED: dict[str, Any] = {
    "name": _l("tên"),
    "investor": _l("nhà đầu tư"),
    "capital": _l("vốn"),
    "land": _l("đất"),
    "schedule": _l("tiến độ"),
    "term": _l("thời hạn"),
    "scale": _l("quy mô"),
    "other": _l("nội dung khác"),
}
TOUCHED: dict[str, Any] = {
    "project": _l("lập dự án"),
    "facts": _l("thông tin"),
    "capital": _l("vốn"),
    "land": _l("đất"),
    "milestone": _l("mốc"),
    "progress": _l("tiến độ"),
    "certificate": _l("giấy chứng nhận"),
    "term": _l("thời hạn"),
    "disbursement": _l("giải ngân"),
    "workers": _l("lao động"),
    "inspection": _l("kiểm tra"),
    "photo": _l("ảnh"),
}
_SCALES: Final[dict[str, tuple[int, Any]]] = {"VND": (1_000_000_000, _l("tỷ đ"))}


@dataclass(frozen=True)
class Shown:
    """A project of the list with its money by currency."""

    line: ProjectLine
    registered: Mapping[str, Decimal]
    implemented: Mapping[str, Decimal]

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return project_name(self.line)


@dataclass(frozen=True)
class MapWords:
    """Words of projects for the map's scripts, by code."""

    lateness: Mapping[str, str]
    kinds: Mapping[str, str]
    statuses: Mapping[str, str]
    steps: Mapping[str, str]
    clocks: Mapping[str, str]
    clock_states: Mapping[str, tuple[str, str]]


def map_words() -> MapWords:
    """The words the map says of projects: those of the lists."""
    kinds, statuses, steps, clocks = (
        {key: str(word) for key, word in each.items()}
        for each in (KINDS, STATUSES, STEPS, SHORT_CLOCKS)
    )
    return MapWords(
        lateness={key: str(word) for key, (_colour, word) in LATENESS.items()},
        kinds=kinds,
        statuses=statuses,
        steps=steps,
        clocks=clocks,
        clock_states={key: (colour, str(word)) for key, (colour, word) in STATES.items()},
    )


def with_money(line: ProjectLine, capital: Sequence[Capital]) -> Shown:
    """A project of the list."""
    return Shown(
        line,
        {each.currency: each.registered for each in capital},
        {each.currency: each.implemented for each in capital if each.implemented is not None},
    )


def project_name(line: ProjectLine) -> str:
    """What a project is called in the reader's language."""
    return (language() == "en" and line.name_en) or line.name_vi


def columns(currencies: Iterable[str]) -> list[Column]:
    """Columns of the list; every currency has its own pair, for they are never added up."""
    money = [column for code in currencies for column in _money_columns(code)]
    return [
        Column(
            key="code", label=_("Mã"), strong=True, nowrap=True, value=lambda p: p.line.code,
            link=lambda p: dated_url("projects.show", code=p.line.code),
        ),
        Column(key="name", label=_("Tên dự án"), value=lambda p: p.name),
        Column(key="lateness", label=_("Tiến độ"), kind="chip", value=lambda p: chip(p.line)),
        _days("late_days", _("Chậm"), lambda p: p.line.late_days or None),
        Column(
            key="kind", label=_("Loại"), nowrap=True,
            value=lambda p: _word(SHORT_KINDS, p.line.kind),
        ),
        Column(key="investor", label=_("Nhà đầu tư"), value=lambda p: p.line.investor),
        Column(key="zone", label=_("Khu"), nowrap=True, value=lambda p: p.line.zone),
        Column(key="status", label=_("Trạng thái"), value=lambda p: _word(STATUSES, p.line.status)),
        Column(
            key="area_m2", label=_("Đất"), kind="hectares", unit="ha", total=True,
            value=lambda p: p.line.area_m2,
        ),
        *money,
        Column(
            key="next_step", label=_("Mốc tiếp theo"),
            value=lambda p: _word(STEPS, p.line.next_step),
        ),
        Column(
            key="next_on", label=_("Dự kiến"), kind="day", nowrap=True,
            value=lambda p: p.line.next_on,
        ),
        _percent("planned_pct", _("Kế hoạch"), lambda p: p.line.planned_pct),
        _percent("actual_pct", _("Thực tế"), lambda p: p.line.actual_pct),
        Column(
            key="workers", label=_("Lao động"), kind="number", total=True,
            value=lambda p: p.line.workers,
        ),
    ]  # fmt: skip


def _word(words: Mapping[str, Any], code: str | None) -> str:
    return "" if code is None else str(words.get(code, code))


def _days(key: str, label: str, value: Any) -> Column:
    return Column(key=key, label=label, kind="number", unit=_("ngày"), value=value)


def _percent(key: str, label: str, value: Any) -> Column:
    def share(row: Any) -> Decimal | None:
        found = value(row)
        return None if found is None else Decimal(found) / 100

    return Column(key=key, label=label, kind="percent", decimals=0, value=share)


def _money_columns(code: str) -> list[Column]:
    divisor, unit = scale(code)

    def column(key: str, label: str, read: Any) -> Column:
        def value(row: Shown) -> Decimal | None:
            held = read(row).get(code)
            return None if held is None else held / divisor

        return Column(
            key=f"{key}-{code.lower()}", label=label, kind="number", unit=unit, decimals=2,
            value=value, total=True,
        )  # fmt: skip

    return [
        column("registered", _("Vốn đăng ký"), lambda row: row.registered),
        column("implemented", _("Vốn thực hiện"), lambda row: row.implemented),
    ]


def scale(code: str) -> tuple[int, str]:
    """In which unit a currency is shown in lists: billions of đồng, millions of others."""
    divisor, word = _SCALES.get(code, (1_000_000, None))
    return divisor, str(word) if word else _("triệu %(currency)s", currency=code)


def chip(line: ProjectLine) -> tuple[str, str]:
    """The lateness of a project as a chip: colour and word."""
    colour, word = LATENESS[line.lateness]
    return colour, str(word)


def money(amount: Decimal | None, code: str) -> str:
    """An amount in full with its currency: 12.000.000 USD."""
    if amount is None:
        return formats.NOTHING
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{formats.number(amount, decimals)}\u00a0{'đ' if code == 'VND' else code}"


def short_money(amount: Decimal | None, code: str) -> str:
    """An amount in the unit of lists: 12,00 triệu USD."""
    if amount is None:
        return formats.NOTHING
    divisor, unit = scale(code)
    return f"{formats.number(amount / divisor, 2)}\u00a0{unit}"


def rate_words(rates: Iterable[Rate]) -> str:
    """The rates a sum was made with, each with its day and source."""
    return "; ".join(
        _(
            "1 %(currency)s = %(rate)s đ, ngày %(day)s, theo %(document)s",
            currency=each.currency,
            rate=formats.number(each.dong_per_unit, _decimals(each.dong_per_unit)),
            day=formats.day(each.day),
            document=each.document,
        )
        for each in rates
    )


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


@dataclass(frozen=True)
class Sum:
    """Money together as it may be said: by currency, and in đồng only with its rates."""

    parts: tuple[str, ...]
    dong: str | None
    by: str


def summed(total: Total) -> Sum:
    """A total in words: never one number without the rates it hangs on."""
    parts = tuple(short_money(amount, code) for code, amount in sorted(total.by_currency.items()))
    if total.missing and len(total.by_currency) < 2:
        return Sum(parts, None, "")
    if total.missing:
        lacking = ", ".join(total.missing)
        return Sum(parts, None, _("không cộng các loại tiền: chưa có tỷ giá của %(c)s", c=lacking))
    if not total.rates:
        return Sum(parts, None, "")
    return Sum(parts, short_money(total.dong, "VND"), rate_words(total.rates))


def excess(capital: Sequence[Capital], spent: Sequence[Spent]) -> list[str]:
    """What deserves a second look: more spent than registered. It is said, never refused."""
    registered = {each.currency: each.registered for each in capital}
    out: dict[str, Decimal] = {}
    for each in spent:
        out[each.currency] = out.get(each.currency, Decimal()) + (each.actual or 0)
    told = {each.currency: each.implemented or Decimal() for each in capital}
    lines = []
    for code in sorted({*out, *told}):
        most = max(out.get(code, Decimal()), told.get(code, Decimal()))
        if most > registered.get(code, Decimal()):
            lines.append(
                _(
                    "đã giải ngân %(spent)s, nhiều hơn vốn đăng ký %(registered)s",
                    spent=money(most, code),
                    registered=money(registered.get(code, Decimal()), code),
                )
            )
    return lines


def certificate_title(certificate: str, amendment: int) -> str:
    """What a certificate is called: the base by its kind, an amendment by its number."""
    name = str(CERTIFICATES[certificate])
    return _("%(name)s, điều chỉnh lần %(n)s", name=name, n=amendment) if amendment else name


def behind_words(step: str | None, days: int, on: date | None) -> str:
    """How a project stands, in one line."""
    if not days or step is None:
        return ""
    return _(
        "Mốc “%(step)s” dự kiến %(on)s, chậm %(days)s ngày",
        step=str(STEPS[step]),
        on=formats.day(on),
        days=formats.number(days),
    )
