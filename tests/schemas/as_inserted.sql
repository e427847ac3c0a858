-- Many CHECKs on columns that have no value before something has happened: all of them hold for a row as it is inserted.

CREATE TABLE people (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE polls (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE motions (
    id serial PRIMARY KEY,
    poll_id int NOT NULL REFERENCES polls,
    name text NOT NULL,
    open boolean NOT NULL DEFAULT false,
    withdrawn timestamptz,
    withdrawn_by int REFERENCES people,
    suggests_id int REFERENCES motions,
    admitted boolean,
    ayes int,
    noes int,
    direct boolean,
    indirect boolean,
    better boolean,
    worse boolean,
    place int,
    beaten boolean,
    staged boolean,
    eligible boolean,
    winner boolean,
    rank int,
    UNIQUE (poll_id, id),
    UNIQUE (poll_id, rank),
    CHECK ((withdrawn IS NOT NULL) = (withdrawn_by IS NOT NULL)),
    CHECK (withdrawn IS NOT NULL OR suggests_id IS NULL),
    CHECK (withdrawn IS NULL OR admitted IS NULL),
    CHECK (
        (admitted IS NOT NULL AND admitted = true)
        OR (
            ayes IS NULL AND noes IS NULL AND direct IS NULL AND indirect IS NULL AND better IS NULL AND worse IS NULL
            AND place IS NULL AND beaten IS NULL AND staged IS NULL AND eligible IS NULL AND winner IS NULL AND rank IS NULL
        )
    ),
    CHECK (NOT (better AND worse)),
    CHECK (eligible = false OR (direct AND indirect AND better)),
    CHECK (winner = false OR eligible = true),
    CHECK (winner = false OR rank = 1),
    CHECK (eligible = false OR rank <> 1 OR winner = true)
);
-- Without motions both keys are left open, and the column that they share is one of the row's own; unless a CHECK
-- wants one of them.
CREATE TABLE duels (
    poll_id int NOT NULL,
    winner_id int,
    loser_id int,
    FOREIGN KEY (poll_id, winner_id) REFERENCES motions (poll_id, id),
    FOREIGN KEY (poll_id, loser_id) REFERENCES motions (poll_id, id),
    UNIQUE (poll_id, winner_id, loser_id)
);
CREATE TABLE bouts (
    poll_id int NOT NULL,
    winner_id int,
    loser_id int,
    FOREIGN KEY (poll_id, winner_id) REFERENCES motions (poll_id, id),
    FOREIGN KEY (poll_id, loser_id) REFERENCES motions (poll_id, id),
    CHECK (winner_id IS NOT NULL OR loser_id IS NOT NULL)
);
