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
