-- References to the table itself.
CREATE TABLE categories (
    id serial PRIMARY KEY,
    parent_id int REFERENCES categories,
    name text NOT NULL,
    CHECK (parent_id <> id),
    UNIQUE (parent_id, name)
);
CREATE TABLE employees (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    manager_id uuid REFERENCES employees ON DELETE SET NULL,
    mentor_id uuid REFERENCES employees,
    name text NOT NULL,
    CHECK (manager_id IS DISTINCT FROM id AND mentor_id <> manager_id)
);
CREATE TABLE nodes (
    tree int NOT NULL,
    id int NOT NULL,
    parent int,
    PRIMARY KEY (tree, id),
    FOREIGN KEY (tree, parent) REFERENCES nodes (tree, id)
);
CREATE TABLE rooted (id serial PRIMARY KEY, root_id int NOT NULL REFERENCES rooted, parent_id int NOT NULL REFERENCES rooted);
CREATE TABLE versions (
    id serial PRIMARY KEY,
    previous_id int UNIQUE REFERENCES versions,
    CHECK (previous_id < id)
);
CREATE TABLE folders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path text NOT NULL UNIQUE, parent text REFERENCES folders (path));
-- The number of a row is a part of what it references.
CREATE TABLE crossed (a bigint NOT NULL, b bigint NOT NULL, other bigint, PRIMARY KEY (a, b), FOREIGN KEY (other, a) REFERENCES crossed (a, b));
-- A number that is unique beside what references it.
CREATE TABLE beside (a int NOT NULL, b int NOT NULL, above_a int, above_b int, PRIMARY KEY (a, b), FOREIGN KEY (above_a, above_b) REFERENCES beside (a, b), UNIQUE (a, above_a));
