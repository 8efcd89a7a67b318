"""Trợ giúp: how to read the pages, the keys, and who may do what, from the one table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from gisapp.security.access import signed_in
from gisapp.security.permissions import GRANTS, Permission, Role
from gisapp.texts import lazy_gettext as _l

pages = Blueprint("help", __name__)

PERMISSION_NAMES: dict[Permission, Any] = {
    Permission.READ: _l("Xem bản đồ, sổ, chỉ tiêu; xuất dữ liệu không có thông tin cá nhân"),
    Permission.EDIT: _l("Sửa thửa, quy hoạch, quyền, dự án; mở và ghi thay đổi"),
    Permission.IMPORT: _l("Nhập tệp vào sổ"),
    Permission.APPROVE: _l("Duyệt, huỷ, miễn; không bao giờ việc của chính mình"),
    Permission.SEAL: _l("Chốt số liệu, phát hành báo cáo, gói dữ liệu nộp tỉnh"),
    Permission.CLEARANCE_STEPS: _l("Các bước và số tiền giải phóng mặt bằng"),
    Permission.HOUSEHOLD: _l("Dữ liệu của hộ dân; mỗi lần xem đều được ghi lại"),
    Permission.AUDIT: _l("Nhật ký và các lần chốt"),
    Permission.ADMIN: _l("Người dùng, cài đặt, bảng quy tắc và định nghĩa"),
}


@pages.get("/help")
@signed_in
def show() -> str:
    """The help page."""
    return render_template(
        "pages/help/show.html",
        permissions=PERMISSION_NAMES.items(),
        roles=tuple(Role),
        grants=GRANTS,
    )
