-- What has rows and is no table of ours is left alone.
CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL, price numeric(6, 2) NOT NULL);
CREATE VIEW cheap AS SELECT * FROM items WHERE price < 10;
CREATE MATERIALIZED VIEW names AS SELECT DISTINCT name FROM items;
CREATE UNIQUE INDEX ON names (name);
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE remote (id int, name text) SERVER elsewhere;
CREATE TABLE parts (item_id int NOT NULL REFERENCES items, number int NOT NULL, PRIMARY KEY (item_id, number));
