-- A trigger's rows count, several levels deep, in tables that nobody names.
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE);
CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, name text);
CREATE TABLE memberships (account_id bigint REFERENCES accounts, user_id uuid REFERENCES users, PRIMARY KEY (account_id, user_id));
CREATE TABLE log (id serial PRIMARY KEY, what text NOT NULL);
CREATE FUNCTION new_user() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO public.accounts (user_id, name) VALUES (new.id, new.email); RETURN new; END $$;
CREATE FUNCTION new_account() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO public.memberships VALUES (new.id, new.user_id); INSERT INTO log (what) VALUES (tg_table_name); RETURN NULL; END $$;
CREATE FUNCTION write_log() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log (what) VALUES (tg_table_name); RETURN NULL; END $$;
CREATE TRIGGER new_user AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION new_user();
CREATE TRIGGER new_account AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION new_account();
CREATE TRIGGER write_log AFTER INSERT ON memberships FOR EACH STATEMENT EXECUTE FUNCTION write_log();
