-- Tables of countries and the like, and rows that say where they are: by their own columns, by keys, by keys of keys.
CREATE TABLE currencies (code char(3) PRIMARY KEY, numeric_code char(3) NOT NULL, name text NOT NULL, symbol text NOT NULL,
    decimal_places smallint NOT NULL);
CREATE TABLE languages (id serial PRIMARY KEY, name text NOT NULL, code char(2) NOT NULL UNIQUE, native_name text NOT NULL);
CREATE TABLE time_zones (name text PRIMARY KEY, utc_offset text NOT NULL);
CREATE TABLE countries (code char(2) PRIMARY KEY, iso3 char(3) NOT NULL UNIQUE, numeric_code int NOT NULL, name text NOT NULL,
    currency_code char(3) NOT NULL, dial_code text NOT NULL, capital text NOT NULL, flag text NOT NULL);
CREATE TABLE states (id serial PRIMARY KEY, country_code char(2) NOT NULL REFERENCES countries, name text NOT NULL,
    code text NOT NULL);
CREATE TABLE cities (id serial PRIMARY KEY, state_id int NOT NULL REFERENCES states, name text NOT NULL,
    latitude numeric(9, 6) NOT NULL, longitude numeric(9, 6) NOT NULL);
-- An address of its own columns.
CREATE TABLE customers (id serial PRIMARY KEY, full_name text NOT NULL, phone text NOT NULL, street text NOT NULL,
    city text NOT NULL, state text NOT NULL, zip text NOT NULL, country text NOT NULL, country_code char(2) NOT NULL,
    latitude float8 NOT NULL, longitude float8 NOT NULL, timezone text NOT NULL, currency char(3) NOT NULL,
    locale text NOT NULL, language char(2) NOT NULL, shipping_city text NOT NULL, shipping_zip text NOT NULL,
    shipping_country text NOT NULL);
-- One in the country that a natural key tells, and one by another key.
CREATE TABLE addresses (id serial PRIMARY KEY, country_code char(2) NOT NULL REFERENCES countries, line1 text NOT NULL,
    postal_code text NOT NULL, city text NOT NULL, region text NOT NULL, phone text NOT NULL, time_zone text NOT NULL);
CREATE TABLE shipping_zones (id serial PRIMARY KEY, country_iso char(2) NOT NULL, region_code text NOT NULL,
    currency text NOT NULL, calling_code text NOT NULL);
CREATE TABLE branches (id serial PRIMARY KEY, city_id int NOT NULL REFERENCES cities, street_address text NOT NULL,
    postcode text NOT NULL, phone_number text NOT NULL, timezone text NOT NULL);
