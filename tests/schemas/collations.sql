-- needs: ICU
-- A collation under which case makes no difference.
CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE users (name varchar(2) COLLATE caseless NOT NULL UNIQUE, nick text COLLATE "C" NOT NULL UNIQUE);
CREATE TABLE notes (user_name varchar(2) COLLATE caseless NOT NULL REFERENCES users (name), body text COLLATE "POSIX");
