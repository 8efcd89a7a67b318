-- An extension is as long as the threshold that counts on its day allows.
CREATE OR REPLACE FUNCTION land.clock_fault(project uuid) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH said AS (
        SELECT 'suspension' AS fact, pause.valid_from AS day, NULL::smallint AS months FROM land.project_suspension AS pause
        WHERE pause.project_id = project AND pause.closed_by IS NULL AND NOT isempty(pause.valid)
        UNION ALL
        SELECT 'extension', given.valid_from, given.months FROM land.project_extension AS given
        WHERE given.project_id = project AND given.closed_by IS NULL AND NOT isempty(given.valid)
    )
    SELECT fault FROM (
        SELECT 1 AS place, json_build_object('part', 'land', 'project', project, 'fact', said.fact, 'day', said.day) AS fault
        FROM said WHERE NOT EXISTS (SELECT FROM land.project_land(project, said.day, 9223372036854775806) AS part
                                    WHERE part.handed_on IS NOT NULL AND greatest(part.handed_on, part.attached_on) <= said.day)
        UNION ALL
        SELECT 2, json_build_object('part', 'length', 'project', project, 'day', said.day, 'months', said.months,
                                    'most', (SELECT law.months FROM land.clock_thresholds() AS law
                                             WHERE law.code = 'extension' AND law.valid_from <= said.day AND (law.valid_to IS NULL OR law.valid_to > said.day)))
        FROM said WHERE said.fact = 'extension' AND NOT EXISTS (SELECT FROM land.clock_thresholds() AS law
            WHERE law.code = 'extension' AND law.valid_from <= said.day AND (law.valid_to IS NULL OR law.valid_to > said.day) AND said.months <= law.months)
    ) AS faults ORDER BY place LIMIT 1 $$;
