"""Steps of plans at the edge: which right each asks for, and its word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.security.permissions import Permission
from gisapp.texts import lazy_gettext as _l
from planning.plans.steps import LEADERS_STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def step_permission(status: str) -> Permission:
    """Approval and what ends it are a leader's; every other step is a planner's."""
    return Permission.APPROVE if status in LEADERS_STEPS else Permission.EDIT
