-- Items of clearance as they stand at a moment: who (without a name), which land, how far, what is awaited.
-- Parameters: cases (uuid[]), only (uuid[] of items, null: all), as_of (date), known (change number); state, flag, wanted (a pattern
-- for numbers): what an item must be to fit, null: all fit. What is not asked for costs nothing: kinds (text[], steps to look at,
-- null: all), flagged, homes, named (booleans). A question over `item` follows.
WITH mine AS NOT MATERIALIZED (
    SELECT item.id, item.case_id, item.number FROM land.clearance_item AS item
    WHERE item.case_id = ANY (CAST(:cases AS uuid[])) AND (CAST(:only AS uuid[]) IS NULL OR item.id = ANY (CAST(:only AS uuid[])))
), held AS (
    SELECT mine.*, version.holder, version.household_id, version.land_class, version.plots_needed,
           version.resettlement_area_id, version.handover_planned_on
    FROM mine
    JOIN land.clearance_item_version AS version ON version.item_id = mine.id
     AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
     AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
), holding AS NOT MATERIALIZED (
    -- parcels of any item
    SELECT member.item_id, parcel.sheet_no, parcel.parcel_no, coalesce(parcel.legal_area_m2, parcel.area_m2::numeric) AS area_m2
    FROM land.clearance_item_parcel AS member
    JOIN land.parcel_version AS parcel ON parcel.parcel_id = member.parcel_id
     AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
     AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
    WHERE member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
      AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
), ground AS (
    SELECT holding.item_id, count(*) AS parcels, sum(holding.area_m2) AS area_m2
    FROM mine JOIN holding ON holding.item_id = mine.id
    GROUP BY holding.item_id
), called AS (
    SELECT holding.item_id, string_agg(coalesce(holding.sheet_no, '?') || '/' || coalesce(holding.parcel_no, '?'), ', '
                                       ORDER BY holding.sheet_no, length(holding.parcel_no), holding.parcel_no) AS names
    FROM mine JOIN holding ON holding.item_id = mine.id
    WHERE CAST(:named AS boolean)
    GROUP BY holding.item_id
), taken AS (
    SELECT step.item_id, max(step.valid_from) AS last_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'notice') AS notice_on,
           max(step.valid_from) FILTER (WHERE step.kind IN ('inventory', 'inventory_compulsory')) AS inventory_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'plan_drafted') AS drafted_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'plan_posted') AS posted_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'plan_approved') AS approved_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'paid') AS paid_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'recovered') AS recovered_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'handed_over') AS handed_over_on
    FROM mine
    JOIN land.clearance_step AS step ON step.item_id = mine.id
    WHERE (CAST(:kinds AS text[]) IS NULL OR step.kind = ANY (CAST(:kinds AS text[]))) AND step.valid_from <= :as_of
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    GROUP BY step.item_id
), flagged AS (
    SELECT flag.item_id, bool_or(flag.kind = 'complaint') AS complaint, bool_or(flag.kind = 'suspension') AS suspension
    FROM land.clearance_flag AS flag
    WHERE CAST(:flagged AS boolean) AND flag.item_id IN (SELECT mine.id FROM mine)
      AND flag.valid_from <= :as_of AND (flag.valid_to IS NULL OR flag.valid_to > :as_of)
      AND flag.opened_by <= :known AND (flag.closed_by IS NULL OR flag.closed_by > :known)
    GROUP BY flag.item_id
), promised AS (
    SELECT home.item_id, count(*) AS plots,
           max(coalesce(plot.ready_on, area.ready_on)) AS ready_on,
           bool_or(coalesce(plot.ready_on, area.ready_on) IS NULL) AS undated,
           string_agg(named.number, ', ' ORDER BY named.number) AS numbers
    FROM land.plot_assignment AS home
    JOIN land.resettlement_plot AS named ON named.id = home.resettlement_plot_id
    LEFT JOIN land.resettlement_plot_version AS plot ON plot.resettlement_plot_id = named.id
     AND plot.valid_from <= :as_of AND (plot.valid_to IS NULL OR plot.valid_to > :as_of)
     AND plot.opened_by <= :known AND (plot.closed_by IS NULL OR plot.closed_by > :known)
    LEFT JOIN land.resettlement_area_version AS area ON area.resettlement_area_id = named.resettlement_area_id
     AND area.valid_from <= :as_of AND (area.valid_to IS NULL OR area.valid_to > :as_of)
     AND area.opened_by <= :known AND (area.closed_by IS NULL OR area.closed_by > :known)
    WHERE CAST(:homes AS boolean) AND home.item_id IN (SELECT mine.id FROM mine)
      AND home.valid_from <= :as_of AND (home.valid_to IS NULL OR home.valid_to > :as_of)
      AND home.opened_by <= :known AND (home.closed_by IS NULL OR home.closed_by > :known)
    GROUP BY home.item_id
), stood AS (
    SELECT held.*, coalesce(ground.parcels, 0) AS parcels, coalesce(ground.area_m2, 0) AS area_m2,
           coalesce(called.names, '') AS names, taken.last_on, taken.notice_on, taken.approved_on, taken.paid_on,
           taken.recovered_on, taken.handed_over_on,
           coalesce(flagged.complaint, false) AS complaint, coalesce(flagged.suspension, false) AS suspension,
           coalesce(promised.plots, 0) AS plots_assigned, promised.numbers AS plots,
           -- land given up before the new home is there
           held.plots_needed > 0 AND coalesce(taken.handed_over_on, held.handover_planned_on) IS NOT NULL
               AND (promised.item_id IS NULL OR promised.undated
                    OR promised.ready_on > coalesce(taken.handed_over_on, held.handover_planned_on)) AS homeless,
           CASE WHEN taken.handed_over_on IS NOT NULL THEN 'handed_over'
                WHEN taken.paid_on IS NOT NULL AND taken.recovered_on IS NOT NULL THEN 'paid_and_recovered'
                WHEN taken.recovered_on IS NOT NULL THEN 'recovered'
                WHEN taken.paid_on IS NOT NULL THEN 'paid'
                WHEN taken.approved_on IS NOT NULL THEN 'plan_approved'
                WHEN taken.posted_on IS NOT NULL THEN 'plan_posted'
                WHEN taken.drafted_on IS NOT NULL THEN 'plan_drafted'
                WHEN taken.inventory_on IS NOT NULL THEN 'inventory'
                WHEN taken.notice_on IS NOT NULL THEN 'notice'
                ELSE 'opened' END AS state
    FROM held
    LEFT JOIN ground ON ground.item_id = held.id
    LEFT JOIN called ON called.item_id = held.id
    LEFT JOIN taken ON taken.item_id = held.id
    LEFT JOIN flagged ON flagged.item_id = held.id
    LEFT JOIN promised ON promised.item_id = held.id
), item AS MATERIALIZED (
    SELECT stood.*,
           (CAST(:state AS text) IS NULL OR stood.state = :state)
           AND (CAST(:flag AS text) IS NULL OR (:flag = 'complaint' AND stood.complaint) OR (:flag = 'suspension' AND stood.suspension)
                OR (:flag = 'homeless' AND stood.homeless))
           AND (CAST(:wanted AS text) IS NULL OR stood.number ILIKE :wanted OR stood.names ILIKE :wanted) AS fits
    FROM stood
)
