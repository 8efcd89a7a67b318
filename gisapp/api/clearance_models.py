"""What the API tells of clearance and resettlement; areas are m², money whole dong."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import Field

from gisapp.api.models import Answer

State = Literal[
    "opened", "notice", "inventory", "plan_drafted", "plan_posted", "plan_approved", "paid",
    "recovered", "paid_and_recovered", "handed_over",
]  # fmt: skip
Flag = Literal["complaint", "suspension", "homeless"]
Holder = Literal["household", "organisation", "community"]
LandClass = Literal["agricultural", "non_agricultural"]


class Money(Answer):
    """Whole dong of a plan or of payments."""

    compensation: int = Field(description="Bồi thường · đ")
    support: int = Field(description="Hỗ trợ · đ")
    resettlement: int = Field(description="Tái định cư · đ")
    total: int


class Followup(Answer):
    """What the board did with the cleared tract."""

    step: Literal["confirmed", "lease_filed", "state_lease"]
    day: dt.date
    area_m2: float
    document: str


class CaseOut(Answer):
    """A case at a moment: land beside money, homes beside alarms."""

    code: str
    zone: str
    name_vi: str
    name_en: str | None
    since: dt.date
    items: int
    households: int
    handed_over: int = Field(description="items handed over")
    area_m2: float = Field(description="legal area of the land to recover, m²")
    cleared_m2: float
    cleared_share: float | None = Field(description="cleared ÷ to recover; null without land")
    granted: Money = Field(description="the plans in force")
    paid: Money
    paid_share: float | None = Field(description="paid ÷ granted; null before any plan")
    complaints: int
    suspensions: int
    plots_needed: int
    plots_assigned: int
    homeless: int = Field(description="items whose land goes before their plot is ready")
    followups: list[Followup]


class CaseList(Answer):
    """Cases the caller may see."""

    as_of: dt.date
    cases: list[CaseOut]


class ItemOut(Answer):
    """A land user's part of a case. Nobody is named here, whoever asks."""

    id: UUID
    number: str
    holder: Holder
    named: bool = Field(description="a household is on file; its name is the officer's alone")
    land_class: LandClass
    parcels: int
    parcel_numbers: str = Field(description="sheet/number of each parcel")
    area_m2: float
    state: State
    last_on: dt.date | None
    notice_on: dt.date | None
    approved_on: dt.date | None
    paid_on: dt.date | None
    recovered_on: dt.date | None
    handed_over_on: dt.date | None
    handover_planned_on: dt.date | None
    complaint: bool
    suspension: bool
    plots_needed: int
    plots_assigned: int
    plots: str | None
    homeless: bool


class ItemList(Answer):
    """A page of items; sums are of all that fit, not of the page."""

    case: str
    as_of: dt.date
    count: int
    area_m2: float
    next: str | None = Field(description="cursor of the following page")
    items: list[ItemOut]


class StepOut(Answer):
    """A step as it was taken, by the minutes of a document."""

    id: UUID
    kind: str
    day: dt.date
    agreed_early: bool
    document: str
    issued_on: dt.date
    issuer: str


class FlagOut(Answer):
    """A complaint or suspension; `until` exclusive, null: still."""

    kind: Literal["complaint", "suspension"]
    since: dt.date
    until: dt.date | None
    document: str


class NextOut(Answer):
    """A step the law waits for: no earlier than, no later than, by which clauses."""

    kind: str
    again: bool
    earliest: dt.date | None
    latest: dt.date | None
    severity: Literal["overdue", "soon", "open", "waiting"]
    clauses: list[str]
    verified: bool = Field(description="every clause was checked against its source")


class ItemFull(Answer):
    """An item with its story and what comes next."""

    case: str
    as_of: dt.date
    item: ItemOut
    steps: list[StepOut]
    flags: list[FlagOut]
    next: list[NextOut]


class StepMoney(Answer):
    """What one step grants or pays."""

    step_id: UUID
    day: dt.date
    money: Money


class HouseholdOut(Answer):
    """Who a household is and what it is owed: that it was read has been noted."""

    item: str
    head_name: str | None
    identity_no: str | None
    phone: str | None
    address: str | None
    bank_account: str | None
    members: int | None
    amounts: list[StepMoney]


class TargetOut(Answer):
    """A year's target of a zone, or of a board as a whole, and what was cleared of it so far."""

    board: str
    zone: str | None
    year: int
    target_m2: float
    document: str
    cleared_m2: float = Field(description="handed over in the year up to as_of (flow)")
    completion: float | None
    year_ago_m2: float = Field(description="the same days of the year before")
    stock_m2: float = Field(description="all that is cleared at as_of; never added to the flow")


class TargetList(Answer):
    """Targets of a reporting year."""

    as_of: dt.date
    year: int
    scheme: str
    first: dt.date
    last: dt.date
    targets: list[TargetOut]


class AreaOut(Answer):
    """A resettlement area: plots ready and promised, infrastructure, the first day of shortage."""

    code: str
    board: str
    zone: str | None
    name_vi: str
    name_en: str | None
    status: Literal["planned", "approved", "building", "completed", "full"]
    ready_on: dt.date | None
    plots_planned: int | None
    area_m2: float
    plots: int
    plots_ready: int
    plots_assigned: int
    progress_pct: float | None = Field(description="infrastructure, as last reported")
    progress_on: dt.date | None
    first_shortage: dt.date | None
    most_short: int = Field(description="plots missing on the worst day")


class AreaList(Answer):
    """Resettlement areas the caller may see."""

    as_of: dt.date
    areas: list[AreaOut]


class PlotOut(Answer):
    """A plot: when ready, to which item promised, when that item's land goes."""

    number: str
    status: str
    legal_area_m2: float | None
    measured_m2: float | None
    ready_on: dt.date | None
    case: str | None
    item: str | None
    assigned_on: dt.date | None
    needed_on: dt.date | None
    handed_over: bool
    too_late: bool | None = Field(description="the land goes before the plot is ready")


class PlotList(Answer):
    """Plots of an area."""

    area: str
    as_of: dt.date
    plots: list[PlotOut]


class PointOut(Answer):
    """The end of a day: plots ready and needed by then."""

    day: dt.date
    ready: int
    needed: int
    short: int


class CurveOut(Answer):
    """Supply against demand; days to come are as planned."""

    area: str
    as_of: dt.date
    points: list[PointOut]
    first_shortage: dt.date | None
    enough_again: dt.date | None
    undated_ready: int
    undated_needed: int


class ProgressOut(Answer):
    """Infrastructure of an area as reported for a day, in percent."""

    day: dt.date
    percent: float
    note: str | None
    document: str


class ProgressList(Answer):
    """What was reported of an area's infrastructure, oldest first."""

    area: str
    as_of: dt.date
    progress: list[ProgressOut]
