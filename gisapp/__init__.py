"""The application: HTTP, sessions, configuration, jobs, command line, private database cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from gisapp.config import Settings


def create_app(settings: Settings) -> Flask:
    """Make the web application from its settings; connections are made when first needed.

    Raises:
        SettingMissing: there is no key to sign sessions with.
        VendorFilesMissing: the browser packages have not been copied.
    """
    from gisapp.web import build  # the command line starts without loading the web

    return build(settings)
