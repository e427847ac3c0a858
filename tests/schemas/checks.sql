-- Lists, ranges, lengths and comparisons in the ways that people write them.
CREATE TABLE products (
    id int PRIMARY KEY CHECK (id > 0),
    currency char(3) NOT NULL CHECK (currency = upper(currency) AND length(currency) = 3),
    size text NOT NULL CHECK (size = ANY (ARRAY['s', 'm', 'l', 'xl'])),
    state varchar(10) NOT NULL CHECK (state IN ('draft', 'live', 'gone')),
    level smallint NOT NULL CHECK (level IN (1, 2, 3, 5, 8)),
    rating numeric(2, 1) CHECK (rating >= 0 AND rating <= 5),
    weight double precision CHECK (weight > 0::double precision),
    code text NOT NULL CHECK (char_length(code) >= 4 AND char_length(code) <= 8),
    trimmed text NOT NULL CHECK (trimmed = btrim(trimmed) AND trimmed <> ''),
    lowered text NOT NULL CHECK (lowered = lower(lowered)),
    even int NOT NULL CHECK (even % 2 = 0),
    squared int CHECK (squared * squared <= 100),
    released date NOT NULL CHECK (released >= '2000-01-01' AND released < '2030-01-01'),
    withdrawn date CHECK (withdrawn > released),
    opens time NOT NULL CHECK (opens >= '06:00'),
    life interval CHECK (life > '0 days' AND life <= '30 days'),
    tags text[] NOT NULL CHECK (cardinality(tags) BETWEEN 1 AND 3),
    parts text[] NOT NULL DEFAULT '{}' CHECK (parts <@ ARRAY['a', 'b', 'c']),
    not_there text CHECK (not_there IS NULL),
    payload bytea CHECK (octet_length(payload) = 16),
    CONSTRAINT sums CHECK (level + even < 1000)
);
CREATE TABLE singleton (id boolean PRIMARY KEY DEFAULT true CHECK (id), name text NOT NULL);
CREATE TABLE ships (
    id serial PRIMARY KEY,
    base numeric NOT NULL DEFAULT 0.00 CHECK (base > 0.00),
    name text NOT NULL DEFAULT '' CHECK (name <> '')
);
