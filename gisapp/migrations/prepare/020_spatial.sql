-- Pinned transforms and the "overlaps for real" rule, in schema `spatial`.
CREATE SCHEMA IF NOT EXISTS spatial;

-- VN-2000 plane -> WGS 84 (lon, lat) by EPSG:6960. IMMUTABLE because the private SRID rows never change; 4326 passes through.
CREATE OR REPLACE FUNCTION spatial.to_wgs84(shape public.geometry) RETURNS public.geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN public.ST_SRID(shape) = 4326 THEN shape
          ELSE public.ST_Transform(public.ST_SetSRID(shape, 980000 + public.ST_SRID(shape)), 4326) END $$;

-- WGS 84 (lon, lat) -> VN-2000 plane (E, N). Never for edited coordinates: there and back is 0.6 mm away.
CREATE OR REPLACE FUNCTION spatial.from_wgs84(shape public.geometry, plane integer) RETURNS public.geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT public.ST_SetSRID(public.ST_Transform(shape, 980000 + plane), plane) $$;

-- VN-2000 plane -> VN-2000 plane: one datum, so pure projection.
CREATE OR REPLACE FUNCTION spatial.replane(shape public.geometry, plane integer) RETURNS public.geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN public.ST_SRID(shape) = plane THEN shape
          ELSE public.ST_SetSRID(public.ST_Transform(public.ST_SetSRID(shape, 980000 + public.ST_SRID(shape)),
                                                     980000 + plane), plane) END $$;

-- True when every vertex lies on the 1 mm grid; 1e-7 m of slack for the two ways a decimal becomes a double.
CREATE OR REPLACE FUNCTION spatial.on_millimetre_grid(shape public.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT NOT EXISTS (
       SELECT FROM public.ST_DumpPoints(shape) AS vertex
       WHERE abs(public.ST_X(vertex.geom) * 1000 - round(public.ST_X(vertex.geom) * 1000)) > 1e-4
          OR abs(public.ST_Y(vertex.geom) * 1000 - round(public.ST_Y(vertex.geom) * 1000)) > 1e-4) $$;

-- Two parcels overlap when interiors meet and the shared area exceeds 0.01 m2 + 1 mm x half the perimeter of the
-- shared part: rounding to the 1 mm grid bends long edges by that much and nothing else may hide under it.
-- PL/pgSQL because an exclusion index calls it through the function manager, where SQL functions cannot be inlined.
CREATE OR REPLACE FUNCTION spatial.overlaps_for_real(a public.geometry, b public.geometry) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    shared public.geometry;
BEGIN
    IF NOT public.ST_Relate(a, b, '2********') THEN
        RETURN false;
    END IF;
    shared := public.ST_Intersection(a, b);
    RETURN public.ST_Area(shared) > 0.01 + 0.001 * public.ST_Perimeter(shared) / 2;
END $$;

GRANT USAGE ON SCHEMA spatial TO PUBLIC;
