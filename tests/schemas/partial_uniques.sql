-- Unique among the rows that a condition selects.
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX ON users (email) WHERE deleted_at IS NULL;
CREATE TABLE addresses (
    id serial PRIMARY KEY,
    user_id int NOT NULL REFERENCES users,
    is_default boolean NOT NULL DEFAULT false,
    kind text NOT NULL CHECK (kind IN ('home', 'work'))
);
CREATE UNIQUE INDEX ON addresses (user_id) WHERE is_default;
CREATE TABLE subscriptions (
    id serial PRIMARY KEY,
    user_id int NOT NULL REFERENCES users,
    status text NOT NULL CHECK (status IN ('active', 'past', 'trial')),
    ended_at timestamptz
);
CREATE UNIQUE INDEX ON subscriptions (user_id) WHERE status IN ('active', 'trial') AND ended_at IS NULL;
CREATE TABLE settings (id serial PRIMARY KEY, enabled boolean NOT NULL, value text);
CREATE UNIQUE INDEX only_one_enabled ON settings (enabled) WHERE enabled;
CREATE TABLE defaults (id serial PRIMARY KEY, is_default boolean NOT NULL DEFAULT true);
CREATE UNIQUE INDEX ON defaults ((1)) WHERE is_default;
CREATE TABLE domains (
    id serial PRIMARY KEY,
    user_id int NOT NULL REFERENCES users,
    domain text NOT NULL,
    verified_at timestamptz,
    UNIQUE (user_id, domain)
);
CREATE UNIQUE INDEX ON domains (domain) WHERE verified_at IS NOT NULL;
