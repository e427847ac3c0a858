-- A trigger inserts into the table that fires it: its rows are part of the count.
CREATE TABLE folders (id serial PRIMARY KEY, up int REFERENCES folders, name text NOT NULL);
CREATE FUNCTION make_inbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.name <> 'inbox' THEN INSERT INTO folders (up, name) VALUES (new.id, 'inbox'); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER make_inbox AFTER INSERT ON folders FOR EACH ROW EXECUTE FUNCTION make_inbox();
-- Two rows for each, by a name that the function does not spell, and only for rows that no trigger has made.
CREATE TABLE halves (id serial PRIMARY KEY, label text NOT NULL);
CREATE FUNCTION make_halves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        EXECUTE format('INSERT INTO %I (label) VALUES ($1), ($1)', tg_table_name) USING new.label;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER make_halves BEFORE INSERT ON halves FOR EACH ROW EXECUTE FUNCTION make_halves();
-- When the transaction ends, by way of another table, and only for some rows.
CREATE TABLE orders (
    id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('single', 'weekly', 'copy'))
);
CREATE TABLE renewals (id serial PRIMARY KEY, note text);
CREATE FUNCTION renew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.kind = 'weekly' THEN INSERT INTO renewals DEFAULT VALUES; END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION copy_order() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO orders (kind) VALUES ('copy'); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER renew AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION renew();
CREATE TRIGGER copy_order AFTER INSERT ON renewals FOR EACH ROW EXECUTE FUNCTION copy_order();
