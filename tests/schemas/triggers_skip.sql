-- A BEFORE trigger that returns NULL: nothing is inserted, for some rows or for all.
CREATE TABLE visits (id serial PRIMARY KEY, page text NOT NULL, is_bot boolean NOT NULL);
CREATE FUNCTION skip_bots() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF new.is_bot THEN RETURN NULL; END IF; RETURN new; END $$;
CREATE TRIGGER skip_bots BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION skip_bots();
CREATE TABLE nothing (id serial PRIMARY KEY, note text);
CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER skip BEFORE INSERT ON nothing FOR EACH ROW EXECUTE FUNCTION skip();
