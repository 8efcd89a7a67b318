-- An annulled version: the day it is annulled from, the change that first said so, and until when it was believed in force
-- before that change.
SELECT step.valid_from AS since, told.number AS change,
       max(coalesce(former.valid_to, '9999-12-31'::date)) AS believed_to,
       min(former.valid_from) AS believed_from
FROM land.plan_status AS step
JOIN LATERAL (SELECT min(opened_by) AS number FROM land.plan_status AS first
              WHERE first.plan_version_id = step.plan_version_id AND first.status = 'annulled') AS told ON true
JOIN land.plan_status AS former ON former.plan_version_id = step.plan_version_id
 AND former.status IN ('approved', 'published')
 AND former.opened_by < told.number AND (former.closed_by IS NULL OR former.closed_by >= told.number)
WHERE step.plan_version_id = :plan_version_id AND step.status = 'annulled' AND step.closed_by IS NULL
GROUP BY step.valid_from, told.number
