"""Lists of clearance as the register holds them: the rows that leave are those that come in."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance.model import (
    ClearanceCase,
    ClearanceCaseVersion,
    ClearanceFlag,
    ClearanceFollowup,
    ClearanceItem,
    ClearanceStep,
    ClearanceTarget,
)
from planning.clearance.steps import WITH_MONEY
from planning.clocks import Moment, in_force, known, moment_parameters
from planning.households.queries import amounts, persons
from planning.incoming import Places
from planning.records.model import Document
from planning.statements import statement
from planning.zones.model import Board, Zone

Rows = Sequence[Mapping[str, object]]
_PAPER: Final = (
    Document.number.label("document_no"),
    Document.issued_on.label("document_date"),
    Document.issuer,
)


def _rows(session: Session, question: Any) -> Rows:
    return [dict(row) for row in session.execute(question).mappings()]


def _mine(places: Places) -> Any:
    return ClearanceCase.zone_id.in_(list(places.zones.values()))


def cases(session: Session, at: Moment, places: Places) -> Rows:
    """Cases in being, by code."""
    said = ClearanceCaseVersion
    return _rows(
        session,
        select(ClearanceCase.code, Zone.code.label("zone_code"), said.name_vi, said.name_en)
        .join(said, (said.case_id == ClearanceCase.id) & in_force(said, at))
        .join(Zone, Zone.id == ClearanceCase.zone_id)
        .where(_mine(places))
        .order_by(ClearanceCase.code),
    )


def items(session: Session, at: Moment, places: Places) -> Rows:
    """Items, a row a parcel they hold."""
    asked = {**moment_parameters(at), "zones": list(places.zones.values())}
    return _rows(session, statement("lists/items").bindparams(**asked))


def steps(session: Session, at: Moment, places: Places) -> Rows:
    """Steps taken up to the day that say no money, each with its minutes."""
    taken = ClearanceStep
    return _rows(
        session,
        select(
            ClearanceCase.code.label("case_code"), ClearanceItem.number, taken.kind.label("step"),
            taken.valid_from.label("day"), taken.agreed_early, *_PAPER,
        )
        .join(ClearanceItem, ClearanceItem.id == taken.item_id)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .join(Document, Document.id == taken.document_id)
        .where(
            _mine(places), known(taken, at), taken.valid_from <= at.as_of,
            taken.kind.not_in(WITH_MONEY),
        )
        .order_by(ClearanceCase.code, ClearanceItem.number, taken.valid_from, taken.version_id),
    )  # fmt: skip


def payments(session: Session, at: Moment, places: Places) -> Rows:
    """Plans and payments with their money, under the households' login; the reading is noted."""
    taken = ClearanceStep
    rows = session.execute(
        select(
            taken.step_id, taken.item_id, ClearanceCase.code.label("case_code"),
            ClearanceItem.number, taken.kind.label("step"), taken.valid_from.label("day"), *_PAPER,
        )
        .join(ClearanceItem, ClearanceItem.id == taken.item_id)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .join(Document, Document.id == taken.document_id)
        .where(
            _mine(places), known(taken, at), taken.valid_from <= at.as_of,
            taken.kind.in_(WITH_MONEY),
        )
        .order_by(ClearanceCase.code, ClearanceItem.number, taken.valid_from, taken.version_id)
    ).mappings().all()  # fmt: skip
    paid = amounts(
        session, at, list({row["item_id"] for row in rows}), reader=places.reader,
        purpose="clearance-payments",
    )  # fmt: skip
    money = {each.step_id: each.money for each in paid}
    names = ("compensation", "support", "resettlement")
    return [
        {**row, **{name: getattr(money[row["step_id"]], name) for name in names}}
        for row in rows
        if row["step_id"] in money
    ]


def flags(session: Session, at: Moment, places: Places) -> Rows:
    """Complaints and suspensions raised up to the day, those that are over too."""
    flag = ClearanceFlag
    return _rows(
        session,
        select(
            ClearanceCase.code.label("case_code"), ClearanceItem.number, flag.kind.label("flag"),
            flag.valid_from.label("since"), flag.valid_to.label("until"), *_PAPER,
        )
        .join(ClearanceItem, ClearanceItem.id == flag.item_id)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .join(Document, Document.id == flag.document_id)
        .where(_mine(places), known(flag, at), flag.valid_from <= at.as_of)
        .order_by(ClearanceCase.code, ClearanceItem.number, flag.valid_from, flag.kind),
    )  # fmt: skip


def followups(session: Session, at: Moment, places: Places) -> Rows:
    """What boards did with cleared tracts up to the day."""
    done = ClearanceFollowup
    return _rows(
        session,
        select(
            ClearanceCase.code.label("case_code"), done.step, done.valid_from.label("day"),
            done.area_m2, *_PAPER,
        )
        .join(ClearanceCase, ClearanceCase.id == done.case_id)
        .join(Document, Document.id == done.document_id)
        .where(_mine(places), known(done, at), done.valid_from <= at.as_of)
        .order_by(ClearanceCase.code, done.valid_from, done.version_id),
    )  # fmt: skip


def targets(session: Session, at: Moment, places: Places) -> Rows:
    """Targets of the zones and boards in sight, year by year."""
    said = ClearanceTarget
    rows = session.execute(
        select(Board.code, Zone.code, said.year, said.area_m2)
        .join(Board, Board.id == said.board_id)
        .outerjoin(Zone, Zone.id == said.zone_id)
        .where(in_force(said, at))
        .order_by(said.year, Board.code, Zone.code.nulls_first())
    )
    return [
        {"whose": zone or board, "year": year, "area_m2": area}
        for board, zone, year, area in rows
        if (zone in places.zones if zone else board in places.boards)
    ]


def households(session: Session, at: Moment, places: Places) -> Rows:
    """Who the households of items are, under their own login; the reading is noted."""
    rows = session.execute(
        statement("lists/households"),
        {**moment_parameters(at), "zones": list(places.zones.values())},
    ).mappings().all()  # fmt: skip
    who = persons(
        session, at, list({row["household_id"] for row in rows}), reader=places.reader,
        purpose="households",
    )  # fmt: skip
    names = ("head_name", "identity_no", "phone", "address", "bank_account", "members")
    return [
        {**row, **{name: getattr(who[row["household_id"]], name) for name in names}}
        for row in rows
        if row["household_id"] in who
    ]
