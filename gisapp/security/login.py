"""Signing in and out: Flask-Security with our own form, throttle and living sessions."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, cast

from flask import Request, Response, after_this_request, current_app, g, request, session
from flask_login import user_logged_in, user_logged_out
from flask_security import (
    LoginForm,
    Security,
    SQLAlchemySessionUserDatastore,
    VerifyForm,
)
from flask_security.core import AnonymousUser
from flask_security.signals import tf_disabled, tf_profile_changed
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from gisapp import resources
from gisapp.running import database, database_of
from gisapp.security import passwords, sessions, throttle, tokens
from gisapp.security.events import EventKind, record
from gisapp.security.guard import for_programs
from gisapp.security.model import User, UserRole
from gisapp.security.one_time_codes import OneTimeCodes
from gisapp.texts import lazy_gettext as _l
from gisapp.texts import ngettext

if TYPE_CHECKING:
    from flask import Flask

    from gisapp.config import Settings

_WRONG = _l("Tên đăng nhập hoặc mật khẩu không đúng.")
_KEPT_IN_COOKIE = frozenset({"_user_id", "_fresh", "_id", "lang", "_flashes"})


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def check_password(username: str, password: str) -> tuple[User | None, int]:
    """Find the active user with this name and password; else ``None`` and the seconds to wait.

    The attempt is counted before the password is looked at, and an unknown name takes as long
    as a known one.
    """
    now = _now()
    with database().transaction() as db:
        attempt = throttle.attempt_of(db, request.remote_addr or "0.0.0.0", username, now)  # noqa: S104
        if wait_s := throttle.admit(db, attempt, now):
            record(db, EventKind.LOGIN_THROTTLED, wait_s=wait_s)
            return None, wait_s
    with database().transaction() as db:
        user = db.scalar(select(User).where(User.username == username))
    # no connection is held while a password is looked at: that takes long on purpose
    if user is None:
        passwords.waste_time(password)
    elif passwords.matches(password, user.password) and user.active:
        with database().transaction() as db:
            throttle.forgive(db, attempt, user.id, now)
            if passwords.outdated(user.password):
                record_of = update(User).where(User.id == user.id)
                db.execute(record_of.values(password=passwords.hash_password(password)))
        return user, 0
    with database().transaction() as db:
        record(db, EventKind.LOGIN_FAILED, user_id=user.id if user else None)
    return None, 0


def _answer_with(status: int, retry_after_s: int = 0) -> None:
    @after_this_request
    def set_status(response: Response) -> Response:
        response.status_code = status
        if retry_after_s:
            response.headers["Retry-After"] = str(retry_after_s)
        return response


def _refuse(field: PasswordField, wait_s: int) -> None:
    if wait_s:
        _answer_with(429, wait_s)
        text = ngettext(
            "Quá nhiều lần thử. Hãy thử lại sau %(num)d giây.",
            "Quá nhiều lần thử. Hãy thử lại sau %(num)d giây.",
            wait_s,
        )
    else:
        _answer_with(401)
        text = str(_WRONG)
    field.errors = [*field.errors, text]


class SignInForm(LoginForm):
    """User name and password; one and the same answer for every wrong pair."""

    email = None
    remember = None
    username = StringField(_l("Tên đăng nhập"), validators=[InputRequired(), Length(max=40)])
    password = PasswordField(_l("Mật khẩu"), validators=[InputRequired(), Length(max=200)])

    def validate(self, **kwargs: Any) -> bool:
        """Check the pair under the throttle."""
        if not super(LoginForm, self).validate(**kwargs):
            return False
        name = (self.username.data or "").strip().lower()
        self.user, wait_s = check_password(name, self.password.data or "")
        if self.user is None:
            _refuse(self.password, wait_s)
            return False
        self.ifield, self.user_authenticated = self.username, True
        return True


class AgainForm(VerifyForm):
    """The password once more before something weighty, under the same throttle."""

    password = PasswordField(_l("Mật khẩu"), validators=[InputRequired(), Length(max=200)])

    def validate(self, **kwargs: Any) -> bool:
        """Check the password of who is signed in."""
        if not super(VerifyForm, self).validate(**kwargs):
            return False
        user, wait_s = check_password(self.user.username or "", self.password.data or "")
        if user is None:
            _refuse(self.password, wait_s)
        return user is not None


def _user_of_cookie(fs_uniquifier: str) -> User | None:
    """Find the user of the session cookie, if the session is still alive in the database."""
    token, now = session.get("sid"), _now()
    if token is not None:
        found = _living_session(token, fs_uniquifier, now)
        if found is not None:
            if found[1]:
                _note_use(token, now)
            g.authenticated_by = "session"
            # Flask-Security reads these two on its own second-factor pages
            g.fs_authn_via, g.fs_paa = "session", session.get("fs_paa", 0)
            return found[0]
    for key in ("_user_id", "sid", "fs_paa"):
        session.pop(key, None)
    return None


def _living_session(token: str, fs_uniquifier: str, now: dt.datetime) -> tuple[User, bool] | None:
    try:
        with database().transaction() as db:
            return sessions.user_of_session(db, token, fs_uniquifier, now)
    except SQLAlchemyError:
        # the page that says so must not ask again who is reading it
        g._login_user = AnonymousUser()  # type: ignore[no-untyped-call]
        raise


def _note_use(token: str, now: dt.datetime) -> None:
    try:
        with database().transaction() as db:
            sessions.note_use(db, token, now)
    except OperationalError:
        # a full disk or a read-only standby must not sign out who only reads
        current_app.logger.warning("session use not noted: database does not write")


def _user_of_bearer(incoming: Request) -> User | None:
    """Find the user of an ``Authorization: Bearer`` token, on the paths for programs only."""
    given = incoming.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    if not for_programs(incoming.path):
        return None
    with database().transaction() as db:
        user = tokens.user_of_token(db, given.token, _now())
        if user is not None:
            db.flush()
            db.expunge(user)
            g.authenticated_by = "token"
    return user


def _on_sign_in(app: Flask, user: User, **_extra: object) -> None:
    """Start a living session with a fresh token; nothing of the browser's earlier session stays."""
    for key in [key for key in session if key not in _KEPT_IN_COOKIE]:
        session.pop(key)
    g.pop(app.config["WTF_CSRF_FIELD_NAME"], None)
    agent = request.user_agent.string
    with database_of(app).transaction() as db:
        session["sid"] = sessions.open_session(db, user.id, request.remote_addr, agent, _now())
        record(db, EventKind.LOGIN, user_id=user.id)


def _on_sign_out(app: Flask, user: User | None = None, **_extra: object) -> None:
    """End the living session, whoever holds copies of its cookie."""
    token, lang = session.get("sid"), session.get("lang")
    session.clear()
    if lang:
        session["lang"] = lang
    if token is None:
        return
    with database_of(app).transaction() as db:
        sessions.end_session(db, token, _now())
        record(db, EventKind.LOGOUT, user_id=getattr(user, "id", None))


def _on_second_factor(app: Flask, user: User, **_extra: object) -> None:
    with database_of(app).transaction() as db:
        record(db, EventKind.SECOND_FACTOR_CHANGED, user_id=user.id)


_TEXTS = {
    "INVALID_REDIRECT": _l("Chỉ chuyển tiếp trong nội bộ hệ thống."),
    "REAUTHENTICATION_REQUIRED": _l("Hãy nhập lại mật khẩu để tiếp tục."),
    "REAUTHENTICATION_SUCCESSFUL": _l("Đã xác nhận mật khẩu."),
    "TWO_FACTOR_INVALID_TOKEN": _l("Mã không đúng hoặc đã dùng rồi."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": _l("Đã đăng nhập."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": _l("Đã bật mã xác thực."),
    "TWO_FACTOR_DISABLED": _l("Đã tắt mã xác thực."),
    "TWO_FACTOR_PERMISSION_DENIED": _l("Hãy đăng nhập lại từ đầu."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": _l("Cách xác thực này không dùng được."),
    "TWO_FACTOR_SETUP_EXPIRED": _l("Đã quá thời gian thiết lập, hãy làm lại."),
    "INVALID_CODE": _l("Mã không đúng."),
    "ANONYMOUS_USER_REQUIRED": _l("Bạn đã đăng nhập rồi."),
}


def _account_sessions(app: Flask) -> scoped_session[Session]:
    def opened() -> Session:
        # asked for at each use: a forked worker has an engine of its own
        return Session(database_of(app).write_engine, expire_on_commit=False)

    return scoped_session(cast("sessionmaker[Session]", opened))


def set_up_login(app: Flask, settings: Settings) -> None:
    """Bring Flask-Security up on the account tables, in our words and on our pages."""
    key = app.config["SECRET_KEY"].encode()
    app.config |= {
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": str.lower}}],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_CACHE_CONTROL": None,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGIN_USER_TEMPLATE": "pages/account/login.html",
        "SECURITY_VERIFY_TEMPLATE": "pages/account/verify.html",
        "SECURITY_POST_VERIFY_VIEW": "/account",
        "SECURITY_FRESHNESS": dt.timedelta(minutes=15),
        "SECURITY_FRESHNESS_GRACE_PERIOD": dt.timedelta(minutes=5),
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "pages/account/second_factor.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "pages/account/code.html",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account",
        "SECURITY_TOTP_SECRETS": {"1": hashlib.sha256(b"gisapp totp:" + key).hexdigest()},
        "SECURITY_TOTP_ISSUER": "gisapp",
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(resources.TRANSLATIONS)],
        **{f"SECURITY_MSG_{name}": (text, "info") for name, text in _TEXTS.items()},
    }
    accounts = _account_sessions(app)

    @app.teardown_appcontext
    def give_back(_error: BaseException | None) -> None:
        accounts.remove()

    security = Security(
        app,
        SQLAlchemySessionUserDatastore(accounts, User, UserRole),
        login_form=SignInForm,
        verify_form=AgainForm,
        totp_cls=OneTimeCodes,
    )
    security.want_json(lambda _request: False)
    security.login_manager.session_protection = None
    security.login_manager.user_loader(_user_of_cookie)
    security.login_manager.request_loader(_user_of_bearer)
    user_logged_in.connect(_on_sign_in, app)
    user_logged_out.connect(_on_sign_out, app)
    tf_profile_changed.connect(_on_second_factor, app)
    tf_disabled.connect(_on_second_factor, app)
