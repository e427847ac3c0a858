-- Triggers that share functions: what they compare, and with which table, their arguments say.
CREATE TABLE clubs (id serial PRIMARY KEY, name text NOT NULL, main_court_id int NOT NULL UNIQUE);
CREATE TABLE courts (id serial PRIMARY KEY, club_id int NOT NULL REFERENCES clubs DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE clubs ADD FOREIGN KEY (main_court_id) REFERENCES courts DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE teams (id serial PRIMARY KEY, club_id int NOT NULL REFERENCES clubs, name text NOT NULL);
CREATE TABLE games (
    id serial PRIMARY KEY, club_id int NOT NULL REFERENCES clubs, team_id int NOT NULL REFERENCES teams,
    court_id int NOT NULL REFERENCES courts, host_id int NOT NULL REFERENCES clubs
);
CREATE TABLE team_courts (
    team_id int NOT NULL REFERENCES teams, court_id int NOT NULL REFERENCES courts, PRIMARY KEY (team_id, court_id)
);
CREATE TABLE squads (id serial PRIMARY KEY, club_id int NOT NULL REFERENCES clubs, above_id int REFERENCES squads);
-- It reads the club as it was inserted, though the court comes later.
CREATE FUNCTION has_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other text := tg_argv[0]; found int;
BEGIN
    EXECUTE format('SELECT %I FROM %I WHERE id = ($1).%I', tg_argv[2], other, tg_argv[1]) INTO found USING new;
    IF found IS DISTINCT FROM new.id THEN
        RAISE EXCEPTION '% % has no % of its own', tg_table_name, new.id, other;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER own_court AFTER INSERT ON clubs DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION has_its_own('courts', 'main_court_id', 'club_id');
-- Several at once, in a loop over the arguments.
CREATE FUNCTION differs(what text, one text, other text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF one IS DISTINCT FROM other THEN RAISE EXCEPTION '% differs: % and %', what, one, other; END IF;
END $$;
CREATE FUNCTION must_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE i int := 0; other text; here jsonb := to_jsonb(new);
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS agreed (times int) ON COMMIT DROP;
    PERFORM FROM agreed;
    WHILE i < tg_nargs LOOP
        IF here ->> tg_argv[i + 1] IS NOT NULL THEN
            EXECUTE format('SELECT %I FROM %I WHERE id = %L', tg_argv[i + 2], tg_argv[i], here ->> tg_argv[i + 1]) INTO other;
            PERFORM differs(tg_argv[i + 1], here ->> tg_argv[i + 2], other);
        END IF;
        i := i + 3;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER of_one_club AFTER INSERT OR UPDATE ON games DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION must_agree('teams', 'team_id', 'club_id', 'courts', 'court_id', 'club_id');
CREATE CONSTRAINT TRIGGER of_one_club_above AFTER INSERT OR UPDATE ON squads DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION must_agree('squads', 'above_id', 'club_id');
CREATE FUNCTION must_be_club() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE here text;
BEGIN
    EXECUTE format('SELECT ($1).%I', tg_argv[0]) INTO here USING new;
    PERFORM differs(tg_argv[0], here, new.club_id::text);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER host_is_club AFTER INSERT ON games DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION must_be_club('host_id');
CREATE FUNCTION must_meet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one text; other text;
BEGIN
    EXECUTE format('SELECT %I FROM %I WHERE id = ($1).%I', tg_argv[4], tg_argv[0], tg_argv[1]) INTO one USING new;
    EXECUTE format('SELECT %I FROM %I WHERE id = ($1).%I', tg_argv[4], tg_argv[2], tg_argv[3]) INTO other USING new;
    PERFORM differs(tg_argv[4], one, other);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER of_one_club_both AFTER INSERT ON team_courts DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION must_meet('teams', 'team_id', 'courts', 'court_id', 'club_id');
