-- Rows of other tables that CHECKs and triggers look up without a foreign key.
CREATE TABLE areas (code text PRIMARY KEY, name text NOT NULL);
CREATE FUNCTION is_area(wanted text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT EXISTS (SELECT FROM areas WHERE code = wanted) $$;
CREATE TABLE a_places (id serial PRIMARY KEY, area_code text NOT NULL CHECK (is_area(area_code)), name text NOT NULL);

CREATE TABLE zones (name text PRIMARY KEY, open boolean NOT NULL);
CREATE TABLE parcels (id serial PRIMARY KEY, zone text NOT NULL, weight int NOT NULL);
CREATE FUNCTION in_zone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM zones z WHERE z.name = new.zone) THEN
        RAISE EXCEPTION 'no zone %', new.zone;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER in_zone BEFORE INSERT ON parcels FOR EACH ROW EXECUTE FUNCTION in_zone();

CREATE TABLE rates (currency char(3) PRIMARY KEY, rate numeric NOT NULL);
CREATE TABLE invoices (id serial PRIMARY KEY, currency char(3) NOT NULL, total numeric NOT NULL, converted numeric);
CREATE FUNCTION convert_total() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE found_rate numeric; BEGIN
    SELECT rate INTO found_rate FROM rates WHERE currency = new.currency;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no rate for %', new.currency;
    END IF;
    new.converted := new.total * found_rate;
    RETURN new;
END $$;
CREATE TRIGGER convert_total BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION convert_total();

CREATE TABLE seasons (id serial PRIMARY KEY, starts date NOT NULL, ends date NOT NULL, CHECK (ends > starts));
CREATE TABLE bookings (id serial PRIMARY KEY, day date NOT NULL);
CREATE FUNCTION in_season() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM seasons WHERE new.day BETWEEN starts AND ends;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no season on %', new.day;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER in_season BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION in_season();

CREATE TABLE rooms (id serial PRIMARY KEY, name text);
CREATE TABLE events (id serial PRIMARY KEY, room_id int NOT NULL, name text);
CREATE FUNCTION room_known() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.room_id NOT IN (SELECT id FROM rooms) THEN
        RAISE EXCEPTION 'room % is unknown', new.room_id;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER room_known BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION room_known();

INSERT INTO areas VALUES ('here', 'Here');
INSERT INTO zones VALUES ('first', true);
INSERT INTO rates VALUES ('EUR', 1);
INSERT INTO seasons (starts, ends) VALUES ('2031-01-01', '2031-02-01');
INSERT INTO rooms VALUES (1000, 'far away');
