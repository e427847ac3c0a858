-- Exclusion constraints that need no extension.
CREATE TABLE prices (
    id serial PRIMARY KEY,
    valid daterange NOT NULL CHECK (lower(valid) IS NOT NULL AND upper(valid) IS NOT NULL),
    amount numeric(8, 2) NOT NULL CHECK (amount > 0),
    EXCLUDE USING gist (valid WITH &&)
);
CREATE TABLE outages (
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CHECK (ends_at > starts_at),
    EXCLUDE USING gist (tstzrange(starts_at, ends_at) WITH &&)
);
CREATE TABLE stays (
    arrives date NOT NULL,
    leaves date NOT NULL,
    CHECK (leaves > arrives),
    EXCLUDE USING gist (daterange(arrives, leaves, '[]') WITH &&)
);
CREATE TABLE stretches (low int NOT NULL, high int NOT NULL, CHECK (low < high), EXCLUDE USING gist (int4range(low, high, '[]') WITH &&));
CREATE TABLE numbers_once (code int NOT NULL, EXCLUDE USING btree (code WITH =));
CREATE TABLE blocks (span int4range NOT NULL, EXCLUDE USING gist (span WITH &&));
