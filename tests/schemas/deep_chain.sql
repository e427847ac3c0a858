-- Each table needs the one before it.
CREATE TABLE t0 (id serial PRIMARY KEY);
DO $$ BEGIN FOR i IN 1..12 LOOP
    EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, up int NOT NULL REFERENCES t%s, first int NOT NULL REFERENCES t0, UNIQUE (up, first))', i, i - 1);
END LOOP; END $$;
