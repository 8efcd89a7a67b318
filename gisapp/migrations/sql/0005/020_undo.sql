-- Undo: a correction that closes what a change opened and opens again, with their own valid periods, the rows it closed.
-- Works for every table of the register that closes rows; rights of the caller suffice. Geometry is copied as its bytes.
CREATE FUNCTION land.rewritten_columns(kept regclass) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = kept AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
      AND attname NOT IN ('opened_by', 'closed_by') $$;

-- A row may have been closed by a later change and opened again, the same, by the undo of that change: it still stands.
CREATE FUNCTION land.carriers(undone bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(number) || undone FROM land.change WHERE undoes IS NOT NULL AND number > undone $$;

-- Later changes that superseded a row the change opened, and stand: they build on it.
CREATE FUNCTION land.changes_built_upon(undone bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept record;
    part bigint[];
    found bigint[] := '{}';
    carriers bigint[] := land.carriers(undone);
BEGIN
    FOR kept IN SELECT name FROM land.register_table WHERE closes ORDER BY name LOOP
        EXECUTE format('SELECT array_agg(DISTINCT mine.closed_by) FROM (SELECT closed_by, ROW(%2$s)::text AS said FROM %1$s '
                       'WHERE opened_by = $1 AND closed_by > $1) AS mine WHERE said NOT IN (SELECT ROW(%2$s)::text FROM %1$s '
                       'WHERE opened_by = ANY ($2) AND closed_by IS NULL)', kept.name, land.rewritten_columns(kept.name::regclass))
        INTO part USING undone, carriers;
        found := found || coalesce(part, '{}');
    END LOOP;
    RETURN (SELECT coalesce(array_agg(DISTINCT number ORDER BY number), '{}') FROM unnest(found) AS number);
END $$;

CREATE FUNCTION land.reverse_change(undone bigint, by_change bigint) RETURNS TABLE (closed bigint, opened bigint)
LANGUAGE plpgsql AS $$
DECLARE
    kept record;
    touched bigint;
    carriers bigint[] := land.carriers(undone);
BEGIN
    closed := 0;
    opened := 0;
    FOR kept IN SELECT name, land.rewritten_columns(name::regclass) AS columns FROM land.register_table WHERE closes ORDER BY name LOOP
        EXECUTE format('UPDATE %1$s SET closed_by = $2 WHERE closed_by IS NULL AND (opened_by = $1 OR opened_by = ANY ($3) '
                       'AND ROW(%2$s)::text IN (SELECT ROW(%2$s)::text FROM %1$s WHERE opened_by = $1))', kept.name, kept.columns)
        USING undone, by_change, carriers;
        GET DIAGNOSTICS touched = ROW_COUNT;
        closed := closed + touched;
    END LOOP;
    FOR kept IN SELECT name, land.rewritten_columns(name::regclass) AS columns FROM land.register_table WHERE closes ORDER BY name LOOP
        EXECUTE format('INSERT INTO %1$s (%2$s, opened_by) SELECT %2$s, $2 FROM %1$s WHERE closed_by = $1 AND opened_by < $1',
                       kept.name, kept.columns) USING undone, by_change;
        GET DIAGNOSTICS touched = ROW_COUNT;
        opened := opened + touched;
    END LOOP;
    RETURN NEXT;
END $$;
