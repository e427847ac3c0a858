-- Domains, domains over domains, and arrays of them.
CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@\s]+@[^@\s]+\.[a-z]+$');
CREATE DOMAIN work_email AS email CHECK (VALUE LIKE '%.com' OR VALUE LIKE '%.org') NOT NULL;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN percent AS positive CHECK (VALUE <= 100) DEFAULT 50;
CREATE DOMAIN money_amount AS numeric(10, 2) CHECK (VALUE >= 0);
CREATE DOMAIN few AS int[] CHECK (cardinality(VALUE) <= 3);
CREATE DOMAIN year AS int CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE TABLE people (id positive PRIMARY KEY, email work_email UNIQUE, share percent NOT NULL, budget money_amount, born year);
CREATE TABLE lists (id serial PRIMARY KEY, numbers few, shares percent[] NOT NULL, emails email[], person positive REFERENCES people);
CREATE SCHEMA kinds;
CREATE TYPE kinds.size AS ENUM ('small', 'large', 'huge');
CREATE FUNCTION kinds.fits(size kinds.size) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN size <> 'huge'; END $$;
CREATE DOMAIN kinds.shirt_size AS kinds.size CHECK (kinds.fits(VALUE));
CREATE TABLE shirts (id serial PRIMARY KEY, size kinds.shirt_size NOT NULL, chest int NOT NULL CHECK (chest > 80));
