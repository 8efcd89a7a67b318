-- Days on which something began in the zones: boundaries, plans, parcels, hand-overs, rights, projects; as known after :known.
SELECT DISTINCT begun.day
FROM (
    SELECT boundary.valid_from AS day FROM land.zone_boundary AS boundary
    WHERE boundary.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
    UNION
    SELECT step.valid_from FROM land.plan_status AS step JOIN land.plan ON plan.id = step.plan_id
    WHERE plan.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    UNION
    SELECT held.valid_from FROM land.parcel_version AS held
    WHERE held.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND NOT held.noded
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    UNION
    SELECT made.valid_from FROM land.handover JOIN land.handover_version AS made ON made.handover_id = handover.id
    WHERE handover.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND made.opened_by <= :known AND (made.closed_by IS NULL OR made.closed_by > :known)
    UNION
    SELECT granted.valid_from FROM land.land_right JOIN land.land_right_version AS granted ON granted.land_right_id = land_right.id
    WHERE land_right.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
    UNION
    SELECT version.valid_from FROM land.project JOIN land.project_version AS version ON version.project_id = project.id
    WHERE project.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
) AS begun
ORDER BY begun.day DESC LIMIT 400
