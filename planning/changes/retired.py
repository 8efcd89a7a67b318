"""A parcel that is not in force any more: what it was called, and what became of it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.parcels.model import ParcelLineage, ParcelVersion


def what_became(session: Session, parcel: UUID) -> tuple[str, list[UUID]]:
    """Return its last name (sheet/number, or the start of its id) and the parcels made of it."""
    named = session.execute(
        select(ParcelVersion.sheet_no, ParcelVersion.parcel_no)
        .where(ParcelVersion.parcel_id == parcel)
        .order_by(ParcelVersion.version_id.desc())
        .limit(1)
    ).one_or_none()
    name = str(parcel)[:8] if named is None else f"{named[0] or '?'}/{named[1] or '?'}"
    standing = select(ParcelVersion.parcel_id).where(ParcelVersion.closed_by.is_(None))
    asked = (
        select(ParcelLineage.child_id)
        .where(ParcelLineage.parent_id == parcel, ParcelLineage.child_id.in_(standing))
        .order_by(ParcelLineage.id)
    )
    return name, list(dict.fromkeys(session.scalars(asked)))
