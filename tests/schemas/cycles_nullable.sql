-- Cycles through several tables, closed by columns that may be NULL at first.
CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL, captain_id int, home_id int);
CREATE TABLE players (id serial PRIMARY KEY, team_id int NOT NULL REFERENCES teams, name text NOT NULL, UNIQUE (team_id, id));
CREATE TABLE grounds (id serial PRIMARY KEY, owner_id int NOT NULL REFERENCES players, name text NOT NULL);
ALTER TABLE teams ADD FOREIGN KEY (id, captain_id) REFERENCES players (team_id, id);
ALTER TABLE teams ADD FOREIGN KEY (home_id) REFERENCES grounds;
ALTER TABLE teams ADD UNIQUE (captain_id);
