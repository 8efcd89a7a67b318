"""A NUL byte, which PostgreSQL cannot hold, is a bad request and never a fault of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gisapp.security.permissions import Role
from tests.web.conftest import Browser


@pytest.mark.parametrize(
    "path", ["/map?zone=%00", "/search?q=a%00b", "/api/v1/search?q=%00x", "/api/v1/zones/A%00"]
)
def test_a_nul_byte_is_a_bad_request(
    signed_in: Callable[[Role | None], Browser], path: str
) -> None:
    assert signed_in(Role.PLANNER).get(path).status_code in {400, 404, 422}
