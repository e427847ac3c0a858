-- No number overflows.
CREATE TABLE numbers (
    a numeric(3, 2) NOT NULL, b numeric(2, 2) NOT NULL, c numeric(1) NOT NULL, d numeric(5, 0) NOT NULL, e numeric(20, 10) NOT NULL,
    price numeric(3, 2) NOT NULL, quantity smallint NOT NULL, total numeric(4, 2) NOT NULL, year smallint NOT NULL,
    population smallint NOT NULL, latitude numeric(5, 3) NOT NULL, longitude numeric(5, 2) NOT NULL, percent numeric(3, 3) NOT NULL,
    phone int NOT NULL, zip smallint NOT NULL, big bigint NOT NULL, salary numeric(5, 2) NOT NULL, views "char"
);
CREATE TABLE unique_numbers (a numeric(3, 1) NOT NULL UNIQUE, b smallint NOT NULL UNIQUE, c numeric(2, 0) NOT NULL UNIQUE CHECK (c > -50), d real NOT NULL UNIQUE);
