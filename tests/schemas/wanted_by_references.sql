-- Keys that have to be as the CHECKs and domains of what references them say.
CREATE DOMAIN lot_code AS text CHECK (value ~ '^LOT/[0-9]{5}$');
CREATE TABLE lots (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE crates (id serial PRIMARY KEY, lot lot_code NOT NULL REFERENCES lots, amount int NOT NULL);
CREATE TABLE zones (n int PRIMARY KEY);
CREATE TABLE shelves (id serial PRIMARY KEY, zone int NOT NULL REFERENCES zones CHECK (zone % 10 = 0));
CREATE TABLE switches (name text NOT NULL UNIQUE, is_on boolean NOT NULL);
CREATE TABLE uses (id serial PRIMARY KEY, switch text NOT NULL REFERENCES switches (name) CHECK (switch LIKE 'feature.%' AND length(switch) < 30));
-- An upper bound may leave too few keys for all rows.
CREATE TABLE channels (n int PRIMARY KEY);
CREATE TABLE tunings (id serial PRIMARY KEY, channel int REFERENCES channels CHECK (channel BETWEEN 3 AND 12));
-- So may a pattern.
CREATE TABLE grades (code text PRIMARY KEY);
CREATE TABLE marks (id serial PRIMARY KEY, grade text REFERENCES grades CHECK (grade ~ '^[A-F]$'));
-- Two that contradict each other, of which only one can be filled: the key's own CHECK wins.
CREATE TABLE plates (code text PRIMARY KEY CHECK (code LIKE 'P%'));
CREATE TABLE cars (id serial PRIMARY KEY, plate text REFERENCES plates CHECK (plate LIKE 'Q%'));
