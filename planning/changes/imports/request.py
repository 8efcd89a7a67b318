"""What a person asks of an import: which file rows become what, where, from which day, by which
document.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Layer(StrEnum):
    """What the rows of a file become."""

    BOUNDARY = "boundary"
    ADMIN_UNITS = "admin-units"
    PARCELS = "parcels"
    PLAN_LOTS = "plan-lots"
    LAND_RIGHTS = "land-rights"
    HANDOVERS = "handovers"
    RESETTLEMENT = "resettlement"
    PROJECTS = "projects"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The document an import hangs on: no document, no write."""

    number: str
    issued_on: date
    issuer: str
    kind: str = "decision"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One import as asked for.

    `effective_on` is the legal day the rows hold from; None means the day the document was
    issued. `srid` is the VN-2000
    plane a person states for a file that does not (never overrides one that does). `explode` and
    `allow_duplicates` are answers to questions a first run asked.
    """

    layer: Layer
    zone_code: str
    document: Certificate
    actor: str
    file_name: str = ""
    effective_on: date | None = None
    correction: bool = False
    partial: bool = False
    explode: bool = False
    allow_duplicates: bool = False
    srid: int | None = None
    plan_code: str | None = None
    plan_version: int | None = None
    certainty: str | None = None
    level: str = "commune"

    @property
    def day(self) -> date:
        """The legal day the rows hold from."""
        return self.effective_on or self.document.issued_on

    def as_json(self) -> dict[str, Any]:
        """Return the request as plain JSON values."""
        plain = asdict(self)
        plain["layer"] = self.layer.value
        plain["document"]["issued_on"] = self.document.issued_on.isoformat()
        plain["effective_on"] = self.effective_on.isoformat() if self.effective_on else None
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Request:
        """Read back what `as_json` wrote."""
        document = dict(plain["document"])
        document["issued_on"] = date.fromisoformat(document["issued_on"])
        effective = plain.get("effective_on")
        return cls(
            **{
                **plain,
                "layer": Layer(plain["layer"]),
                "document": Certificate(**document),
                "effective_on": date.fromisoformat(effective) if effective else None,
            }
        )
