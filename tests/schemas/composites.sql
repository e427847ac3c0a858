-- Types with several fields.
CREATE TYPE point3 AS (x int, y int, z numeric(4, 1));
CREATE TYPE color AS ENUM ('red', 'green', 'a "b", c');
CREATE TYPE address AS (street text, zip varchar(5), place point3, color color);
CREATE TABLE houses (
    id serial PRIMARY KEY,
    address address NOT NULL,
    corners point3[] NOT NULL,
    colors color[] NOT NULL,
    other address,
    CHECK ((address).zip IS NULL OR length((address).zip) <= 5)
);
CREATE TABLE typed OF point3 (x NOT NULL, PRIMARY KEY (x, y));
