"""Who may be lessor: dated powers with their clauses, and what they say of a grant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import BigInteger, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from layers.orm import Base

Standing = Literal["power", "unproven", "ended"]


class LessorPower(Base):
    """A kind of party may grant a kind of right on days `[valid_from, valid_to)`; insert-only.

    An end that was compared with its source binds: the database refuses grants after it.
    """

    __tablename__ = "lessor_power"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    right_kind: Mapped[str] = mapped_column(Text)
    lessor_kind: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    clause: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    end_clause: Mapped[str | None] = mapped_column(Text)
    end_verification: Mapped[str | None] = mapped_column(Text)
    end_source: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Power:
    """A power as the rules read it; see `LessorPower`."""

    right_kind: str
    lessor_kind: str
    valid_from: date
    valid_to: date | None
    clause: str
    verification: str
    source: str
    end_clause: str | None = None
    end_verification: str | None = None
    end_source: str | None = None

    def covers(self, day: date) -> bool:
        """Whether the power is there on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the powers say of a grant.

    power: a row covers the day (`proven` when it was compared with its source); ended: it had
    ended, by a clause compared with its source: refused; unproven: nobody knows of any power: said.
    """

    standing: Standing
    power: Power | None
    proven: bool = False


def judge(powers: Iterable[Power], right_kind: str, lessor_kind: str, day: date) -> Verdict | None:
    """Judge a grant on its day; None: no law asks who grants that kind of right (a reservation)."""
    every = list(powers)
    if all(power.right_kind != right_kind for power in every):
        return None
    mine = [p for p in every if p.right_kind == right_kind and p.lessor_kind == lessor_kind]
    for power in mine:
        if power.covers(day):
            return Verdict("power", power, power.verification == "verified")
    gone = [
        power
        for power in mine
        if power.valid_to is not None
        and power.valid_to <= day
        and power.end_verification == "verified"
    ]
    if gone:
        return Verdict("ended", max(gone, key=lambda power: power.valid_from), proven=True)
    return Verdict("unproven", None)


def powers(session: Session) -> list[Power]:
    """Return every power, by kind of right, kind of lessor, day."""
    table = LessorPower
    rows = session.scalars(
        select(table).order_by(table.right_kind, table.lessor_kind, table.valid_from)
    )
    names = Power.__dataclass_fields__
    return [Power(**{name: getattr(row, name) for name in names}) for row in rows]
