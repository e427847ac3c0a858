-- A type that nobody knows: left to its default or to NULL, else refused.
CREATE TYPE mystery;
CREATE FUNCTION mystery_in(cstring) RETURNS mystery LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION mystery_out(mystery) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE mystery (INPUT = mystery_in, OUTPUT = mystery_out, LIKE = int4);
CREATE TABLE left_alone (id serial PRIMARY KEY, a mystery, b mystery NOT NULL DEFAULT '7', name text NOT NULL);
CREATE TABLE required (id serial PRIMARY KEY, a mystery NOT NULL);
