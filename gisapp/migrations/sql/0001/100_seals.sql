-- Seals of knowledge: each change's rows hashed and chained to the change before, so that a flipped, deleted or reordered
-- row anywhere in the register is found by verification.
CREATE TABLE land.change_seal (
    change_number bigint PRIMARY KEY REFERENCES land.change,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT land.keep('land.change_seal');

-- sha256 over the change and its document, every row it opened (whole payload, geometry as its bytes), every row it
-- closed, and the shared areas that came to be with it. Only tables with such rows enter: a table that joins the register
-- later leaves old seals whole. Settings that shape text are pinned.
CREATE FUNCTION land.change_digest(change_number bigint) RETURNS bytea LANGUAGE plpgsql STABLE
SET extra_float_digits = 1 SET datestyle = 'ISO, YMD' SET timezone = 'UTC' SET bytea_output = 'hex'
SET intervalstyle = 'postgres' AS $$
DECLARE
    kept record;
    part bytea;
    whole bytea := (SELECT sha256(convert_to(ROW(change.number, change.id, change.kind, document::text, change.reason,
                        change.actor, change.effective_on, change.undoes, change.dated_back_to, change.committed_at)::text, 'UTF8'))
                    FROM land.change LEFT JOIN land.document ON document.id = change.document_id
                    WHERE change.number = change_number);
BEGIN
    FOR kept IN SELECT * FROM land.register_table ORDER BY name LOOP
        EXECUTE format('SELECT sha256(convert_to(string_agg(ROW(%s)::text, E''\n'' ORDER BY %I), ''UTF8'')) FROM %s '
                       'WHERE opened_by = $1', kept.payload, kept.key_column, kept.name) INTO part USING change_number;
        IF part IS NOT NULL THEN
            whole := sha256(whole || convert_to('+' || kept.name, 'UTF8') || part);
        END IF;
        IF kept.closes THEN
            EXECUTE format('SELECT sha256(convert_to(string_agg(%I::text, '','' ORDER BY %I), ''UTF8'')) FROM %s '
                           'WHERE closed_by = $1', kept.key_column, kept.key_column, kept.name) INTO part USING change_number;
            IF part IS NOT NULL THEN
                whole := sha256(whole || convert_to('-' || kept.name, 'UTF8') || part);
            END IF;
        END IF;
    END LOOP;
    SELECT sha256(convert_to(string_agg(shared::text, E'\n' ORDER BY shared.parcel_version_id, shared.lot_version_id), 'UTF8'))
    INTO part
    FROM (SELECT pair.* FROM land.parcel_version AS parcel
          JOIN land.conformance AS pair ON pair.parcel_version_id = parcel.version_id
          JOIN land.plan_lot AS lot ON lot.version_id = pair.lot_version_id
          WHERE parcel.opened_by = change_number AND lot.opened_by <= change_number
          UNION ALL
          SELECT pair.* FROM land.plan_lot AS lot
          JOIN land.conformance AS pair ON pair.lot_version_id = lot.version_id
          JOIN land.parcel_version AS parcel ON parcel.version_id = pair.parcel_version_id
          WHERE lot.opened_by = change_number AND parcel.opened_by < change_number) AS shared;
    IF part IS NOT NULL THEN
        whole := sha256(whole || convert_to('land.conformance', 'UTF8') || part);
    END IF;
    RETURN whole;
END $$;

-- Seals every settled change not yet sealed, in order; answers how many. Runs as its owner: nobody else writes seals.
CREATE FUNCTION land.seal_changes() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    settled bigint;
    last_seal bytea;
    fresh bigint;
    count bigint := 0;
BEGIN
    PERFORM land.read_committed('knowledge_settled_read_committed');
    PERFORM pg_advisory_xact_lock(4757, 1);
    settled := land.settled_by_now();
    last_seal := (SELECT digest FROM land.change_seal ORDER BY change_number DESC LIMIT 1);
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

-- Rows that name a change the register does not hold.
CREATE FUNCTION land.orphans() RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT * FROM land.register_table ORDER BY name LOOP
        RETURN QUERY EXECUTE format('SELECT DISTINCT opened_by FROM %s AS held WHERE NOT EXISTS '
                                    '(SELECT FROM land.change WHERE number = held.opened_by)', kept.name);
        IF kept.closes THEN
            RETURN QUERY EXECUTE format('SELECT DISTINCT closed_by FROM %s AS held WHERE closed_by IS NOT NULL '
                                        'AND NOT EXISTS (SELECT FROM land.change WHERE number = held.closed_by)', kept.name);
        END IF;
    END LOOP;
END $$;

-- What no longer answers to its seal: a sealed change whose rows differ (content), a link that does not hold (chain), a
-- change that slipped in below a seal (unsealed) or is gone (missing), rows of no change (orphan). The newest seal's digest
-- vouches for everything before it: copied elsewhere, it also shows a tail cut off.
CREATE FUNCTION land.broken_seals() RETURNS TABLE (change_number bigint, fault text) LANGUAGE sql STABLE AS $$
    SELECT seal.change_number, CASE WHEN change.number IS NULL THEN 'missing'
                                    WHEN seal.previous IS DISTINCT FROM coalesce(seal.before, '') THEN 'chain'
                                    ELSE 'content' END
    FROM (SELECT *, lag(digest) OVER (ORDER BY change_seal.change_number) AS before FROM land.change_seal) AS seal
    LEFT JOIN land.change ON change.number = seal.change_number
    WHERE change.number IS NULL OR seal.previous IS DISTINCT FROM coalesce(seal.before, '')
       OR seal.digest IS DISTINCT FROM sha256(seal.previous || land.change_digest(seal.change_number))
    UNION ALL
    SELECT number, 'unsealed' FROM land.change
    WHERE number < (SELECT max(seal.change_number) FROM land.change_seal AS seal)
      AND NOT EXISTS (SELECT FROM land.change_seal AS seal WHERE seal.change_number = change.number)
    UNION ALL
    SELECT DISTINCT gone, 'orphan' FROM land.orphans() AS gone
    ORDER BY 1, 2 $$;
