"""Writing on clearance pages: the form's document, the login it takes, and refusals in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import request
from sqlalchemy.exc import DBAPIError

from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, day_asked, word_asked
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.guard import signed_in_user
from layers.errors import LayerError
from planning import refusals
from planning.clocks import today
from planning.errors import PlanningError
from planning.households.commands import Money
from planning.records.commands import open_change, register_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session


_THOUSANDS: Final = re.compile(r"-?[0-9]{1,3}((\.[0-9]{3})+|(,[0-9]{3})+)")


@dataclass(frozen=True)
class Act:
    """A change opened on the document of the form, for the day the form says."""

    change: int
    document_id: UUID
    number: str
    day: date


def actor() -> str:
    """Who is asking, by user name."""
    user = signed_in_user()
    return user.username if user else "-"


def act(db: Session, reason: str, kind: str = "minutes") -> Act:
    """Open a change on the document and day of this form.

    Raises:
        FormRefused: a field is missing.
    """
    form = request.form
    number, issuer = word_asked(form, "document"), word_asked(form, "issuer")
    issued = day_asked(form, "issued", needed=True) or today()
    day = day_asked(form, "day") or issued
    if day > today():
        raise FormRefused(field="day")
    paper = register_document(
        db, number=number, issued_on=issued, issuer=issuer, actor=actor(), kind=kind
    )
    made = open_change(
        db, kind="act", reason=reason, actor=actor(), effective_on=day, document_id=paper
    )
    return Act(made, paper, number, day)


def attempt(work: Callable[[Session], object], *, personal: bool = False) -> str | None:
    """Do a piece of work in a transaction; the sentence of what refused it, None when it is done.

    `personal` opens the only login that reaches households' money and names.
    """
    opened = database()
    door: Callable[[], AbstractContextManager[Session]] = (
        opened.households if personal else opened.transaction
    )
    try:
        with door() as db:
            work(db)
    except DBAPIError as error:
        refused = refusals.refusal(error)
        if refused is None:
            raise
        return _said(refused)
    except (Refusal, LayerError, PlanningError) as refusal:
        return _said(refusal)
    return None


def _said(refused: Refusal | LayerError | PlanningError) -> str:
    context = refused.context
    if isinstance(refused, PlanningError) and not {"item_name", "plot_name"} & context.keys():
        with database().reading() as db:
            context = refusals.explained(db, refused).context
    return render(refused.code, context, language())


def money_asked() -> Money:
    """Compensation, support and resettlement of the form, whole dong.

    Raises:
        FormRefused: not a number. Points or commas between thousands are understood.
    """
    return Money(*(_dong(name) for name in ("compensation", "support", "resettlement")))


def _dong(name: str) -> Decimal:
    given = "".join(request.form.get(name, "").split()) or "0"
    if _THOUSANDS.fullmatch(given):
        given = given.replace(".", "").replace(",", "")
    try:
        return Decimal(given.replace(",", "."))
    except InvalidOperation:
        raise FormRefused(field=name) from None


def hectares_asked(name: str) -> Decimal:
    """An area of the form in hectares, as m². Raises FormRefused: not a number above nought."""
    return _area(name, 10_000)


def square_metres_asked(name: str) -> Decimal:
    """An area of the form in m². Raises FormRefused: not a number above nought."""
    return _area(name, 1)


def _area(name: str, unit_m2: int) -> Decimal:
    given = word_asked(request.form, name).replace(",", ".")
    try:
        area = Decimal(given) * unit_m2
    except InvalidOperation:
        raise FormRefused(field=name) from None
    if not (area.is_finite() and 0 < area < 10**12):
        raise FormRefused(field=name)
    return area.quantize(Decimal("0.01"))


def numbers_asked(given: str, known: dict[str, UUID]) -> list[UUID]:
    """Items of a case by their numbers: ``1, 3, 5-9`` or all of them (``*``).

    Raises:
        FormRefused: a number nobody has.
    """
    if given.strip() == "*":
        return list(known.values())
    found = []
    for part in given.replace(";", ",").split(","):
        first, _dash, last = (piece.strip() for piece in part.strip().partition("-"))
        if part.strip() in known:
            found.append(known[part.strip()])
        elif first.isdigit() and last.isdigit() and int(last) - int(first) < 100_000:
            run = [str(n) for n in range(int(first), int(last) + 1)]
            found += [known[number] for number in run if number in known]
        elif part.strip():
            raise FormRefused(field="numbers")
    if not found:
        raise FormRefused(field="numbers")
    return list(dict.fromkeys(found))
