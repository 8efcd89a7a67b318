"""Who may do what: the one table from which routes, menus, tiles, exports and tests are driven.

Six roles of a management board and nine things a role may be allowed to do.
Nothing else in the application decides on rights: a route names its permission
(:mod:`gisapp.security.access`), a menu entry names the permission of its page,
and the tests walk every route with every role against this table.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Permission(StrEnum):
    """One thing a role may do."""

    READ = "read"
    """Map, registers, indicators and exports without personal data."""
    EDIT = "edit"
    """Parcels, plans, rights and projects; open and commit changes."""
    IMPORT = "import"
    """Bring files into the register."""
    APPROVE = "approve"
    """Approve, annul, waive; never one's own work."""
    SEAL = "seal"
    """Seal figures, issue reports and the provincial package."""
    CLEARANCE_STEPS = "clearance_steps"
    """Steps and amounts of site clearance."""
    HOUSEHOLD = "household"
    """Personal data of households; every reading is logged."""
    AUDIT = "audit"
    """Audit trail and seals."""
    ADMIN = "admin"
    """Users, settings, rulebook and definition tables."""


class Role(StrEnum):
    """The six roles; a user has exactly one."""

    VIEWER = "viewer"
    LEADER = "leader"
    PLANNER = "planner"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: frozenset({Permission.READ}),
        Role.LEADER: frozenset({Permission.READ, Permission.APPROVE, Permission.SEAL}),
        Role.PLANNER: frozenset(
            {
                Permission.READ,
                Permission.EDIT,
                Permission.IMPORT,
                Permission.SEAL,
                Permission.CLEARANCE_STEPS,
            }
        ),
        Role.OFFICER: frozenset(
            {Permission.READ, Permission.CLEARANCE_STEPS, Permission.HOUSEHOLD}
        ),
        Role.AUDITOR: frozenset({Permission.READ, Permission.AUDIT}),
        Role.ADMIN: frozenset({Permission.READ, Permission.ADMIN}),
    }
)
"""The table. The technical administrator has no household right and cannot approve."""


def may(role: Role | None, permission: Permission) -> bool:
    """Say whether a role holds a permission; nobody (``None``) holds any."""
    return role is not None and permission in GRANTS[role]
