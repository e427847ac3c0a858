-- What a trigger fills, it fills.
CREATE TABLE articles (
    id serial PRIMARY KEY,
    title text NOT NULL,
    slug text NOT NULL UNIQUE,
    body text,
    words tsvector NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL,
    version int NOT NULL CHECK (version = 1)
);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.slug := lower(regexp_replace(new.title, '[^A-Za-z0-9]+', '-', 'g')) || '-' || new.id;
    new.words := to_tsvector('simple', new.title);
    new.updated_at := new.created_at;
    new.version := 1;
    RETURN new;
END $$;
CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON articles FOR EACH ROW EXECUTE FUNCTION fill();
CREATE TABLE counters (id serial PRIMARY KEY, articles int NOT NULL DEFAULT 0);
CREATE TABLE reads (id serial PRIMARY KEY, article_id int NOT NULL REFERENCES articles, counter_id int NOT NULL REFERENCES counters);
CREATE FUNCTION count_reads() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN UPDATE counters SET articles = articles + 1 WHERE id = new.counter_id; RETURN new; END $$;
CREATE TRIGGER count_reads AFTER INSERT ON reads FOR EACH ROW EXECUTE FUNCTION count_reads();
