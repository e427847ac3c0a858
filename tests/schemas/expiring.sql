-- Triggers that delete rows of their own table once the clock has passed them.
CREATE TABLE invites (id serial PRIMARY KEY, email text NOT NULL, expires timestamptz NOT NULL);
CREATE FUNCTION purge_invites() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN DELETE FROM invites WHERE expires < now(); RETURN NULL; END $$;
CREATE TRIGGER purge AFTER INSERT ON invites FOR EACH STATEMENT EXECUTE FUNCTION purge_invites();
CREATE TABLE codes (id serial PRIMARY KEY, valid_until date NOT NULL);
CREATE FUNCTION purge_codes() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN DELETE FROM codes c WHERE c.valid_until <= CURRENT_DATE - interval '3 days'; RETURN NULL; END $$;
CREATE TRIGGER purge AFTER INSERT ON codes FOR EACH ROW EXECUTE FUNCTION purge_codes();
CREATE TABLE hits (id serial PRIMARY KEY, at timestamp NOT NULL);
CREATE FUNCTION purge_hits() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN DELETE FROM public.hits WHERE now() - interval '30 days' > at; RETURN new; END $$;
CREATE TRIGGER purge BEFORE INSERT ON hits FOR EACH ROW EXECUTE FUNCTION purge_hits();
