"""What the database refuses, as types: one a rule of the register."""

from planning.errors import Conflict, NotPermitted, RuleViolated


class ParcelsOverlap(Conflict):
    """Two parcels would cover the same ground on the same day."""

    code = "parcels-overlap"


class ParcelOutsideZone(RuleViolated):
    """A parcel reaches over its zone's boundary by more than the boundary's tolerance."""

    code = "parcel-outside-zone"


class PlanTwoInForce(Conflict):
    """Two plan versions of one level would be in force on the same ground and day."""

    code = "plan-two-in-force"


class PlanStepIllegal(RuleViolated):
    """A plan version would take a step that may not follow the one before it."""

    code = "plan-step-illegal"


class ApproverIsAuthor(NotPermitted):
    """Who drew a plan version would approve it, take its approval back, or annul it."""

    code = "plan-approver-is-author"


class WaiverByAuthor(NotPermitted):
    """Who drew a plan version would sign for its faults."""

    code = "plan-waiver-by-author"


class PlanVersionKept(NotPermitted):
    """Lots or scope of a plan version that is or was in force would change."""

    code = "plan-version-kept"


class SubLeaseOutsideParent(RuleViolated):
    """A sub-lease reaches beyond the right it is granted from."""

    code = "sub-lease-outside-parent"


class SubLeasesExceedArea(SubLeaseOutsideParent):
    """The sub-leases of a tract together exceed its contract area on some day."""

    code = "sub-leases-exceed-area"


class SubLeaseExceedsTerm(SubLeaseOutsideParent):
    """A sub-lease begins before its parent, or outlasts it."""

    code = "sub-lease-exceeds-term"


class SubLeaseOutsideLand(SubLeaseOutsideParent):
    """A sub-lease holds a parcel its parent does not hold on those days."""

    code = "sub-lease-outside-land"


class ParcelHeldAlready(Conflict):
    """Another right of the same tier holds the parcel on those days."""

    code = "parcel-held-already"


class LetOrReserved(Conflict):
    """The parcel is let on days it would be reserved for, or the other way round."""

    code = "let-or-reserved"


class LessorWithoutPower(RuleViolated):
    """Who grants a right may not on that day. Context: ``number``, ``day``, ``clause``, ``kind``,
    ``lessor_kind``.
    """

    code = "lessor-without-power"


class ReservationForever(RuleViolated):
    """A reservation without a last day. Context: ``number``."""

    code = "reservation-forever"


class LandOutsideRight(RuleViolated):
    """A right holds a parcel on days it is not in force. Context: ``parcel_name``, ``number``."""

    code = "land-outside-right"


class HandedOverAlready(Conflict):
    """The parcel was handed over by other minutes."""

    code = "handed-over-already"


class ParcelStillHeld(Conflict):
    """A parcel would be gone on days on which a right, hand-over, project or clearance item holds
    it. Context: ``parcel_name``, ``kind``, ``number``, ``day``.
    """

    code = "parcel-still-held"


class HistoryIsKept(NotPermitted):
    """Nothing but the end of knowledge ever moves; nothing is deleted."""

    code = "history-is-kept"


class WriteWithoutChange(NotPermitted):
    """A write that no open change of this transaction carries, or one that needs a document."""

    code = "write-without-change"


class KnowledgeDatedBack(NotPermitted):
    """Only a demo accepts knowledge dated back, and only in order."""

    code = "knowledge-dated-back"


class DemoMarkedTooLate(NotPermitted):
    """A database is marked demo before its first change, or never."""

    code = "demo-marked-too-late"


class ShapeRefused(RuleViolated):
    """A shape that is invalid, empty, off the grid, with heights, too large, of another plane."""

    code = "shape-refused"


class AmountRefused(RuleViolated):
    """An amount or area that is negative, too large, or finer than its unit allows."""

    code = "amount-refused"


class ValueRefused(RuleViolated):
    """A value the register does not know, or a day out of order."""

    code = "value-refused"


class StepBeforeCause(RuleViolated):
    """A step of clearance without what must come before it, or dated before that."""

    code = "step-before-cause"


class StepTakenAlready(Conflict):
    """The step was taken already; it happens once."""

    code = "step-taken-already"


class NoticeTooEarly(RuleViolated):
    """Land recovered before the notice ran out, and the land user has not agreed."""

    code = "notice-too-early"


class NoticeExpired(RuleViolated):
    """Land recovered on a notice that is no longer valid; it has to be sent again."""

    code = "notice-expired"


class StepNeedsAmount(RuleViolated):
    """An approved plan or a payment without its amount, or an amount without its step."""

    code = "step-needs-amount"


class PaymentAbovePlan(RuleViolated):
    """More would be paid than the plan in force grants; the sums are not repeated here."""

    code = "payment-above-plan"


class HandoverOutsideCase(RuleViolated):
    """Land of a clearance item handed over outside its case, or an item of cleared land."""

    code = "handover-outside-case"


class ParcelInOtherItem(Conflict):
    """The parcel is in another item of clearance on those days."""

    code = "parcel-in-other-item"


class FollowupOutOfOrder(RuleViolated):
    """A lease dossier before the clearance is confirmed, a State lease before the dossier."""

    code = "followup-out-of-order"


class PlotAssignedAlready(Conflict):
    """The resettlement plot is promised to another household."""

    code = "plot-assigned-already"


class PlotNotThere(RuleViolated):
    """A resettlement plot promised before it exists, or taken away while it is promised."""

    code = "plot-not-there"


class PlotsOverlap(Conflict):
    """Two resettlement plots would cover the same ground."""

    code = "plots-overlap"
