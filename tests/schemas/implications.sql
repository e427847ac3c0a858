-- What one column says, another has to follow.
CREATE TABLE tasks (
    id serial PRIMARY KEY,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'active', 'done')),
    started_at timestamptz,
    finished_at timestamptz,
    cancelled boolean NOT NULL DEFAULT false,
    reason text,
    CHECK (status <> 'done' OR finished_at IS NOT NULL),
    CHECK (status = 'done' OR finished_at IS NULL),
    CHECK (finished_at IS NULL OR started_at IS NOT NULL AND finished_at >= started_at),
    CHECK (NOT cancelled OR reason IS NOT NULL),
    CHECK (reason IS NULL OR length(reason) BETWEEN 3 AND 40)
);
CREATE TABLE discounts (
    price numeric(8, 2) NOT NULL CHECK (price >= 0),
    discount numeric(8, 2) NOT NULL DEFAULT 0 CHECK (discount >= 0),
    percent int CHECK (percent >= 0 AND percent <= 100),
    minimum int NOT NULL,
    maximum int NOT NULL,
    CHECK (discount <= price),
    CHECK (percent IS NULL OR discount = 0),
    CHECK (minimum <= maximum),
    CHECK (maximum - minimum < 100)
);
CREATE TABLE events (
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    doors_at timestamptz,
    all_day boolean NOT NULL,
    time_zone text,
    CHECK (starts_at < ends_at),
    CHECK (doors_at <= starts_at),
    CHECK (ends_at <= starts_at + interval '7 days'),
    CHECK (all_day OR time_zone IS NOT NULL)
);
