"""Edits under one change: versions, ids, lineage, land, rights; and taking a change back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from planning.changes.drafts.commands import add, bring_back, own_draft, take_back, work_out
from planning.changes.drafts.queries import net
from planning.changes.errors import (
    AlreadyUndone,
    ChangeBuiltUpon,
    ChangeConflicts,
    MergeRefused,
    ParcelRetired,
    VersionMissing,
    VersionStale,
)
from planning.changes.undo import undo
from planning.clearance.model import Handover, HandoverParcel, HandoverVersion
from planning.errors import LaterVersionsExist, NotFound
from planning.parcels.model import ParcelAlias, ParcelLineage, ParcelVersion
from planning.tenure.model import LandRight, LandRightParcel, LandRightVersion, Party, PartyVersion
from tests.db.editing import (
    DAY,
    Block,
    area,
    committed,
    did,
    everything,
    laid,
    opened,
    spot,
    standing,
    whole,
)
from tests.db.ground import START, change


@pytest.fixture
def block(session: Session) -> Block:
    return laid(session, legal=True)


def test_a_split_by_area_is_one_act_on_its_day(session: Session, block: Block) -> None:
    before = area(session, block)
    draft = opened(session, block)
    parcel = block.at(1, 1)
    effect = did(
        session, draft, "split",
        {
            "parcel": str(parcel), "method": "area", "area_m2": 1234.5,
         "direction": {"side": "south"}},
    )  # fmt: skip
    assert [round(each["area_m2"], 1) for each in effect["added"] if each["taken"]] == [1234.5]
    assert area(session, block) == before  # nothing is in the register yet
    assert len(standing(session, block)) == 16
    number = committed(session, draft)
    now = standing(session, block)
    assert len(now) == 17
    assert parcel not in now
    assert area(session, block) == pytest.approx(before, abs=0.1)
    assert whole(session, block)
    children = [each for each in now.values() if each.parcel_id not in block.parcels]
    assert {each.valid_from for each in children} == {DAY}
    assert {each.parcel_no for each in children} == {"17", "18"}
    assert sum(each.legal_area_m2 or 0 for each in children) == Decimal("10000")
    lines = session.execute(
        select(ParcelLineage.child_id, ParcelLineage.kind, ParcelLineage.area_m2).where(
            ParcelLineage.parent_id == parcel, ParcelLineage.opened_by == number
        )
    ).all()
    assert {line.child_id for line in lines} == {each.parcel_id for each in children}
    assert sum(line.area_m2 for line in lines) == pytest.approx(10_000, abs=0.1)
    past = standing(session, block, date(2024, 5, 31))
    assert past[parcel].valid_to == DAY
    noded = [each for each in now.values() if each.noded]
    assert {each.parcel_id for each in noded} == {block.at(0, 1), block.at(2, 1)}


def test_a_change_gathers_edits_and_squashes_them(session: Session, block: Block) -> None:
    before, total = everything(session, block), area(session, block)
    draft = opened(session, block)
    split = did(
        session, draft, "split",
        {"parcel": str(block.at(1, 1)), "method": "line", "line": [spot(0.9, 1.4), spot(2.1, 1.6)]},
    )  # fmt: skip
    one = split["added"][0]["id"]
    did(session, draft, "reshape", {
        "parcels": [str(block.at(2, 2))],
        "edits": [{"corner": spot(2, 2), "to": [spot(2, 2)[0] + 3, spot(2, 2)[1] + 2]}],
    })  # fmt: skip
    did(session, draft, "corridor", {
        "centreline": [spot(-0.1, 0.5), spot(4.1, 0.5)], "width_m": 12, "srid": 5899,
    })  # fmt: skip
    did(session, draft, "merge", {"parcels": [str(block.at(0, 3)), str(block.at(1, 3))]})
    halves = did(
        session, draft, "split", {"parcel": one, "method": "parts", "parts": 3,
                                  "direction": {"bearing_deg": 90}},
    )  # fmt: skip
    assert len(halves["added"]) == 3
    number = committed(session, draft)
    assert whole(session, block)
    assert area(session, block) == pytest.approx(total, abs=0.1)
    assert session.scalars(select(ParcelVersion).where(ParcelVersion.parcel_id == one)).all() == []
    done = everything(session, block)
    taken_back = undo(session, number, actor="an", reason="nhầm")
    assert everything(session, block) == before
    with pytest.raises(AlreadyUndone):
        undo(session, number, actor="an", reason="nhầm")
    undo(session, taken_back.number, actor="an", reason="làm lại")
    assert everything(session, block) == done
    undo(session, number, actor="an", reason="lại nhầm")
    assert everything(session, block) == before


def test_a_change_others_built_upon_is_not_undone(session: Session, block: Block) -> None:
    first = opened(session, block)
    made = did(session, first, "split", {
        "parcel": str(block.at(1, 1)), "method": "area", "area_m2": 5000,
        "direction": {"side": "west"},
    })  # fmt: skip
    number = committed(session, first)
    second = opened(session, block)
    did(
        session,
        second,
        "attributes",
        {"parcel": made["added"][0]["id"], "set": {"land_use": "SKK"}},
    )
    later = committed(session, second)
    with pytest.raises(ChangeBuiltUpon) as refused:
        undo(session, number, actor="an", reason="nhầm")
    assert refused.value.context["changes"] == [later]
    undo(session, later, actor="an", reason="nhầm")
    undo(session, number, actor="an", reason="nhầm")
    assert block.at(1, 1) in standing(session, block)


def test_a_correction_replaces_what_was_believed(session: Session, block: Block) -> None:
    draft = opened(session, block, kind="correction")
    did(session, draft, "reshape", {
        "parcels": [str(block.at(0, 0))],
        "edits": [{"corner": spot(1, 1), "to": [spot(1, 1)[0] - 2, spot(1, 1)[1]]}],
    })  # fmt: skip
    committed(session, draft)
    for day in (START, DAY):
        assert standing(session, block, day)[block.at(0, 0)].area_m2 == pytest.approx(9900)
    assert whole(session, block, START)


def test_a_day_before_later_versions_is_refused_by_name(session: Session, block: Block) -> None:
    draft = opened(session, block)
    did(session, draft, "attributes", {"parcel": str(block.at(1, 1)), "set": {"land_use": "SKK"}})
    committed(session, draft)
    early = opened(session, block, day=date(2022, 1, 1))
    with pytest.raises(LaterVersionsExist) as refused:
        did(session, early, "split", {
            "parcel": str(block.at(1, 1)), "method": "parts", "parts": 2,
        })  # fmt: skip
    assert refused.value.context["parcels"] == [str(block.at(1, 1))]
    with pytest.raises(LaterVersionsExist):  # the neighbour has the later version
        did(session, early, "split", {
            "parcel": str(block.at(0, 1)), "method": "parts", "parts": 2,
        })  # fmt: skip


def hold(session: Session, block: Block, parcels: list, number: str) -> LandRight:
    act = change(session, block.ground.document_id)
    party = Party(kind="company", opened_by=act)
    session.add(party)
    session.flush()
    session.add(
        PartyVersion(
            party_id=party.id, name_vi=f"Công ty {number}", valid_from=START, opened_by=act
        )
    )
    right = LandRight(kind="state_lease", zone_id=block.ground.zone_id, opened_by=act)
    session.add(right)
    session.flush()
    session.add(LandRightVersion(
        land_right_id=right.id, number=number, lessor_id=party.id, lessee_id=party.id,
        contract_area_m2=10_000, valid_from=START, opened_by=act,
    ))  # fmt: skip
    session.flush()
    session.execute(insert(LandRightParcel), [
        {"land_right_id": right.id, "tier": 1, "parcel_id": each, "valid_from": START,
         "opened_by": act}
        for each in parcels
    ])  # fmt: skip
    return right


def test_children_inherit_and_parcels_of_different_holders_do_not_merge(
    session: Session, block: Block
) -> None:
    right = hold(session, block, [block.at(0, 0), block.at(1, 0)], "HĐ-1")
    hold(session, block, [block.at(2, 0)], "HĐ-2")
    act = change(session, block.ground.document_id)
    minutes = Handover(zone_id=block.ground.zone_id, opened_by=act)
    session.add(minutes)
    session.flush()
    session.add(
        HandoverVersion(handover_id=minutes.id, number="BB-1", valid_from=START, opened_by=act)
    )
    session.add(HandoverParcel(
        handover_id=minutes.id, parcel_id=block.at(0, 0), valid_from=START, opened_by=act
    ))  # fmt: skip
    session.flush()
    draft = opened(session, block)
    with pytest.raises(MergeRefused) as refused:
        did(session, draft, "merge", {"parcels": [str(block.at(1, 0)), str(block.at(2, 0))]})
    lines = refused.value.context["differences"]
    assert {line["number"] for line in lines} == {"HĐ-1", "HĐ-2"}
    with pytest.raises(MergeRefused):  # handed over and not
        did(session, draft, "merge", {"parcels": [str(block.at(0, 0)), str(block.at(1, 0))]})
    effect = did(session, draft, "split", {
        "parcel": str(block.at(0, 0)), "method": "parts", "parts": 2, "direction": {"side": "west"},
    })  # fmt: skip
    assert {(each["kind"], each["number"]) for each in effect["rights"]} == {
        ("right", "HĐ-1"), ("handover", "BB-1"),
    }  # fmt: skip
    children = {each["id"] for each in effect["added"]}
    did(session, draft, "corridor", {
        "centreline": [spot(-0.1, 0.5), spot(4.1, 0.5)], "width_m": 10, "srid": 5899,
    })  # fmt: skip
    committed(session, draft)
    now = standing(session, block)
    rows = session.execute(
        select(
            LandRightParcel.parcel_id, LandRightParcel.valid_from, LandRightParcel.valid_to
        ).where(LandRightParcel.land_right_id == right.id, LandRightParcel.closed_by.is_(None))
    ).all()
    held = [row.parcel_id for row in rows if row.valid_to is None]
    assert sum(now[each].area_m2 for each in held) == pytest.approx(20_000, abs=0.1)
    assert {row.valid_from for row in rows if row.valid_to is None} == {DAY}
    assert {row.parcel_id for row in rows if row.valid_to is not None} == {
        block.at(0, 0),
        block.at(1, 0),
    }
    assert not children & {str(each) for each in now}


def test_stale_missing_and_retired_are_told_apart(session: Session, block: Block) -> None:
    parcel = block.at(1, 1)
    version = standing(session, block)[parcel].version
    said = {"parcel": str(parcel), "set": {"land_use": "SKK"}}
    mine = own_draft(session, opened(session, block), "an", to_change=True)
    with pytest.raises(VersionMissing):
        work_out(session, mine, "attributes", said, {})
    theirs = opened(session, block, actor="binh")
    did(session, theirs, "attributes", {"parcel": str(parcel), "set": {"land_use": "DGT"}}, "binh")
    committed(session, theirs, "binh")
    with pytest.raises(VersionStale) as stale:
        add(session, mine, "attributes", said, {parcel: version})
    assert stale.value.context["theirs"]["actor"] == "binh"  # type: ignore[index]
    gone = opened(session, block, actor="binh")
    did(session, gone, "retire", {"parcels": [str(block.at(3, 3))]}, "binh")
    committed(session, gone, "binh")
    with pytest.raises(ParcelRetired):
        add(session, mine, "retire", {"parcels": [str(block.at(3, 3))]}, {block.at(3, 3): 1})
    with pytest.raises(NotFound):  # nobody sees another's open change
        own_draft(session, mine.id, "binh")


def test_what_others_saved_meanwhile_is_shown_parcel_by_parcel(
    session: Session, block: Block
) -> None:
    mine = opened(session, block)
    did(session, mine, "split", {
        "parcel": str(block.at(1, 1)), "method": "parts", "parts": 2,
        "direction": {"side": "south"},
    })  # fmt: skip
    beside = opened(session, block, actor="binh")
    did(session, beside, "split", {  # only gives mine a corner: no conflict
        "parcel": str(block.at(2, 1)), "method": "line", "line": [spot(1.9, 1.3), spot(3.1, 1.3)],
    }, "binh")  # fmt: skip
    committed(session, beside, "binh")
    assert net(session, own_draft(session, mine, "an"))["removed"] == [str(block.at(1, 1))]
    same = opened(session, block, actor="binh")
    did(
        session,
        same,
        "attributes",
        {"parcel": str(block.at(1, 1)), "set": {"land_use": "SKK"}},
        "binh",
    )
    committed(session, same, "binh")
    with pytest.raises(ChangeConflicts) as refused:
        committed(session, mine)
    (line,) = refused.value.context["conflicts"]  # type: ignore[misc]
    assert line["parcel"] == str(block.at(1, 1))
    assert line["mine"] is None
    assert line["theirs"]["feature"]["properties"]["land_use"] == "SKK"
    assert line["base"]["properties"]["land_use"] is None
    assert len(standing(session, block)) == 17


def test_a_draft_beside_a_noded_neighbour_commits_with_its_corner(
    session: Session, block: Block
) -> None:
    mine = opened(session, block)
    did(session, mine, "split", {
        "parcel": str(block.at(1, 1)), "method": "parts", "parts": 2,
        "direction": {"side": "south"},
    })  # fmt: skip
    beside = opened(session, block, actor="binh")
    did(session, beside, "split", {
        "parcel": str(block.at(2, 1)), "method": "line", "line": [spot(1.9, 1.3), spot(3.1, 1.3)],
    }, "binh")  # fmt: skip
    committed(session, beside, "binh")
    committed(session, mine)
    assert whole(session, block)


def test_steps_are_taken_back_and_brought_back(session: Session, block: Block) -> None:
    draft_id = opened(session, block)
    draft = own_draft(session, draft_id, "an", to_change=True)
    did(session, draft_id, "retire", {"parcels": [str(block.at(0, 0))]})
    did(session, draft_id, "renumber", {"numbers": {str(block.at(1, 0)): {"number": "99"}}})
    take_back(session, draft)
    assert len(net(session, draft)["parcels"]["features"]) == 0
    bring_back(session, draft)
    number = committed(session, draft_id)
    assert standing(session, block)[block.at(1, 0)].parcel_no == "99"
    older = session.scalars(select(ParcelAlias.parcel_no).where(ParcelAlias.opened_by == number))
    assert list(older) == ["2"]


def test_free_ground_is_drawn_by_a_table_and_the_preview_counts(
    session: Session, block: Block
) -> None:
    draft_id = opened(session, block)
    did(session, draft_id, "retire", {"parcels": [str(block.at(3, 3))]})
    corners = [spot(3.0, 3.0), spot(3.0, 4.0), spot(4.0, 4.0), spot(4.0, 3.0)]
    text = "\n".join(f"{n}\t{y:.2f}\t{x:.2f}" for n, (x, y) in enumerate(corners, 1)).replace(
        ".", ","
    )
    said = {"zone": "KCN-1", "table": {"text": text, "stated_area_m2": 9000}}
    draft = own_draft(session, draft_id, "an", to_change=True)
    step = work_out(session, draft, "draw", said, {}, with_figures=True)
    assert {each["code"] for each in step.effect["warnings"]} == {
        "table-not-closed",
        "table-area-differs",
    }
    effect = did(session, draft_id, "draw", said)
    assert effect["added"][0]["area_m2"] == pytest.approx(10_000)
    committed(session, draft_id)
    assert whole(session, block)
    assert len(standing(session, block)) == 16
