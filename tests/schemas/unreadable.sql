-- Conditions that no text tells what to make of: the common forms of values are tried.
CREATE FUNCTION is_power_of_two(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN n > 0 AND (n & (n - 1)) = 0; END $$;
CREATE FUNCTION is_on_the_hour(t timestamptz) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN date_part('minute', t) = 0 AND date_part('second', t) = 0; END $$;
CREATE FUNCTION is_last_of_month(d date) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN date_part('day', d + 1) = 1; END $$;
CREATE FUNCTION is_at_noon(t time) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t = '12:00'; END $$;
CREATE FUNCTION is_list_of_three(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN array_length(string_to_array(t, ','), 1) = 3; END $$;
CREATE FUNCTION is_short(r tstzrange) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN upper(r) - lower(r) <= interval '1 hour'; END $$;
CREATE TABLE buffers (id serial PRIMARY KEY, size int NOT NULL CHECK (is_power_of_two(size)));
CREATE TABLE slots (id serial PRIMARY KEY, starts timestamptz NOT NULL CHECK (is_on_the_hour(starts)));
CREATE TABLE closings (id serial PRIMARY KEY, day date NOT NULL CHECK (is_last_of_month(day)));
CREATE TABLE bells (id serial PRIMARY KEY, rings time NOT NULL CHECK (is_at_noon(rings)));
CREATE TABLE triples (id serial PRIMARY KEY, parts text NOT NULL CHECK (is_list_of_three(parts)));
CREATE TABLE meetings (id serial PRIMARY KEY, period tstzrange NOT NULL CHECK (is_short(period)));
