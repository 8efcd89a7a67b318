"""Who may read notes and photos that name or show people."""

from __future__ import annotations

from gisapp.security.guard import can
from gisapp.security.permissions import Permission


def may_see_people() -> bool:
    """Whether the reader edits the register or works with households."""
    return can(Permission.EDIT) or can(Permission.HOUSEHOLD)
