"""What can go wrong in land and planning, as types; texts live with the messages, statuses at the
web's edge.
"""


class PlanningError(Exception):
    """Base: a `code` slug and the values its text needs. `context` holds plain values with units in
    their names.
    """

    code = "planning-error"

    def __init__(self, **context: object) -> None:
        super().__init__(self.code, context)
        self.context = context


class NotFound(PlanningError):
    """Nothing of that kind goes by that key."""

    code = "not-found"


class AlreadyExists(PlanningError):
    """The key is taken."""

    code = "already-exists"


class Conflict(PlanningError):
    """Somebody recorded something since, or later versions exist: look again before writing."""

    code = "conflict"


class LaterVersionsExist(Conflict):
    """A retroactive edit would collide with versions that begin later."""

    code = "later-versions-exist"


class LaterParcelVersions(LaterVersionsExist):
    """Parcels of the edit, or their neighbours, change after that day. Context: ``names``."""

    code = "later-parcel-versions"


class RuleViolated(PlanningError):
    """A rule of the register refuses it."""

    code = "rule-violated"


class BeforeZoneExisted(RuleViolated):
    """The day lies before the zone (or its boundary) existed. Context: ``zone_name``, ``day``,
    ``since``, the first day there is one.
    """

    code = "before-zone-existed"


class ZoneNeverBounded(BeforeZoneExisted):
    """The zone has no boundary on any day. Context: ``zone_name``, ``day``."""

    code = "zone-never-bounded"


class DocumentMissing(RuleViolated):
    """No document, no edit."""

    code = "document-missing"


class NotPermitted(PlanningError):
    """The actor may not do that."""

    code = "not-permitted"
