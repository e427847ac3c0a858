-- Two tables that reference each other: what a row references is of its own, and triggers say so.
CREATE TABLE crews (id serial PRIMARY KEY, name text NOT NULL, captain_id int, mate_id int);
CREATE TABLE sailors (id serial PRIMARY KEY, crew_id int NOT NULL REFERENCES crews, name text NOT NULL);
ALTER TABLE crews ADD FOREIGN KEY (captain_id) REFERENCES sailors, ADD FOREIGN KEY (mate_id) REFERENCES sailors;
CREATE FUNCTION own_sailor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sailors s WHERE s.id IN (new.captain_id, new.mate_id) AND s.crew_id <> new.id) THEN
        RAISE EXCEPTION 'crew % is led by a stranger', new.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER own_sailor AFTER INSERT OR UPDATE ON crews DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION own_sailor();
-- The reference is required, and waits for the end of the transaction.
CREATE TABLE flows (id serial PRIMARY KEY, name text NOT NULL, first_step int NOT NULL);
CREATE TABLE steps (id serial PRIMARY KEY, flow_id int NOT NULL REFERENCES flows, name text NOT NULL);
ALTER TABLE flows ADD FOREIGN KEY (first_step) REFERENCES steps DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION own_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM flows f JOIN steps s ON s.id = f.first_step AND s.flow_id = f.id WHERE f.id = new.id) THEN
        RAISE EXCEPTION 'flow % begins elsewhere', new.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER own_step AFTER INSERT OR UPDATE ON flows DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION own_step();
-- No two rows of its own, where there is one only: another one is taken.
CREATE TABLE duels (id serial PRIMARY KEY, first_id int, second_id int, CHECK (first_id <> second_id));
CREATE TABLE fighters (id serial PRIMARY KEY, duel_id int NOT NULL REFERENCES duels);
ALTER TABLE duels ADD FOREIGN KEY (first_id) REFERENCES fighters, ADD FOREIGN KEY (second_id) REFERENCES fighters;
