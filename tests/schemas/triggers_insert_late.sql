-- Triggers insert into tables that have been filled before: into the referenced table, and by a function that they call.
CREATE TABLE accounts (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE transfers (id serial PRIMARY KEY, account_id int NOT NULL REFERENCES accounts, amount int NOT NULL);
CREATE FUNCTION open_fees() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO accounts (name) VALUES ('fees of ' || new.id); RETURN NULL; END $$;
CREATE TRIGGER open_fees AFTER INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION open_fees();
CREATE TABLE changes (id serial PRIMARY KEY, what text NOT NULL);
CREATE TABLE pages (id serial PRIMARY KEY, title text NOT NULL, draft boolean NOT NULL);
CREATE FUNCTION note_change(what text) RETURNS void LANGUAGE sql AS $$ INSERT INTO changes (what) VALUES (what) $$;
CREATE FUNCTION note_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT new.draft THEN PERFORM note_change(new.title); END IF;
    PERFORM note_change('a page');
    RETURN NULL;
END $$;
CREATE TRIGGER note_page AFTER INSERT ON pages FOR EACH ROW EXECUTE FUNCTION note_page();
