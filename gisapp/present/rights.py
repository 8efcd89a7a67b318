"""Land rights in words: kinds, payment, uses of a developer's land, columns of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gisapp.present.day import dated_url
from gisapp.present.formats import day as day_words
from gisapp.present.formats import square_metres
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from planning.tenure.idle import TractParcel
    from planning.tenure.parties import PartyLine
    from planning.tenure.powers import Verdict
    from planning.tenure.register import RightLine

KINDS: Final[dict[str, Any]] = {
    "state_allocation": _l("Nhà nước giao đất"),
    "state_lease": _l("Nhà nước cho thuê đất"),
    "sub_lease": _l("Cho thuê lại đất"),
    "reservation": _l("Giữ chỗ"),
}
SHORT_KINDS: Final[dict[str, Any]] = {
    "state_allocation": _l("Giao đất"),
    "state_lease": _l("Cho thuê"),
    "sub_lease": _l("Thuê lại"),
    "reservation": _l("Giữ chỗ"),
}
KIND_CHIPS: Final = {
    "state_allocation": "allocated",
    "state_lease": "allocated",
    "sub_lease": "leased",
    "reservation": "reserved",
}
PAYMENTS: Final[dict[str, Any]] = {
    "one_off": _l("Trả một lần"),
    "annual": _l("Trả hằng năm"),
    "exempt": _l("Miễn tiền thuê"),
}
PARTY_KINDS: Final[dict[str, Any]] = {
    "authority": _l("Cơ quan nhà nước"),
    "board": _l("Ban quản lý"),
    "company": _l("Doanh nghiệp"),
    "cooperative": _l("Hợp tác xã"),
    "person": _l("Cá nhân"),
}
USES: Final[dict[str, Any]] = {
    "let": _l("Đã cho thuê lại"),
    "reserved": _l("Giữ chỗ"),
    "own": _l("Chủ đầu tư tự dùng"),
    "shared": _l("Đất không cho thuê theo quy hoạch"),
    "unplanned": _l("Chưa có quy hoạch"),
    "idle": _l("Bỏ trống, cho thuê được"),
}
SHORT_USES: Final[dict[str, Any]] = {
    "let": _l("Thuê lại"),
    "reserved": _l("Giữ chỗ"),
    "own": _l("Tự dùng"),
    "shared": _l("Không cho thuê"),
    "unplanned": _l("Chưa có quy hoạch"),
    "idle": _l("Bỏ trống"),
}
VERIFICATIONS: Final[dict[str, Any]] = {
    "verified": _l("đã đối chiếu nguồn"),
    "unverified": _l("chưa kiểm chứng"),
}


def person(name: str | None) -> str:
    """A party's name; who is a natural person is not named."""
    return name or _("Cá nhân")


def right_url(right_id: UUID) -> str:
    """The page of a right on the day looked at."""
    return dated_url("rights.show", right_id=right_id)


def list_url() -> str:
    """The list of rights on the day looked at."""
    return dated_url("rights.listing")


def party_url(party_id: UUID) -> str:
    """The page of a party on the day looked at."""
    return dated_url("parties.show", party_id=party_id)


def term(day: date, ends: date | None) -> tuple[str, str] | None:
    """How soon a right ends, as a chip; None when it does not end within five years."""
    if ends is None:
        return None
    left = (ends - day).days
    if left <= 183:
        return "bad", _("trong 6 tháng")
    if left <= 365:
        return "warn", _("trong 12 tháng")
    return ("info", _("trong 5 năm")) if left <= 1826 else None


def note(line: RightLine, day: date) -> tuple[str, str] | None:
    """What of a right asks for attention: it ends soon, contract and ground are apart."""
    soon = term(day, line.ends_on)
    if not line.apart:
        return soon
    apart = _("lệch quá sai số")
    return (soon[0], f"{apart}, {soon[1]}") if soon else ("warn", apart)


def tolerance_words(line: RightLine) -> str:
    """How far contract and ground may differ, and whether they do."""
    if line.tolerance_m2 is None or line.difference_m2 is None:
        return ""
    return f"± {square_metres(line.tolerance_m2)}"


def right_columns(day: date) -> list[Column]:
    """Rights as the list shows them; a file holds the same."""
    return [
        Column(key="number", label=_("Số"), link=lambda row: right_url(row.id), strong=True),
        Column(
            key="kind", label=_("Loại"), kind="chip",
            value=lambda row: (KIND_CHIPS[row.kind], str(SHORT_KINDS[row.kind])),
        ),
        Column(key="zone", label=_("Khu"), nowrap=True),
        Column(
            key="lessor", label=_("Bên cho thuê"), value=lambda row: person(row.lessor),
            link=lambda row: party_url(row.lessor_id),
        ),
        Column(
            key="lessee", label=_("Bên thuê"), value=lambda row: person(row.lessee),
            link=lambda row: party_url(row.lessee_id),
        ),
        Column(key="ends_on", label=_("Hết hạn"), kind="day", nowrap=True),
        Column(key="parcels", label=_("Thửa"), kind="number", sortable=False),
        Column(
            key="contract_area_m2", label=_("Theo hợp đồng"), kind="square_metres", unit="m²",
            total=True,
        ),
        Column(key="measured_m2", label=_("Đo được"), kind="square_metres", unit="m²"),
        Column(key="difference_m2", label=_("Chênh"), kind="square_metres", unit="m²"),
        Column(
            key="tolerance_m2", label=_("Sai số cho phép"), kind="square_metres", unit="m²",
            sortable=False,
        ),
        Column(
            key="payment", label=_("Tiền thuê"),
            value=lambda row: str(PAYMENTS[row.payment_mode]) if row.payment_mode else "",
        ),
        Column(
            key="note", label=_("Lưu ý"), kind="chip", sortable=False,
            value=lambda row: note(row, day),
        ),
    ]  # fmt: skip


def idle_columns(names: dict[UUID, str], numbers: dict[UUID, str]) -> list[Column]:
    """Idle parcels of developers: whose, under which decision, how much, since when."""
    return [
        Column(
            key="name", label=_("Tờ/thửa"), strong=True,
            link=lambda row: dated_url("map.show", zone=row.zone, parcel=row.id),
        ),
        Column(key="zone", label=_("Khu"), nowrap=True),
        Column(
            key="developer", label=_("Chủ đầu tư hạ tầng"),
            value=lambda row: person(names.get(row.developer_id)),
            link=lambda row: party_url(row.developer_id),
        ),
        Column(
            key="right", label=_("Quyết định"), value=lambda row: numbers.get(row.right_id, ""),
            link=lambda row: right_url(row.right_id),
        ),
        Column(
            key="idle_m2", label=_("Bỏ trống"), kind="hectares", unit="ha", total=True, decimals=4
        ),
        Column(key="since", label=_("Trống từ ngày"), kind="day", nowrap=True),
        Column(key="days", label=_("Số ngày"), kind="number"),
    ]  # fmt: skip


def party_columns() -> list[Column]:
    """Parties with what they hold in the zones in sight; contract areas."""
    return [
        Column(
            key="name", label=_("Tên"), strong=True, value=lambda row: person(row.name),
            link=lambda row: party_url(row.id),
        ),
        Column(key="tax_code", label=_("Mã số thuế"), nowrap=True),
        Column(key="kind", label=_("Loại"), value=lambda row: str(PARTY_KINDS[row.kind])),
        Column(key="rights", label=_("Quyền"), kind="number", total=True),
        Column(key="zones", label=_("Khu"), kind="number"),
        Column(
            key="state_m2", label=_("Nhà nước giao, cho thuê"), kind="hectares", unit="ha",
            total=True,
        ),
        Column(key="leased_m2", label=_("Thuê lại"), kind="hectares", unit="ha", total=True),
        Column(key="reserved_m2", label=_("Giữ chỗ"), kind="hectares", unit="ha", total=True),
        Column(key="granted", label=_("Quyền đã cấp"), kind="number", total=True),
    ]  # fmt: skip


def tax_words(party: PartyLine) -> str:
    """What is to be said of a tax code; empty when it is in order, or there is none."""
    if party.tax_code_fits is not False:
        return ""
    return _("Số kiểm tra không khớp; cách tính chưa kiểm chứng, xem lại giấy chứng nhận.")


def verdict_words(verdict: Verdict | None) -> str:
    """What the dated powers say of who granted a right; empty when nothing needs saying."""
    if verdict is None or (verdict.standing == "power" and verdict.proven):
        return ""
    if verdict.power is None:
        return _(
            "Không thấy căn cứ nào cho loại bên này cấp quyền ấy vào ngày đó; xem lại văn bản."
        )
    if verdict.standing == "ended":
        return _(
            "Bên cấp quyền không còn thẩm quyền từ %(day)s (%(clause)s).",
            day=day_words(verdict.power.valid_to), clause=verdict.power.end_clause,
        )  # fmt: skip
    return _("Căn cứ %(clause)s: chưa kiểm chứng.", clause=verdict.power.clause)


def days_idle(parcel: TractParcel, day: date) -> int | None:
    """For how many days a parcel has lain idle, the day looked at counted."""
    return None if parcel.since is None else (day - parcel.since).days + 1
