"""Who the caller is: the first question of every program that got a token."""

from __future__ import annotations

from pydantic import Field

from gisapp.api.models import Answer, api_blueprint
from gisapp.security.access import signed_in
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import GRANTS
from gisapp.security.scope import scope_of

api = api_blueprint("me", __name__, "Tài khoản · account")


class Me(Answer):
    """The caller, the role, what it allows and where."""

    name: str
    role: str
    permissions: list[str]
    boards: list[str] = Field(description="boards the caller is limited to; empty with zones: all")
    zones: list[str] = Field(description="zones the caller is limited to")


@api.get("/me")
@api.output(Me)
@api.doc(summary="Tôi là ai · who am I")
@signed_in
def me() -> Me:
    """The caller's name, role, permissions and scope."""
    user = signed_in_user()
    assert user is not None  # noqa: S101 - the guard let nobody else in
    scope = scope_of(user)
    return Me(
        name=user.username,
        role=str(user.role),
        permissions=sorted(GRANTS[user.role]),
        boards=sorted(scope.boards),
        zones=sorted(scope.zones),
    )
