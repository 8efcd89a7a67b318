"""What errors of the web itself say, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from pydantic import ValidationError

TITLES: dict[int, Any] = {
    400: _l("Yêu cầu không hợp lệ"),
    401: _l("Cần đăng nhập"),
    403: _l("Không được phép"),
    404: _l("Không tìm thấy"),
    405: _l("Cách gọi không được hỗ trợ"),
    406: _l("Không có dạng trả lời này"),
    409: _l("Xung đột dữ liệu"),
    410: _l("Không còn nữa"),
    412: _l("Dữ liệu đã thay đổi"),
    413: _l("Dữ liệu gửi lên quá lớn"),
    415: _l("Dạng dữ liệu không được hỗ trợ"),
    422: _l("Dữ liệu không hợp lệ"),
    428: _l("Thiếu điều kiện phiên bản"),
    429: _l("Quá nhiều yêu cầu"),
    500: _l("Lỗi hệ thống"),
    503: _l("Tạm thời không phục vụ được"),
    507: _l("Hết chỗ lưu trữ"),
}

_SENTENCES: dict[str, Any] = {
    "http-400": _l("Máy chủ không hiểu yêu cầu này."),
    "http-401": _l("Hãy đăng nhập rồi thử lại."),
    "http-403": _l("Vai trò của bạn không mở được trang hay thao tác này."),
    "http-404": _l("Địa chỉ này không có gì, hoặc nằm ngoài phạm vi của bạn."),
    "http-405": _l("Địa chỉ này không nhận cách gọi vừa dùng."),
    "http-413": _l("Nội dung gửi lên vượt quá mức cho phép."),
    "http-415": _l("Hãy gửi dữ liệu ở dạng mà địa chỉ này nhận, ví dụ application/json."),
    "http-429": _l("Bạn gọi quá nhanh. Hãy chờ một lát rồi thử lại."),
    "page-expired": _l("Trang này đã mở quá lâu. Hãy tải lại trang rồi làm lại."),
    "tls-needed": _l(
        "Đăng nhập qua mạng cần kết nối HTTPS. Hãy mở bằng địa chỉ https://, "
        "hoặc ngay trên máy chủ."
    ),
    "overlap": _l("Phần đất này chồng lên phần đã có trong sổ. Không có gì được ghi."),
    "already-exists": _l("Đã có bản ghi mang mã này. Không có gì được ghi."),
    "still-referenced": _l("Bản ghi khác còn dùng đến, hoặc bản ghi được nêu không có."),
    "value-missing": _l("Thiếu một giá trị bắt buộc. Không có gì được ghi."),
    "value-out-of-range": _l("Một giá trị nằm ngoài khoảng cho phép. Không có gì được ghi."),
    "rule-violated": _l("Dữ liệu trái với một quy tắc của sổ. Không có gì được ghi."),
    "history-is-kept": _l("Lịch sử đã ghi thì không sửa hay xoá được."),
    "try-again": _l("Người khác đang ghi cùng chỗ. Hãy thử lại sau vài giây."),
    "took-too-long": _l("Câu hỏi này mất quá nhiều thời gian nên đã dừng. Hãy thu hẹp phạm vi."),
    "disk-full": _l("Máy chủ hết chỗ lưu trữ: chỉ xem được, chưa ghi được."),
    "read-only": _l("Cơ sở dữ liệu đang ở chế độ chỉ đọc: chưa ghi được."),
    "database-away": _l("Chưa kết nối được cơ sở dữ liệu. Hãy thử lại sau ít phút."),
    "busy": _l("Máy chủ đang bận. Hãy thử lại sau vài giây."),
    "internal": _l("Có lỗi ngoài dự kiến; không có gì được ghi. Hãy báo mã yêu cầu cho quản trị."),
}

_WRONG_FIELDS: dict[str, Any] = {
    "missing": _l("thiếu giá trị"),
    "extra_forbidden": _l("không có trường này"),
    "int_parsing": _l("phải là số nguyên"),
    "int_type": _l("phải là số nguyên"),
    "float_parsing": _l("phải là số"),
    "float_type": _l("phải là số"),
    "decimal_parsing": _l("phải là số"),
    "finite_number": _l("phải là số hữu hạn"),
    "bool_parsing": _l("phải là đúng hoặc sai"),
    "string_type": _l("phải là chữ"),
    "uuid_parsing": _l("phải là mã định danh UUID"),
    "date_from_datetime_parsing": _l("phải là ngày dạng YYYY-MM-DD"),
    "date_parsing": _l("phải là ngày dạng YYYY-MM-DD"),
    "datetime_from_date_parsing": _l("phải là thời điểm ISO 8601"),
    "datetime_parsing": _l("phải là thời điểm ISO 8601"),
    "timezone_aware": _l("phải là thời điểm có múi giờ"),
    "json_invalid": _l("không phải là JSON đúng"),
}


def sentence(code: str) -> str:
    """The sentence for a code of the web itself; a general one for a status without its own."""
    if code in _SENTENCES:
        return str(_SENTENCES[code])
    return _("Yêu cầu này không thực hiện được.")


def field_errors(error: ValidationError, language: str) -> list[dict[str, str]]:
    """Which fields of the input are wrong and how, in the reader's language.

    What was sent is not repeated in the answer.
    """
    found = []
    for item in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in item["loc"]) or "*"
        found.append({"field": name, "message": _wrong_field(dict(item), language)})
    return found


def _wrong_field(item: dict[str, Any], language: str) -> str:
    kind, limits = item["type"], item.get("ctx", {})
    if kind in _WRONG_FIELDS:
        return str(_WRONG_FIELDS[kind])
    if kind in {"literal_error", "enum"}:
        return _("phải là một trong: %(expected)s", expected=limits.get("expected", ""))
    if kind == "string_too_long":
        return _("dài quá %(count)s ký tự", count=limits.get("max_length"))
    if kind in {"greater_than_equal", "greater_than"}:
        return _("phải từ %(limit)s trở lên", limit=limits.get("ge", limits.get("gt")))
    if kind in {"less_than_equal", "less_than"}:
        return _("phải từ %(limit)s trở xuống", limit=limits.get("le", limits.get("lt")))
    if language == "en":
        return str(item["msg"])
    return _("giá trị không hợp lệ")
