"""Which roles sign in with a second factor."""

from __future__ import annotations

from gisapp.running import database
from gisapp.security.permissions import GRANTS, Permission, Role
from planning.records.queries import is_demo

WEIGHTY = frozenset({Permission.ADMIN, Permission.HOUSEHOLD})
"""Who holds one of these signs in with a second factor, except on a database marked demo."""


def must_have(role: Role) -> bool:
    """Say whether a role may not sign in with a password alone on this database."""
    if not GRANTS[role] & WEIGHTY:
        return False
    with database().reading() as session:
        return not is_demo(session)
