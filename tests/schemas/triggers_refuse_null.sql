-- Triggers that refuse NULL where the table accepts it.
CREATE TABLE stations (id serial PRIMARY KEY, label text NOT NULL);
CREATE TABLE keepers (id serial PRIMARY KEY, label text NOT NULL);

-- In each row, by CASE: what the row references is required.
CREATE TABLE visits (
    id serial PRIMARY KEY,
    station_id int REFERENCES stations ON DELETE SET NULL,
    keeper_id int REFERENCES keepers ON DELETE SET NULL,
    note text
);
CREATE FUNCTION complete_visit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    CASE
        WHEN new.station_id IS NULL THEN RAISE EXCEPTION 'station_id is null';
        WHEN new.note IS NULL THEN RAISE EXCEPTION 'note is null';
    ELSE
    END CASE;
    RETURN new;
END $$;
CREATE TRIGGER complete_visit BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION complete_visit();

-- The columns are the arguments of the trigger.
CREATE TABLE loans (
    id serial PRIMARY KEY,
    station_id int REFERENCES stations ON DELETE SET NULL,
    keeper_id int REFERENCES keepers ON DELETE SET NULL,
    note text
);
CREATE FUNCTION not_null_columns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE name text; given text;
BEGIN
    FOREACH name IN ARRAY tg_argv LOOP
        EXECUTE format('SELECT $1.%I', name) INTO given USING new;
        IF given IS NULL THEN
            RAISE EXCEPTION 'not null column: %.%', tg_table_name, name USING errcode = '23502';
        END IF;
    END LOOP;
    RETURN new;
END $$;
CREATE TRIGGER not_null_columns BEFORE INSERT ON loans
    FOR EACH ROW EXECUTE FUNCTION not_null_columns('station_id', 'keeper_id');

-- In rows of all kinds there are, but the plan does not see that: the refusal names what to fill.
CREATE TABLE tours (
    id serial PRIMARY KEY,
    station_id int REFERENCES stations,
    keeper_id int REFERENCES keepers,
    kind text NOT NULL CHECK (kind IN ('a', 'b'))
);
CREATE FUNCTION complete_tour() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.kind IN ('a', 'b') AND new.station_id IS NULL THEN RAISE EXCEPTION 'where?'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER complete_tour BEFORE INSERT ON tours FOR EACH ROW EXECUTE FUNCTION complete_tour();

-- The trigger fills what it would refuse.
CREATE TABLE shifts (id serial PRIMARY KEY, station_id int REFERENCES stations, code text);
CREATE FUNCTION complete_shift() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.code IS NULL THEN new.code := 'shift ' || new.id; END IF;
    IF new.code IS NULL THEN RAISE EXCEPTION 'code is null'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER complete_shift BEFORE INSERT ON shifts FOR EACH ROW EXECUTE FUNCTION complete_shift();
