"""What a WSGI server calls: ``gunicorn 'gisapp.wsgi:application()'``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp import config, create_app
from gisapp.logs import configure_logs

if TYPE_CHECKING:
    from flask import Flask


def application() -> Flask:
    """The web application of this process's settings, with its log lines configured."""
    configure_logs()
    return create_app(config.load())
