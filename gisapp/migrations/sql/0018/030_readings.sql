-- Readings of households are looked up by the auditor among all that ever happened.
CREATE INDEX audit_event_household ON land.audit_event (id DESC) WHERE action IN ('household-read', 'household-amounts-read');
