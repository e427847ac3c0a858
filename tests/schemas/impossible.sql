-- What nobody can fill: refused with the constraint and what was tried.
CREATE TABLE contradiction (n int NOT NULL CONSTRAINT never CHECK (n > 5 AND n < 3));
CREATE TABLE always_false (n int NOT NULL, CONSTRAINT nope CHECK (false));
CREATE FUNCTION is_secret(value text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT md5(value) = '5ebe2294ecd0e0f08eab7690d2a6ee69' $$;
CREATE TABLE secrets (phrase text NOT NULL CONSTRAINT secret_phrase CHECK (is_secret(phrase)));
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE moods (mood mood NOT NULL UNIQUE);
CREATE TABLE flags (a boolean NOT NULL, b boolean NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE letters (c char(1) PRIMARY KEY CHECK (c ~ '^[a-f]$'));
CREATE FUNCTION breaks(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'out of order'; END $$;
CREATE TABLE broken (n int NOT NULL CHECK (n > 0), CONSTRAINT cannot_be_asked CHECK (breaks(n)));
