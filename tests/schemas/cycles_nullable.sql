-- Cycles through several tables, closed by columns that may be NULL at first.
CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL, captain_id int, home_id int);
CREATE TABLE players (id serial PRIMARY KEY, team_id int NOT NULL REFERENCES teams, name text NOT NULL, UNIQUE (team_id, id));
CREATE TABLE grounds (id serial PRIMARY KEY, owner_id int NOT NULL REFERENCES players, name text NOT NULL);
ALTER TABLE teams ADD FOREIGN KEY (id, captain_id) REFERENCES players (team_id, id);
ALTER TABLE teams ADD FOREIGN KEY (home_id) REFERENCES grounds;
ALTER TABLE teams ADD UNIQUE (captain_id);
CREATE TABLE scopes (id text PRIMARY KEY, primary_auth_id text);
CREATE TABLE auths (id text PRIMARY KEY, scope_id text NOT NULL REFERENCES scopes, UNIQUE (id, scope_id));
ALTER TABLE scopes ADD FOREIGN KEY (primary_auth_id, id) REFERENCES auths (id, scope_id);
