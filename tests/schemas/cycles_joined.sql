-- Tables that reference one another by the same columns: which row is referenced back is decided by the first of them.
CREATE TABLE modes (
    name text NOT NULL,
    part text NOT NULL,
    writing boolean NOT NULL,
    token text NOT NULL,
    UNIQUE (name, part),
    UNIQUE (name, part, writing)
);
CREATE TABLE locks (
    name text NOT NULL,
    part text NOT NULL,
    writing boolean NOT NULL,
    token text NOT NULL,
    instance text NOT NULL,
    UNIQUE (name, part, token),
    FOREIGN KEY (name, part, writing) REFERENCES modes (name, part, writing)
);
ALTER TABLE modes ADD FOREIGN KEY (name, part, token) REFERENCES locks (name, part, token)
    DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE settings (id text PRIMARY KEY, method_id text NOT NULL, UNIQUE (method_id, id));
CREATE TABLE methods (
    id text PRIMARY KEY,
    label text NOT NULL,
    settings_id text,
    FOREIGN KEY (id, settings_id) REFERENCES settings (method_id, id) ON UPDATE CASCADE
        DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE settings ADD FOREIGN KEY (method_id) REFERENCES methods ON UPDATE CASCADE
    DEFERRABLE INITIALLY DEFERRED;
-- A method's row makes one of another table, whose label follows it.
CREATE TABLE bases (id text PRIMARY KEY, label text NOT NULL UNIQUE);
CREATE FUNCTION make_base() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO bases (id, label) VALUES (new.id, new.label || ' ' || new.id);
    RETURN new;
END $$;
CREATE TRIGGER make_base BEFORE INSERT ON methods FOR EACH ROW EXECUTE FUNCTION make_base();
CREATE FUNCTION follow_base() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE bases SET label = new.label || ' ' || old.id WHERE id = new.id;
    RETURN new;
END $$;
CREATE TRIGGER follow_base BEFORE UPDATE ON methods FOR EACH ROW EXECUTE FUNCTION follow_base();
