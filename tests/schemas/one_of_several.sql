-- Exactly one of several columns is set.
CREATE TABLE posts (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE photos (id serial PRIMARY KEY, url text NOT NULL);
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE comments (
    id serial PRIMARY KEY,
    post_id int REFERENCES posts,
    photo_id int REFERENCES photos,
    body text NOT NULL,
    CHECK (num_nonnulls(post_id, photo_id) = 1)
);
CREATE TABLE likes (
    user_id int NOT NULL REFERENCES users,
    post_id int REFERENCES posts,
    photo_id int REFERENCES photos,
    CHECK ((post_id IS NULL) <> (photo_id IS NULL)),
    UNIQUE (user_id, post_id),
    UNIQUE (user_id, photo_id)
);
CREATE TABLE contacts (
    id serial PRIMARY KEY,
    phone text,
    email text,
    fax text,
    CHECK (phone IS NOT NULL OR email IS NOT NULL OR fax IS NOT NULL),
    CHECK (num_nulls(phone, email, fax) >= 1)
);
CREATE TABLE payers (
    person text,
    company text,
    vat_id text,
    CHECK ((person IS NOT NULL AND company IS NULL AND vat_id IS NULL)
        OR (person IS NULL AND company IS NOT NULL AND vat_id IS NOT NULL)),
    CONSTRAINT who CHECK (coalesce(person, company) <> '')
);
CREATE TABLE together (latitude numeric(8, 5), longitude numeric(8, 5), CHECK ((latitude IS NULL) = (longitude IS NULL)));
-- The first row can redirect from none: it needs a photo.
CREATE TABLE links (
    id serial PRIMARY KEY,
    redirect_from int REFERENCES links,
    photo_id int REFERENCES photos,
    place int,
    CHECK (redirect_from IS NOT NULL OR (photo_id IS NOT NULL AND place IS NOT NULL))
);
