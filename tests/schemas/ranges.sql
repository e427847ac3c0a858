-- Ranges and multiranges.
CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE spans (
    a int4range NOT NULL,
    b int8range,
    c numrange NOT NULL,
    d daterange NOT NULL CHECK (NOT isempty(d)),
    e tsrange NOT NULL,
    f tstzrange NOT NULL CHECK (lower(f) < upper(f)),
    g float_range NOT NULL,
    h int4multirange NOT NULL,
    i datemultirange,
    j tstzmultirange NOT NULL,
    k int4range[] NOT NULL,
    UNIQUE (a),
    CHECK (upper(b) - lower(b) > 0)
);
