"""What is found by a search, in words, and the page that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.plans import step_word
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from planning.search import Hit

KINDS: Final[dict[str, Any]] = {
    "zone": _l("Khu"),
    "parcel": _l("Thửa đất"),
    "plan": _l("Quy hoạch"),
    "lot": _l("Lô quy hoạch"),
    "company": _l("Doanh nghiệp"),
    "project": _l("Dự án"),
    "document": _l("Văn bản"),
}


def _name(hit: Hit) -> str | None:
    return (language() == "en" and hit.name_en) or hit.name_vi


def numbered(title: str) -> str:
    """A parcel ``5/12`` as people say it: parcel 12, sheet 5."""
    sheet, _slash, number = title.rpartition("/")
    if not sheet:
        return _("Thửa %(number)s", number=number)
    return _("Thửa %(number)s, tờ %(sheet)s", number=number, sheet=sheet)


def label(hit: Hit) -> str:
    """The line a reader looks for."""
    if hit.kind == "parcel":
        return numbered(hit.title)
    if hit.kind == "plan":
        code, _slash, version = hit.title.rpartition("/")
        return _("%(plan)s, bản %(number)s", plan=code, number=version)
    if hit.kind in {"zone", "project"}:
        return _name(hit) or hit.title
    return hit.title


def detail(hit: Hit) -> str:
    """The line that tells it from others: its kind and where it is."""
    kind = str(KINDS[hit.kind])
    if hit.kind == "parcel" and hit.name_vi:
        kind = _("Trước là %(former)s", former=numbered(hit.name_vi))
    if hit.kind == "plan":
        kind = " · ".join([kind, _name(hit) or "", step_word(hit.note)])
    parts = [kind, hit.title if hit.kind in {"zone", "project"} else None]
    if hit.kind != "zone":
        parts.append(hit.zone)
    return " · ".join(part for part in parts if part)


def target(hit: Hit) -> str:
    """The address that shows it: the map of its zone, opened on it."""
    if hit.kind == "plan":
        code, _slash, version = hit.title.rpartition("/")
        return dated_url("plans.version", code=code, number=int(version))
    if hit.zone is None:
        return dated_url("map.show")
    shown: dict[str, object] = {"zone": hit.zone}
    if hit.kind != "zone":
        shown[hit.kind] = hit.id
    return dated_url("map.show", **shown)
