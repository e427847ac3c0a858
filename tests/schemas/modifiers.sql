-- Types with modifiers: their constants are printed with them, '...'::character varying(10).
CREATE TABLE regions (id int, region varchar(10) NOT NULL) PARTITION BY LIST (region);
CREATE TABLE regions_west PARTITION OF regions FOR VALUES IN ('eu', 'us');
CREATE TABLE regions_east PARTITION OF regions FOR VALUES IN ('asia');
CREATE TABLE codes (id int, code char(3) NOT NULL) PARTITION BY LIST (code);
CREATE TABLE codes_all PARTITION OF codes FOR VALUES IN ('ab', 'xyz');
CREATE TABLE amounts (id int, amount numeric(10,2) NOT NULL) PARTITION BY RANGE (amount);
CREATE TABLE amounts_large PARTITION OF amounts FOR VALUES FROM (1000000) TO (1000100);
CREATE TABLE versions (id int, created_at timestamp(6)) PARTITION BY RANGE (created_at);
CREATE TABLE versions_2020_01 PARTITION OF versions FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
CREATE TABLE openings (id int, opens time(3) NOT NULL, zoned timestamptz(3) NOT NULL) PARTITION BY RANGE (opens, zoned);
CREATE TABLE openings_ten PARTITION OF openings FOR VALUES FROM ('10:00', '2020-01-01Z') TO ('10:10', '2020-01-02Z');
CREATE TABLE lasting (id int, lasts interval(3) NOT NULL) PARTITION BY LIST (lasts);
CREATE TABLE lasting_all PARTITION OF lasting FOR VALUES IN ('1 day', '3 years 4 mons');
CREATE TABLE fields (
    id int PRIMARY KEY,
    flags bit(3) NOT NULL CHECK (flags IN (B'101', B'111')),
    mask varbit(5) NOT NULL CHECK (mask = B'10'),
    lasts interval day to second(3) NOT NULL CHECK (lasts IN ('1 day', '2 days 03:00:00.5')),
    kept interval NOT NULL CHECK (kept > '1 day'::interval day to second AND kept < '2 days'::interval(0)),
    large numeric(40,10) NOT NULL CHECK (large > 123456789012345678901234567890 AND large < 123456789012345678901234567990.5),
    short varchar(3) NOT NULL CHECK (short::varchar(2) = 'ab'),
    day timestamp(0) NOT NULL CHECK (day >= '2020-01-01'::timestamp(0) AND day < '2020-01-02'::timestamp(0)),
    state varchar(10) NOT NULL DEFAULT 'new'::varchar(10) CHECK (state IN ('new', 'paid'))
);
