"""Before an edit is kept: ground shared with the plan, what holds the land, figures that move."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from planning.changes.drafts.commands import Step, add, commit, open_draft, own_draft, work_out
from planning.changes.drafts.model import Draft
from planning.changes.undo import undo
from planning.clocks import Moment
from planning.indicators.queries import land
from planning.parcels.holding import held_of
from planning.records.commands import register_document
from tests import small_park
from tests.small_park import SmallPark

DAY = date(2025, 6, 1)


@pytest.fixture
def park(session: Session) -> SmallPark:
    return small_park.build(session)


@pytest.fixture
def draft(session: Session, park: SmallPark) -> Draft:
    document = register_document(
        session, number="95/QĐ-BQL", issued_on=DAY, issuer="UBND tỉnh", actor="an"
    )
    made = open_draft(
        session, kind="act", document_id=document, reason="QĐ", effective_on=DAY, actor="an"
    )
    return own_draft(session, made, "an", to_change=True)


def seen(session: Session, draft: Draft, operation: str, said: dict[str, Any]) -> Step:
    named = [UUID(each) for each in [*said.get("parcels", []), said.get("parcel")] if each]
    versions = {key: held.version for key, held in held_of(session, named, DAY).items()}
    return work_out(session, draft, operation, said, versions, with_figures=True)


def figures(session: Session) -> dict[str, Any]:
    found = land(session, Moment(DAY), zone="KCN-TEST", flows=False).figures()
    return {code: figure.answer.value for code, figure in found.items()}


def test_dividing_leased_land_moves_no_figure(
    session: Session, park: SmallPark, draft: Draft
) -> None:
    said = {"parcel": str(park.parcels[5]), "method": "parts", "parts": 3,
            "direction": {"bearing_deg": 30}}  # fmt: skip
    step = seen(session, draft, "split", said)
    assert step.rehearsal.indicators == ()
    kinds = {(each["kind"], each["number"], each["cut"]) for each in step.effect["rights"]}
    assert kinds == {
        ("right", "77/QĐ-UBND", True), ("right", "08/HĐ-TLĐ", True),
        ("handover", "05/BB-BGMB", True),
    }  # fmt: skip
    assert all(each["conflict_m2"] == 0 for each in step.effect["plan"])
    before = figures(session)
    version = held_of(session, [park.parcels[5]], DAY)[park.parcels[5]].version
    add(session, draft, "split", said, {park.parcels[5]: version})
    number = commit(session, draft)["number"]
    assert figures(session) == before
    undo(session, number, actor="an", reason="nhầm")
    assert figures(session) == before


def test_ending_cleared_land_shows_the_figures_it_moves(
    session: Session, park: SmallPark, draft: Draft
) -> None:
    step = seen(session, draft, "retire", {"parcels": [str(park.parcels[45])]})
    moved = {each["code"]: each["after"] - each["before"] for each in step.rehearsal.indicators}
    assert -10_000 in moved.values()
    assert {each["zone"] for each in step.rehearsal.indicators} == {"KCN-TEST"}
    assert held_of(session, [park.parcels[45]], DAY)


def test_a_parcel_across_two_lots_is_a_conflict_and_divides_along_them(
    session: Session, park: SmallPark, draft: Draft
) -> None:
    across = [park.parcels[6], park.parcels[7]]
    said = {"parcels": [str(each) for each in across]}
    step = seen(session, draft, "merge", said)
    (plan,) = step.effect["plan"]
    lots = {lot["symbol"]: round(lot["area_m2"]) for lot in plan["lots"]}
    assert lots == {"CN-01": 10_000, "CX-01": 10_000}
    assert plan["conflict_m2"] == pytest.approx(10_000)
    versions = {key: held.version for key, held in held_of(session, across, DAY).items()}
    merged = add(session, draft, "merge", said, versions).effect["added"][0]
    again = {"parcel": merged["id"], "method": "plan"}
    effect = add(session, draft, "split", again, {UUID(merged["id"]): merged["version"]}).effect
    assert [round(each["area_m2"]) for each in effect["added"]] == [10_000, 10_000]
    assert all(each["conflict_m2"] == 0 for each in effect["plan"])
