"""The web application put together, in the order in which a request meets the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apiflask import APIFlask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from gisapp import resources
from gisapp.assets import serve_assets
from gisapp.blueprints import register_blueprints
from gisapp.db import Database
from gisapp.errors import answer_errors
from gisapp.logs import log_requests
from gisapp.present.columns import remember_columns
from gisapp.present.formats import LEGAL_TIME, add_filters
from gisapp.present.frame import add_frame
from gisapp.present.languages import choose_language, reader_language
from gisapp.refusals import SettingMissing
from gisapp.running import hold
from gisapp.security.guard import stand_guard
from gisapp.security.headers import set_headers
from gisapp.security.login import set_up_login
from gisapp.security.sessions import PageCookie

if TYPE_CHECKING:
    from flask import Flask

    from gisapp.config import Settings

_FORM_BYTES = 500_000
_FORM_PARTS = 100


def build(settings: Settings) -> Flask:
    """Put the application together; see :func:`gisapp.create_app`."""
    if settings.secret_key is None:
        raise SettingMissing(name="GISAPP_SECRET_KEY", because="create_app")
    app = APIFlask(
        "gisapp",
        title="gisapp",
        version="1",
        spec_path=None,
        docs_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]  # Flask takes None: no folder
        template_folder=str(resources.TEMPLATES),
    )
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "MAX_FORM_MEMORY_SIZE": _FORM_BYTES,
        "MAX_FORM_PARTS": _FORM_PARTS,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # the guard asks for the token itself, so that bearer tokens can do without
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_DEFAULT_TIMEZONE": LEGAL_TIME.key,
        "BABEL_TRANSLATION_DIRECTORIES": str(resources.TRANSLATIONS),
    }
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.session_interface = PageCookie()
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    hold(app, settings, Database(settings))

    log_requests(app)
    set_headers(app, settings.basemap_xyz_url)
    Babel(app, locale_selector=reader_language)
    choose_language(app)
    csrf = CSRFProtect(app)
    set_up_login(app, settings)
    stand_guard(app, csrf)
    serve_assets(app)
    answer_errors(app)
    add_filters(app)
    add_frame(app)
    remember_columns(app)
    register_blueprints(app)
    return app
