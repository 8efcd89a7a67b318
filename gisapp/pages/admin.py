"""Quản trị: users, their roles and where they may look."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from gisapp.pages.refusing import said
from gisapp.present.frame import ROLE_NAMES
from gisapp.present.tables import Column, Filter, listing
from gisapp.present.words import folded, named
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security import accounts
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.model import User
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    import uuid

    from gisapp.pages.refusing import Answer

pages = Blueprint("admin", __name__)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _actor() -> uuid.UUID | None:
    user = signed_in_user()
    return user.id if user else None


def _columns() -> list[Column]:
    return [
        Column(
            key="username",
            label=_("Tên đăng nhập"),
            link=lambda user: url_for("admin.show", name=user.username),
            strong=True,
        ),
        Column(key="full_name", label=_("Họ tên")),
        Column(
            key="role", label=_("Vai trò"), value=lambda user: named(ROLE_NAMES, user.role_name)
        ),
        Column(key="places", label=_("Phạm vi"), value=_places, sortable=False),
        Column(key="state", label=_("Trạng thái"), kind="chip", value=_state),
        Column(key="created_at", label=_("Ngày tạo"), kind="day"),
    ]


def _places(user: User) -> str:
    codes = [place.board_code or place.zone_code or "" for place in user.scopes]
    return ", ".join(codes) if codes else _("toàn bộ")


def _state(user: User) -> tuple[str, str]:
    return ("good", _("Hoạt động")) if user.active else ("off", _("Đã khoá"))


@pages.get("")
@requires(Permission.ADMIN)
def users() -> str:
    """All users."""
    with database().transaction() as db:
        found = accounts.users(db)
    filters = [
        Filter("q", _("Tìm tên")),
        Filter("role", _("Vai trò"), [(role, str(word)) for role, word in ROLE_NAMES.items()]),
    ]
    wanted, role = folded(filters[0].current), filters[1].current
    rows = [
        user
        for user in found
        if wanted in folded(f"{user.username} {user.full_name or ''}")
        and (not role or user.role_name == role)
    ]
    shown = listing(rows, _columns(), default_sort="username", filters=filters)
    return render_template("pages/admin/users.html", listing=shown)


@pages.get("/users/new")
@requires(Permission.ADMIN)
def new() -> str:
    """The empty form of a new user."""
    return render_template("pages/admin/new.html", given={}, problem=None)


@pages.post("/users")
@requires(Permission.ADMIN)
def create() -> Answer:
    """Make a user."""
    form = request.form
    try:
        with database().transaction() as db:
            user = accounts.create_user(
                db,
                form.get("username", ""),
                accounts.role_named(form.get("role", "")),
                form.get("password", ""),
                full_name=form.get("full_name"),
                email=form.get("email"),
                actor_id=_actor(),
            )
    except Refusal as refusal:
        page = render_template("pages/admin/new.html", given=form, problem=said(refusal))
        return page, 422
    flash(_("Đã tạo người dùng %(name)s.", name=user.username))
    return redirect(url_for("admin.show", name=user.username))


@pages.get("/users/<name>")
@requires(Permission.ADMIN)
def show(name: str) -> str:
    """One user: role, scope, state."""
    return _page(name)


@pages.post("/users/<name>")
@requires(Permission.ADMIN)
def change(name: str) -> Answer:
    """Change role, full name and scope."""
    form = request.form
    try:
        with database().transaction() as db:
            accounts.change_user(
                db,
                accounts.find_user(db, name),
                role=accounts.role_named(form.get("role", "")),
                full_name=form.get("full_name"),
                places=form.getlist("place"),
                at=moment(db),
                actor_id=_actor(),
            )
    except Refusal as refusal:
        return _page(name, refusal), 422
    flash(_("Đã lưu."))
    return redirect(url_for("admin.show", name=name))


@pages.post("/users/<name>/password")
@requires(Permission.ADMIN)
def reset_password(name: str) -> Answer:
    """Give a user a new password; their sessions and tokens end."""
    password = request.form.get("password", "")
    try:
        with database().transaction() as db:
            user = accounts.find_user(db, name)
            accounts.set_password(db, user, password, _now(), actor_id=_actor())
    except Refusal as refusal:
        return _page(name, refusal), 422
    flash(_("Đã đặt mật khẩu mới; mọi phiên đăng nhập của người này đã kết thúc."))
    return redirect(url_for("admin.show", name=name))


@pages.post("/users/<name>/active")
@requires(Permission.ADMIN)
def set_active(name: str) -> Answer:
    """Close or open an account."""
    active = request.form.get("active") == "yes"
    try:
        with database().transaction() as db:
            accounts.set_active(db, accounts.find_user(db, name), active, _now(), actor_id=_actor())
    except Refusal as refusal:
        return _page(name, refusal), 422
    flash(_("Đã mở lại tài khoản.") if active else _("Đã khoá tài khoản."))
    return redirect(url_for("admin.show", name=name))


def _page(name: str, refusal: Refusal | None = None) -> str:
    with database().transaction() as db:
        user = accounts.find_user(db, name)
    with database().reading() as db:
        at = moment(db)
        places = [(board.code, board.name_vi) for board in boards(db, at)]
        places += [(zone.code, zone.name_vi) for zone in zones(db, at)]
    held = {place.board_code or place.zone_code for place in user.scopes}
    problem = said(refusal) if refusal else None
    return render_template(
        "pages/admin/show.html", user=user, places=places, held=held, problem=problem
    )
