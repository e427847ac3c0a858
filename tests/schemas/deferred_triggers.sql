-- A constraint trigger that looks when the transaction ends, and inserts.
CREATE TABLE entries (id serial PRIMARY KEY, amount int NOT NULL);
CREATE TABLE totals (id serial PRIMARY KEY, entry_id int NOT NULL REFERENCES entries);
CREATE FUNCTION make_total() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO totals (entry_id) VALUES (new.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER make_total AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION make_total();
CREATE TABLE owners (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE pets (id serial PRIMARY KEY, owner_id int NOT NULL REFERENCES owners, name text NOT NULL);
CREATE FUNCTION owner_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM owners WHERE id = new.owner_id) THEN RAISE EXCEPTION 'no owner'; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER owner_is_there AFTER INSERT ON pets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION owner_is_there();
