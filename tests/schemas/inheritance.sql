-- Tables that inherit columns and checks, and rows that the parent shows.
CREATE TABLE people (id serial PRIMARY KEY, name text NOT NULL CHECK (name <> ''), age int CHECK (age >= 0));
CREATE TABLE staff (salary numeric(8, 2) NOT NULL, PRIMARY KEY (id)) INHERITS (people);
CREATE TABLE managers (bonus int NOT NULL CHECK (bonus <= 100), UNIQUE (id)) INHERITS (staff);
CREATE TABLE badges (person_id int NOT NULL REFERENCES people, color text NOT NULL);
