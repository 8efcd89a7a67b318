"""Reading the variable parts of addresses."""

from __future__ import annotations

import uuid

from werkzeug.exceptions import NotFound


def parse_uuid(text: str) -> uuid.UUID:
    """Read an identifier; what is not one leads nowhere.

    Raises:
        NotFound
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None
