-- Rows in an order that a trigger wants: later ones have more, or less, than those before them.
CREATE TABLE blocks (number bigint PRIMARY KEY, hash text NOT NULL UNIQUE);
-- By a reference and a number within it; a CHECK that rows made without looking break.
CREATE TABLE entries (
    id bigserial PRIMARY KEY, block_number bigint NOT NULL REFERENCES blocks, place bigint NOT NULL, title text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'done')), done_at timestamptz,
    CHECK (state = 'pending' OR done_at IS NOT NULL), UNIQUE (block_number, place)
);
CREATE FUNCTION later_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.block_number < (SELECT max(block_number) FROM entries) OR (
        NEW.block_number = (SELECT max(block_number) FROM entries)
        AND NEW.place <= (SELECT max(place) FROM entries WHERE block_number = NEW.block_number)
    ) THEN
        RAISE EXCEPTION 'a new entry has to be later';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER later_place BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION later_place();
-- Falling, by a quoted column.
CREATE TABLE offers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Price" bigint NOT NULL UNIQUE, bidder text);
CREATE FUNCTION cheaper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM offers WHERE id <> NEW.id AND NEW."Price"::bigint >= offers."Price") THEN
        RAISE EXCEPTION 'not cheaper';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheaper BEFORE INSERT ON offers FOR EACH ROW EXECUTE FUNCTION cheaper();
-- By a record, whose table the function names by what called it.
CREATE TABLE readings (id serial PRIMARY KEY, meter text NOT NULL, read_at timestamptz NOT NULL UNIQUE, value int NOT NULL);
CREATE FUNCTION newer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last timestamptz;
BEGIN
    EXECUTE format('SELECT max(read_at) FROM %I.%I', tg_table_schema, tg_table_name) INTO last;
    IF last > new.read_at THEN RAISE EXCEPTION 'readings have to be entered as they were made'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER newer BEFORE INSERT ON readings FOR EACH ROW EXECUTE FUNCTION newer();
-- An AFTER trigger counts the row that it judges among the others.
CREATE TABLE laps (id serial PRIMARY KEY, race int NOT NULL CHECK (race BETWEEN 1 AND 4), place int NOT NULL);
CREATE FUNCTION next_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.place <> (SELECT count(*) FROM laps l WHERE l.race = new.race) THEN RAISE EXCEPTION 'place % is not the next', new.place; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER next_place AFTER INSERT ON laps FOR EACH ROW EXECUTE FUNCTION next_place();
