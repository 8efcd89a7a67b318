"""Days a fact may carry: papers and events lie behind us, what takes effect lies near."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from gisapp.messages import render
from planning.clearance.commands import hand_over
from planning.clocks import today
from planning.days import DocumentAhead, EffectTooFarAhead, EventAhead
from planning.projects.commands import note_progress, reach_milestone
from planning.records.commands import open_change, register_document
from planning.zones.commands import create_board, create_zone
from tests.db.ground import PLANE, change, lay

TOMORROW = timedelta(days=1)


def _paper(session: Session, day: date) -> object:
    return register_document(session, number="9/QĐ", issued_on=day, issuer="UBND", actor="an")


def test_a_document_is_issued_today_at_the_latest(session: Session) -> None:
    _paper(session, today())
    with pytest.raises(DocumentAhead) as refused:
        _paper(session, today() + TOMORROW)
    text = render(refused.value.code, refused.value.context, "vi")
    assert "9/QĐ" in text
    assert f"{today():%d/%m/%Y}" in text


def test_a_change_takes_effect_within_a_year(session: Session) -> None:
    ground = lay(session)
    change(session, ground.document_id, day=today() + timedelta(days=366))
    with pytest.raises(EffectTooFarAhead):
        change(session, ground.document_id, day=today() + timedelta(days=367))
    with pytest.raises(EffectTooFarAhead):
        open_change(session, kind="setup", reason="x", actor="an", effective_on=date(9000, 1, 1))


def test_what_happened_did_not_happen_tomorrow(session: Session) -> None:
    ground = lay(session, 1)
    number, day = change(session, ground.document_id), today() + TOMORROW
    with pytest.raises(EventAhead) as refused:
        hand_over(
            session, number, zone_id=ground.zone_id, number="1/BB", day=day, parcels=ground.parcels
        )
    assert "Biên bản bàn giao mặt bằng" in render("event-ahead", refused.value.context, "vi")
    hand_over(
        session, number, zone_id=ground.zone_id, number="1/BB", day=today(), parcels=ground.parcels
    )
    with pytest.raises(EventAhead):
        create_board(
            session, number, code="B-NEW", name_vi="Ban", province_name="Quảng Ninh", valid_from=day
        )
    with pytest.raises(EventAhead):
        create_zone(
            session, number, code="KCN-NEW", kind="industrial_park", srid=PLANE,
            board_id=ground.board_id, name_vi="Khu", valid_from=date(2099, 1, 1),
        )  # fmt: skip
    with pytest.raises(EventAhead):
        note_progress(session, number, project_id=ground.zone_id, day=day, actual_pct=1)  # type: ignore[arg-type]
    with pytest.raises(EventAhead):
        reach_milestone(session, number, project_id=ground.zone_id, step="permit", day=day)
