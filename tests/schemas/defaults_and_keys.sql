-- Defaults that read what the session has done, and keys that are seldom seen.
CREATE TABLE chains (
    id serial PRIMARY KEY, name text NOT NULL UNIQUE DEFAULT ('chain' || currval('chains_id_seq')), shard text NOT NULL
);
CREATE TABLE copies (
    id serial PRIMARY KEY, chain_id int NOT NULL REFERENCES chains, label text NOT NULL DEFAULT ('copy' || lastval())
);
-- Bytes of one length.
CREATE DOMAIN digest AS bytea CHECK (VALUE IS NULL OR octet_length(VALUE) = 20);
CREATE TABLE files (digest digest NOT NULL PRIMARY KEY, parent digest REFERENCES files);
CREATE TABLE chunks (digest digest NOT NULL REFERENCES files, part bytea CHECK (length(part) BETWEEN 9 AND 12) UNIQUE);
-- A reference to what does not exist yet, by a column that is also the key; its other column may be NULL.
CREATE TABLE entities (bbid uuid PRIMARY KEY);
CREATE TABLE headers (bbid uuid PRIMARY KEY REFERENCES entities, revision int);
CREATE TABLE revisions (id int, bbid uuid REFERENCES headers, PRIMARY KEY (id, bbid));
ALTER TABLE headers ADD FOREIGN KEY (revision, bbid) REFERENCES revisions (id, bbid);
-- Blanks at the end of a char(n) mean nothing, and a shorter column cuts them off.
CREATE TABLE places (name char(30) PRIMARY KEY);
CREATE TABLE airports (code char(3) PRIMARY KEY, place char(20) NOT NULL REFERENCES places);
CREATE TABLE stations (id int PRIMARY KEY, place varchar(20) NOT NULL REFERENCES places);
CREATE TABLE grades (id serial, code char(4) CHECK (code IN ('A', 'BB', 'CCC', 'D')), PRIMARY KEY (id, code));
CREATE TABLE marks (
    id int PRIMARY KEY, grade_id int NOT NULL, grade char(4) NOT NULL CHECK (grade IN ('A', 'BB')),
    FOREIGN KEY (grade_id, grade) REFERENCES grades
);
-- What references allows more than what is referenced.
CREATE TYPE sort AS ENUM ('purchase', 'sale');
CREATE TABLE sales (id uuid, sort sort CHECK (sort = 'sale'), PRIMARY KEY (id, sort));
CREATE TABLE sale_lines (id int PRIMARY KEY, sale_id uuid NOT NULL, sort sort NOT NULL, FOREIGN KEY (sale_id, sort) REFERENCES sales);
-- A column that must not be NULL, in a reference that another column may disable, to rows of which none fits.
CREATE TABLE stocks (a text, b int CHECK (b > 10), PRIMARY KEY (a, b));
CREATE TABLE picks (
    id serial PRIMARY KEY, a text, b int, c int NOT NULL CONSTRAINT few CHECK (c IN (1, 2, 3)),
    FOREIGN KEY (a, b) REFERENCES stocks, FOREIGN KEY (a, c) REFERENCES stocks
);
