-- Rules, and INSTEAD OF triggers of views.
CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE audit (item_id int NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE RULE audit_items AS ON INSERT TO items DO ALSO INSERT INTO audit (item_id) VALUES (-1);
CREATE VIEW item_names AS SELECT name FROM items;
CREATE FUNCTION insert_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO items (name) VALUES (new.name); RETURN new; END $$;
CREATE TRIGGER insert_name INSTEAD OF INSERT ON item_names FOR EACH ROW EXECUTE FUNCTION insert_name();
CREATE TABLE read_only (id serial PRIMARY KEY, name text);
CREATE RULE nothing AS ON INSERT TO read_only DO INSTEAD NOTHING;
