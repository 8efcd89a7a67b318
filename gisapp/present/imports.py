"""The words of imports: layers, steps, outcomes, and findings as sentences for the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gisapp.import_texts import sentence
from gisapp.messages import render
from gisapp.present.formats import language
from gisapp.present.words import named
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from gisapp.jobs.model import ImportJob, ImportRow

LAYERS: dict[str, Any] = {
    "boundary": _l("Ranh giới khu"),
    "admin-units": _l("Đơn vị hành chính"),
    "parcels": _l("Thửa đất"),
    "plan-lots": _l("Lô đất quy hoạch"),
    "land-rights": _l("Quyền sử dụng đất"),
    "handovers": _l("Bàn giao mặt bằng"),
    "resettlement": _l("Khu tái định cư"),
    "projects": _l("Dự án đầu tư"),
}
STATUSES: dict[str, tuple[str, Any]] = {
    "uploaded": ("info", _l("Chờ chạy thử")),
    "checking": ("info", _l("Đang chạy thử")),
    "checked": ("warn", _l("Đã chạy thử, chờ ghi")),
    "approved": ("info", _l("Chờ ghi")),
    "writing": ("info", _l("Đang ghi")),
    "done": ("good", _l("Đã ghi")),
    "refused": ("bad", _l("Bị từ chối")),
    "failed": ("bad", _l("Hỏng giữa chừng")),
    "discarded": ("off", _l("Đã bỏ")),
}
STEPS: dict[str, Any] = {
    "": _l("Đang chờ"),
    "read": _l("Đọc tệp"),
    "node": _l("Nối các ranh chung"),
    "check": _l("Kiểm tra từng dòng"),
    "write": _l("Ghi thử vào sổ"),
}
OUTCOMES: dict[str, tuple[str, Any]] = {
    "accepted": ("good", _l("Đạt")),
    "repaired": ("warn", _l("Đã sửa")),
    "refused": ("bad", _l("Từ chối")),
}
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf8": "UTF-8",
    "cp1258": "Windows-1258",
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
}
PATIENCE_SECONDS = 30
PICTURE = 600
"""Longer side of the small picture, in its own units."""


def status_chip(status: str) -> tuple[str, str]:
    """The state colour and the word of a job's status."""
    colour, word = STATUSES[status]
    return colour, str(word)


def outcome_chip(outcome: str) -> tuple[str, str]:
    """The state colour and the word of a row's outcome."""
    colour, word = OUTCOMES[outcome]
    return colour, str(word)


def layer_name(layer: str) -> str:
    """What a layer is called."""
    return named(LAYERS, layer)


def step_name(job: ImportJob) -> str:
    """What the worker is doing."""
    if job.step == "write" and job.status == "writing":
        return str(STATUSES["writing"][1])
    return named(STEPS, job.step)


def sentences(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings as sentences with their severity and place."""
    return [
        {
            "text": sentence(finding, language()),
            "severity": finding["severity"],
            "place": finding.get("place"),
            "view": view_of(finding.get("place")),
        }
        for finding in findings
    ]


def view_of(place: Mapping[str, Any] | None) -> str:
    """The map's view of a place: `E,N,scale`, with room around it; empty without a place."""
    if place is None:
        return ""
    west, south, east, north = place["box"]
    scale = max(250, round(6 * max(east - west, north - south)))
    return f"{round(place['y_east'])},{round(place['x_north'])},{scale}"


def is_left_waiting(job: ImportJob) -> bool:
    """Whether nobody has taken the job up for a while: no worker is running."""
    age = dt.datetime.now(dt.UTC) - job.created_at
    return job.status == "uploaded" and job.attempts == 0 and age.total_seconds() > PATIENCE_SECONDS


def refusal(job: ImportJob) -> str:
    """Why a file was refused as a whole; empty when it was not."""
    error = (job.report or {}).get("error")
    return render(error["code"], error["context"], language()) if error else ""


def questions(job: ImportJob) -> dict[str, Any]:
    """What a run left to decide: parts to split, repeated numbers to allow, a plane to name."""
    report = job.report or {}
    codes = report.get("codes", {})
    told = report.get("error") or {}
    error = told.get("code", "")
    return {
        "explode": "row-multipart" in codes,
        "duplicates": "row-number-repeated" in codes or "row-number-in-register" in codes,
        "srid": error in ("crs-missing", "crs-missing-proposed"),
        "proposed_srid": (told.get("context") or {}).get("proposed_srid"),
        "encoding": error in ("encoding-undecided", "encoding-contradicted"),
        "layer": error == "layer-to-choose",
    }


def shown_row(row: ImportRow) -> dict[str, Any]:
    """A row as the table of results shows it."""
    return {
        "number": row.row_no,
        "part": row.part,
        "label": row.label,
        "outcome": outcome_chip(row.outcome),
        "area_before_m2": row.area_before_m2,
        "area_m2": row.area_m2,
        "findings": sentences(row.findings),
        "box": row.bbox,
    }


def picture(boxes: Sequence[tuple[str, Sequence[float]]]) -> dict[str, Any] | None:
    """Rows as small rectangles, north up, the refused on top; None without places."""
    if not boxes:
        return None
    west = min(box[0] for _, box in boxes)
    south = min(box[1] for _, box in boxes)
    wide = max(box[2] for _, box in boxes) - west
    high = max(box[3] for _, box in boxes) - south
    scale = PICTURE / (max(wide, high) or 1.0)
    drawn = [
        {
            "outcome": outcome,
            "x": round((box[0] - west) * scale, 1),
            "y": round((high - (box[3] - south)) * scale, 1),
            "width": round(max((box[2] - box[0]) * scale, 1.5), 1),
            "height": round(max((box[3] - box[1]) * scale, 1.5), 1),
        }
        for outcome, box in reversed(boxes)
    ]
    return {"width": wide * scale, "height": high * scale, "boxes": drawn}
