-- A day has to be one on which something else says that there is work.
CREATE TABLE doctors (code char(9) PRIMARY KEY, name text NOT NULL);
CREATE TABLE clinics (name text PRIMARY KEY);
CREATE TABLE works (
    doctor char(9) NOT NULL REFERENCES doctors, clinic text NOT NULL REFERENCES clinics, dia smallint NOT NULL
);
CREATE TABLE visits (
    id serial PRIMARY KEY, doctor char(9) NOT NULL REFERENCES doctors, clinic text NOT NULL REFERENCES clinics,
    day date NOT NULL, hour time NOT NULL, UNIQUE (doctor, day, hour)
);
CREATE FUNCTION works_then() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    weekday smallint;
BEGIN
    weekday := EXTRACT(DOW FROM NEW.day);
    IF weekday = 0 THEN weekday := 7; END IF;
    IF NOT EXISTS (SELECT FROM works w WHERE w.doctor = NEW.doctor AND w.clinic = NEW.clinic AND w.dia = weekday) THEN
        RAISE EXCEPTION 'the doctor does not work there on that day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER works_then BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION works_then();
-- By the weekday's name, which a function makes, and one column.
CREATE TABLE rooms (id int PRIMARY KEY, floor int NOT NULL);
CREATE TABLE openings (room_id int NOT NULL REFERENCES rooms, weekday text NOT NULL);
CREATE TABLE meetings (id serial PRIMARY KEY, room_id int NOT NULL REFERENCES rooms, starts timestamptz NOT NULL);
CREATE FUNCTION is_open(room int, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM openings WHERE room_id = room AND weekday = trim(to_char(at, 'Day')))
$$;
CREATE FUNCTION open_then() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT is_open(NEW.room_id, NEW.starts) THEN RAISE EXCEPTION 'closed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER open_then BEFORE INSERT ON meetings FOR EACH ROW EXECUTE FUNCTION open_then();
-- Loaded, and by the month.
CREATE TABLE seasons (resort text NOT NULL, month int NOT NULL CHECK (month BETWEEN 1 AND 12), PRIMARY KEY (resort, month));
INSERT INTO seasons SELECT resort, month FROM unnest(ARRAY['alp', 'sea']) AS resort, generate_series(1, 11) AS month;
CREATE TABLE stays (id serial PRIMARY KEY, resort text NOT NULL, arrives date NOT NULL);
CREATE FUNCTION in_season() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM seasons WHERE resort = NEW.resort AND month = date_part('month', NEW.arrives)
    ) THEN
        RAISE EXCEPTION 'no season';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_season BEFORE INSERT ON stays FOR EACH ROW EXECUTE FUNCTION in_season();
