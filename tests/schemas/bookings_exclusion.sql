-- needs: btree_gist
-- No room is booked twice at a time.
CREATE EXTENSION btree_gist;
CREATE TABLE rooms (id serial PRIMARY KEY, name text NOT NULL UNIQUE, capacity int NOT NULL CHECK (capacity BETWEEN 1 AND 12));
CREATE TABLE bookings (
    id serial PRIMARY KEY,
    room_id int NOT NULL REFERENCES rooms,
    during tstzrange NOT NULL CHECK (NOT isempty(during)),
    cancelled_at timestamptz,
    EXCLUDE USING gist (room_id WITH =, during WITH &&) WHERE (cancelled_at IS NULL)
);
CREATE TABLE shifts (
    room_id int NOT NULL REFERENCES rooms,
    starts_at timestamp NOT NULL,
    ends_at timestamp NOT NULL,
    CHECK (starts_at < ends_at),
    EXCLUDE USING gist (room_id WITH =, tsrange(starts_at, ends_at) WITH &&)
);
