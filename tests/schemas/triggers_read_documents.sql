-- Triggers that read keys of a document, and refuse one that lacks them.
CREATE TYPE standing AS ENUM ('guest', 'owner');
CREATE TABLE companies (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE people (
    id serial PRIMARY KEY,
    company_id int REFERENCES companies,
    standing standing NOT NULL,
    phone text NOT NULL,
    newsletter boolean,
    CHECK (standing = 'owner' OR company_id IS NOT NULL)
);
CREATE TABLE sign_ups (id serial PRIMARY KEY, data jsonb NOT NULL DEFAULT '{}');
CREATE FUNCTION sign_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    meta CONSTANT jsonb := NEW.data;
BEGIN
    INSERT INTO people (company_id, standing, phone, newsletter) VALUES (
        NULLIF(meta ->> 'company_id', '')::int, COALESCE((meta ->> 'standing')::public.standing, 'guest'),
        meta ->> 'phone', (meta->>'newsletter')::boolean
    );
    RETURN NEW;
END $$;
CREATE TRIGGER sign_up AFTER INSERT ON sign_ups FOR EACH ROW EXECUTE FUNCTION sign_up();
CREATE TABLE webhooks (id serial PRIMARY KEY, payload jsonb NOT NULL, company_id int REFERENCES companies);
CREATE FUNCTION received() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.payload ->> 'event' IS NULL OR NOT (NEW.payload->>'verified')::boolean IS TRUE THEN
        RAISE EXCEPTION 'no event';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER received BEFORE INSERT ON webhooks FOR EACH ROW EXECUTE FUNCTION received();
CREATE TABLE bookings (id serial PRIMARY KEY, data jsonb NOT NULL);
CREATE FUNCTION booked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT (NEW.data ? 'kind') OR NEW.data ->> 'kind' NOT IN ('in', 'out') OR (NEW.data ->> 'level')::int IS NULL THEN
        RAISE EXCEPTION 'neither in nor out';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booked BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION booked();
