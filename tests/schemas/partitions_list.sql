-- Partitions by lists, by NULL, and by two levels.
CREATE TABLE sales (id serial, region text, amount int NOT NULL) PARTITION BY LIST (region);
CREATE TABLE sales_north PARTITION OF sales FOR VALUES IN ('no', 'se', 'fi');
CREATE TABLE sales_south PARTITION OF sales FOR VALUES IN ('it', 'gr');
CREATE TABLE sales_nowhere PARTITION OF sales FOR VALUES IN (NULL);
CREATE TYPE kind AS ENUM ('web', 'shop', 'fair');
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, kind kind NOT NULL, day date NOT NULL, PRIMARY KEY (id, kind, day))
    PARTITION BY LIST (kind);
CREATE TABLE orders_web PARTITION OF orders FOR VALUES IN ('web') PARTITION BY RANGE (day);
CREATE TABLE orders_web_1 PARTITION OF orders_web FOR VALUES FROM ('2020-01-01') TO ('2020-07-01');
CREATE TABLE orders_web_2 PARTITION OF orders_web FOR VALUES FROM ('2022-01-01') TO ('2022-07-01');
CREATE TABLE orders_shop PARTITION OF orders FOR VALUES IN ('shop') PARTITION BY HASH (id);
CREATE TABLE orders_shop_0 PARTITION OF orders_shop FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE orders_shop_1 PARTITION OF orders_shop FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE flags (done boolean NOT NULL, note text) PARTITION BY LIST (done);
CREATE TABLE flags_done PARTITION OF flags FOR VALUES IN (true);
CREATE TABLE others (n int NOT NULL) PARTITION BY LIST (n);
CREATE TABLE others_1 PARTITION OF others FOR VALUES IN (1);
CREATE TABLE others_rest PARTITION OF others DEFAULT;
