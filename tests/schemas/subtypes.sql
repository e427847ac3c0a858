-- A row of a subtype references one of its kind: the kind is generated, or a CHECK leaves one.
CREATE TABLE vehicles (
    id serial PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('car', 'truck', 'bus')),
    UNIQUE (id, kind)
);
CREATE TABLE cars (
    id int PRIMARY KEY,
    kind text GENERATED ALWAYS AS ('car') STORED,
    doors int NOT NULL,
    FOREIGN KEY (id, kind) REFERENCES vehicles (id, kind)
);
CREATE TABLE trucks (
    id int PRIMARY KEY,
    kind text NOT NULL DEFAULT 'truck' CHECK (kind = 'truck'),
    load int NOT NULL,
    FOREIGN KEY (id, kind) REFERENCES vehicles (id, kind)
);
CREATE TABLE trips (
    id serial PRIMARY KEY,
    bus_id int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('bus')),
    FOREIGN KEY (bus_id, kind) REFERENCES vehicles (id, kind)
);
CREATE TABLE registry (handle text PRIMARY KEY, is_organization boolean NOT NULL, UNIQUE (handle, is_organization));
CREATE TABLE organizations (
    id serial PRIMARY KEY,
    handle text NOT NULL UNIQUE,
    is_organization boolean GENERATED ALWAYS AS (true) STORED,
    FOREIGN KEY (handle, is_organization) REFERENCES registry (handle, is_organization)
);
CREATE TABLE persons (
    id serial PRIMARY KEY,
    handle text NOT NULL UNIQUE,
    is_organization boolean GENERATED ALWAYS AS (false) STORED,
    FOREIGN KEY (handle, is_organization) REFERENCES registry (handle, is_organization)
);
