-- Operator class of the no-overlap constraint. An exclusion index re-runs the operator's function on the heap values
-- whenever its scan says "recheck"; the built-in circle class always says so, which is why every constraint that uses
-- this class carries a constant circle. Index ST_Force2D(geom), never bare geom: on the bare column PostGIS's planner
-- support would pick this class for ST_Contains and fail. Needs a superuser; without one, land uses grid locks instead.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
                   WHERE n.nspname = 'spatial' AND o.oprname = '&#&') THEN
        CREATE OPERATOR spatial.&#& (
            LEFTARG = public.geometry, RIGHTARG = public.geometry, FUNCTION = spatial.overlaps_for_real,
            COMMUTATOR = OPERATOR(spatial.&#&), RESTRICT = contsel, JOIN = contjoinsel);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace
                   WHERE n.nspname = 'spatial' AND c.opcname = 'gist_ground_ops') THEN
        CREATE OPERATOR CLASS spatial.gist_ground_ops FOR TYPE public.geometry USING gist AS
            OPERATOR 3 spatial.&#& (public.geometry, public.geometry),
            FUNCTION 1 public.geometry_gist_consistent_2d(internal, public.geometry, integer),
            FUNCTION 2 public.geometry_gist_union_2d(bytea, internal),
            FUNCTION 3 public.geometry_gist_compress_2d(internal),
            FUNCTION 4 public.geometry_gist_decompress_2d(internal),
            FUNCTION 5 public.geometry_gist_penalty_2d(internal, internal, internal),
            FUNCTION 6 public.geometry_gist_picksplit_2d(internal, internal),
            FUNCTION 7 public.geometry_gist_same_2d(public.geometry, public.geometry, internal),
            STORAGE public.box2df;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'no superuser: the register keeps parcels apart by grid locks instead of an exclusion constraint';
END $$;
