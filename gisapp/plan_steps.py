"""Plans at the edge: finding what the reader may see, the word and the right of every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.messages import render
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import lazy_gettext as _l
from planning.errors import NotFound
from planning.plans.pipeline import plan_facts
from planning.plans.steps import LEADERS_STEPS
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.plans.pipeline import PlanFacts

STEP_WORDS: Mapping[str, Any] = {
    "proposed": _l("Đề xuất"),
    "task": _l("Nhiệm vụ quy hoạch"),
    "drafting": _l("Lập đồ án"),
    "consultation": _l("Lấy ý kiến"),
    "appraisal": _l("Thẩm định"),
    "approved": _l("Phê duyệt"),
    "published": _l("Công bố"),
    "superseded": _l("Đã thay thế"),
    "annulled": _l("Đã huỷ"),
}
"""The word of every step, in the order of the pipeline."""

DRAFT_STEPS = ("proposed", "task", "drafting", "consultation", "appraisal")
"""Steps at which a version may still be edited."""


def reason(code: str, number: int, done: str) -> str:
    """What a change of a version is recorded for; reasons are kept in Vietnamese."""
    return f"{code}, bản {number}: {done}"


ADJUSTING = {"local": "lập điều chỉnh cục bộ", "overall": "lập điều chỉnh tổng thể"}
"""What the beginning of an adjustment is recorded for."""


def step_reason(code: str, number: int, status: str) -> str:
    """The reason of a step, by its word."""
    return reason(code, number, render(f"step-{status}", {}, "vi"))


def step_permission(status: str) -> Permission:
    """Approval and what ends it are a leader's; every other step is a planner's."""
    return Permission.APPROVE if status in LEADERS_STEPS else Permission.EDIT


def seen_plan(db: Session, code: str) -> PlanFacts:
    """A plan of a zone the reader may see. Raises NotFound."""
    plan = plan_facts(db, code)
    reader_scope().require(find_zone(db, plan.zone))
    return plan


def version_id(plan: PlanFacts, number: int) -> UUID:
    """The id of a version by its number. Raises NotFound."""
    for known, found in plan.versions:
        if known == number:
            return found
    raise NotFound(kind="plan_version", key=f"{plan.code}/{number}")
