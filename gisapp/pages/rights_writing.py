"""Forms of land rights: grant, reserve, prolong, hand on, change, end, each on a document."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest

from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, day_asked, word_asked
from gisapp.pages.once import new_key, written_once
from gisapp.pages.refusing import said
from gisapp.pages.rights import right_page, seen_zones
from gisapp.pages.rights_idle import pages
from gisapp.present import rights as words
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment, today
from planning.errors import NotFound, PlanningError
from planning.records.commands import open_change, register_document
from planning.tenure.commands import (
    Grant,
    NewParty,
    cancel,
    change_terms,
    hand_on,
    let,
    prolong,
    reserve,
    stop,
    stop_part,
)
from planning.tenure.naming import parcels_named
from planning.tenure.picture import zone_of
from planning.tenure.powers import powers
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

__all__ = ["pages"]

LESSEE_KINDS = ("company", "cooperative")


@dataclass(frozen=True)
class Act:
    """A change opened on the document of the form, for its day."""

    change: int
    document_id: UUID
    day: date


def actor() -> str:
    """Who is asking, by user name."""
    user = signed_in_user()
    return user.username if user else "-"


def act(db: Session, reason: str, kind: str) -> Act:
    """Open a change on the document and day of this form; the day may lie ahead, as far as the
    register allows. Raises FormRefused.
    """
    form = request.form
    issued = day_asked(form, "issued", needed=True) or today()
    day = day_asked(form, "day") or issued
    paper = register_document(
        db, number=word_asked(form, "document"), issued_on=issued,
        issuer=word_asked(form, "issuer"), actor=actor(), kind=kind,
    )  # fmt: skip
    made = open_change(
        db, kind="act", reason=reason, actor=actor(), effective_on=day, document_id=paper
    )
    return Act(made, paper, day)


@pages.get("/new")
@requires(Permission.EDIT)
def new() -> str:
    """The form that grants a right: ``?kind=&zone=&parcels=12/1,12/2``."""
    return grant_page()


def grant_page(problem: str | None = None) -> str:
    """The grant form, with what was typed and what refused it."""
    day = shown_day()
    kind = request.form.get("kind") or request.args.get("kind") or "sub_lease"
    if kind not in words.KINDS:
        raise BadRequest
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen, law = seen_zones(db, at), powers(db)
    given = {**request.args.to_dict(), **request.form.to_dict()}
    picked = request.args.getlist("parcel")
    if picked and not given.get("parcels"):
        given["parcels"] = ", ".join(picked)
    return render_template(
        "pages/rights/new.html", kind=kind, zones=seen, words=words, given=given, once=new_key,
        problem=problem, powers=[each for each in law if each.right_kind == kind],
    )  # fmt: skip


@pages.post("")
@requires(Permission.EDIT)
def grant() -> Answer:
    """Grant a State allocation or lease, a sub-lease, or reserve land until a day."""
    made: list[UUID] = []

    def work(db: Session) -> str:
        form = request.form
        kind, number = word_asked(form, "kind"), word_asked(form, "number")
        if kind not in words.KINDS:
            raise FormRefused(field="kind")
        zone = find_zone(db, word_asked(form, "zone"), moment(db))
        reader_scope().require(zone)
        ends = day_asked(form, "term_ends", needed=kind == "reservation")
        paper = "contract" if kind == "sub_lease" else "decision"
        done = act(db, f"{words.KINDS[kind]}: {number}", paper)
        parcels = parcels_named(db, zone.id, form.get("parcels", ""), done.day)
        lessee = NewParty(
            word_asked(form, "lessee"), _tax_code("lessee_tax_code"),
            _one_of("lessee_kind", LESSEE_KINDS) or "company",
        )  # fmt: skip
        purpose = form.get("purpose", "").strip()[:300] or None
        if kind == "reservation":
            if ends is None:
                raise FormRefused(field="term_ends")
            made.append(
                reserve(
                    db, done.change, zone, parcels, lessee, number, ends, since=done.day,
                    purpose=purpose, document_id=done.document_id,
                )
            )  # fmt: skip
            return _("Đã giữ chỗ %(number)s.", number=number)
        lessor = None
        if kind != "sub_lease":
            lessor = NewParty(
                word_asked(form, "lessor"), None,
                _one_of("lessor_kind", tuple(words.PARTY_KINDS)) or "authority",
            )  # fmt: skip
        found = let(
            db, done.change,
            Grant(
                kind, zone.id, number, lessee, parcels, done.day, ends,
                area_m2=_area("contract_area"), lessor=lessor,
                payment_mode=_one_of("payment_mode", tuple(words.PAYMENTS)),
                purpose=purpose, investor_licensed=not form.get("unlicensed"),
                document_id=done.document_id,
            ),
        )  # fmt: skip
        made.append(found.id)
        parts = [_("Đã ghi %(number)s.", number=number)]
        if found.fulfilled:
            text = _("Giữ chỗ đã thành hợp đồng: %(numbers)s.", numbers=", ".join(found.fulfilled))
            parts.append(text)
        parts.append(words.verdict_words(found.verdict))
        return " ".join(part for part in parts if part)

    problem = _attempt(work)
    if isinstance(problem, Said):
        flash(problem.text)
        return redirect(words.right_url(made[-1]) if made else words.list_url())
    return grant_page(problem), 422


@pages.post("/<uuid:right_id>/prolong")
@requires(Permission.EDIT)
def prolong_it(right_id: UUID) -> Answer:
    """Prolong a right to a later last day."""

    def work(db: Session, number: str) -> str:
        ends = day_asked(request.form, "term_ends", needed=True)
        if ends is None:
            raise FormRefused(field="term_ends")
        done = act(db, _("Gia hạn %(number)s", number=number), "contract")
        prolong(
            db, done.change, right_id=right_id, day=done.day, term_ends=ends,
            document_id=done.document_id,
        )  # fmt: skip
        return _("Đã gia hạn %(number)s.", number=number)

    return _written(right_id, work)


@pages.post("/<uuid:right_id>/transfer")
@requires(Permission.EDIT)
def transfer(right_id: UUID) -> Answer:
    """Hand a right on to another lessee; a tract takes its sub-leases along."""

    def work(db: Session, number: str) -> str:
        lessee = NewParty(
            word_asked(request.form, "lessee"), _tax_code("lessee_tax_code"),
            _one_of("lessee_kind", LESSEE_KINDS) or "company",
        )  # fmt: skip
        done = act(db, _("Chuyển nhượng %(number)s", number=number), "contract")
        moved = hand_on(
            db, done.change, right_id=right_id, day=done.day, lessee=lessee,
            document_id=done.document_id,
        )  # fmt: skip
        text = _("Đã chuyển %(number)s.", number=number)
        more = _("%(count)s hợp đồng cho thuê lại đổi bên cho thuê.", count=moved)
        return f"{text} {more}" if moved else text

    return _written(right_id, work)


@pages.post("/<uuid:right_id>/change")
@requires(Permission.EDIT)
def change(right_id: UUID) -> Answer:
    """Change area, payment, purpose or parcels by an appendix; what is left empty stays."""

    def work(db: Session, number: str) -> str:
        form = request.form
        done = act(db, _("Phụ lục %(number)s", number=number), "contract")
        named = form.get("parcels", "").strip()
        area, pays = _area("contract_area"), _one_of("payment_mode", tuple(words.PAYMENTS))
        purpose = form.get("purpose", "").strip()[:300] or None
        if not (named or area or pays or purpose):
            raise FormRefused(field="contract_area")
        land = parcels_named(db, zone_of(db, right_id), named, done.day) if named else None
        change_terms(
            db, done.change, right_id=right_id, day=done.day, area_m2=area, payment_mode=pays,
            purpose=purpose, parcels=land, document_id=done.document_id,
        )  # fmt: skip
        return _("Đã ghi phụ lục của %(number)s.", number=number)

    return _written(right_id, work)


@pages.post("/<uuid:right_id>/end")
@requires(Permission.EDIT)
def end(right_id: UUID) -> Answer:
    """End a right whole or for some parcels; ``what=cancel`` cancels a reservation."""

    def work(db: Session, number: str) -> str:
        form = request.form
        done = act(db, _("Chấm dứt %(number)s", number=number), "decision")
        named = form.get("parcels", "").strip()
        if form.get("what") == "cancel":
            cancel(db, done.change, right_id=right_id, day=done.day)
            return _("Đã huỷ giữ chỗ %(number)s.", number=number)
        if named:
            land = parcels_named(db, zone_of(db, right_id), named, done.day)
            stop_part(
                db, done.change, right_id=right_id, day=done.day, parcels=land,
                area_m2=_area("contract_area"), document_id=done.document_id,
            )  # fmt: skip
            return _("Đã chấm dứt một phần %(number)s.", number=number)
        stop(db, done.change, right_id=right_id, day=done.day)
        return _("Đã chấm dứt %(number)s.", number=number)

    return _written(right_id, work)


@dataclass(frozen=True)
class Said:
    """What a form did, for the reader."""

    text: str


def _written(right_id: UUID, work: Callable[[Session, str], str]) -> Answer:
    """Do the work of a right's form once; back to its page, or the page with the refusal."""

    def seen(db: Session) -> str:
        at = moment(db)
        zone = zone_of(db, right_id)
        if zone not in {each.id for each in seen_zones(db, at, any_board=True)}:
            raise NotFound(kind="land_right", key=str(right_id))
        return work(db, request.form.get("number", "").strip()[:120] or str(right_id))

    done = _attempt(seen)
    if isinstance(done, Said):
        flash(done.text)
        return redirect(words.right_url(right_id))
    return right_page(right_id, done), 422


def _attempt(work: Callable[[Session], str]) -> Said | str:
    """The word of thanks, or the sentence of the refusal."""
    try:
        return Said(written_once(actor(), work))
    except NotFound as missing:
        if missing.context.get("kind") in ("land_right", "zone"):
            raise
        return render(missing.code, missing.context, language())
    except PlanningError as refused:
        return render(refused.code, refused.context, language())
    except Refusal as refusal:
        return said(refusal)


def _one_of(name: str, options: tuple[str, ...]) -> str | None:
    given = request.form.get(name, "").strip()
    if given and given not in options:
        raise FormRefused(field=name)
    return given or None


def _tax_code(name: str) -> str | None:
    given = "".join(request.form.get(name, "").split())
    if not given:
        return None
    code = f"{given[:10]}-{given[10:]}" if given.isdigit() and len(given) == 13 else given
    digits, dash, branch = code.partition("-")
    fine = digits.isascii() and digits.isdigit() and len(digits) == 10
    if not fine or (dash and not (branch.isascii() and branch.isdigit() and len(branch) == 3)):
        raise FormRefused(field=name)
    return code


def _area(name: str) -> Decimal | None:
    """Square metres as people type them: 12.345,6 or 12345.6. Raises FormRefused."""
    given = request.form.get(name, "").replace("\u00a0", "").replace(" ", "").strip()
    if not given:
        return None
    if "," in given:
        given = given.replace(".", "").replace(",", ".")
    elif given.count(".") > 1 or (given.count(".") == 1 and len(given.rpartition(".")[2]) == 3):
        given = given.replace(".", "")
    try:
        area = Decimal(given)
    except InvalidOperation:
        raise FormRefused(field=name) from None
    if not (area.is_finite() and 0 < area < 10**12 and area == round(area, 2)):
        raise FormRefused(field=name)
    return area
