-- Who else has parcels of a box in an open change: a soft notice, never a lock. Only what was touched within a day.
SELECT draft.actor, max(step.created_at) AS last_at, array_agg(DISTINCT held.parcel_id::text) AS parcels
FROM app.draft
JOIN app.draft_operation AS step ON step.draft_id = draft.id AND NOT step.taken_back
CROSS JOIN LATERAL jsonb_each_text(step.base) AS base (parcel, version)
JOIN land.parcel_version AS held ON held.version_id = base.version::bigint
WHERE draft.status = 'open' AND draft.actor <> :actor AND step.created_at > clock_timestamp() - interval '1 day'
  AND held.srid = :srid AND held.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid)
GROUP BY draft.actor
ORDER BY last_at DESC
