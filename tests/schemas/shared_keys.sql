-- A column that references two tables at once: their keys are the same. Of the last ones, one key references users itself.
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE profiles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE employees (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid UNIQUE, name text NOT NULL);
CREATE TABLE leaves (
    id serial PRIMARY KEY, person_id uuid NOT NULL REFERENCES profiles, day date NOT NULL,
    FOREIGN KEY (person_id) REFERENCES employees (user_id)
);
CREATE TABLE clerks (id serial PRIMARY KEY, user_id uuid NOT NULL UNIQUE REFERENCES users, name text NOT NULL);
CREATE TABLE shifts (
    id serial PRIMARY KEY, person_id uuid NOT NULL REFERENCES profiles,
    FOREIGN KEY (person_id) REFERENCES clerks (user_id)
);
