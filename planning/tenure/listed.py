"""Land rights, parties and who may be lessor, as rows of tables."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.incoming import Places
from planning.statements import statement
from planning.tenure import powers

Rows = Sequence[Mapping[str, object]]


def rights(session: Session, at: Moment, places: Places) -> Rows:
    """Rights in force, a row a parcel, under the headings the import of rights asks for."""
    asked = {**moment_parameters(at), "zones": list(places.zones.values())}
    return [dict(row) for row in session.execute(statement("lists/rights"), asked).mappings()]


def parties(session: Session, at: Moment, places: Places) -> Rows:
    """Who grants or holds land in sight; a natural person is not listed."""
    asked = {**moment_parameters(at), "zones": list(places.zones.values())}
    return [dict(row) for row in session.execute(statement("lists/parties"), asked).mappings()]


def lessors(session: Session, at: Moment, places: Places) -> Rows:
    """Who may grant what, from when to when, by which clause."""
    names = powers.Power.__dataclass_fields__
    return [{name: getattr(each, name) for name in names} for each in powers.powers(session)]
