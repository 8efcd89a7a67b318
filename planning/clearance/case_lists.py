"""Cases, what boards did with their tracts, complaints and suspensions, brought in as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance import listed
from planning.clearance.cases import follow_up, lower_flag, open_case, raise_flag
from planning.clearance.lists import (
    Around,
    CaseSeen,
    Minutes,
    happened,
    minutes_of,
    papers,
    seen,
)
from planning.clearance.model import ClearanceCase, ClearanceFlag
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places, RowRefused


class CaseKnown(RowRefused):
    """A case of that code is in the register. Context: ``case``, ``field``."""

    code = "list-row-case-known"


class FlagKnown(RowRefused):
    """The item has a complaint or suspension open already. Context: ``number``, ``since``."""

    code = "list-row-flag-known"


class DaysBackwards(RowRefused):
    """What ends, ends after it began. Context: ``since``, ``until``, ``field``."""

    code = "list-row-days-backwards"


@dataclass(frozen=True, slots=True)
class Codes:
    """Zones in sight and every code a case bears."""

    places: Places
    taken: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case to open."""

    code: str
    zone_id: UUID
    name_vi: str
    name_en: str | None


def _survey_cases(session: Session, at: Moment, places: Places) -> Codes:
    return Codes(places, frozenset(session.scalars(select(ClearanceCase.code))))


def _parse_case(codes: Codes, line: Line) -> CaseRow:
    code = line.text("code") or ""
    if code in codes.taken:
        raise CaseKnown(case=code, field="code")
    zone = codes.places.zone(line)
    return CaseRow(code, zone, line.text("name_vi") or "", line.text("name_en"))


def _write_cases(session: Session, paper: Paper, rows: Sequence[CaseRow]) -> None:
    for row in rows:
        open_case(
            session, paper.change, code=row.code, zone_id=row.zone_id, name_vi=row.name_vi,
            name_en=row.name_en, since=paper.day,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowRow:
    """What was done with the tract of a case."""

    case: CaseSeen
    step: str
    day: date
    area_m2: Decimal
    minutes: Minutes | None


def _survey(session: Session, at: Moment, places: Places) -> Around:
    return seen(session, places)


def _parse_followup(around: Around, line: Line) -> FollowRow:
    area = (line.number_of("area_m2") or Decimal(0)).quantize(Decimal("0.01"))
    day = happened(line.day("day") or date.max, "day")
    return FollowRow(around.case(line), line.text("step") or "", day, area, minutes_of(line))


def _write_followups(session: Session, paper: Paper, rows: Sequence[FollowRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows), "decision")
    for row in rows:
        follow_up(
            session, paper.change, case_id=row.case.id, step=row.step, day=row.day,
            area_m2=row.area_m2, document_id=document(row.minutes),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flags:
    """Items in sight, and since when each is complained of or suspended."""

    around: Around
    open: Mapping[tuple[UUID, str], date]


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A complaint or suspension from a day, perhaps to a day; `known`: only its end is new."""

    item_id: UUID
    kind: str
    since: date
    until: date | None
    minutes: Minutes | None
    known: bool


def _survey_flags(session: Session, at: Moment, places: Places) -> Flags:
    around, flag = seen(session, places), ClearanceFlag
    rows = session.execute(
        select(flag.item_id, flag.kind, flag.valid_from).where(
            flag.closed_by.is_(None), flag.valid_to.is_(None),
            flag.item_id.in_(list(around.items.values())),
        )
    )  # fmt: skip
    return Flags(around, {(item, kind): since for item, kind, since in rows})


def _parse_flag(flags: Flags, line: Line) -> FlagRow:
    item, kind = flags.around.item(line), line.text("flag") or ""
    since = happened(line.day("since") or date.max, "since")
    until = line.day("until")
    if until is not None and happened(until, "until") <= since:
        raise DaysBackwards(since=since, until=until, field="until")
    raised = flags.open.get((item, kind))
    if raised is not None and (raised != since or until is None):
        raise FlagKnown(number=line.text("number"), since=raised, field="flag")
    return FlagRow(item, kind, since, until, minutes_of(line), raised is not None)


def _write_flags(session: Session, paper: Paper, rows: Sequence[FlagRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows))
    for row in rows:
        if not row.known:
            raise_flag(
                session, paper.change, item_id=row.item_id, kind=row.kind, day=row.since,
                document_id=document(row.minutes), until=row.until,
            )  # fmt: skip
        elif row.until is not None:
            lower_flag(session, paper.change, item_id=row.item_id, kind=row.kind, day=row.until)


CASES: Final = ListKind(
    "clearance-cases", _survey_cases, _parse_case, _write_cases, key=lambda row: row.code,
    listed=listed.cases, named=("code",),
)  # fmt: skip
FOLLOWUPS: Final = ListKind(
    "clearance-followups", _survey, _parse_followup, _write_followups,
    key=lambda row: (row.case.id, row.step, row.day),
    listed=listed.followups, dated="row", named=("case_code", "step", "day"),
)  # fmt: skip
FLAGS: Final = ListKind(
    "clearance-flags", _survey_flags, _parse_flag, _write_flags,
    key=lambda row: (row.item_id, row.kind, row.since),
    listed=listed.flags, dated="row", named=("case_code", "number", "flag", "since"),
)  # fmt: skip
