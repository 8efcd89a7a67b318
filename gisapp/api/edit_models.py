"""What the operations on parcels are asked with: coordinates are E, N in metres of the plane."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from gisapp.api.models import Given
from gisapp.api.sight import ZONE_CODE

Metres = Annotated[float, Field(ge=-1_000_000, le=10_000_000)]
Corner = tuple[Metres, Metres]
Line = Annotated[list[Corner], Field(min_length=2, max_length=5_000)]
Parcels = Annotated[list[UUID], Field(min_length=1, max_length=500)]
Zone = Annotated[str, Field(pattern=ZONE_CODE)]
Label = Annotated[str, Field(min_length=1, max_length=40)]


class PreviewQuery(Given):
    """Whether to keep the operation or only to see what it would do."""

    preview: bool = Field(False, description="1: tính thử, không lưu · compute, keep nothing")
    lang: str | None = Field(None, pattern="^(vi|en)$", description="language of texts")


class ChangeAsked(Given):
    """A change to open."""

    document_id: UUID
    reason: str = Field(min_length=1, max_length=1_000)
    effective_on: date = Field(description="Ngày có hiệu lực · legal day of the change")
    kind: Literal["act", "correction"] = "act"
    document_page: int | None = Field(
        None, ge=1, le=9_999, description="Trang của văn bản nói về thay đổi này · page"
    )


class Reason(Given):
    """Why a change is undone or done again."""

    reason: str = Field("Hoàn tác", min_length=1, max_length=1_000)
    document_id: UUID | None = Field(None, description="default: the document of the change")


class Operation(Given):
    """Base: the version of every parcel that is named, as the client saw it."""

    versions: dict[UUID, int] = Field(default_factory=dict, max_length=500)

    def parameters(self) -> dict[str, Any]:
        """What is stored with the operation, without what was not said."""
        return self.model_dump(mode="json", exclude={"versions"}, exclude_none=True)


class Direction(Given):
    """Where a cut starts and how it advances; exactly one of the three."""

    bearing_deg: float | None = Field(None, ge=0, le=360, description="azimuth of the advance")
    side: (
        Literal[
            "north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"
        ]
        | None
    ) = Field(None, description="the part is cut off on this side")
    edge: tuple[Corner, Corner] | None = Field(None, description="parallel to this edge, at it")

    @model_validator(mode="after")
    def _one(self) -> Direction:
        if sum(each is not None for each in (self.bearing_deg, self.side, self.edge)) != 1:
            raise ValueError("direction")
        return self


class Split(Operation):
    """Tách thửa: by a line, by area, into equal parts, or along the lots of the plan."""

    parcel: UUID
    method: Literal["line", "area", "parts", "plan"]
    line: Line | None = None
    snap_m: float = Field(0.0, ge=0, le=1)
    area_m2: float | None = None
    area_ha: float | None = None
    parts: int | None = Field(None, ge=2, le=100)
    direction: Direction | None = None
    plan_version: UUID | None = None
    level: Literal["general", "subdivision", "detailed"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Split:
        if self.area_ha is not None and self.area_m2 is None:
            self.area_m2, self.area_ha = self.area_ha * 10_000, None
        needed = {"line": self.line, "area": self.area_m2, "parts": self.parts, "plan": True}
        if needed[self.method] is None:
            raise ValueError(self.method)
        if self.method in ("area", "parts") and self.direction is None:
            raise ValueError("direction")
        return self


class Merge(Operation):
    """Hợp thửa."""

    parcels: Parcels


class CornerEdit(Given):
    """Move a corner (`to`), take it away (`remove`), or insert one into a side (`insert`)."""

    corner: Corner | None = None
    to: Corner | None = None
    remove: bool = False
    side: tuple[Corner, Corner] | None = None
    insert: Corner | None = None

    @model_validator(mode="after")
    def _one(self) -> CornerEdit:
        inserts = self.side is not None and self.insert is not None and self.corner is None
        moves = self.corner is not None and self.side is None and (self.to is None) == self.remove
        if not inserts and not moves:
            raise ValueError("edit")
        return self


class Reshape(Operation):
    """Chỉnh ranh: corners of these parcels and of every neighbour that shares them."""

    parcels: Parcels
    edits: list[CornerEdit] = Field(min_length=1, max_length=500)


class Corridor(Operation):
    """Cắt hành lang: without `parcels`, every parcel of the zone's plane the strip meets."""

    parcels: Parcels | None = None
    zone: Zone | None = None
    centreline: Line
    width_m: float = Field(gt=0, le=1_000)
    ends: Literal["flat", "round"] = "flat"

    @model_validator(mode="after")
    def _somewhere(self) -> Corridor:
        if self.parcels is None and self.zone is None:
            raise ValueError("zone")
        return self


class TableRow(Given):
    """A row of a coordinate table as printed: X is the northing, Y the easting."""

    point: str | None = Field(None, max_length=40)
    x: float
    y: float


class Table(Given):
    """A coordinate table, pasted or row by row."""

    text: str | None = Field(None, max_length=100_000)
    rows: list[TableRow] | None = Field(None, max_length=5_000)
    order: Literal["xy", "yx"] | None = Field(None, description="default: told from the numbers")
    stated_area_m2: float | None = Field(None, gt=0)
    stated_edges_m: list[float | None] | None = Field(None, max_length=5_000)

    @model_validator(mode="after")
    def _one(self) -> Table:
        if (self.text is None) == (self.rows is None):
            raise ValueError("table")
        return self


class TableAsked(Table):
    """A coordinate table to be understood for a zone."""

    zone: Zone
    lang: str | None = Field(None, pattern="^(vi|en)$")


class Attributes(Given):
    """What is said of a parcel; what is not given stays, null takes it away."""

    land_use: Label | None = None
    legal_area_m2: float | None = Field(None, gt=0, lt=1e10)
    official_id: Label | None = None
    commune: Label | None = None
    sheet: Label | None = None
    number: Label | None = None


class Draw(Operation):
    """Vẽ thửa mới on free ground, by an outline or a coordinate table."""

    zone: Zone
    outline: Annotated[list[Corner], Field(min_length=3, max_length=5_000)] | None = None
    table: Table | None = None
    attributes: Attributes | None = None

    @model_validator(mode="after")
    def _one(self) -> Draw:
        if (self.outline is None) == (self.table is None):
            raise ValueError("outline")
        return self


class Retire(Operation):
    """Kết thúc thửa without successors."""

    parcels: Parcels


class Number(Given):
    """A parcel's new number."""

    commune: Label | None = None
    sheet: Label | None = None
    number: Label


class Renumber(Operation):
    """Đánh số lại."""

    numbers: dict[UUID, Number] = Field(min_length=1, max_length=500)


class SetAttributes(Operation):
    """Thuộc tính: what is said of one parcel."""

    parcel: UUID
    set: Attributes

    def parameters(self) -> dict[str, Any]:
        """Only what was given, nulls included."""
        given = self.set.model_dump(mode="json", exclude_unset=True)
        return {"parcel": str(self.parcel), "set": given}


class Clean(Operation):
    """Làm sạch: slivers and gaps in a block."""

    parcels: Parcels
    tolerance_m: float = Field(0.05, gt=0, le=0.10)
