-- Triggers that ask who is signed in, and look up what the user belongs to.
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid
$$;
CREATE TABLE invites (id serial PRIMARY KEY, email text NOT NULL, invited_by uuid NOT NULL REFERENCES auth.users);
CREATE FUNCTION invited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.invited_by := auth.uid();
    RETURN new;
END $$;
CREATE TRIGGER invited BEFORE INSERT ON invites FOR EACH ROW EXECUTE FUNCTION invited();

CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE members (team_id int REFERENCES teams, user_id uuid REFERENCES auth.users, PRIMARY KEY (team_id, user_id));
CREATE TABLE posts (id serial PRIMARY KEY, team_id int NOT NULL REFERENCES teams, title text NOT NULL, author uuid);
CREATE FUNCTION is_member(team int) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM members m WHERE m.team_id = team AND m.user_id = auth.uid())
$$;
CREATE FUNCTION only_members() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT is_member(new.team_id) THEN RAISE EXCEPTION 'not a member of team %', new.team_id; END IF;
    new.author := auth.uid();
    RETURN new;
END $$;
CREATE TRIGGER only_members BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION only_members();

CREATE TABLE shops (id serial PRIMARY KEY, owner_id uuid NOT NULL REFERENCES auth.users);
CREATE TABLE offers (id serial PRIMARY KEY, shop_id int NOT NULL REFERENCES shops, price int NOT NULL);
CREATE FUNCTION only_owners() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE owner uuid; BEGIN
    SELECT owner_id INTO owner FROM shops WHERE id = new.shop_id;
    IF owner IS DISTINCT FROM auth.uid() THEN RAISE EXCEPTION 'not your shop'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER only_owners BEFORE INSERT ON offers FOR EACH ROW EXECUTE FUNCTION only_owners();

-- Users whose key is a number, and a setting of the application's.
CREATE TABLE staff_accounts (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE tickets (id serial PRIMARY KEY, title text NOT NULL, opened_by int NOT NULL);
CREATE FUNCTION opened() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.opened_by := current_setting('desk.staff_account_id', true)::int;
    IF NOT EXISTS (SELECT FROM staff_accounts s WHERE s.id = new.opened_by) THEN RAISE EXCEPTION 'who are you?'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER opened BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION opened();

INSERT INTO auth.users SELECT md5(n::text)::uuid, 'user' || n || '@example.com' FROM generate_series(1, 8) n;
INSERT INTO teams (name) SELECT 'Team ' || n FROM generate_series(1, 8) n;
INSERT INTO members SELECT 5, id FROM auth.users WHERE email = 'user7@example.com';
INSERT INTO staff_accounts (name) VALUES ('Bob');

-- A function that the trigger calls reads the tenant of the user, by an index: PostgreSQL counts no scan for NULL.
CREATE TABLE seats (user_id uuid PRIMARY KEY REFERENCES auth.users, tenant text NOT NULL);
CREATE TABLE audits (id serial PRIMARY KEY, tenant text NOT NULL, what text NOT NULL);
CREATE FUNCTION record_audit(what text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE found_tenant text; BEGIN
    SELECT tenant INTO found_tenant FROM seats WHERE user_id = auth.uid();
    IF found_tenant IS NULL THEN RAISE EXCEPTION 'no tenant'; END IF;
    INSERT INTO audits (tenant, what) VALUES (found_tenant, what);
END $$;
CREATE TABLE budgets (id serial PRIMARY KEY, label text NOT NULL);
CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM record_audit('budget ' || new.label);
    RETURN new;
END $$;
CREATE TRIGGER audited AFTER INSERT ON budgets FOR EACH ROW EXECUTE FUNCTION audited();
