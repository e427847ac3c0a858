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
CREATE TABLE members (
    id serial PRIMARY KEY,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
    closed_on date,
    CHECK ((status = 'closed') = (closed_on IS NOT NULL))
);
CREATE FUNCTION of_active_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM members WHERE id = NEW.member_id) <> 'active' THEN
        RAISE EXCEPTION 'member % is not active', NEW.member_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TABLE loans (id serial PRIMARY KEY, member_id int NOT NULL REFERENCES members, taken date NOT NULL);
CREATE TRIGGER of_active_members BEFORE INSERT ON loans FOR EACH ROW EXECUTE FUNCTION of_active_members();
CREATE TABLE permits (id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('public', 'secret')));
CREATE FUNCTION not_allowed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.kind = 'secret' THEN RAISE insufficient_privilege; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_allowed BEFORE INSERT ON permits FOR EACH ROW EXECUTE FUNCTION not_allowed();
CREATE FUNCTION looks_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO elsewhere VALUES (NEW.id); RETURN NEW; END $$;
CREATE TABLE broken (id serial PRIMARY KEY, name text NOT NULL);
CREATE TRIGGER looks_elsewhere AFTER INSERT ON broken FOR EACH ROW EXECUTE FUNCTION looks_elsewhere();
CREATE FUNCTION returns_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); END $$;
CREATE TABLE unfinished (id serial PRIMARY KEY, name text NOT NULL);
CREATE TRIGGER returns_nothing BEFORE INSERT ON unfinished FOR EACH ROW EXECUTE FUNCTION returns_nothing();
