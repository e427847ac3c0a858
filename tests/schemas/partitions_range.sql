-- Values fall into partitions that exist; there is no default one.
CREATE TABLE devices (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE readings (
    device_id int NOT NULL REFERENCES devices,
    taken_at timestamptz NOT NULL,
    value real NOT NULL,
    PRIMARY KEY (device_id, taken_at)
) PARTITION BY RANGE (taken_at);
CREATE TABLE readings_2019 PARTITION OF readings FOR VALUES FROM ('2019-03-01') TO ('2019-04-01');
CREATE TABLE readings_2021 PARTITION OF readings FOR VALUES FROM ('2021-01-01') TO ('2021-02-01');
CREATE TABLE sizes (id serial, n int NOT NULL, m int NOT NULL, PRIMARY KEY (id, n, m)) PARTITION BY RANGE (n, m);
CREATE TABLE sizes_small PARTITION OF sizes FOR VALUES FROM (MINVALUE, MINVALUE) TO (10, 5);
CREATE TABLE sizes_large PARTITION OF sizes FOR VALUES FROM (10, 5) TO (20, MAXVALUE);
CREATE TABLE days (day date NOT NULL, note text) PARTITION BY RANGE (date_part('year', day));
CREATE TABLE days_then PARTITION OF days FOR VALUES FROM (2015) TO (2017);
CREATE TABLE calls (id int PRIMARY KEY, note text) PARTITION BY RANGE (id);
CREATE TABLE calls_1 PARTITION OF calls FOR VALUES FROM (1000) TO (1030);
CREATE TABLE calls_2 PARTITION OF calls FOR VALUES FROM (5000) TO (5030);
CREATE TABLE call_notes (id serial PRIMARY KEY, call_id int NOT NULL REFERENCES calls, taken_at timestamptz);
CREATE TABLE empty_ranges (id int NOT NULL) PARTITION BY RANGE (id);
