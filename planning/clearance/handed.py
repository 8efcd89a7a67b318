"""Hand-overs of cleared land as rows of a table, under the headings their import asks for."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.incoming import Places
from planning.statements import statement


def handovers(session: Session, at: Moment, places: Places) -> Sequence[Mapping[str, object]]:
    """Hand-overs up to the day, a row a parcel."""
    asked = {**moment_parameters(at), "zones": list(places.zones.values())}
    return [dict(row) for row in session.execute(statement("lists/handovers"), asked).mappings()]
