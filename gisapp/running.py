"""What the running application holds: its settings and its database."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

from gisapp.config import Settings
from gisapp.db import Database

if TYPE_CHECKING:
    from flask import Flask

_SETTINGS = "gisapp.settings"
_DATABASE = "gisapp.database"


def hold(app: Flask, settings: Settings, database: Database) -> None:
    """Give an application its settings and its database, once, when it is created."""
    app.extensions[_SETTINGS] = settings
    app.extensions[_DATABASE] = database


def settings() -> Settings:
    """The settings of the application that answers this request."""
    return cast("Settings", current_app.extensions[_SETTINGS])


def database() -> Database:
    """The database of the application that answers this request."""
    return database_of(current_app)


def database_of(app: Flask) -> Database:
    """The database of an application."""
    return cast("Database", app.extensions[_DATABASE])
