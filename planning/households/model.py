"""Mapped classes of schema `household`; only the login `gisapp_household` reaches it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked, Identity

SCHEMA = {"schema": "household"}


class Household(Identity, Base):
    """A household: a number for ever, without a name."""

    __tablename__ = "household"
    __table_args__ = (SCHEMA,)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


class HouseholdVersion(Clocked, Base):
    """What a household is called and how it is reached, by period."""

    __tablename__ = "household_version"
    __table_args__ = (SCHEMA,)

    household_id: Mapped[UUID] = mapped_column(ForeignKey(Household.id))
    head_name: Mapped[str] = mapped_column(Text)
    identity_no: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    bank_account: Mapped[str | None] = mapped_column(Text)
    members: Mapped[int | None] = mapped_column(SmallInteger)


class Amount(Clocked, Base):
    """What one step grants or pays an item, whole dong; `valid_from` is the step's day."""

    __tablename__ = "amount"
    __table_args__ = (SCHEMA,)

    step_id: Mapped[UUID]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("land.clearance_item.id"))
    compensation: Mapped[Decimal] = mapped_column(Numeric)
    support: Mapped[Decimal] = mapped_column(Numeric)
    resettlement: Mapped[Decimal] = mapped_column(Numeric)
