-- References to one of several tables, which generated columns take out of others.
CREATE TABLE posts (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE photos (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE marks (
    id serial PRIMARY KEY, target varchar(100) NOT NULL CHECK (split_part(target, '/', 1) IN ('post', 'photo')),
    post_id int UNIQUE REFERENCES posts GENERATED ALWAYS AS (
        CASE WHEN split_part(target, '/', 1) = 'post' THEN cast(split_part(target, '/', 2) AS integer) ELSE NULL END) STORED,
    photo_id int UNIQUE REFERENCES photos GENERATED ALWAYS AS (
        CASE WHEN split_part(target, '/', 1) = 'photo' THEN cast(split_part(target, '/', 2) AS integer) ELSE NULL END) STORED
);
CREATE TABLE remarks (
    id serial PRIMARY KEY, subject_kind text NOT NULL CHECK (subject_kind IN ('post', 'photo')), subject_key int NOT NULL,
    post_id int REFERENCES posts GENERATED ALWAYS AS (CASE WHEN subject_kind = 'post' THEN subject_key END) STORED,
    photo_id int REFERENCES photos GENERATED ALWAYS AS (CASE WHEN subject_kind = 'photo' THEN subject_key END) STORED
);
CREATE TABLE stamps (
    id serial PRIMARY KEY, target text NOT NULL CHECK (target ~ '^(post|photo):[0-9]+$'),
    post_id int REFERENCES posts GENERATED ALWAYS AS (
        CASE WHEN target LIKE 'post:%' THEN substr(target, 6)::int END) STORED,
    photo_id int REFERENCES photos GENERATED ALWAYS AS (
        CASE WHEN starts_with(target, 'photo:') THEN substring(target FROM 7)::int END) STORED
);
-- Every album has a seal, and every seal seals an album or a box.
CREATE TABLE albums (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE boxes (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE seals (
    id serial PRIMARY KEY, target text NOT NULL CHECK (split_part(target, '/', 1) IN ('album', 'box')),
    album_id int UNIQUE REFERENCES albums GENERATED ALWAYS AS (
        CASE WHEN split_part(target, '/', 1) = 'album' THEN cast(split_part(target, '/', 2) AS integer) END) STORED,
    box_id int UNIQUE REFERENCES boxes GENERATED ALWAYS AS (
        CASE WHEN split_part(target, '/', 1) = 'box' THEN cast(split_part(target, '/', 2) AS integer) END) STORED
);
CREATE FUNCTION must_be_referenced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number int;
BEGIN
    EXECUTE format('SELECT count(*) FROM %I WHERE %I = $1', tg_argv[0], tg_argv[1]) INTO number USING new.id;
    IF number = 0 THEN RAISE EXCEPTION '% % has none of %', tg_table_name, new.id, tg_argv[0]; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER album_sealed AFTER INSERT ON albums DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION must_be_referenced('seals', 'album_id');
CREATE CONSTRAINT TRIGGER box_sealed AFTER INSERT ON boxes DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION must_be_referenced('seals', 'box_id');
