-- A trigger inserts the row that its own row references.
CREATE TABLE assets (id bigserial PRIMARY KEY, note text);
CREATE TABLE media (id bigint PRIMARY KEY REFERENCES assets, kind text);
INSERT INTO assets (id) VALUES (3);
CREATE TABLE films (id bigint PRIMARY KEY REFERENCES media, minutes int NOT NULL);
CREATE TABLE songs (media_id bigint NOT NULL UNIQUE REFERENCES media (id), title text NOT NULL);
CREATE FUNCTION make_asset() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO assets VALUES (new.id, NULL); RETURN new; END $$;
CREATE FUNCTION make_medium() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO media (kind, id) VALUES (concat('a ', tg_argv[0]), new.id); RETURN new; END $$;
CREATE FUNCTION make_medium_of_song() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO media (id) SELECT new.media_id FROM (VALUES (1)) AS once; RETURN new; END $$;
CREATE TRIGGER make_asset BEFORE INSERT ON media FOR EACH ROW EXECUTE FUNCTION make_asset();
CREATE TRIGGER make_medium BEFORE INSERT ON films FOR EACH ROW EXECUTE FUNCTION make_medium('film');
CREATE TRIGGER make_medium BEFORE INSERT ON songs FOR EACH ROW EXECUTE FUNCTION make_medium_of_song();
-- Without a sequence, and with keys that the database chooses.
CREATE TABLE nodes (id int PRIMARY KEY, label text);
INSERT INTO nodes VALUES (4);
CREATE TABLE routers (id int PRIMARY KEY REFERENCES nodes);
CREATE TABLE switches (id int PRIMARY KEY REFERENCES nodes, ports int NOT NULL);
CREATE FUNCTION make_node() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO nodes (id) VALUES (new.id); RETURN new; END $$;
CREATE TRIGGER make_node BEFORE INSERT ON routers FOR EACH ROW EXECUTE FUNCTION make_node();
CREATE TRIGGER make_node BEFORE INSERT ON switches FOR EACH ROW EXECUTE FUNCTION make_node();
CREATE TABLE parties (id serial PRIMARY KEY, kind text NOT NULL);
CREATE TABLE clubs (id serial PRIMARY KEY, party_id int NOT NULL UNIQUE REFERENCES parties, name text NOT NULL);
CREATE FUNCTION make_party() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO parties (kind) VALUES ('club') RETURNING id INTO new.party_id; RETURN new; END $$;
CREATE TRIGGER make_party BEFORE INSERT ON clubs FOR EACH ROW EXECUTE FUNCTION make_party();
-- Rows that are there are taken.
CREATE TABLE labels (name text PRIMARY KEY);
CREATE TABLE notes (id serial PRIMARY KEY, label text NOT NULL REFERENCES labels, body text);
CREATE FUNCTION make_label() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO labels (name) VALUES (new.label) ON CONFLICT DO NOTHING; RETURN new; END $$;
CREATE TRIGGER make_label BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION make_label();
-- The row that a trigger makes references others, and has keys, by values of the row.
CREATE TABLE projects (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE stores (
    id uuid PRIMARY KEY, project_id uuid NOT NULL REFERENCES projects, name text NOT NULL CHECK (length(name) < 200),
    UNIQUE (project_id, id), UNIQUE (project_id, name)
);
CREATE TABLE vaults (
    id uuid PRIMARY KEY, project_id uuid, name text, address text NOT NULL,
    FOREIGN KEY (project_id, id) REFERENCES stores (project_id, id)
);
CREATE FUNCTION make_store() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stores (id, project_id, name) VALUES (new.id, new.project_id, new.name);
    RETURN new;
END $$;
CREATE TRIGGER make_store BEFORE INSERT ON vaults FOR EACH ROW EXECUTE FUNCTION make_store();
-- The CHECKs of the row that a trigger makes, and of its columns' domains, are about values of the row.
CREATE DOMAIN shelf_mark AS text CHECK (VALUE LIKE '__-%');
CREATE TABLE holdings (
    id int PRIMARY KEY, region text NOT NULL, mark shelf_mark NOT NULL, amount int NOT NULL, reserved int NOT NULL,
    CHECK (region = 'north' OR region = 'south'), CHECK (reserved <= amount - 5)
);
CREATE TABLE maps (
    id int PRIMARY KEY REFERENCES holdings, area text NOT NULL, mark text NOT NULL, copies int NOT NULL,
    lent int NOT NULL
);
CREATE FUNCTION make_holding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO holdings (id, region, mark, amount, reserved)
    VALUES (new.id, new.area, new.mark, new.copies, new.lent);
    RETURN new;
END $$;
CREATE TRIGGER make_holding BEFORE INSERT ON maps FOR EACH ROW EXECUTE FUNCTION make_holding();
-- A column that the trigger finds in a row which the row gives the key of agrees with what else is referenced.
CREATE TABLE methods (id text PRIMARY KEY);
CREATE TABLE members (
    id text PRIMARY KEY, method_id text NOT NULL REFERENCES methods, nickname text, UNIQUE (method_id, id)
);
CREATE TABLE policies (
    id text PRIMARY KEY, method_id text NOT NULL REFERENCES methods, rounds int NOT NULL, UNIQUE (method_id, id)
);
CREATE TABLE credentials (
    id text PRIMARY KEY, member_id text NOT NULL UNIQUE, policy_id text NOT NULL, method_id text NOT NULL,
    FOREIGN KEY (method_id, member_id) REFERENCES members (method_id, id),
    FOREIGN KEY (method_id, policy_id) REFERENCES policies (method_id, id)
);
CREATE TABLE passphrases (
    id text PRIMARY KEY REFERENCES credentials, member_id text NOT NULL, policy_id text NOT NULL, method_id text
);
CREATE FUNCTION make_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT members.method_id INTO new.method_id FROM members WHERE members.id = new.member_id;
    INSERT INTO credentials VALUES (new.id, new.member_id, new.policy_id, new.method_id);
    RETURN new;
END $$;
CREATE TRIGGER make_credential BEFORE INSERT ON passphrases FOR EACH ROW EXECUTE FUNCTION make_credential();
