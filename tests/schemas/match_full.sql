-- MATCH FULL: all columns of a reference are NULL, or none.
CREATE TABLE places (country text NOT NULL, city text NOT NULL, PRIMARY KEY (country, city));
CREATE TABLE offices (
    id serial PRIMARY KEY,
    country text,
    city text,
    FOREIGN KEY (country, city) REFERENCES places MATCH FULL
);
CREATE TABLE branches (
    id serial PRIMARY KEY,
    country text NOT NULL,
    city text,
    FOREIGN KEY (country, city) REFERENCES places MATCH FULL
);
CREATE TABLE visits (id serial PRIMARY KEY, country text, city text NOT NULL, FOREIGN KEY (country, city) REFERENCES places);
