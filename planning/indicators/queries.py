"""Questions to the indicators: definitions, and the figures of zones and boards at a moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, cast
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from planning.clocks import Moment, in_force, known, moment_parameters
from planning.errors import NotFound
from planning.indicators import rules
from planning.indicators.errors import DefinitionNotFound
from planning.indicators.model import Indicator, IndicatorDefinition
from planning.indicators.notes import Note, notes
from planning.indicators.rules import Answer, Definition, Ground, Quantities, Quantity
from planning.plans.model import Plan, PlanStatus, PlanVersion
from planning.records.model import Document
from planning.statements import statement_text
from planning.vocabulary import IN_FORCE_STATUSES
from planning.zones.model import Zone
from planning.zones.queries import ZoneRow, find_board, zones


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A 1/2000 plan version whose lots the figures count, with the decision it rests on."""

    zone: str
    plan: str
    version: int
    name_vi: str
    name_en: str | None
    valid_from: date
    decision_number: str | None
    decision_issued_on: date | None
    decision_issuer: str | None
    annulled_from: date | None = None
    """The day the version is annulled from by what is known now, if that takes this day away."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An answer with the remarks a reader needs and the scope it speaks of."""

    answer: Answer
    scope: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Supposition:
    """Subdivision plan versions to leave out, and versions to count as if they were in force."""

    without: tuple[UUID, ...] = ()
    supposed: tuple[UUID, ...] = ()


AS_IT_IS: Final = Supposition()

Counting = Callable[[Session, Moment, Sequence[UUID]], Mapping[UUID, Quantities]]
"""How base quantities are had: `base_quantities`, or what remembers its answers."""


@dataclass(frozen=True)
class Land:
    """Everything figures are made of at a moment, read once: zones, quantities, rules, plans.

    `known` is the number of the last change the figures know; `own` holds each zone's own ground,
    `year_before` the same at the end of the year before (empty when no flow was asked).
    """

    as_of: date
    known: int
    zones: tuple[ZoneRow, ...]
    own: Mapping[UUID, Quantities]
    year_before: Mapping[UUID, Quantities]
    definitions: Mapping[str, Definition]
    plans: tuple[PlanInForce, ...]

    def zone(self, code: str) -> ZoneRow:
        """Return a zone of this land. Raises NotFound."""
        for zone in self.zones:
            if zone.code == code:
                return zone
        raise NotFound(kind="zone", key=code)

    def within(self, *codes: str) -> "Land":
        """The same land, zones of these codes and those inside them only."""
        names, before = set(codes), 0
        while len(names) > before:
            before = len(names)
            names |= {zone.code for zone in self.zones if zone.parent_code in names}
        return replace(
            self,
            zones=tuple(zone for zone in self.zones if zone.code in names),
            plans=tuple(plan for plan in self.plans if plan.zone in names),
        )

    def figures(
        self, codes: Sequence[str] | None = None, scope: str | None = None
    ) -> dict[str, Figure]:
        """Return the figures of all this land together, by code (all that are in the table).

        `scope` counts only zones of that kind; without it each definition's own scope rules.
        Raises DefinitionNotFound.
        """
        found: dict[str, Figure] = {}
        sums: dict[str, tuple[Quantities, Quantities]] = {}
        for code in codes if codes is not None else self.definitions:
            if code not in self.definitions:
                raise DefinitionNotFound(key=code)
            ruling = scope or self.definitions[code].scope
            if ruling not in sums:
                both = (self.own, self.year_before)
                now, before = (self._together(own, ruling) for own in both)
                sums[ruling] = now, before
            now, before = sums[ruling]
            answer = rules.evaluate(code, self.definitions, self.as_of, now, before)
            remarks = notes(answer, self.definitions, now, self._annulled())
            found[code] = Figure(answer, ruling, remarks)
        return found

    def _annulled(self) -> list[Note]:
        """Plans that counted as in force then, and were annulled for this day since."""
        return [
            Note(
                "indicator-plan-annulled",
                {"plan": plan.plan, "version": plan.version, "day": plan.annulled_from},
            )
            for plan in self.plans
            if plan.annulled_from is not None
        ]

    def quantities(self, scope: str = "all") -> Quantities:
        """The base quantities of all this land together."""
        return self._together(self.own, scope)

    def _together(self, own: Mapping[UUID, Quantities], scope: str) -> Quantities:
        grounds = [Ground(zone.id, zone.parent_id, zone.kind) for zone in self.zones]
        roots = rules.outermost(grounds, scope)
        return rules.add_up(rules.roll_up(root.id, grounds, own) for root in roots)


def definitions(session: Session) -> list[Definition]:
    """Return every definition ever recorded, by place and version."""
    rows = session.execute(
        select(IndicatorDefinition, Indicator.position)
        .join(Indicator, Indicator.code == IndicatorDefinition.code)
        .order_by(Indicator.position, IndicatorDefinition.version)
    )
    return [
        Definition(
            code=row.code,
            version=row.version,
            position=position,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            kind=row.kind,
            unit=row.unit,
            scope=row.scope,
            area_basis=row.area_basis,
            terms=tuple(row.terms or ()),
            numerator=row.numerator,
            denominator=row.denominator,
            name_vi=row.name_vi,
            name_en=row.name_en,
            clause_vi=row.clause_vi,
            clause_en=row.clause_en,
            source=row.source,
            verification=row.verification,
        )
        for row, position in rows
    ]


def land(
    session: Session,
    at: Moment,
    *,
    board: str | None = None,
    zone: str | None = None,
    flows: bool = True,
    count: Counting | None = None,
) -> Land:
    """Read what the figures of a zone (with all inside it), a board, or all need, at a moment.

    `flows=False` spares the second reading that flows need; `count` stands in for
    `base_quantities`. Raises NotFound for an unknown zone or board.
    """
    counted = count or base_quantities
    in_being = tuple(zones(session, at, board))
    if board is not None and not in_being:
        find_board(session, board)
    whole = Land(
        as_of=at.as_of,
        known=settled(session, at).known or 0,
        zones=in_being,
        own={},
        year_before={},
        definitions=rules.choose(definitions(session), at.as_of),
        plans=tuple(plans_in_force(session, at)),
    )
    if zone is not None:
        whole.zone(zone)
    chosen = whole.within(zone) if zone else whole.within(*(row.code for row in in_being))
    ids = [row.id for row in chosen.zones]
    year_end = replace(at, as_of=date(at.as_of.year - 1, 12, 31))
    return replace(
        chosen,
        own=counted(session, at, ids),
        year_before=counted(session, year_end, ids) if flows else {},
    )


def base_quantities(
    session: Session, at: Moment, zone_ids: Sequence[UUID], plans: Supposition = AS_IT_IS
) -> dict[UUID, dict[str, Quantity]]:
    """Return the base quantities of each zone's own ground in one question.

    Areas in m², projects counted. Sums of stored areas: no geometry is read. `plans` supposes
    other plan versions in force than those that are.
    """
    _plan_for_sums(session)
    question = text(statement_text("indicator_items") + statement_text("indicator_totals"))
    found: dict[UUID, dict[str, Quantity]] = {zone_id: {} for zone_id in zone_ids}
    for row in session.execute(question, _values(at, zone_ids, plans)):
        found[row.zone_id][row.quantity] = Quantity(row.legal, row.measured, row.items, row.missing)
    return found


def _values(at: Moment, zone_ids: Sequence[UUID], plans: Supposition) -> dict[str, object]:
    return {
        "zones": list(zone_ids),
        "without": list(plans.without),
        "supposed": list(plans.supposed),
        **moment_parameters(at),
    }


def _plan_for_sums(session: Session) -> None:
    """Let this transaction plan for the zones asked about: a plan for any zones reads them all."""
    session.execute(
        text(
            "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
            " set_config('work_mem', '64MB', true), set_config('jit', 'off', true),"
            " set_config('random_page_cost', '1.1', true)"
        )
    )


def plans_in_force(session: Session, at: Moment) -> list[PlanInForce]:
    """Return the subdivision plan versions in force at a moment, by zone and plan.

    `valid_from` is the day a version came into force, whatever was published later.
    """
    began, later = aliased(PlanStatus), aliased(PlanStatus)
    since = (
        select(func.min(began.valid_from))
        .where(
            began.plan_version_id == PlanStatus.plan_version_id,
            began.status.in_(IN_FORCE_STATUSES),
            began.valid_from <= at.as_of,
            known(began, at),
        )
        .scalar_subquery()
    )
    annulled = (
        select(func.min(later.valid_from))
        .where(
            later.plan_version_id == PlanStatus.plan_version_id,
            later.status == "annulled",
            later.valid_from <= at.as_of,
            later.closed_by.is_(None),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Zone.code.label("zone"),
            Plan.code.label("plan"),
            PlanVersion.number.label("version"),
            Plan.name_vi,
            Plan.name_en,
            since.label("valid_from"),
            Document.number.label("decision_number"),
            Document.issued_on.label("decision_issued_on"),
            Document.issuer.label("decision_issuer"),
            annulled.label("annulled_from"),
        )
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanStatus, (PlanStatus.plan_version_id == PlanVersion.id) & in_force(PlanStatus, at))
        .join(Zone, Zone.id == Plan.zone_id)
        .outerjoin(Document, Document.id == PlanStatus.decision_id)
        .where(Plan.level == "subdivision", PlanStatus.status.in_(IN_FORCE_STATUSES))
        .order_by(Zone.code, Plan.code)
    )
    return [PlanInForce(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class Item:
    """A row behind a figure: a boundary, mark, lot, parcel, right or project, with its m².

    `missing`: no legal area is recorded, the measured one stands in (a right: no parcels yet).
    """

    quantity: str
    zone: str
    kind: str
    id: UUID | None
    label: str
    detail: str | None
    legal: Decimal
    measured: Decimal
    missing: bool


def items(
    session: Session, at: Moment, zone_ids: Sequence[UUID], quantities: Sequence[str], limit: int
) -> list[Item]:
    """Return the largest rows that make up base quantities of these zones' own ground."""
    _plan_for_sums(session)
    question = text(statement_text("indicator_items") + statement_text("indicator_rows"))
    values = {"quantities": list(quantities), "limit": limit}
    rows = session.execute(question, {**values, **_values(at, zone_ids, AS_IT_IS)})
    return [Item(**row._mapping) for row in rows]


def settled(session: Session, at: Moment) -> Moment:
    """Return the moment with its change number: "now" becomes the last change known now."""
    if at.known is not None:
        return at
    known = session.scalar(select(func.land.known_at(func.clock_timestamp())))
    return replace(at, known=cast(int, known or 0))
