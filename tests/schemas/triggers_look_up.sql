-- Triggers that look other rows up, and want this one to agree with them.
CREATE TABLE categories (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE subcategories (id serial PRIMARY KEY, category_id int NOT NULL REFERENCES categories, name text NOT NULL);
CREATE TABLE products (id serial PRIMARY KEY, category_id int NOT NULL REFERENCES categories, subcategory_id int REFERENCES subcategories, name text NOT NULL,
    details jsonb NOT NULL, tags text[] NOT NULL);
CREATE FUNCTION fits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 IF NEW.subcategory_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subcategories s WHERE s.id = NEW.subcategory_id AND s.category_id = NEW.category_id) THEN RAISE EXCEPTION 'subcategory % is not of category %', NEW.subcategory_id, NEW.category_id; END IF; RETURN NEW; END $$;
CREATE TRIGGER fits BEFORE INSERT OR UPDATE ON products FOR EACH ROW EXECUTE FUNCTION fits();
CREATE TABLE orgs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);
CREATE TABLE members (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), org_id uuid NOT NULL REFERENCES orgs, name text);
CREATE TABLE teams (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), org_id uuid NOT NULL REFERENCES orgs, name text);
CREATE TABLE memberships (team_id uuid NOT NULL REFERENCES teams, member_id uuid NOT NULL REFERENCES members, org_id uuid NOT NULL REFERENCES orgs, PRIMARY KEY (team_id, member_id));
CREATE FUNCTION same_org() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 IF (SELECT org_id FROM teams WHERE id = NEW.team_id) IS DISTINCT FROM NEW.org_id OR (SELECT org_id FROM members WHERE id = NEW.member_id) IS DISTINCT FROM NEW.org_id THEN RAISE EXCEPTION 'team and member must be of the org'; END IF; RETURN NEW; END $$;
CREATE TRIGGER same_org BEFORE INSERT ON memberships FOR EACH ROW EXECUTE FUNCTION same_org();
CREATE TABLE accounts (id serial PRIMARY KEY, currency text NOT NULL CHECK (currency IN ('EUR','USD','GBP')));
CREATE TABLE transfers (id serial PRIMARY KEY, account_id int NOT NULL REFERENCES accounts, currency text NOT NULL,
    details jsonb NOT NULL);
CREATE FUNCTION same_currency() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE c text; BEGIN
 SELECT currency INTO c FROM accounts WHERE id = NEW.account_id; IF c <> NEW.currency THEN RAISE EXCEPTION 'currency mismatch: % and %', c, NEW.currency; END IF; RETURN NEW; END $$;
CREATE TRIGGER same_currency BEFORE INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION same_currency();
CREATE TABLE pairs (id serial primary key, team_id uuid NOT NULL REFERENCES teams, member_id uuid NOT NULL REFERENCES members,
    details jsonb NOT NULL);
CREATE FUNCTION of_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 IF (SELECT org_id FROM teams WHERE id = NEW.team_id) <> (SELECT org_id FROM members WHERE id = NEW.member_id) THEN RAISE EXCEPTION 'not of one org'; END IF; RETURN NEW; END $$;
CREATE TRIGGER of_one BEFORE INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION of_one();
