"""Which waivers speak of a finding, and why one that was given no longer does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from planning.conformance.finding import Finding, Lot, Parcel, Waived


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver as the register has it at a moment.

    `…_now` are the versions that say on that day what the waived sides said; None where a named
    side has changed. `heirs` are the parcels it named and what became of them.
    """

    id: UUID
    kind: str
    granted_by: str
    reason: str
    valid_from: date
    valid_to: date | None
    withdrawn_by: str | None
    place_e_mm: int | None
    place_n_mm: int | None
    document: str | None
    heirs: frozenset[UUID]
    parcel_now: int | None
    other_parcel_now: int | None
    lot_now: int | None
    level: str | None
    boundary_now: int | None
    scope_now: int | None
    right_now: int | None
    names_parcel: bool
    names_lot: bool
    names_boundary: bool
    names_scope: bool
    names_right: bool

    @property
    def changed(self) -> str | None:
        """The side that is no longer what was waived, in one word; None when both are."""
        if self.parcel_now is None or (self.names_parcel and self.other_parcel_now is None):
            return "parcel-changed"
        if self.names_lot and self.lot_now is None:
            return "plan-changed"
        if self.names_scope and self.scope_now is None:
            return "plan-changed"
        if self.names_boundary and self.boundary_now is None:
            return "boundary-changed"
        if self.names_right and self.right_now is None:
            return "right-changed"
        return None

    @property
    def key(self) -> str | None:
        """The finding it speaks of on that day; None when a side has changed."""
        if self.changed is not None:
            return None
        sides = (
            ("p", self.other_parcel_now, self.names_parcel),
            ("l", self.lot_now, self.names_lot),
            ("b", self.boundary_now, self.names_boundary),
            ("s", self.scope_now, self.names_scope),
            ("r", self.right_now, self.names_right),
        )
        parts = [self.kind, str(self.parcel_now)]
        parts += [f"{letter}{version}" for letter, version, named in sides if named]
        if self.place_e_mm is not None:
            parts += [str(self.place_e_mm), str(self.place_n_mm)]
        return "-".join(parts)

    def holds(self, day: date) -> bool:
        """Whether its days include the day."""
        return self.valid_to is None or self.valid_to > day

    def said(self, lapsed: str | None = None, lapsed_by: int | None = None) -> Waived:
        """What is told of it beside the finding."""
        until = None if self.valid_to is None else self.valid_to - timedelta(days=1)
        return Waived(
            self.id, self.granted_by, self.reason, self.valid_from, until, self.document,
            lapsed, lapsed_by,
        )  # fmt: skip


def with_waivers(
    findings: Sequence[Finding], waivers: Iterable[WaiverRow], day: date
) -> list[Finding]:
    """The findings with what is said of each: a waiver that holds, or why the last one lapsed."""
    rows = list(waivers)
    named: dict[str, WaiverRow] = {}
    for row in rows:  # oldest first: a later one replaces it, but not one that holds
        key = row.key
        if key is not None and not (key in named and named[key].holds(day)):
            named[key] = row
    broken = [row for row in rows if row.changed is not None]
    return [_with_waiver(each, named.get(each.key), broken, day) for each in findings]


def _with_waiver(
    finding: Finding, row: WaiverRow | None, broken: Sequence[WaiverRow], day: date
) -> Finding:
    if row is not None:
        if row.holds(day):
            return finding.waived(row.said())
        return finding.waived(row.said("withdrawn" if row.withdrawn_by else "expired"))
    former = [each for each in broken if _spoke_of(each, finding)]
    if not former:
        return finding.waived(None)
    last = former[-1]
    why = last.changed
    if last.withdrawn_by:
        return finding.waived(last.said("withdrawn"))
    return finding.waived(last.said(why, _changed_by(finding, why)))


def _spoke_of(row: WaiverRow, finding: Finding) -> bool:
    """Whether a waiver with a changed side was of this finding before the change."""
    if row.kind != finding.kind or finding.parcel.parcel_id not in row.heirs:
        return False
    other = finding.other
    if isinstance(other, Parcel):
        return row.names_parcel and other.parcel_id in row.heirs
    if isinstance(other, Lot):
        return row.level == other.level and row.lot_now in (None, other.version_id)
    return not row.names_parcel


def _changed_by(finding: Finding, why: str | None) -> int | None:
    """The change that wrote the side that is another now."""
    if why == "parcel-changed":
        newest = [finding.parcel.opened_by]
        if isinstance(finding.other, Parcel):
            newest.append(finding.other.opened_by)
        return max(newest)
    if why == "right-changed":
        return None if finding.right is None else finding.right.opened_by
    return finding.other.opened_by
