"""The reader's own account: password, second factor, tokens for programs; signing out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.exceptions import BadRequest, NotFound

from gisapp.pages.parameters import parse_uuid
from gisapp.pages.refusing import said
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security import accounts, tokens
from gisapp.security.access import public, signed_in
from gisapp.security.guard import signed_in_user
from gisapp.security.login import check_password
from gisapp.security.model import User
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from gisapp.pages.refusing import Answer

pages = Blueprint("account", __name__)


class PasswordWrong(Refusal):
    """The present password was not given correctly."""

    code = "password-wrong"


class PasswordsDiffer(Refusal):
    """The new password was typed in two ways."""

    code = "passwords-differ"


def _reader() -> User:
    user = signed_in_user()
    if user is None:  # the guard let nobody else in
        raise NotFound
    return user


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pages.get("/logout")
@public
def leave() -> str:
    """Ask before signing out, for readers who come by the address."""
    return render_template("pages/account/logout.html")


@pages.get("/account")
@signed_in
def show() -> str:
    """The account as its owner sees it."""
    return _page()


@pages.post("/account/password")
@signed_in
def change_password() -> Answer:
    """A new password; every other session and every token of the reader ends."""
    try:
        _change_password(request.form)
    except Refusal as refusal:
        return _page(problem=said(refusal)), 422
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc."))
    return redirect(url_for("account.show"))


def _change_password(form: Mapping[str, str]) -> None:
    if form.get("new") != form.get("again"):
        raise PasswordsDiffer
    known, _wait_s = check_password(_reader().username, form.get("present", ""))
    if known is None:
        raise PasswordWrong
    with database().transaction() as db:
        user = accounts.find_user(db, known.username)
        accounts.set_password(db, user, form.get("new", ""), _now(), keep_session=session["sid"])


@pages.post("/account/tokens")
@signed_in
def create_token() -> str:
    """A new token, shown on this one page and never again."""
    name = request.form.get("name", "").strip()
    if not 1 <= len(name) <= 80:
        raise BadRequest
    with database().transaction() as db:
        token = tokens.create_token(db, _reader(), name, _now())
    return _page(new_token=token)


def _page(problem: str | None = None, new_token: str | None = None) -> str:
    with database().transaction() as db:
        mine = tokens.tokens_of(db, _reader().id, _now())
    return render_template(
        "pages/account/show.html", tokens=mine, new_token=new_token, problem=problem
    )


@pages.post("/account/tokens/<token_id>/revoke")
@signed_in
def revoke_token(token_id: str) -> Response:
    """End one of the reader's tokens."""
    with database().transaction() as db:
        if not tokens.revoke_token(db, _reader().id, parse_uuid(token_id), _now()):
            raise NotFound
    flash(_("Đã thu hồi mã truy cập."))
    return redirect(url_for("account.show"))
