"""Every route says who may open it; a route that says nothing is closed to all.

A view function is marked with :func:`requires`, :func:`signed_in` or :func:`public`.
:func:`declared_access` reads the mark back; the guard and the tests use it.
Views that come from libraries are listed in :data:`LIBRARY_ENDPOINTS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from gisapp.security.permissions import Permission, Role, may

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

View = TypeVar("View", bound="Callable[..., Any]")

_MARK = "__access__"


@dataclass(frozen=True)
class Access:
    """Who may open a route: everybody, who is signed in, holders of a permission, nobody."""

    everybody: bool = False
    nobody: bool = False
    permission: Permission | None = None
    uploads: bool = False
    """Whether a whole file may be sent: only then may a request be larger than a form."""

    def admits(self, role: Role | None) -> bool:
        """Say whether somebody of this role (``None``: not signed in) may pass."""
        if self.everybody:
            return True
        if role is None or self.nobody:
            return False
        return self.permission is None or may(role, self.permission)


PUBLIC = Access(everybody=True)
SIGNED_IN = Access()
CLOSED = Access(nobody=True)

LIBRARY_ENDPOINTS: Mapping[str, Access] = MappingProxyType(
    {
        "security.login": PUBLIC,
        "security.logout": PUBLIC,
        "security.verify": SIGNED_IN,
        "security.two_factor_setup": PUBLIC,
        "security.two_factor_setup_validate": SIGNED_IN,
        "security.two_factor_token_validation": PUBLIC,
        # there is one kind of second factor, and it is reset by an administrator
        "security.two_factor_rescue": CLOSED,
        "security.tf_select": CLOSED,
    }
)
"""Views of Flask-Security; those of the second factor are part of signing in."""


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, access)
        return view

    return mark


def requires(permission: Permission, *, uploads: bool = False) -> Callable[[View], View]:
    """Open a route to the roles that hold ``permission``; write it directly above the function."""
    return _mark(Access(permission=permission, uploads=uploads))


signed_in = _mark(SIGNED_IN)
"""Open a route to everybody who is signed in."""

public = _mark(PUBLIC)
"""Open a route to the world; nothing about land may be in its answer."""


def declared_access(app: Flask, endpoint: str) -> Access | None:
    """Read what a route declared, or ``None`` when it declared nothing."""
    if endpoint in LIBRARY_ENDPOINTS:
        return LIBRARY_ENDPOINTS[endpoint]
    view = app.view_functions.get(endpoint)
    access = getattr(view, _MARK, None)
    return access if isinstance(access, Access) else None
