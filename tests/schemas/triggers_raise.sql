-- A trigger that accepts some rows, and one that accepts none.
CREATE TABLE payments (id serial PRIMARY KEY, amount int NOT NULL CHECK (amount BETWEEN 1 AND 1000), method text NOT NULL CHECK (method IN ('card', 'cash')));
CREATE FUNCTION no_large_cash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.method = 'cash' AND new.amount > 500 THEN RAISE EXCEPTION 'cash only up to 500'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER no_large_cash BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION no_large_cash();
CREATE TABLE archive (id serial PRIMARY KEY, note text);
CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the archive is closed'; END $$;
CREATE TRIGGER closed BEFORE INSERT ON archive FOR EACH ROW EXECUTE FUNCTION closed();
CREATE TABLE events (id serial PRIMARY KEY, event_type text NOT NULL, level text NOT NULL);
CREATE FUNCTION known_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE event_type text;
BEGIN
    event_type := new.event_type;
    IF event_type NOT IN ('initialized', 'role_updated') THEN RAISE EXCEPTION 'Unknown event type: %', event_type; END IF;
    CASE new.level WHEN 'info' THEN NULL; WHEN 'error' THEN NULL; ELSE RAISE EXCEPTION 'unknown level %', new.level; END CASE;
    RETURN NULL;
END $$;
CREATE TRIGGER known_event AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION known_event();
