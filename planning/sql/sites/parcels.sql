-- Parcels of some zones on a day, as known: whether each is cleared, let, reserved, in use, kept as it is, and when its
-- case means to hand it over. Parameters: zone_ids (uuid[]), as_of (date), known (change number),
-- kept_share (part of a parcel, 0 to 1, from which on a mark "not to be cleared" holds for it).
WITH held AS MATERIALIZED (
    SELECT mine.parcel_id, mine.version_id, mine.zone_id, mine.commune_code, mine.sheet_no, mine.parcel_no, mine.land_use_code,
           mine.srid, mine.geom, mine.area_m2
    FROM land.parcel_version AS mine
    WHERE mine.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND mine.valid_from <= :as_of AND (mine.valid_to IS NULL OR mine.valid_to > :as_of)
      AND mine.opened_by <= :known AND (mine.closed_by IS NULL OR mine.closed_by > :known)
), cleared AS MATERIALIZED (
    SELECT minutes.parcel_id, min(minutes.valid_from) AS day FROM land.handover_parcel AS minutes
    WHERE minutes.parcel_id IN (SELECT held.parcel_id FROM held)
      AND minutes.valid_from <= :as_of AND (minutes.valid_to IS NULL OR minutes.valid_to > :as_of)
      AND minutes.opened_by <= :known AND (minutes.closed_by IS NULL OR minutes.closed_by > :known)
    GROUP BY minutes.parcel_id
), promised AS MATERIALIZED (
    SELECT ground.parcel_id, bool_or(ground.tier = 2) AS leased, bool_or(ground.tier = 3) AS reserved,
           nullif(max(coalesce(least(ground.valid_to, granted.valid_to), 'infinity')) FILTER (WHERE ground.tier = 2), 'infinity')
               AS leased_until,
           nullif(max(coalesce(least(ground.valid_to, granted.valid_to), 'infinity')) FILTER (WHERE ground.tier = 3), 'infinity')
               AS reserved_until
    FROM land.land_right_parcel AS ground
    JOIN land.land_right_version AS granted ON granted.land_right_id = ground.land_right_id
     AND granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
     AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
    WHERE ground.tier IN (2, 3) AND ground.parcel_id IN (SELECT held.parcel_id FROM held)
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
    GROUP BY ground.parcel_id
), built AS MATERIALIZED (
    SELECT DISTINCT site.parcel_id FROM land.project_parcel AS site
    JOIN land.project_version AS project ON project.project_id = site.project_id AND project.status IN ('operating', 'expanding')
     AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
     AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
    WHERE site.parcel_id IN (SELECT held.parcel_id FROM held)
      AND site.valid_from <= :as_of AND (site.valid_to IS NULL OR site.valid_to > :as_of)
      AND site.opened_by <= :known AND (site.closed_by IS NULL OR site.closed_by > :known)
), marked AS MATERIALIZED (
    SELECT held.parcel_id FROM held
    JOIN land.zone_mark_version AS mark ON mark.srid = held.srid AND mark.geom && held.geom AND mark.kind = 'not_to_clear'
     AND mark.valid_from <= :as_of AND (mark.valid_to IS NULL OR mark.valid_to > :as_of)
     AND mark.opened_by <= :known AND (mark.closed_by IS NULL OR mark.closed_by > :known)
    GROUP BY held.parcel_id, held.area_m2
    HAVING sum(ST_Area(ST_Intersection(mark.geom, held.geom))) > :kept_share * held.area_m2
), planned AS MATERIALIZED (
    SELECT member.parcel_id, min(version.handover_planned_on) AS day FROM land.clearance_item_parcel AS member
    JOIN land.clearance_item_version AS version ON version.item_id = member.item_id
     AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
     AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
    WHERE member.parcel_id IN (SELECT held.parcel_id FROM held)
      AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
      AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
    GROUP BY member.parcel_id
)
SELECT held.parcel_id, held.version_id, zone.code AS zone, held.commune_code AS commune, held.sheet_no AS sheet,
       held.parcel_no AS number, held.land_use_code AS land_use, held.area_m2, ST_AsBinary(held.geom) AS shape,
       cleared.day AS cleared_on, coalesce(promised.leased, false) AS leased, promised.leased_until,
       coalesce(promised.reserved, false) AS reserved, promised.reserved_until, built.parcel_id IS NOT NULL AS in_use,
       marked.parcel_id IS NOT NULL AS kept, planned.day AS planned_on
FROM held
JOIN land.zone ON zone.id = held.zone_id
LEFT JOIN cleared ON cleared.parcel_id = held.parcel_id
LEFT JOIN promised ON promised.parcel_id = held.parcel_id
LEFT JOIN built ON built.parcel_id = held.parcel_id
LEFT JOIN marked ON marked.parcel_id = held.parcel_id
LEFT JOIN planned ON planned.parcel_id = held.parcel_id
ORDER BY held.parcel_id
