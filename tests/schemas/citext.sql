-- needs: citext
-- A type that ignores case.
CREATE EXTENSION citext;
CREATE TABLE users (id serial PRIMARY KEY, email citext NOT NULL UNIQUE, name citext NOT NULL CHECK (length(name) <= 2), UNIQUE (name));
CREATE DOMAIN slug AS citext CHECK (VALUE ~ '^[a-z]+$');
CREATE TABLE pages (slug slug PRIMARY KEY, user_email citext NOT NULL REFERENCES users (email), kind citext NOT NULL CHECK (kind IN ('Page', 'Post')));
