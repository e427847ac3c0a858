-- Arrays of many types.
CREATE TYPE mood AS ENUM ('good', 'so so', '"', '{}');
CREATE TABLE lists (
    ints int[] NOT NULL,
    texts text[] NOT NULL,
    short varchar(3)[] NOT NULL,
    fixed char(2)[] NOT NULL,
    moods mood[] NOT NULL,
    uuids uuid[] NOT NULL,
    dates date[] NOT NULL,
    times timestamptz[] NOT NULL,
    amounts numeric(5, 2)[] NOT NULL,
    documents jsonb[] NOT NULL,
    flags boolean[] NOT NULL,
    bytes bytea[] NOT NULL,
    addresses inet[] NOT NULL,
    grid int[][] NOT NULL,
    spans int4range[] NOT NULL,
    points point[] NOT NULL,
    lasting interval[] NOT NULL,
    tags text[] NOT NULL DEFAULT '{}' UNIQUE
);
CREATE TABLE overlapping (
    codes varchar(3)[] NOT NULL CHECK (codes && ARRAY['abc', 'xyz']::varchar(3)[]),
    tags text[] NOT NULL CHECK (ARRAY['a', 'b'] && tags),
    others text[] NOT NULL CHECK (NOT others && ARRAY['a', 'b']),
    opens timetz NOT NULL CHECK (opens > '20:00+00')
);
