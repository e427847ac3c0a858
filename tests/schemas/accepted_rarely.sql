-- What functions accept is found once, by chance or in rows that are there, and taken again.
CREATE TABLE zones (id int PRIMARY KEY, label text NOT NULL);
INSERT INTO zones SELECT n, 'zone ' || n FROM generate_series(1, 48) AS n;
CREATE TABLE closures (zone int NOT NULL, since date);
INSERT INTO closures (zone) SELECT n FROM generate_series(1, 48) AS n WHERE n % 10 <> 3;
-- A trigger that leaves a column that must not be NULL empty for most of what is referenced.
CREATE TABLE pitches (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, zone_id int NOT NULL REFERENCES zones, title text NOT NULL,
    sort_key text NOT NULL
);
CREATE FUNCTION sort_pitch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT lower(new.title) INTO new.sort_key WHERE NOT EXISTS (SELECT FROM closures WHERE zone = new.zone_id);
    RETURN new;
END $$;
CREATE TRIGGER sort_pitch BEFORE INSERT ON pitches FOR EACH ROW EXECUTE FUNCTION sort_pitch();
-- One that refuses the rest.
CREATE TABLE stalls (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, zone_id int NOT NULL REFERENCES zones, size int);
CREATE FUNCTION may_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM closures WHERE zone = new.zone_id) THEN RAISE 'zone % is closed', new.zone_id; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER may_stand AFTER INSERT ON stalls FOR EACH ROW EXECUTE FUNCTION may_stand();
-- Arrays that may have no element in common, which the trigger names by its argument.
CREATE TABLE patches (name text PRIMARY KEY, replaces text[], removes text[]);
CREATE FUNCTION without_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM patches WHERE %1$I && ($1).%1$I)', tg_argv[0]) INTO found USING new;
    IF found THEN RAISE '% twice', tg_argv[0]; END IF;
    RETURN new;
END $$;
CREATE TRIGGER no_overlap BEFORE INSERT ON patches FOR EACH ROW EXECUTE FUNCTION without_overlap('replaces');
CREATE TRIGGER nor_here BEFORE INSERT ON patches FOR EACH ROW EXECUTE FUNCTION without_overlap('removes');
-- What the catalog has: a value of the rows that are there, or the default.
CREATE FUNCTION is_place(text) RETURNS boolean LANGUAGE sql AS
$$ SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE 'in ' || nspname = $1) $$;
CREATE TABLE steps (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL, place text NOT NULL CHECK (is_place(place))
);
INSERT INTO steps (label, place) VALUES ('first', 'in public'), ('second', 'in pg_catalog');
CREATE TABLE jobs (id int PRIMARY KEY, place text NOT NULL DEFAULT 'in public' CHECK (is_place(place)));
