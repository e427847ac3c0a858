-- One sequence for several tables, and defaults by function.
CREATE SEQUENCE numbers START 1000;
CREATE TABLE letters (id bigint PRIMARY KEY DEFAULT nextval('numbers'), body text NOT NULL);
CREATE TABLE parcels (id bigint PRIMARY KEY DEFAULT nextval('numbers'), letter_id bigint REFERENCES letters, weight int NOT NULL);
CREATE FUNCTION next_code() RETURNS text LANGUAGE sql AS $$ SELECT 'P-' || nextval('numbers') $$;
CREATE TABLE coded (code text PRIMARY KEY DEFAULT next_code(), parcel_id bigint NOT NULL REFERENCES parcels);
CREATE TABLE tokens (id text PRIMARY KEY DEFAULT md5(random()::text), expires_at timestamptz NOT NULL DEFAULT now() + interval '1 day');
CREATE TABLE formatted (id text PRIMARY KEY DEFAULT to_char(nextval('numbers'), 'FM000000'), note text);
