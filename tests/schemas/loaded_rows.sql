-- Rows that the load puts there stay, and count.
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO countries VALUES ('de', 'Germany'), ('fr', 'France'), ('it', 'Italy');
CREATE TABLE cities (id serial PRIMARY KEY, country char(2) NOT NULL REFERENCES countries, name text NOT NULL, UNIQUE (country, name));
INSERT INTO cities (country, name) VALUES ('de', 'Bonn'), ('de', 'Jena');
CREATE TABLE settings (key text PRIMARY KEY, value text NOT NULL);
INSERT INTO settings VALUES ('', ''), ('a', '1');
CREATE TABLE singleton (lock char(1) NOT NULL DEFAULT 'X' UNIQUE CHECK (lock = 'X'), position bigint);
INSERT INTO singleton (position) VALUES (0);
