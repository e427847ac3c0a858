-- Two references that must differ, of which a row can do without one.
CREATE TABLE players (id serial PRIMARY KEY);
CREATE TABLE matches (id serial PRIMARY KEY, home_id int NOT NULL REFERENCES players, guest_id int REFERENCES players, CHECK (home_id <> guest_id));
CREATE TABLE reviews (id serial PRIMARY KEY, author_id int REFERENCES players, reader_id int NOT NULL REFERENCES players, CHECK (NOT author_id = reader_id));
CREATE TABLE loans (id serial PRIMARY KEY, giver_id int REFERENCES players, taker_id int REFERENCES players, CHECK (giver_id IS DISTINCT FROM taker_id));
CREATE TABLE games (id serial PRIMARY KEY, white_id int NOT NULL REFERENCES players, black_id int REFERENCES players, judge_id int REFERENCES players,
    CHECK (white_id <> black_id AND black_id <> judge_id AND white_id <> judge_id));
