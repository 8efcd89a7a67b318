-- Seals of knowledge: each change's rows hashed and chained to the change before, so that a flipped, deleted or reordered
-- row anywhere in the register is found by verification.
CREATE TABLE land.change_seal (
    change_number bigint PRIMARY KEY REFERENCES land.change,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT land.keep('land.change_seal');

-- sha256 over the change itself, every row it opened (whole payload, geometry as its bytes) and every row it closed.
CREATE FUNCTION land.change_digest(change_number bigint) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept record;
    part bytea;
    whole bytea := (SELECT sha256(convert_to(ROW(number, id, kind, document_id, reason, actor, effective_on, undoes,
        extract(epoch FROM committed_at))::text, 'UTF8')) FROM land.change WHERE number = change_number);
BEGIN
    FOR kept IN SELECT * FROM land.register_table ORDER BY name LOOP
        EXECUTE format('SELECT sha256(convert_to(string_agg(ROW(%s)::text, E''\n'' ORDER BY %I), ''UTF8'')) FROM %s '
                       'WHERE opened_by = $1', kept.payload, kept.key_column, kept.name) INTO part USING change_number;
        whole := sha256(whole || convert_to(kept.name, 'UTF8') || coalesce(part, ''));
        IF kept.closes THEN
            EXECUTE format('SELECT sha256(convert_to(string_agg(%I::text, '','' ORDER BY %I), ''UTF8'')) FROM %s '
                           'WHERE closed_by = $1', kept.key_column, kept.key_column, kept.name) INTO part USING change_number;
            whole := sha256(whole || coalesce(part, ''));
        END IF;
    END LOOP;
    RETURN whole;
END $$;

-- Seals every settled change not yet sealed, in order; answers how many.
CREATE FUNCTION land.seal_changes() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    settled bigint := land.settled_change();
    last_seal bytea := (SELECT digest FROM land.change_seal ORDER BY change_number DESC LIMIT 1);
    fresh bigint;
    count bigint := 0;
BEGIN
    FOR fresh IN SELECT number FROM land.change
                 WHERE number <= settled AND number > coalesce((SELECT max(change_number) FROM land.change_seal), 0)
                 ORDER BY number LOOP
        INSERT INTO land.change_seal (change_number, previous, digest)
        VALUES (fresh, coalesce(last_seal, ''), sha256(coalesce(last_seal, '') || land.change_digest(fresh)))
        RETURNING digest INTO last_seal;
        count := count + 1;
    END LOOP;
    RETURN count;
END $$;

-- Changes whose rows or chain no longer give the sealed digest.
CREATE FUNCTION land.broken_seals() RETURNS TABLE (change_number bigint, fault text) LANGUAGE sql STABLE AS $$
    SELECT seal.change_number, CASE WHEN seal.previous IS DISTINCT FROM coalesce(seal.before, '') THEN 'chain'
                                    ELSE 'content' END
    FROM (SELECT *, lag(digest) OVER (ORDER BY change_seal.change_number) AS before FROM land.change_seal) AS seal
    WHERE seal.previous IS DISTINCT FROM coalesce(seal.before, '')
       OR seal.digest IS DISTINCT FROM sha256(seal.previous || land.change_digest(seal.change_number))
    ORDER BY 1 $$;
