-- When some parcels, and all they were cut from or put together of, were held from the State and when they were used: let,
-- reserved, or the site of the holder's own project. As known after :known, whatever day.
WITH RECURSIVE line AS (
    SELECT parcel AS id FROM unnest(CAST(:parcels AS uuid[])) AS parcel
    UNION
    SELECT kin.parent_id FROM land.parcel_lineage AS kin JOIN line ON line.id = kin.child_id WHERE kin.opened_by <= :known
)
SELECT member.parcel_id, CASE WHEN member.tier = 1 THEN 'state' ELSE 'use' END AS kind, member.valid_from, member.valid_to,
       CAST(NULL AS uuid) AS parent_id
FROM land.land_right_parcel AS member JOIN line ON line.id = member.parcel_id
WHERE member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
UNION ALL
SELECT site.parcel_id, 'use', greatest(site.valid_from, project.valid_from), least(site.valid_to, project.valid_to), NULL
FROM land.project_parcel AS site
JOIN line ON line.id = site.parcel_id
JOIN land.project_version AS project ON project.project_id = site.project_id
 AND project.status NOT IN ('terminated', 'land_recovered')
 AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
 AND daterange(project.valid_from, project.valid_to) && daterange(site.valid_from, site.valid_to)
JOIN land.land_right_parcel AS above ON above.parcel_id = site.parcel_id AND above.tier = 1
 AND above.opened_by <= :known AND (above.closed_by IS NULL OR above.closed_by > :known)
JOIN land.land_right_version AS holder ON holder.land_right_id = above.land_right_id AND holder.lessee_id = project.investor_id
 AND holder.opened_by <= :known AND (holder.closed_by IS NULL OR holder.closed_by > :known)
 AND holder.valid && daterange(greatest(site.valid_from, project.valid_from), least(site.valid_to, project.valid_to))
WHERE site.opened_by <= :known AND (site.closed_by IS NULL OR site.closed_by > :known)
UNION ALL
SELECT kin.child_id, 'kin', NULL, NULL, kin.parent_id
FROM land.parcel_lineage AS kin JOIN line ON line.id = kin.child_id
WHERE kin.opened_by <= :known
