-- CHECKs whose functions read their own table, or another one, where each row sees only what was written before it.
CREATE TABLE nodes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    is_folder boolean NOT NULL,
    parent_id bigint REFERENCES nodes
);
CREATE FUNCTION is_folder(wanted bigint) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT is_folder FROM nodes WHERE id = wanted $$;
ALTER TABLE nodes ADD CHECK (parent_id IS NULL OR is_folder(parent_id));

CREATE TABLE sections (
    id serial PRIMARY KEY,
    title text NOT NULL,
    depth int NOT NULL,
    parent_id int REFERENCES sections
);
CREATE FUNCTION depth_of(wanted int) RETURNS int LANGUAGE plpgsql
    AS $$ BEGIN RETURN (SELECT depth FROM sections WHERE id = wanted); END $$;
ALTER TABLE sections ADD CHECK (parent_id IS NULL AND depth = 0 OR depth = depth_of(parent_id) + 1);

CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE members (
    id serial PRIMARY KEY,
    team_id int NOT NULL REFERENCES teams,
    leads boolean NOT NULL
);
CREATE FUNCTION leaders(wanted int) RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT count(*) FROM members WHERE team_id = wanted AND leads $$;
ALTER TABLE members ADD CHECK (leaders(team_id) <= 1);

-- Through a domain, and through a second function.
CREATE FUNCTION known_badges() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT 0::bigint $$;
CREATE FUNCTION badge_is_rare(wanted int) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT known_badges() <= 3 $$;
CREATE DOMAIN badge AS int CHECK (VALUE < 3 OR badge_is_rare(VALUE));
CREATE TABLE guests (id serial PRIMARY KEY, badge badge NOT NULL);
CREATE OR REPLACE FUNCTION known_badges() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT count(*) FROM guests WHERE badge::int >= 3 $$;
