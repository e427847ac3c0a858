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
-- Those that look at rows that are there already: the values that they look up are taken, and rows that overlap are replaced.
CREATE TABLE codes (name text PRIMARY KEY);
INSERT INTO codes VALUES ('tcn'), ('isbn'), ('lccn');
CREATE TABLE labels (id serial PRIMARY KEY, code text);
CREATE FUNCTION known_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM * FROM codes WHERE name = new.code;
    IF NOT FOUND THEN RAISE EXCEPTION '% is no code', new.code; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER known_code AFTER INSERT ON labels DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION known_code();
CREATE TABLE rooms (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE stays (id serial PRIMARY KEY, room_id int NOT NULL REFERENCES rooms, day date NOT NULL, nights int NOT NULL CHECK (nights BETWEEN 1 AND 5));
CREATE FUNCTION free_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM stays s WHERE s.room_id = new.room_id AND s.id <> new.id AND s.day < new.day + new.nights AND new.day < s.day + s.nights
    ) THEN RAISE EXCEPTION 'room % is taken', new.room_id; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER free_room AFTER INSERT OR UPDATE ON stays DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION free_room();
-- One that waits for rows of another table, which reference its row.
CREATE TABLE bills (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE lines (id serial PRIMARY KEY, bill_id int NOT NULL REFERENCES bills, amount int NOT NULL);
CREATE FUNCTION has_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM lines WHERE bill_id = new.id) THEN RAISE EXCEPTION 'bill % has no lines', new.id; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_lines AFTER INSERT ON bills DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION has_lines();
-- One that deletes its row unless another one references it by then, which is seen where the key refuses the deletion.
CREATE TABLE tags (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE place_tags (place int NOT NULL, tag_id int NOT NULL REFERENCES tags, PRIMARY KEY (place, tag_id));
CREATE FUNCTION delete_unused_tag(which int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tags WHERE id = which;
EXCEPTION WHEN foreign_key_violation THEN RETURN;
END $$;
CREATE FUNCTION tag_is_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM delete_unused_tag(new.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER tag_is_used AFTER INSERT ON tags DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tag_is_used();
