-- A deferred trigger wants one of several rows for each row of a common table.
CREATE TABLE parties (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE persons (party_id int PRIMARY KEY REFERENCES parties, born date);
CREATE TABLE companies (party_id int PRIMARY KEY REFERENCES parties, vat text);
CREATE FUNCTION of_one_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM persons WHERE party_id = new.id)
        + (SELECT count(*) FROM companies WHERE party_id = new.id) <> 1 THEN
        RAISE EXCEPTION 'party % is not of one kind', new.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER of_one_kind AFTER INSERT ON parties DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION of_one_kind();
-- A column says which.
CREATE TABLE vehicles (id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('boat', 'car')));
CREATE TABLE cars (vehicle_id int PRIMARY KEY REFERENCES vehicles, doors int NOT NULL);
CREATE TABLE boats (vehicle_id int PRIMARY KEY REFERENCES vehicles, masts int NOT NULL);
CREATE FUNCTION has_its_half() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.kind = 'car' AND NOT EXISTS (SELECT FROM cars WHERE vehicle_id = new.id)
        OR new.kind = 'boat' AND NOT EXISTS (SELECT FROM boats WHERE vehicle_id = new.id) THEN
        RAISE EXCEPTION 'vehicle % is only half there', new.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_its_half AFTER INSERT ON vehicles DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION has_its_half();
CREATE FUNCTION is_of_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT kind || 's' FROM vehicles WHERE id = new.vehicle_id) <> tg_table_name THEN
        RAISE EXCEPTION 'vehicle % is of another kind', new.vehicle_id;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER is_of_kind BEFORE INSERT ON cars FOR EACH ROW EXECUTE FUNCTION is_of_kind();
CREATE TRIGGER is_of_kind BEFORE INSERT ON boats FOR EACH ROW EXECUTE FUNCTION is_of_kind();
-- Kinds of kinds: each worker is a clerk or a guest, each clerk a cook or a driver, and each guide a clerk or a guest.
CREATE TABLE workers (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE clerks (id int PRIMARY KEY REFERENCES workers, salary int NOT NULL);
CREATE TABLE guests (id int PRIMARY KEY REFERENCES workers, fee int NOT NULL);
CREATE TABLE cooks (id int PRIMARY KEY REFERENCES clerks);
CREATE TABLE drivers (id int PRIMARY KEY REFERENCES clerks);
CREATE TABLE guides (id int PRIMARY KEY REFERENCES workers);
CREATE TABLE guest_guides (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES guests, FOREIGN KEY (id) REFERENCES guides);
CREATE FUNCTION worker_is_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.id NOT IN (SELECT id FROM clerks) AND new.id NOT IN (SELECT id FROM guests) THEN
        RAISE EXCEPTION 'a worker of no kind';
    ELSIF new.id IN (SELECT id FROM clerks) AND new.id IN (SELECT id FROM guests) THEN
        RAISE EXCEPTION 'a worker of two kinds';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER worker_is_one AFTER INSERT ON workers DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION worker_is_one();
CREATE FUNCTION clerk_is_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT count(*) FROM (SELECT id FROM cooks UNION ALL SELECT id FROM drivers) AS kinds WHERE id = new.id) <> 1 THEN
        RAISE EXCEPTION 'a clerk of no kind, or of two';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clerk_is_one AFTER INSERT ON clerks DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION clerk_is_one();
CREATE FUNCTION guides_only_guide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM (SELECT id FROM cooks UNION ALL SELECT id FROM drivers UNION ALL SELECT id FROM guides) AS kinds
        GROUP BY id HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'a guide who cooks or drives';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guiding AFTER INSERT ON guides DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION guides_only_guide();
