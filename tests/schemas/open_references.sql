-- Composite references of which one column is NULL, and another one is not: it references nothing, and has a value.
CREATE TABLE regions (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE shops (region bigint NOT NULL, code uuid NOT NULL, PRIMARY KEY (region, code));
CREATE TABLE visits (
    id serial PRIMARY KEY,
    region bigint REFERENCES regions,
    other_region bigint REFERENCES regions,
    shop uuid NOT NULL,
    FOREIGN KEY (region, shop) REFERENCES shops
);
CREATE TABLE parts (
    code uuid NOT NULL,
    version int NOT NULL,
    of_code uuid NOT NULL,
    of_version int,
    PRIMARY KEY (code, version),
    FOREIGN KEY (of_code, of_version) REFERENCES parts
);
CREATE TABLE twice (
    a int NOT NULL,
    b int NOT NULL,
    of_b int,
    of_a int,
    PRIMARY KEY (a, b),
    FOREIGN KEY (a, of_b) REFERENCES twice,
    FOREIGN KEY (of_a, a) REFERENCES twice
);
CREATE TABLE crossed (
    a int NOT NULL,
    b int NOT NULL,
    of_a int,
    other_a int,
    PRIMARY KEY (a, b),
    FOREIGN KEY (of_a, a) REFERENCES crossed,
    FOREIGN KEY (other_a, a) REFERENCES crossed
);
-- A nullable reference that others reference with what may not be NULL.
CREATE TABLE staff (id serial PRIMARY KEY, region bigint UNIQUE REFERENCES regions, name text NOT NULL);
CREATE TABLE shifts (id serial PRIMARY KEY, staff_region bigint NOT NULL REFERENCES staff (region));

-- What a CHECK computes is the key of a row, though PostgreSQL looks only when all rows are there.
CREATE TABLE sites (area int NOT NULL, code varchar(8) NOT NULL, PRIMARY KEY (area, code));
CREATE TABLE links (
    id serial PRIMARY KEY,
    area int,
    code varchar(8),
    number int,
    FOREIGN KEY (area, code) REFERENCES sites DEFERRABLE INITIALLY DEFERRED,
    CHECK (area + number <= 20 AND number > 9 AND area > 1)
);
