-- Unique by what a function makes of the columns.
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, first_name varchar(3) NOT NULL, last_name varchar(3));
CREATE UNIQUE INDEX ON users (lower(email));
CREATE UNIQUE INDEX ON users (lower(first_name), coalesce(last_name, ''));
CREATE FUNCTION normalized(name text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT lower(translate(name, '-_ ', '')) $$;
CREATE TABLE tags (id serial PRIMARY KEY, name varchar(4) NOT NULL);
CREATE UNIQUE INDEX ON tags (public.normalized(name));
CREATE TABLE days (starts_at timestamp NOT NULL, room int NOT NULL CHECK (room < 4));
CREATE UNIQUE INDEX ON days ((starts_at::date), room);
CREATE TABLE documents (body jsonb NOT NULL DEFAULT '{}');
CREATE UNIQUE INDEX ON documents ((body ->> 'key'));
CREATE TABLE pairs (a int NOT NULL, b int NOT NULL, CHECK (a BETWEEN 1 AND 11 AND b BETWEEN 1 AND 11));
CREATE UNIQUE INDEX ON pairs (least(a, b), greatest(a, b));
