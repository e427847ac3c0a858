-- Two unique keys that share a column, filled to the last row: 40 of 40.
CREATE TABLE setups (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE gear (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE loans (
    setup_id int NOT NULL REFERENCES setups,
    user_id int NOT NULL REFERENCES users,
    gear_id int NOT NULL REFERENCES gear,
    UNIQUE (setup_id, user_id),
    UNIQUE (setup_id, gear_id)
);
CREATE TABLE seats (
    setup_id int NOT NULL REFERENCES setups,
    user_id int NOT NULL REFERENCES users,
    number int NOT NULL CHECK (number BETWEEN 1 AND 5),
    PRIMARY KEY (setup_id, user_id),
    UNIQUE (setup_id, number)
);
CREATE TABLE ranks (
    setup_id int NOT NULL REFERENCES setups,
    user_id int NOT NULL REFERENCES users,
    gear_id int NOT NULL REFERENCES gear,
    position int NOT NULL,
    UNIQUE (setup_id, user_id),
    UNIQUE (user_id, gear_id),
    UNIQUE (setup_id, position)
);
