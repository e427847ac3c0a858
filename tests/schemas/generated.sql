-- Columns that PostgreSQL computes, and keys over them.
CREATE TABLE products (
    id serial PRIMARY KEY,
    price numeric(8, 2) NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    total numeric(12, 2) GENERATED ALWAYS AS (price * quantity) STORED CHECK (total < 100000),
    name varchar(3) NOT NULL,
    lowered text GENERATED ALWAYS AS (lower(name)) STORED UNIQUE,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED
);
CREATE TABLE weights (
    gross int NOT NULL,
    tare int NOT NULL,
    net int GENERATED ALWAYS AS (gross - tare) STORED CHECK (net > 0),
    label text NOT NULL,
    size int GENERATED ALWAYS AS (length(label)) STORED,
    CONSTRAINT label_fits CHECK (size BETWEEN 12 AND 14)
);
CREATE TABLE orders (year int NOT NULL, number int NOT NULL, code text GENERATED ALWAYS AS (year || '/' || number) STORED PRIMARY KEY);
CREATE FUNCTION text_of(day date) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT extract(year FROM day)::text $$;
CREATE TABLE lines (code text NOT NULL REFERENCES orders (code), day date NOT NULL, year text GENERATED ALWAYS AS (text_of(day)) STORED);
