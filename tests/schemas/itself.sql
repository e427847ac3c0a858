-- A row that must reference itself.
CREATE TABLE roots (id int PRIMARY KEY REFERENCES roots, name text);
CREATE TABLE aliases (id int PRIMARY KEY, canonical_id int NOT NULL REFERENCES aliases, CHECK (canonical_id = id));
CREATE TABLE threads (id serial PRIMARY KEY, thread_id int NOT NULL UNIQUE REFERENCES threads);
CREATE TABLE groups (name text PRIMARY KEY, owner text NOT NULL REFERENCES groups);
