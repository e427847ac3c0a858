-- Triggers that put statements together of a row's values, which some values make wrong, and that look up the role.

CREATE TABLE members (id serial PRIMARY KEY, username text NOT NULL UNIQUE, note text);
CREATE FUNCTION own_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE 'CREATE TABLE log_of_' || new.username || ' (line text)';
    RETURN new;
END $$;
CREATE TRIGGER own_log AFTER INSERT ON members FOR EACH ROW EXECUTE FUNCTION own_log();

CREATE TABLE broken_members (id serial PRIMARY KEY, username text NOT NULL);
CREATE FUNCTION no_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE 'MAKE TABLE';
    RETURN new;
END $$;
CREATE TRIGGER no_log AFTER INSERT ON broken_members FOR EACH ROW EXECUTE FUNCTION no_log();

CREATE TABLE staff (id serial PRIMARY KEY, login text NOT NULL UNIQUE, active boolean NOT NULL DEFAULT true);
CREATE TABLE memos (id serial PRIMARY KEY, author_id int NOT NULL REFERENCES staff, body text NOT NULL);
CREATE FUNCTION author() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.author_id := (SELECT id FROM staff WHERE login = session_user);
    RETURN new;
END $$;
CREATE TRIGGER author BEFORE INSERT ON memos FOR EACH ROW EXECUTE FUNCTION author();

CREATE TABLE entries (id serial PRIMARY KEY, note text NOT NULL);
CREATE FUNCTION known() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM staff WHERE login = current_user AND active) THEN
        RAISE EXCEPTION 'who are you?';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER known BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION known();
