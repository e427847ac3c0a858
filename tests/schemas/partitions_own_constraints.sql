-- Constraints that only partitions have: CHECKs, NOT NULL, unique and foreign keys.
CREATE TABLE stores (id serial PRIMARY KEY, name text);
CREATE TABLE depots (id serial PRIMARY KEY, name text);
CREATE TABLE sales (id serial, region text NOT NULL, amount int NOT NULL, store_id int, note text, state text, code text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE sales_eu PARTITION OF sales FOR VALUES IN ('eu');
CREATE TABLE sales_us PARTITION OF sales FOR VALUES IN ('us', 'ca');
ALTER TABLE sales_eu ADD CHECK (amount > 100);
ALTER TABLE sales_us ADD CHECK (amount BETWEEN 10 AND 50000);
ALTER TABLE sales_eu ADD FOREIGN KEY (store_id) REFERENCES stores;
ALTER TABLE sales_us ADD FOREIGN KEY (store_id) REFERENCES depots;
ALTER TABLE sales_eu ALTER store_id SET NOT NULL;
CREATE UNIQUE INDEX ON sales_us (amount);
CREATE UNIQUE INDEX ON sales_eu (code);
ALTER TABLE sales_eu ALTER state SET DEFAULT 'open';
ALTER TABLE sales_us ADD CHECK (state IN ('new', 'old'));

CREATE TABLE readings (sensor int NOT NULL, taken timestamptz NOT NULL, value numeric NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE readings_2020 PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE readings_2021 PARTITION OF readings FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
ALTER TABLE readings_2020 ADD CHECK (value < 0), ADD PRIMARY KEY (sensor, taken);
ALTER TABLE readings_2021 ADD CHECK (value > 1000), ADD PRIMARY KEY (sensor, taken);

CREATE TABLE logs (id bigint NOT NULL, kind text, message text) PARTITION BY HASH (id);
CREATE TABLE logs_0 PARTITION OF logs FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER TABLE logs_0 ADD CHECK (kind = 'even'), ADD PRIMARY KEY (id);
ALTER TABLE logs_1 ADD CHECK (kind = 'odd'), ADD PRIMARY KEY (id), ALTER message SET NOT NULL;

CREATE TABLE events (id serial, kind text NOT NULL, level int NOT NULL, payload text) PARTITION BY LIST (kind);
CREATE TABLE events_a PARTITION OF events FOR VALUES IN ('a') PARTITION BY RANGE (level);
CREATE TABLE events_a_low PARTITION OF events_a FOR VALUES FROM (0) TO (10);
CREATE TABLE events_a_high PARTITION OF events_a FOR VALUES FROM (10) TO (20);
ALTER TABLE events_a ADD CHECK (payload LIKE 'A%');
ALTER TABLE events_a_high ADD CHECK (length(payload) > 20);

CREATE TABLE visits (id serial, country text NOT NULL, pages int NOT NULL, referrer text) PARTITION BY LIST (country);
CREATE TABLE visits_de PARTITION OF visits FOR VALUES IN ('de');
CREATE TABLE visits_rest PARTITION OF visits DEFAULT;
ALTER TABLE visits_de ADD CHECK (pages > 100);
ALTER TABLE visits_rest ADD CHECK (pages < 20), ALTER referrer SET NOT NULL;
CREATE UNIQUE INDEX ON visits_de (referrer);
