-- The key is the reference.
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE profiles (user_id int PRIMARY KEY REFERENCES users, bio text);
CREATE TABLE avatars (user_id int PRIMARY KEY REFERENCES profiles, url text NOT NULL);
CREATE TABLE logins (id serial PRIMARY KEY, email text NOT NULL UNIQUE REFERENCES users (email) ON UPDATE CASCADE);
CREATE TABLE swaps (
    id serial PRIMARY KEY,
    giver_id int NOT NULL UNIQUE REFERENCES users,
    taker_id int NOT NULL UNIQUE REFERENCES users,
    witness_id int REFERENCES users
);
