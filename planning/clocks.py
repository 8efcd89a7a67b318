"""The one place that knows the two clocks: legal days (`valid`) and knowledge counted in changes
(`recorded`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from planning.errors import Conflict, LaterVersionsExist, NotFound

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> date:
    """Return today's date where the law is read: Vietnam."""
    return datetime.now(HANOI).date()


class Recorded:
    """Columns of a fact that is known from change `opened_by` until change `closed_by`."""

    opened_by: Mapped[int] = mapped_column(BigInteger)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)


class Clocked(Recorded):
    """Columns of a fact with both clocks. `valid_to` is exclusive, open = None."""

    @declared_attr
    def version_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it on the class
        """Number of the row: a fact as it was known, never the thing itself."""
        return mapped_column(BigInteger, primary_key=True)

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Identity:
    """Columns of a thing that keeps its uuid for ever; its facts live in version tables."""

    opened_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("land.change.number"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A place on both clocks: the end of the legal day `as_of`, as known after change `known` (None
    = now).
    """

    as_of: date
    known: int | None = None


def moment(session: Session, as_of: date | None = None, known_at: datetime | None = None) -> Moment:
    """Resolve a day and an instant (aware) into a Moment; an instant before the first change knows
    nothing (0).
    """
    if known_at is None:
        return Moment(as_of or today())
    number = session.scalar(select(func.land.known_at(known_at.astimezone(UTC))))
    return Moment(as_of or today(), int(number or 0))


def known(table: Any, at: Moment) -> ColumnElement[bool]:
    """True for rows the register held at the moment; plain comparisons so that b-tree indexes serve
    them.
    """
    if at.known is None:
        return table.closed_by.is_(None)  # type: ignore[no-any-return]
    return and_(
        table.opened_by <= at.known, or_(table.closed_by.is_(None), table.closed_by > at.known)
    )


def valid_on(table: Any, day: date) -> ColumnElement[bool]:
    """True for rows in legal force at the end of that day."""
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to > day))


def in_force(table: Any, at: Moment) -> ColumnElement[bool]:
    """True for rows in force on the day, as known at the moment."""
    return and_(valid_on(table, at.as_of), known(table, at))


def moment_parameters(at: Moment) -> dict[str, object]:
    """Return the bind parameters `as_of` and `known` of the clock clauses used in
    `planning/sql/*.sql`.

    A clocked alias `t` is in force when
    `t.valid_from <= :as_of AND (t.valid_to IS NULL OR t.valid_to > :as_of)
     AND t.opened_by <= :known AND (t.closed_by IS NULL OR t.closed_by > :known)`;
    "now" is the largest bigint, so one text serves both.
    """
    return {"as_of": at.as_of, "known": (2**63 - 2) if at.known is None else at.known}


def record(session: Session, table: Any, change: int, rows: list[dict[str, Any]]) -> None:
    """Open rows under a change. Each row brings `valid_from` (and `valid_to`) itself."""
    if rows:
        session.execute(insert(table), [{**row, "opened_by": change} for row in rows])


def close(session: Session, table: Any, change: int, version_ids: list[int]) -> None:
    """End the knowledge of rows: what this change supersedes. Raises Conflict when one was closed
    meanwhile.
    """
    closed = session.execute(
        update(table)
        .where(table.version_id.in_(version_ids), table.closed_by.is_(None))
        .values(closed_by=change)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != len(set(version_ids)):  # type: ignore[attr-defined]
        raise Conflict(table=table.__tablename__)


def _payload(table: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    outside = {"version_id", "opened_by", "closed_by"}
    return {key: value for key, value in row.items() if key not in outside}


def _open_rows(session: Session, table: Any, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.computed is None]
    found = session.execute(
        select(*columns)
        .where(where, table.closed_by.is_(None))
        .order_by(table.valid_from)
        .with_for_update()
    )
    return [dict(row) for row in found.mappings()]


def amend(
    session: Session,
    table: Any,
    change: int,
    where: ColumnElement[bool],
    day: date,
    values: Mapping[str, Any],
) -> None:
    """An act on `day`: the row in force becomes [a, day) and its successor [day, b) takes `values`.

    Raises NotFound when nothing is in force that day, LaterVersionsExist when rows begin after it
    (a retroactive act must
    replay them in the same change).
    """
    rows = _open_rows(session, table, where)
    if any(row["valid_from"] > day for row in rows):
        raise LaterVersionsExist(table=table.__tablename__, day=day)
    current = [row for row in rows if row["valid_to"] is None or row["valid_to"] > day]
    if len(current) != 1:
        raise NotFound(kind=table.__tablename__, key=str(day))
    before = current[0]
    close(session, table, change, [before["version_id"]])
    kept = _payload(table, before)
    record(
        session,
        table,
        change,
        [
            {**kept, "valid_to": day},
            {**kept, **values, "valid_from": day, "valid_to": before["valid_to"]},
        ],
    )


def correct(
    session: Session, table: Any, change: int, where: ColumnElement[bool], values: Mapping[str, Any]
) -> None:
    """A correction: what was believed is replaced, the legal period stays (unless `values` corrects
    it).
    """
    rows = _open_rows(session, table, where)
    if not rows:
        raise NotFound(kind=table.__tablename__, key="")
    close(session, table, change, [row["version_id"] for row in rows])
    record(session, table, change, [{**_payload(table, row), **values} for row in rows])


def end(session: Session, table: Any, change: int, where: ColumnElement[bool], day: date) -> None:
    """An act that ends facts on `day`: rows in force become [a, day); rows that begin later are
    refused.
    """
    rows = _open_rows(session, table, where)
    if any(row["valid_from"] > day for row in rows):
        raise LaterVersionsExist(table=table.__tablename__, day=day)
    current = [row for row in rows if row["valid_to"] is None or row["valid_to"] > day]
    if not current:
        raise NotFound(kind=table.__tablename__, key=str(day))
    close(session, table, change, [row["version_id"] for row in current])
    record(session, table, change, [{**_payload(table, row), "valid_to": day} for row in current])


def set_from(
    session: Session,
    table: Any,
    change: int,
    key: Mapping[str, Any],
    day: date,
    values: Mapping[str, Any],
) -> None:
    """An act on `day` for what `key` names: the fact in force is amended, or the first one begins.

    Raises LaterVersionsExist when rows begin after the day.
    """
    where = and_(*(getattr(table, name) == value for name, value in key.items()))
    rows = _open_rows(session, table, where)
    if any(row["valid_to"] is None or row["valid_to"] > day for row in rows):
        amend(session, table, change, where, day, values)
    else:
        record(session, table, change, [{**key, **values, "valid_from": day}])
