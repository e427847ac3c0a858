-- A BEFORE trigger moves each row into a table that inherits from its own, and returns NULL.
CREATE TABLE readings (id serial PRIMARY KEY, day date NOT NULL, value int NOT NULL);
CREATE TABLE readings_old (PRIMARY KEY (id), CHECK (day < '2025-07-01')) INHERITS (readings);
CREATE TABLE readings_new (PRIMARY KEY (id), CHECK (day >= '2025-07-01')) INHERITS (readings);
CREATE FUNCTION route_by_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.day < '2025-07-01' THEN
        INSERT INTO readings_old VALUES (new.*);
    ELSE
        INSERT INTO readings_new VALUES (new.*);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER route_by_day BEFORE INSERT ON readings FOR EACH ROW EXECUTE FUNCTION route_by_day();
CREATE TABLE posts (id bigserial PRIMARY KEY, region text NOT NULL CHECK (region IN ('north', 'south')));
CREATE TABLE posts_north (CHECK (region = 'north')) INHERITS (posts);
CREATE TABLE posts_south (CHECK (region = 'south')) INHERITS (posts);
CREATE FUNCTION route_by_region() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('INSERT INTO posts_%s SELECT ($1).*', new.region) USING new; RETURN NULL; END $$;
CREATE TRIGGER route_by_region BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION route_by_region();
