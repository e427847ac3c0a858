-- Cycles that only a single statement could close, with rows for all tables at once: refused, with the cycle drawn.
CREATE TABLE chickens (id serial PRIMARY KEY, egg_id int NOT NULL);
CREATE TABLE eggs (id serial PRIMARY KEY, chicken_id int NOT NULL REFERENCES chickens);
ALTER TABLE chickens ADD FOREIGN KEY (egg_id) REFERENCES eggs;
CREATE TABLE concepts (id int PRIMARY KEY, domain_id varchar(20) NOT NULL, vocabulary_id varchar(20) NOT NULL, name text NOT NULL);
CREATE TABLE domains (id varchar(20) PRIMARY KEY, concept_id int NOT NULL REFERENCES concepts);
CREATE TABLE vocabularies (id varchar(20) PRIMARY KEY, concept_id int NOT NULL REFERENCES concepts);
ALTER TABLE concepts ADD FOREIGN KEY (domain_id) REFERENCES domains;
ALTER TABLE concepts ADD FOREIGN KEY (vocabulary_id) REFERENCES vocabularies;
CREATE TABLE persons (id serial PRIMARY KEY, gender_id int NOT NULL REFERENCES concepts);
