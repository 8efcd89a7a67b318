"""The database of a command: opened from the settings, closed when the command ends."""

from __future__ import annotations

import click

from gisapp import config
from gisapp.config import Settings
from gisapp.db import Database


def opened(settings: Settings | None = None) -> Database:
    """Return the database; its connections are closed with the running command's context."""
    database = Database(settings or config.load())
    click.get_current_context().call_on_close(database.close)
    return database
