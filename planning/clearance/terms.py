"""The law's terms of clearance: dated rows, entered and confirmed by name; confirmed ones bind."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceTerm, TermConfirmation
from planning.clearance.steps import Term
from planning.errors import NotFound
from planning.records.commands import note_event
from planning.records.terms import TermMoved, confirm, refuse_unless

MOST_DAYS, MOST_MONTHS = 3_660, 600


@dataclass(frozen=True, slots=True)
class TermRow:
    """A row of the book: the term, who entered it, who compared it with the text and where.

    ``standing``: no later row of the same code and first day corrects it.
    """

    id: int
    version: int
    term: Term
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    seen_in: str | None
    standing: bool

    @property
    def verified(self) -> bool:
        """Whether it was compared with the text; then the database itself refuses by it."""
        return self.term.verification == "verified"


def terms(session: Session) -> list[Term]:
    """Return the terms as they count: the newest row of a first day, until the next begins."""
    rows = session.execute(
        text(
            "SELECT code, bound, from_step, until_step, land_class, days, months, valid_from,"
            " valid_to, clause, verification FROM land.clearance_terms() ORDER BY id"
        )
    )
    return [Term(**row._mapping) for row in rows]


def term_book(session: Session) -> list[TermRow]:
    """Return every row ever entered, by code, the newest first day first."""
    rows = session.execute(
        select(ClearanceTerm, TermConfirmation)
        .outerjoin(TermConfirmation, TermConfirmation.term_id == ClearanceTerm.id)
        .order_by(ClearanceTerm.code, ClearanceTerm.valid_from.desc(), ClearanceTerm.version.desc())
    ).all()
    found: list[TermRow] = []
    for row, joined in rows:
        seen: TermConfirmation | None = joined
        said = Term(**{name: getattr(row, name) for name in Term.__dataclass_fields__})
        former = found[-1].term if found else None
        found.append(
            TermRow(
                id=row.id,
                version=row.version,
                term=said if seen is None else replace(said, verification="verified"),
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
                confirmed_by=seen.confirmed_by if seen is not None else None,
                confirmed_at=seen.confirmed_at if seen is not None else None,
                seen_in=seen.seen_in if seen is not None else None,
                standing=former is None
                or (former.code, former.valid_from) != (said.code, said.valid_from),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term as somebody enters it: what its code is about never changes, how long it is may."""

    code: str
    from_step: str
    days: int | None
    months: int | None
    valid_from: date
    valid_to: date | None
    clause: str


def enter_term(session: Session, new: NewTerm, *, follows: int, actor: str) -> int:
    """Enter the next row of a code and first day (`follows` 0: the first); return its id.

    Raises:
        NotFound: no term of that code.
        TermRefused: a field does not hold what it must.
        TermMoved: another row than `follows` is the newest of that day.
    """
    kin = session.scalar(
        select(ClearanceTerm)
        .where(ClearanceTerm.code == new.code)
        .order_by(ClearanceTerm.valid_from.desc(), ClearanceTerm.version.desc())
        .limit(1)
    )
    if kin is None:
        raise NotFound(kind="clearance_term", key=new.code)
    _check(session, new)
    newest = session.scalar(
        select(func.coalesce(func.max(ClearanceTerm.version), 0)).where(
            ClearanceTerm.code == new.code, ClearanceTerm.valid_from == new.valid_from
        )
    )
    if newest != follows:
        raise TermMoved()
    facts = {name: getattr(new, name) for name in NewTerm.__slots__}
    made = session.scalars(
        insert(ClearanceTerm)
        .values(
            **facts,
            bound=kin.bound,
            until_step=kin.until_step,
            land_class=kin.land_class,
            version=follows + 1,
            verification="unverified",
            recorded_by=actor,
        )
        .returning(ClearanceTerm.id)
    ).one()
    note_event(session, actor=actor, action="term-entered", subject=f"{new.code}/{made}")
    return made


def _check(session: Session, new: NewTerm) -> None:
    steps = set(session.scalars(select(ClearanceTerm.from_step)))
    fine = {
        "from_step": new.from_step in steps,
        "days": (new.days is None) != (new.months is None)
        and (new.days is None or 1 <= new.days <= MOST_DAYS),
        "months": new.months is None or 1 <= new.months <= MOST_MONTHS,
        "valid_to": new.valid_to is None or new.valid_to > new.valid_from,
    }
    refuse_unless(fine)


def confirm_term(session: Session, term_id: int, *, seen_in: str, actor: str) -> None:
    """Say by name that a row was compared with the text, and where; never one's own entry.

    Raises:
        NotFound, TermConfirmedAlready. What the database refuses besides.
    """
    confirm(
        session, ClearanceTerm, TermConfirmation, term_id,
        seen_in=seen_in, actor=actor, action="term-confirmed",
    )  # fmt: skip
