"""Sheets as the browser and other programs are told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gisapp.messages import render
from gisapp.present.formats import language
from gisapp.texts import lazy_gettext as _l
from layers.raster.warping import Laid

if TYPE_CHECKING:
    from layers.raster.georeference import Fit
    from planning.plans.sheets.queries import SheetRow

STATUS_CHIPS: Final = {
    "reading": ("info", _l("Đang đọc tệp")),
    "unreadable": ("bad", _l("Không đọc được")),
    "to_place": ("warn", _l("Cần đặt điểm khống chế")),
    "to_lay": ("warn", _l("Cần chuyển sang bản đồ")),
    "laying": ("info", _l("Đang chuyển sang bản đồ")),
    "failed": ("bad", _l("Chưa chuyển được")),
    "ready": ("good", _l("Đã lên bản đồ")),
}
KINDS: Final = {"sheet": _l("Bản vẽ quét"), "dem": _l("Mô hình độ cao (DEM)")}
TRANSFORMS: Final = {
    "helmert": _l("Đồng dạng (Helmert)"),
    "affine": _l("Affine"),
    "polynomial": _l("Đa thức bậc 2"),
}
STEPS: Final = {
    "": _l("Đang chờ máy"),
    "read": _l("Đọc tệp gốc"),
    "pyramid": _l("Dựng ảnh xem trước"),
    "warp": _l("Đưa lên lưới toạ độ"),
    "cog": _l("Ghi COG"),
}
_PUBLIC: Final = (
    "id", "zone_code", "srid", "kind", "title", "scale_denominator", "plan_version_id", "plan_code",
    "plan_number", "document_id", "document_number", "document_issued_on", "file_name",
    "file_size", "file_sha256", "page", "width", "height", "reference_id", "origin", "transform",
    "points", "placement", "rms_m", "rms_mm", "alone_rms_m", "placed_by", "placed_at",
    "uploaded_by", "uploaded_at", "outline", "status",
)  # fmt: skip


def sheet_json(row: SheetRow) -> dict[str, Any]:
    """A sheet with its notes in the reader's language, the work on it, and where it lies."""
    told: dict[str, Any] = {name: getattr(row, name) for name in _PUBLIC}
    tone, words = STATUS_CHIPS[row.status]
    told |= {"status_tone": tone, "status_text": str(words)}
    told["notes"] = notes(row)
    told["dpi"] = row.facts.get("dpi")
    told["job"] = job_json(row)
    told["ready"] = row.map_sha256 is not None
    told["version"] = None if row.map_sha256 is None else row.map_sha256[:12]
    told["picture"] = None if row.picture_sha256 is None else row.picture_sha256[:12]
    if row.laid is not None:
        laid = Laid(**row.laid)
        told["map"] = {"zoom": laid.zoom, "extent": laid.box, "metres_a_pixel": laid.metres_a_pixel}
    return told


def job_json(row: SheetRow) -> dict[str, Any] | None:
    """The last work on a sheet: which, how far, and why it ended if it did not go well."""
    if row.job_id is None:
        return None
    error = row.error and render(row.error["code"], row.error["context"], language())
    return {
        "id": row.job_id,
        "task": row.task,
        "status": row.job_status,
        "step": row.step,
        "step_text": str(STEPS.get(row.step or "", "")),
        "done": row.done,
        "total": row.total,
        "error": error,
    }


def notes(row: SheetRow) -> list[str]:
    """What was converted on the way in, in the reader's language."""
    return [render(each["code"], each["context"], language()) for each in row.facts["notes"]]


def fit_json(found: Fit) -> dict[str, Any]:
    """A fit as the table of points shows it: metres, millimetres of the sheet, the worst point."""
    return {
        "kind": found.placement.kind.value,
        "placement": found.placement.as_json(),
        "points": [
            {
                "easting_m": each.easting_m,
                "northing_m": each.northing_m,
                "error_m": each.error_m,
                "error_mm": each.error_mm,
                "alone_m": each.alone_m,
            }
            for each in found.points
        ],
        "rms_m": found.rms_m,
        "rms_mm": found.rms_mm,
        "alone_rms_m": found.alone_rms_m,
        "worst": found.worst,
        "metres_a_pixel": found.metres_a_pixel,
        "scale_denominator": found.stated_scale,
    }
