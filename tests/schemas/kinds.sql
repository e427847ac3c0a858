-- A kind decides which references are set.
CREATE TYPE target AS ENUM ('post', 'user', 'nothing');
CREATE TABLE posts (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE events (
    id serial PRIMARY KEY,
    kind text NOT NULL,
    post_id int REFERENCES posts,
    author_id int REFERENCES users,
    CHECK (kind = 'post' AND num_nonnulls(post_id, author_id) = 2
        OR kind = 'user' AND post_id IS NULL AND author_id IS NOT NULL
        OR kind = 'system' AND num_nonnulls(post_id, author_id) = 0)
);
CREATE TABLE reports (
    id serial PRIMARY KEY,
    target target NOT NULL,
    post_id int REFERENCES posts,
    user_id int REFERENCES users,
    CHECK (CASE target WHEN 'post' THEN post_id IS NOT NULL AND user_id IS NULL
        WHEN 'user' THEN user_id IS NOT NULL AND post_id IS NULL ELSE post_id IS NULL AND user_id IS NULL END)
);
CREATE TABLE shapes (
    kind text NOT NULL CHECK (kind IN ('circle', 'box')),
    radius numeric(6, 2),
    width numeric(6, 2),
    height numeric(6, 2),
    CHECK ((kind = 'circle') = (radius IS NOT NULL)),
    CHECK ((kind = 'box') = (width IS NOT NULL AND height IS NOT NULL)),
    CHECK (radius > 0),
    CHECK (width > 0 AND height > 0)
);
