-- A cycle that nobody can enter: refused, with the cycle drawn.
CREATE TABLE chickens (id serial PRIMARY KEY, egg_id int NOT NULL);
CREATE TABLE eggs (id serial PRIMARY KEY, chicken_id int NOT NULL REFERENCES chickens);
ALTER TABLE chickens ADD FOREIGN KEY (egg_id) REFERENCES eggs;
