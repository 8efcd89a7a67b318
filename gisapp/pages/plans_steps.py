"""Steps of plans on the web: a step, approval, annulment.

Whatever moves figures is shown first: the form is sent with ``go=preview``, done for rehearsal and
undone, and sent again from the page that told what would follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.exc import DBAPIError

from gisapp.comparing import foreseen
from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, day_asked, word_asked
from gisapp.pages.once import named_refusal, new_key, written_once
from gisapp.pages.plans import version_page
from gisapp.plan_steps import STEP_WORDS, seen_plan, step_permission, step_reason, version_id
from gisapp.present import plans as words
from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import can, signed_in_user
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.changes.plan_preview import rehearse_step
from planning.clocks import today
from planning.errors import PlanningError
from planning.plans.approval import approve, mark
from planning.plans.errors import ApprovalNeedsLeader, MovedMeanwhile
from planning.plans.steps import advance, annul, standing
from planning.records.commands import note_event, open_change, register_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.plans.pipeline import PlanFacts

pages = Blueprint("plans_steps", __name__)

FORM_FIELDS = ("status", "document", "issued", "issuer", "day", "waits_for", "revive", "seen")


@dataclass(frozen=True)
class Asked:
    """A form read: what to do, on which document, from which day, by whom."""

    status: str
    number: str
    issued: date
    issuer: str
    day: date
    waits_for: str
    revive: bool
    actor: str

    def change(self, db: Session, reason: str) -> tuple[int, UUID]:
        """Open the change of this form on its document."""
        document = register_document(
            db, number=self.number, issued_on=self.issued, issuer=self.issuer, actor=self.actor
        )
        opened = open_change(
            db,
            kind="act",
            reason=reason,
            actor=self.actor,
            effective_on=self.day,
            document_id=document,
        )
        return opened, document


def asked_step(status: str = "") -> Asked:
    """Read a form on a document. Raises FormRefused."""
    form = request.form
    issued = day_asked(form, "issued", needed=True) or today()
    user = signed_in_user()
    return Asked(
        status,
        word_asked(form, "document"),
        issued,
        word_asked(form, "issuer"),
        day_asked(form, "day") or issued,
        form.get("waits_for", "").strip()[:200],
        bool(form.get("revive")),
        user.username if user else "",
    )


@pages.post("/<code>/<int:number>/steps")
@requires(Permission.EDIT)
def step(code: str, number: int) -> Answer:
    """Record a step before approval, or publication."""
    status = request.form.get("status", "")
    if status not in STEP_WORDS:
        return refused_on_page(code, number, FormRefused(field="status"))
    if not can(step_permission(status)):
        return refused_on_page(code, number, ApprovalNeedsLeader(status=status))

    def work(db: Session, held: UUID, asked: Asked) -> None:
        change, document = asked.change(db, step_reason(code, number, status))
        advance(
            db,
            change,
            plan_version_id=held,
            status=status,
            day=asked.day,
            document_id=document,
            waits_for=asked.waits_for,
        )

    return _previewed(code, number, status, work)


@pages.post("/<code>/<int:number>/approval")
@requires(Permission.APPROVE)
def approval(code: str, number: int) -> Answer:
    """Approve: in force from its day, in place of the plan's version until then."""

    def work(db: Session, held: UUID, asked: Asked) -> None:
        change, document = asked.change(db, step_reason(code, number, "approved"))
        approve(
            db,
            change,
            plan_version_id=held,
            day=asked.day,
            document_id=document,
            seen=request.form.get("seen") or None,
            waits_for=asked.waits_for,
        )

    return _previewed(code, number, "approved", work)


@pages.post("/<code>/<int:number>/annulment")
@requires(Permission.APPROVE)
def annulment(code: str, number: int) -> Answer:
    """Annul from a day on, which may lie in the past."""

    def work(db: Session, held: UUID, asked: Asked) -> None:
        seen = request.form.get("seen")
        if seen and seen != mark(db, held):
            raise MovedMeanwhile(plan=code, number=number)
        change, document = asked.change(db, step_reason(code, number, "annulled"))
        annul(
            db,
            change,
            plan_version_id=held,
            day=asked.day,
            decision_id=document,
            revive=asked.revive,
        )
        note_event(
            db,
            actor=asked.actor,
            action="plan-annulled",
            subject=f"{code}/{number}",
            detail={"from": asked.day.isoformat(), "change": change},
        )

    return _previewed(code, number, "annulled", work)


def _previewed(
    code: str, number: int, status: str, work: Callable[[Session, UUID, Asked], None]
) -> Answer:
    """Rehearse and show, or do; a refusal is said on the version's page and nothing is lost."""
    try:
        asked = asked_step(status)
        with database().reading() as db:
            plan = seen_plan(db, code)
            held = version_id(plan, number)
        if request.form.get("go") != "write":
            return _preview(plan, number, held, asked, work)

        def whole(db: Session) -> str:
            work(db, held, asked)
            return str(STEP_WORDS[status])

        said = written_once(asked.actor, whole, seconds=60)
    except (Refusal, PlanningError) as refused:
        return refused_on_page(code, number, refused)
    flash(
        _(
            "Đã ghi bước “%(step)s” của %(plan)s, bản %(number)s.",
            step=said,
            plan=code,
            number=number,
        )
    )
    return redirect(dated_url("plans.version", code=code, number=number))


def _preview(
    plan: PlanFacts,
    number: int,
    held: UUID,
    asked: Asked,
    work: Callable[[Session, UUID, Asked], None],
) -> Answer:
    try:
        with database().transaction(seconds=60) as db:
            seen = mark(db, held)
            stands = standing(db, held)
            expected = rehearse_step(db, plan.zone, asked.day, lambda db: work(db, held, asked))
    except DBAPIError as error:
        raise named_refusal(error) from error
    given = {name: request.form.get(name, "") for name in FORM_FIELDS}
    given |= {"seen": seen, "day": asked.day.isoformat(), "go": "write"}
    return render_template(
        "pages/plans/step.html",
        plan=plan,
        number=number,
        asked=asked,
        standing=stands,
        figures=words.figure_rows(expected.figures),
        expected=expected,
        given=given,
        once=new_key(),
        words=words,
        foreseen=foreseen(held, asked.day) if asked.status == "approved" else None,
    )


def refused_on_page(code: str, number: int, refused: Refusal | PlanningError) -> Answer:
    """The page of the version with the refusal on it; what was typed stays."""
    return version_page(code, number, render(refused.code, refused.context, language())), 422
