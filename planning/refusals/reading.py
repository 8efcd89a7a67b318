"""A constraint's name and the detail PostgreSQL gives with it, read into a typed error."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg
import shapely
from sqlalchemy.exc import DBAPIError

from planning.conformance.errors import (
    WaivedAlready,
    WaiverNotUndone,
    WaiverOfAnother,
    WaiverOfOwnWork,
    WaiverSideMoved,
)
from planning.errors import (
    AlreadyExists,
    BeforeZoneExisted,
    Conflict,
    DocumentMissing,
    PlanningError,
    ZoneNeverBounded,
)
from planning.legal_clocks.errors import (
    ClockNeedsLand,
    ExtendedAlready,
    ExtensionTooLong,
    LetterBeforeDraft,
    LetterIssuedAlready,
    SuspensionsOverlap,
)
from planning.plans.errors import FaultsOpen, MovedMeanwhile, PlanWithoutLots
from planning.plans.norms_errors import (
    NormConfirmedBySelf,
    NormLotsMoved,
    NormRuleMoved,
    NormWaiverByAuthor,
    NormWithoutValue,
)
from planning.projects.refused import (
    AmendmentBeforeBase,
    CertificateTaken,
    MilestoneAfterProject,
    MilestoneOutsideProject,
    MilestonesOutOfOrder,
    PeriodsOverlap,
)
from planning.records.terms import TermConfirmedBySelf, TermMoved
from planning.refusals.kinds import (
    AmountRefused,
    ApproverIsAuthor,
    DemoMarkedTooLate,
    FollowupOutOfOrder,
    HandedOverAlready,
    HandoverOutsideCase,
    HistoryIsKept,
    KnowledgeDatedBack,
    LandOutsideRight,
    LessorWithoutPower,
    LetOrReserved,
    NoticeExpired,
    NoticeTooEarly,
    ParcelHeldAlready,
    ParcelInOtherItem,
    ParcelOutsideZone,
    ParcelsOverlap,
    ParcelStillHeld,
    PaymentAbovePlan,
    PlanStepIllegal,
    PlanTwoInForce,
    PlanVersionKept,
    PlotAssignedAlready,
    PlotNotThere,
    PlotsOverlap,
    ReservationForever,
    ShapeRefused,
    StepBeforeCause,
    StepNeedsAmount,
    StepTakenAlready,
    SubLeaseExceedsTerm,
    SubLeaseOutsideLand,
    SubLeaseOutsideParent,
    SubLeasesExceedArea,
    ValueRefused,
    WaiverByAuthor,
    WriteWithoutChange,
)
from planning.zones.phase_errors import PhaseOutsideBoundary, PhasesExceedZone, PhasesOverlap


@dataclass(frozen=True, slots=True)
class _Answer:
    """What PostgreSQL said, taken apart."""

    state: str
    constraint: str
    table: str
    detail: str
    facts: Mapping[str, Any]

    @property
    def keys(self) -> list[list[str]]:
        """Values of the new and the existing key of an exclusion or unique constraint."""
        said = re.findall(r"\)=\((.*?)\)(?= conflicts| already|\.)", self.detail, re.DOTALL)
        return [split_key(values) for values in said]


def split_key(values: str) -> list[str]:
    """Split the values PostgreSQL prints for a key; commas inside ranges and circles stay."""
    return re.split(r", (?![^\[(<]*[\])>])", values)


Maker = Callable[[_Answer], PlanningError]


def _overlap(said: _Answer) -> PlanningError:
    if "parcels" in said.facts:
        mine, theirs = said.facts["parcels"]
        return ParcelsOverlap(a=mine, b=theirs, area_m2=said.facts["area_m2"])
    (_, mine_geom, _, _, mine), (_, theirs_geom, _, _, theirs) = said.keys
    return ParcelsOverlap(a=mine, b=theirs, area_m2=_shared(mine_geom, theirs_geom))


def _two_plans(said: _Answer) -> PlanningError:
    if "plan_versions" in said.facts:
        mine, theirs = said.facts["plan_versions"]
        return PlanTwoInForce(a=mine, b=theirs, area_m2=said.facts["area_m2"])
    (_, _, mine_geom, _, _, mine), (_, _, theirs_geom, _, _, theirs) = said.keys
    return PlanTwoInForce(a=mine, b=theirs, area_m2=_shared(mine_geom, theirs_geom))


def _shared(one: str, other: str) -> float:
    """Area two shapes share, in m², and the place is theirs to show."""
    return float(shapely.area(shapely.intersection(shapely.from_wkb(one), shapely.from_wkb(other))))


def _outside(said: _Answer) -> PlanningError:
    facts = said.facts
    since, day = facts.get("boundary_from"), date.fromisoformat(facts["from"])
    if since is None:
        return ZoneNeverBounded(parcel=facts["parcel"], zone=facts["zone"], day=day)
    if day < date.fromisoformat(since):
        first = date.fromisoformat(since)
        return BeforeZoneExisted(parcel=facts["parcel"], zone=facts["zone"], day=day, since=first)
    return ParcelOutsideZone(
        parcel=facts["parcel"], zone=facts["zone"], outside_m2=facts["outside_m2"] or 0.0
    )


_PARTS: Final = {
    "area": SubLeasesExceedArea,
    "term": SubLeaseExceedsTerm,
    "land": SubLeaseOutsideLand,
}


def _sub_lease(said: _Answer) -> PlanningError:
    facts = said.facts
    return _PARTS[facts["part"]](
        part=facts["part"],
        right=facts["right"],
        number=facts["number"],
        parent=facts["parent"],
        let_m2=facts["let_m2"],
        held_m2=facts["held_m2"],
    )


def _held(said: _Answer) -> PlanningError:
    (_, parcel, days), (_, _, others) = said.keys
    return ParcelHeldAlready(parcel=parcel, days=days, held=others)


def _let_or_reserved(said: _Answer) -> PlanningError:
    (parcel, _tier, days), (_, _, others) = said.keys
    return LetOrReserved(parcel=parcel, days=days, held=others)


def _without_power(said: _Answer) -> PlanningError:
    names = ("number", "clause", "kind", "lessor_kind")
    facts = {name: said.facts[name] for name in names}
    return LessorWithoutPower(**facts, day=date.fromisoformat(said.facts["day"]))


def _handed_over(said: _Answer) -> PlanningError:
    parcel, _ = said.keys[0]
    return HandedOverAlready(parcel=parcel)


def _still_held(said: _Answer) -> PlanningError:
    facts = said.facts
    return ParcelStillHeld(
        parcel=facts["parcel"],
        kind=facts["kind"],
        number=facts["number"] or "",
        day=date.fromisoformat(facts["from"]),
    )


def _step(said: _Answer) -> PlanningError:
    facts = said.facts
    return PlanStepIllegal(
        plan_version=facts["plan_version"],
        before=facts["before"] or "none",
        step=facts["step"],
        day=date.fromisoformat(facts["day"]),
    )


def _case(said: _Answer) -> PlanningError:
    """A rule of clearance judged at commit: its facts are ids, steps and days, never sums."""
    facts = {name: value for name, value in said.facts.items() if name in _CASE_FACTS}
    if facts.get("day"):
        facts["day"] = date.fromisoformat(facts["day"])
    if said.constraint == "notice_runs_its_time":
        return (NoticeExpired if said.facts["why"] == "expired" else NoticeTooEarly)(**facts)
    return _JUDGED[said.constraint](**facts)


_CASE_FACTS: Final = ("item", "case", "plot", "parcel", "step", "day", "after")
_JUDGED: Final[Mapping[str, type[PlanningError]]] = {
    "step_follows_its_cause": StepBeforeCause,
    "amount_of_a_step": StepNeedsAmount,
    "payment_within_plan": PaymentAbovePlan,
    "handover_follows_its_case": HandoverOutsideCase,
    "followup_in_order": FollowupOutOfOrder,
    "plot_exists_when_assigned": PlotNotThere,
}


def _milestone(said: _Answer) -> PlanningError:
    facts = {
        name: date.fromisoformat(value) if value and name not in ("project", "step") else value
        for name, value in said.facts.items()
    }
    told = sorted(filter(None, (facts["day"], facts.pop("reached"))))
    late = facts["ends"] is not None and told[-1] > facts["ends"]
    facts["day"] = told[-1] if late else told[0]
    return (MilestoneAfterProject if late else MilestoneOutsideProject)(**facts)


def _order(said: _Answer) -> PlanningError:
    days = {name: date.fromisoformat(said.facts[name]) for name in ("first", "day")}
    return MilestonesOutOfOrder(**{**said.facts, **days})


def _dated(said: _Answer, *names: str) -> dict[str, Any]:
    """Facts of a judgement by name, their day as a day."""
    facts = {name: said.facts[name] for name in names}
    return {**facts, "day": date.fromisoformat(facts["day"])}


def _phase(said: _Answer) -> PlanningError:
    facts = said.facts
    if said.constraint == "zone_phases_apart":
        return PhasesOverlap()
    if said.constraint == "zone_phase_inside_boundary":
        return PhaseOutsideBoundary(outside_m2=facts["outside_m2"] or 0.0)
    day = date.fromisoformat(facts["from"])
    return PhasesExceedZone(phases_m2=facts["phases_m2"], zone_m2=facts["zone_m2"], day=day)


BY_CONSTRAINT: Final[Mapping[str, Maker]] = {
    "zone_phases_apart": _phase,
    "zone_phase_inside_boundary": _phase,
    "zone_phases_within_zone": _phase,
    "parcel_no_overlap": _overlap,
    "plan_one_in_force": _two_plans,
    "parcel_inside_boundary": _outside,
    "sub_lease_inside_parent": _sub_lease,
    "one_right_of_a_tier": _held,
    "let_or_reserved": _let_or_reserved,
    "lessor_has_power": _without_power,
    "reservation_expires": lambda said: ReservationForever(number=said.facts["number"]),
    "land_within_the_right": lambda said: LandOutsideRight(
        parcel=said.facts["parcel"], number=said.facts["number"] or ""
    ),
    "parcel_handed_over_once": _handed_over,
    "plan_steps_in_order": _step,
    "plan_approver_not_author": lambda said: ApproverIsAuthor(**said.facts),
    "plan_waiver_not_author": lambda said: WaiverByAuthor(**said.facts),
    "plan_version_kept": lambda said: PlanVersionKept(**said.facts),
    "plan_has_lots": lambda said: PlanWithoutLots(**said.facts),
    "plan_faults_signed": lambda said: FaultsOpen(**said.facts),
    "plan_waiver_on_lots_as_they_stand": lambda said: MovedMeanwhile(**said.facts),
    **dict.fromkeys((*_JUDGED, "notice_runs_its_time"), _case),
    "step_happens_once": lambda said: StepTakenAlready(item=said.keys[0][0], step=said.keys[0][1]),
    "parcel_in_one_item": lambda said: ParcelInOtherItem(parcel=said.keys[0][0]),
    "plot_for_one_household": lambda said: PlotAssignedAlready(plot=said.keys[0][0]),
    "plots_apart": lambda said: PlotsOverlap(a=said.facts["plots"][0], b=said.facts["plots"][1]),
    "waiver_once": lambda _said: WaivedAlready(),
    "waiver_names_what_stands": lambda _said: WaiverSideMoved(),
    "waiver_not_own_work": lambda said: WaiverOfOwnWork(**said.facts),
    "waiver_granted_by_actor": lambda _said: WaiverOfAnother(),
    "waiver_not_undone": lambda _said: WaiverNotUndone(),
    "deadline_version": lambda _said: TermMoved(),
    "clearance_term_version": lambda _said: TermMoved(),
    "term_confirmed_by_another": lambda _said: TermConfirmedBySelf(),
    "norm_waived_once": lambda _said: WaivedAlready(),
    "norm_waiver_signed_by_actor": lambda _said: WaiverOfAnother(),
    "norm_waiver_on_lots_as_they_stand": lambda _said: NormLotsMoved(),
    "norm_waiver_not_own_work": lambda said: NormWaiverByAuthor(**said.facts),
    "norm_confirmed_by_another": lambda _said: NormConfirmedBySelf(),
    "norm_confirmed_with_value": lambda _said: NormWithoutValue(),
    "norm_rule_version": lambda _said: NormRuleMoved(),
    "clock_needs_land": lambda said: ClockNeedsLand(**_dated(said, "project", "fact", "day")),
    "extension_within_law": lambda said: ExtensionTooLong(
        **_dated(said, "project", "day", "months"), most=said.facts["most"] or 0
    ),
    "extended_once": lambda said: ExtendedAlready(project=said.keys[0][0]),
    "suspensions_apart": lambda said: SuspensionsOverlap(project=said.keys[0][0]),
    "letter_after_its_draft": lambda _said: LetterBeforeDraft(),
    "reminder_letter_one_row_a_day": lambda _said: LetterIssuedAlready(),
    "held_ground_is_there": _still_held,
    "milestones_within_project": _milestone,
    "milestones_in_order": _order,
    "amendment_follows_base": lambda said: AmendmentBeforeBase(
        **{**said.facts, "day": date.fromisoformat(said.facts["day"])}
    ),
    "one_certificate_of_a_number": lambda _said: CertificateTaken(),
    "disbursement_periods_apart": lambda said: PeriodsOverlap(currency=said.keys[0][1]),
    "history_is_kept": lambda said: HistoryIsKept(what=said.detail),
    "write_has_a_change": lambda said: WriteWithoutChange(table=said.detail),
    "recorded_opens_first": lambda said: WriteWithoutChange(table=said.table),
    "change_not_dated_back": lambda _said: KnowledgeDatedBack(),
    "change_dated_in_order": lambda _said: KnowledgeDatedBack(),
    "demo_marked_before_use": lambda _said: DemoMarkedTooLate(),
    "change_hangs_on_a_document": lambda _said: DocumentMissing(),
    "plan_approved_by_decision": lambda _said: DocumentMissing(),
    "parent_is_of_the_state": lambda _said: SubLeaseOutsideParent(),
    "only_sub_leases_have_parents": lambda _said: SubLeaseOutsideParent(),
}
RULES: Final = frozenset(BY_CONSTRAINT)
"""Names of the database's rules that have words of their own."""
_SHAPE: Final = re.compile(r"_(valid|srid|flat|on_grid|has_area|vertices|shape|plane)$")
_AMOUNTS: Final = ("area_m2_check", "vnd_check", "money_check", "vnd_is_whole")


def refusal(error: DBAPIError | psycopg.Error) -> PlanningError | None:
    """Return what the database refused as a typed error; None when it is no rule of the register.

    Deadlocks, time-outs and lost connections are not rules: they stay what they are.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return None
    said = _taken_apart(cause)
    if said.constraint in BY_CONSTRAINT:
        return None if said.state == "25001" else BY_CONSTRAINT[said.constraint](said)
    if said.constraint in _AMOUNTS:
        return AmountRefused(constraint=said.constraint, table=said.table)
    if said.state == "23514" or said.state == "23503":
        kind = ShapeRefused if _SHAPE.search(said.constraint) else ValueRefused
        return kind(constraint=said.constraint, table=said.table)
    if said.state == "22023":
        return ShapeRefused(constraint="dimensions", table=said.table)
    if said.state == "23505":
        return AlreadyExists(kind=said.table, key=", ".join(said.keys[0] if said.keys else []))
    if said.state == "23P01" or said.state == "22000":
        return Conflict(table=said.table)
    return None


def _taken_apart(cause: psycopg.Error) -> _Answer:
    said = cause.diag
    detail = said.message_detail or ""
    facts: Mapping[str, Any] = json.loads(detail) if detail.startswith("{") else {}
    return _Answer(
        cause.sqlstate or "", said.constraint_name or "", said.table_name or "", detail, facts
    )
