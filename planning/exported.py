"""Which facts of the register leave it as files, with which properties, and what the file's
manifest says.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, TextClause, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from layers.crs import OPERATION
from layers.exporting import ExportSource
from planning.clocks import Moment, in_force, moment_parameters
from planning.conformance import sources
from planning.conformance.queries import findings
from planning.errors import NotFound
from planning.plans.model import Plan, PlanStatus, PlanVersion
from planning.records.model import Change, Document, Instance
from planning.statements import statement_text
from planning.vocabulary import IN_FORCE_STATUSES
from planning.zones.queries import zones

_PAPER = "document_no document_date issuer"
_DECISION = "decision_no decision_date issuer"
_AREAS = "legal_area_m2 gis_area_m2"
_TAIL = "valid_from valid_to source_crs updated_at data_class"

_LAYERS = {
    "zones": f"""id layer zone_code parent_code name_vi name_en category_code board_code {_AREAS}
        geometry_certainty {_DECISION} {_TAIL}""",
    "plan-lots": f"""id layer zone_code symbol category_code leasable level {_AREAS} density_pct
        storeys_max floor_area_ratio plan_id plan_version status {_DECISION} geometry_certainty
        {_TAIL}""",
    "parcels": f"""id layer zone_code commune_code sheet_no parcel_no official_id land_use_code
        status late {_AREAS} {_PAPER} geometry_certainty {_TAIL}""",
    "rights": f"""id layer zone_code contract_no category_code parent_contract_no lessor lessee
        {_AREAS} parcels payment_mode term_ends {_PAPER} {_TAIL}""",
    "resettlement": f"""id layer zone_code board_code name_vi name_en status plots_planned ready_on
        {_AREAS} {_DECISION} {_TAIL}""",
    "clearance": f"""id layer zone_code case_code item_no sheet_no parcel_no holder_kind land_class
        status complaint suspension notice_on approved_on paid_on recovered_on handed_over_on
        handover_planned_on {_AREAS} {_TAIL}""",
    "projects": f"""id layer zone_code name_vi name_en category_code status progress_pct late_days
        {_AREAS} certificate_no {_PAPER} {_TAIL}""",
    "admin-units": f"""id layer level code name_vi name_en parent_code {_AREAS} {_PAPER}
        {_TAIL}""",
}
PROPERTIES: Final = MappingProxyType(
    {
        **{name: tuple(_LAYERS[name].split()) for name in _LAYERS},
        sources.LAYER: sources.EXPORTED,
    }
)
PACKAGED: Final = tuple(name for name in _LAYERS if name != "clearance")
"""What the provincial database is given: facts. Findings, their waivers and the items of clearance
are the board's own.
"""
NUMBERS: Final = frozenset(
    (
        *("legal_area_m2", "gis_area_m2", "density_pct", "storeys_max", "floor_area_ratio"),
        *("plan_version", "parcels", "plots_planned", "progress_pct", "late_days"),
    )
)
SHAPES: Final = MappingProxyType(
    {
        "zones": "MultiPolygon",
        "plan-lots": "Polygon",
        "parcels": "Polygon",
        "rights": "MultiPolygon",
        "resettlement": "MultiPolygon",
        "clearance": "Polygon",
        "projects": "Unknown",
        "admin-units": "MultiPolygon",
    }
)

_PARTS: Final = MappingProxyType({"projects": "published/projects"})


def layer_source(
    session: Session, layer: str, at: Moment, zone_ids: tuple[UUID, ...] | None
) -> ExportSource:
    """Describe a layer at a moment to the exporter; findings are worked out first.

    Raises NotFound for an unknown layer.
    """
    if layer != sources.LAYER:
        return export_source(layer, at, zone_ids)
    if zone_ids is None:
        zone_ids = tuple(zone.id for zone in zones(session, at))
    return sources.export_source(findings(session, at, zone_ids))


def export_source(layer: str, at: Moment, zone_ids: tuple[UUID, ...] | None) -> ExportSource:
    """Describe a layer of facts at a moment to the exporter. Raises NotFound for any other."""
    properties = PROPERTIES.get(layer)
    if properties is None or layer == sources.LAYER:
        raise NotFound(kind="export_layer", key=layer[:40])
    numbers = frozenset(NUMBERS & set(properties))
    return ExportSource(layer, _question(layer, at, zone_ids), properties, numbers, SHAPES[layer])


def _question(layer: str, at: Moment, zone_ids: tuple[UUID, ...] | None) -> TextClause:
    written = statement_text(f"export/{layer.replace('-', '_')}")
    part = _PARTS.get(layer)
    if part is not None:
        written = written.replace(f"/*{part}*/", statement_text(part))
    question = text(written)
    values = {**moment_parameters(at), "zone_ids": None if zone_ids is None else list(zone_ids)}
    types = {"zone_ids": ARRAY(Uuid)}
    asked = question.compile().params
    return question.bindparams(
        *(
            bindparam(name, value, types.get(name))
            for name, value in values.items()
            if name in asked
        )
    )


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A plan version in force at the export's moment and the decision behind it."""

    plan: str
    version: int
    level: str
    decision: str | None
    decided_on: date | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a reader must know to use the files a year later."""

    as_of: date
    known_change: int
    known_at: datetime | None
    written_at: datetime
    datum_operation: str
    plans: list[PlanInForce]
    is_demo: bool
    data_notice: str | None


def manifest(session: Session, at: Moment, zone_ids: tuple[UUID, ...] | None) -> Manifest:
    """Return the facts of an export: both clocks, datum operation, plan decisions, what the data
    is.
    """
    newest = at.known if at.known is not None else session.scalar(select(func.max(Change.number)))
    plans: Select[*tuple[Any, ...]] = (
        select(
            Plan.code,
            PlanVersion.number,
            Plan.level,
            Document.number,
            Document.issued_on,
            Document.issuer,
        )
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanStatus, PlanStatus.plan_version_id == PlanVersion.id)
        .outerjoin(Document, Document.id == PlanStatus.decision_id)
        .where(in_force(PlanStatus, at), PlanStatus.status.in_(IN_FORCE_STATUSES))
        .order_by(Plan.code)
    )
    if zone_ids is not None:
        plans = plans.where(Plan.zone_id.in_(zone_ids))
    instance = session.execute(select(Instance.is_demo, Instance.data_notice)).one()
    return Manifest(
        as_of=at.as_of,
        known_change=int(newest or 0),
        known_at=session.scalar(select(Change.committed_at).where(Change.number == newest)),
        written_at=datetime.now(UTC),
        datum_operation=OPERATION,
        plans=[PlanInForce(*row) for row in session.execute(plans)],
        is_demo=instance.is_demo,
        data_notice=instance.data_notice,
    )
