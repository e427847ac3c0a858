-- A junction can be filled to the last pair: 48 of 48.
CREATE TABLE a (id serial PRIMARY KEY);
CREATE TABLE b (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE ab (a_id int NOT NULL REFERENCES a, b_id uuid NOT NULL REFERENCES b, PRIMARY KEY (a_id, b_id));
CREATE TABLE friends (
    a_id int NOT NULL REFERENCES a,
    b_id int NOT NULL REFERENCES a,
    PRIMARY KEY (a_id, b_id),
    CHECK (a_id < b_id)
);
CREATE TABLE roles (
    a_id int NOT NULL REFERENCES a,
    b_id uuid NOT NULL REFERENCES b,
    role text NOT NULL CHECK (role IN ('reader', 'writer', 'owner')),
    UNIQUE (a_id, b_id, role)
);
